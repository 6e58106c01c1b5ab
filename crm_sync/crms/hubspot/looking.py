"""Finding records in HubSpot: by id, by our key, or as the same thing that people made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from crm_sync.crms.finding import features, match
from crm_sync.crms.hubspot.api import PAGE, Api, Input
from crm_sync.crms.hubspot.markers import MARKED, PROPERTY, application_of, value_of
from crm_sync.crms.hubspot.owners import Owners
from crm_sync.crms.hubspot.portal import Portal
from crm_sync.crms.hubspot.records import READ, TYPES, UNIQUE, Record, key_of, remote_of
from crm_sync.domain.items import Item, Remote, RemoteId
from crm_sync.domain.keys import Key, Kind

FEW = 1_000
"""So many records of people are read through and compared; beyond that HubSpot is asked by value."""

_VALUES = 60  # a search's body may have 3,000 characters


class Looking:
    """Looks records up; remembers the addresses of contacts, which carry no key of ours."""

    def __init__(self, api: Api, portal: Portal, owners: Owners) -> None:
        self._api = api
        self._portal = portal
        self._owners = owners
        self._addresses: dict[Key, str] = {}

    def remember(self, items: Iterable[Item]) -> None:
        """Remember under which address a contact of ours is found."""
        for item in items:
            email = item.fields.get("email")
            if item.key.kind is Kind.CONTACT and isinstance(email, str):
                self._addresses[item.key] = email.strip().lower()

    def remote(
        self, kind: Kind, record: Record, relations: frozenset[RemoteId] = frozenset(), key: Key | None = None
    ) -> Remote:
        """Return a record in our words, under *key* where it is known."""
        remote = remote_of(kind, record, self._portal, relations)
        owner = remote.fields.get("owner")
        if isinstance(owner, str):
            remote = replace(remote, fields={**remote.fields, "owner": self._owners.address(owner)})
        return replace(remote, key=key) if key is not None else remote

    def records(self, kind: Kind, ids: Collection[str]) -> dict[str, Record]:
        """Return the records of these ids that are there."""
        numbers = [ident for ident in ids if ident.isascii() and ident.isdecimal()]
        found = self._api.read(TYPES[kind], numbers, READ[kind]) if numbers else []
        return {record.id: record for record in map(Record.of, found)}

    def look_up(self, wanted: Mapping[Key, RemoteId | None]) -> dict[Key, Remote]:
        """Return what is there, by id where one is given, else by our key.

        A record that is not there under its id may have been merged into one that carries our key now.
        """
        found: dict[Key, Remote] = {}
        for kind in Kind:
            ids = {key: rid for key, rid in wanted.items() if key.kind is kind and rid is not None}
            found |= self._by_id(kind, ids) if ids else {}
            unknown = [key for key in wanted if key.kind is kind and wanted[key] is None]
            found |= self._by_key(kind, unknown) if unknown else {}
        return found

    def _by_id(self, kind: Kind, ids: Mapping[Key, RemoteId]) -> Iterator[tuple[Key, Remote]]:
        records = self.records(kind, ids.values())
        gone = [value_of(key) for key, rid in ids.items() if rid not in records] if kind in UNIQUE else []
        merged = self._merged(kind, gone) if gone else {}
        for key, rid in ids.items():
            if record := records.get(rid) or merged.get(rid):
                held = key_of(kind, record.properties)
                yield key, self.remote(kind, record, key=held if kind in UNIQUE else key)

    def _merged(self, kind: Kind, values: Sequence[str]) -> dict[str, Record]:
        """Return the records into which others were merged, by the ids of those, that carry these keys."""
        found = map(Record.of, self._api.read(TYPES[kind], values, READ[kind], by=PROPERTY))
        return {loser: record for record in found for loser in losers(record)}

    def _by_key(self, kind: Kind, keys: Sequence[Key]) -> dict[Key, Remote]:
        if kind in UNIQUE:
            return self._by_value(kind, PROPERTY, {value_of(key): key for key in keys})
        if kind in MARKED:
            return self._by_marker(kind, keys)
        return self._by_value(kind, "email", {a: k for k in keys if (a := self._addresses.get(k))})

    def _by_value(self, kind: Kind, name: str, keys: Mapping[str, Key]) -> dict[Key, Remote]:
        if not keys:
            return {}
        found = map(Record.of, self._api.read(TYPES[kind], list(keys), READ[kind], by=name))
        held = ((keys.get(record.properties.get(name) or ""), record) for record in found)
        return {key: self.remote(kind, record, key=key) for key, record in held if key is not None}

    def _by_marker(self, kind: Kind, keys: Sequence[Key]) -> dict[Key, Remote]:
        deals = {value_of(Key(Kind.DEAL, key.owner, application_of(key))) for key in keys}
        found = self._api.read(TYPES[Kind.DEAL], list(deals), (PROPERTY,), by=PROPERTY)
        marked = self.marked(kind, {str(deal["id"]) for deal in found})
        return {key: self.remote(kind, *marked[key.id], key=key) for key in keys if key.id in marked}

    def marked(self, kind: Kind, deals: Collection[str]) -> dict[str, tuple[Record, frozenset[RemoteId]]]:
        """Return the tasks or calls of these deals that carry a marker, by the id in it, with their deal."""
        if not deals:
            return {}
        related = self._api.related(TYPES[Kind.DEAL], TYPES[kind], deals)
        deal_of = {child: deal for deal, children in related.items() for child in children}
        found: dict[str, tuple[Record, frozenset[RemoteId]]] = {}
        for ident, record in sorted(
            self.records(kind, deal_of.keys()).items(), key=lambda pair: int(pair[0])
        ):
            key = key_of(kind, record.properties)
            if key is not None:
                found.setdefault(key.id, (record, frozenset({RemoteId(deal_of[ident])})))
        return found

    # --- what people made

    def find(self, items: Sequence[Item]) -> dict[Key, Remote]:
        """Return records of people that are the same thing (see ``ports.CRM.find``)."""
        self.remember(items)
        contacts = [item for item in items if item.key.kind is Kind.CONTACT]
        companies = [item for item in items if item.key.kind is Kind.COMPANY]
        found = self._by_key(Kind.CONTACT, [item.key for item in contacts]) if contacts else {}
        found = {key: replace(remote, key=None) for key, remote in found.items()}
        return found | (match(companies, self._unkeyed(companies)) if companies else {})

    def _unkeyed(self, companies: Sequence[Item]) -> Iterator[Remote]:
        """Yield the companies without a key of ours that may be the same as one of these, oldest first."""
        nobodys = {"propertyName": PROPERTY, "operator": "NOT_HAS_PROPERTY"}
        found, total = self._page([nobodys], None)
        if total <= FEW:
            records = [*found, *self._rest([nobodys], len(found), total)]
        else:
            records = list(self._by_values(companies, nobodys))
        distinct = {record.id: record for record in records}
        for _, record in sorted(distinct.items(), key=lambda pair: int(pair[0])):
            yield self.remote(Kind.COMPANY, record)

    def _by_values(self, companies: Sequence[Item], nobodys: Input) -> Iterator[Record]:
        for name in ("domain", "name"):
            values = sorted({str(c.fields[name]).casefold() for c in companies if _decides(c, name)})
            for start in range(0, len(values), _VALUES):
                some = values[start : start + _VALUES]
                asked = [nobodys, {"propertyName": name, "operator": "IN", "values": some}]
                found, total = self._page(asked, None)
                yield from (*found, *self._rest(asked, len(found), min(total, FEW)))

    def _rest(self, filters: list[Input], start: int, total: int) -> Iterator[Record]:
        while start < total:
            found, _ = self._page(filters, str(start))
            if not found:
                return
            yield from found
            start += len(found)

    def _page(self, filters: list[Input], after: str | None) -> tuple[list[Record], int]:
        body: Input = {
            "filterGroups": [{"filters": filters}],
            "properties": list(READ[Kind.COMPANY]),
            "sorts": [{"propertyName": "createdate", "direction": "ASCENDING"}],
            "limit": PAGE,
        }
        if after is not None:
            body["after"] = after
        answer = self._api.search(TYPES[Kind.COMPANY], body).body
        found = [Record.of(result) for result in answer.get("results") or ()]
        return found, int(answer.get("total") or 0)


def _decides(item: Item, name: str) -> bool:
    """Tell whether a company can be recognised by this field: by its name only where it has no domain."""
    own = features(item.key.kind, item.fields)
    return name in own and (name == "domain" or isinstance(item.fields.get("name"), str))


def losers(record: Record) -> list[str]:
    """Return the ids of the records that were merged into this one."""
    told = record.properties.get("hs_merged_object_ids") or ""
    return [ident for ident in told.split(";") if ident and ident != record.id]
