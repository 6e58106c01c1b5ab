"""Making records: companies and deals by upsert, contacts by address, tasks and calls looked for first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from crm_sync.crms.fields import tidied
from crm_sync.crms.hubspot.api import Api, Input
from crm_sync.crms.hubspot.looking import Looking
from crm_sync.crms.hubspot.markers import MARKED, PROPERTY, value_of
from crm_sync.crms.hubspot.owners import Owners
from crm_sync.crms.hubspot.portal import Portal
from crm_sync.crms.hubspot.records import TYPES, UNIQUE, creation_of, key_of
from crm_sync.crms.hubspot.writing import Entry, Lost, Turned, Written, write
from crm_sync.domain.items import Fields, Item, RemoteId
from crm_sync.domain.keys import Key, Kind
from crm_sync.errors import RecordRefused
from crm_sync.ports import Done, Outcome, Refused, Unknown

Ids = Mapping[Key, RemoteId]

_TO: Mapping[Kind, Mapping[Kind, int]] = {
    Kind.TASK: {Kind.DEAL: 216, Kind.CONTACT: 204, Kind.COMPANY: 192},
    Kind.CALL: {Kind.DEAL: 206, Kind.CONTACT: 194, Kind.COMPANY: 182},
}
"""HubSpot's types of association, from the record being made to the other."""


class Maker:
    """Makes records. ``written`` are the call tasks made by this object, by id, and when."""

    def __init__(self, api: Api, portal: Portal, owners: Owners, looking: Looking) -> None:
        self._api = api
        self._portal = portal
        self._owners = owners
        self._looking = looking
        self._bare: dict[Kind, set[str]] = {kind: set() for kind in MARKED}
        self._is_relating: bool | None = None
        self.written: dict[str, datetime] = {}

    def make(self, kind: Kind, items: Sequence[Item], ids: Ids) -> Iterator[Outcome]:
        """Make up to a hundred records of one kind; the same key twice is answered twice and made once."""
        wanted = {item.key: item for item in items}
        there = self._there(kind, wanted.values(), ids)
        entries: list[Entry] = []
        outcomes: dict[Key, Outcome] = {}
        for key, item in wanted.items():
            if key in there:
                outcomes[key] = there[key]
                continue
            try:
                entries.append(self._entry(item, ids))
            except RecordRefused as refusal:
                outcomes[key] = Refused(key, refusal.message)
        entries, doubles = _distinct(kind, entries)
        for outcome in self._written(kind, entries, ids, wanted):
            outcomes[outcome.key] = outcome
        for key, first in doubles.items():
            outcomes[key] = _same_as(key, outcomes[first])
        yield from (outcomes[item.key] for item in items)

    def _there(self, kind: Kind, items: Iterable[Item], ids: Ids) -> dict[Key, Outcome]:
        """Return the tasks and calls that are there already: HubSpot would make them twice."""
        if kind not in MARKED:
            return {}
        deals = {deal for item in items if (deal := _deal_of(item, ids))}
        bare = self._bare[kind]
        marked = self._looking.marked(kind, deals - bare)
        bare -= deals
        return {
            item.key: Done(item.key, self._looking.remote(kind, *marked[item.key.id], key=item.key))
            for item in items
            if item.key.id in marked
        }

    def _entry(self, item: Item, ids: Ids) -> Entry:
        """Return the input that makes a record; raise RecordRefused for what HubSpot cannot take."""
        key = item.key
        fields = with_owner(tidied(key.kind, item.fields), self._owners)
        if key.kind is Kind.CONTACT and not fields.get("email"):
            raise RecordRefused("a contact needs an e-mail address")
        if key.kind is Kind.TASK and not fields.get("due_at"):
            raise RecordRefused("a task needs a due date")
        properties = creation_of(key, fields, self._portal)
        made: Input = {"properties": properties}
        if key.kind in UNIQUE:
            made |= {"id": value_of(key), "idProperty": PROPERTY}
        if key.kind in MARKED:
            made["associations"] = list(_associations(item, ids))
        return Entry(key, made, _sign_of(key, properties))

    def _written(
        self, kind: Kind, entries: Sequence[Entry], ids: Ids, items: Mapping[Key, Item]
    ) -> Iterator[Outcome]:
        verb = self._api.upsert if kind in UNIQUE else self._api.create
        results = list(write(entries, lambda inputs: verb(TYPES[kind], inputs), lambda r: _sign(kind, r)))
        done = [result for result in results if isinstance(result, Written)]
        existing = [
            r.existing for r in results if isinstance(r, Turned) and r.existing and kind is Kind.CONTACT
        ]
        held = self._looking.records(kind, [*existing, *(w.record.id for w in done if w.new is False)])
        shown = self._relations(kind, done, ids, items)
        for result in results:
            key = result.entry.key
            match result:
                case Written(_, record, _):
                    self._remember(kind, result)
                    full = held.get(record.id, record)
                    yield Done(key, self._looking.remote(kind, full, shown.get(key, frozenset()), key))
                case Turned(_, _, existing_id) if existing_id in held:
                    yield Done(key, self._looking.remote(kind, held[existing_id]))
                case Turned(entry, reason, _):
                    yield self._without_strangers(kind, entry, reason, ids, items)
                case Lost(_, reason):
                    yield Unknown(key, reason)

    def _remember(self, kind: Kind, result: Written) -> None:
        if kind is Kind.DEAL and result.new:
            for bare in self._bare.values():
                bare.add(result.record.id)
        if kind is Kind.TASK and result.record.updated_at:
            self.written[result.record.id] = result.record.updated_at

    def _without_strangers(
        self, kind: Kind, entry: Entry, reason: str, ids: Ids, items: Mapping[Key, Item]
    ) -> Outcome:
        """Try a refused task or call once more with its deal alone: its company or contact may be gone."""
        associations = entry.input.get("associations") or []
        alone = {key: rid for key, rid in ids.items() if key.kind is Kind.DEAL}
        if len(associations) < 2 or ("associat" not in reason.lower() and "not exist" not in reason.lower()):
            return Refused(entry.key, reason)
        again = {**entry.input, "associations": list(_associations(items[entry.key], alone))}
        (outcome,) = self._written(kind, [Entry(entry.key, again, entry.sign)], alone, items)
        return outcome

    def _relations(
        self, kind: Kind, done: Sequence[Written], ids: Ids, items: Mapping[Key, Item]
    ) -> dict[Key, frozenset[RemoteId]]:
        """Return the relations that were made with the records themselves.

        Nobody documents what HubSpot does with an association it cannot make: the first batch is looked
        at, and where one is missing, no relation is taken for made; it is made apart, then.
        """
        if kind not in MARKED or not done:
            return {}
        if self._is_relating is None:
            related = self._api.related(TYPES[kind], "deals", [w.record.id for w in done])
            deals = {w.record.id: _deal_of(items[w.entry.key], ids) for w in done}
            self._is_relating = all(deal in related.get(child, ()) for child, deal in deals.items() if deal)
        if not self._is_relating:
            return {}
        return {
            w.entry.key: frozenset(
                ids[p] for p in items[w.entry.key].parents if p in ids and p.kind in _TO[kind]
            )
            for w in done
        }


def with_owner(fields: Fields, owners: Owners) -> dict[str, Any]:
    """Return the fields with the owner's id instead of an address; an unknown one leaves it unassigned."""
    owner = fields.get("owner")
    told = dict(fields)
    if isinstance(owner, str):
        told["owner"] = owners.ident(owner)
    return told


def _associations(item: Item, ids: Ids) -> Iterator[Input]:
    for parent in item.parents:
        kind = _TO[item.key.kind].get(parent.kind)
        if parent in ids and kind is not None:
            types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": kind}]
            yield {"to": {"id": ids[parent]}, "types": types}


def _deal_of(item: Item, ids: Ids) -> str | None:
    return next((ids[parent] for parent in item.parents if parent.kind is Kind.DEAL and parent in ids), None)


def _sign_of(key: Key, properties: Mapping[str, str]) -> str:
    return properties["email"].lower() if key.kind is Kind.CONTACT else key.id


def _sign(kind: Kind, result: Mapping[str, Any]) -> str:
    """Return by what a result is known where its trace id is not told."""
    told = result.get("properties") or {}
    if kind is Kind.CONTACT:
        return str(told.get("email") or "").lower()
    key = key_of(kind, told)
    return key.id if key else ""


def _distinct(kind: Kind, entries: Sequence[Entry]) -> tuple[list[Entry], dict[Key, Key]]:
    """Return contacts with each address once, and of which entry the others are doubles."""
    if kind is not Kind.CONTACT:
        return list(entries), {}
    first: dict[str, Entry] = {}
    doubles: dict[Key, Key] = {}
    for entry in entries:
        if first.setdefault(entry.sign, entry) is not entry:
            doubles[entry.key] = first[entry.sign].key
    return list(first.values()), doubles


def _same_as(key: Key, outcome: Outcome) -> Outcome:
    match outcome:
        case Done(_, remote):
            return Done(key, remote)
        case Refused(_, reason):
            return Refused(key, reason)
        case Unknown(_, reason):
            return Unknown(key, reason)
