"""The CRM door to HubSpot (``ports.CRM``)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from crm_sync.crms.batches import batches
from crm_sync.crms.fields import BLANK
from crm_sync.crms.hubspot.account import account_of, checked_account
from crm_sync.crms.hubspot.api import AT_ONCE, PAGE, RECORDS, RELATIONS, Api
from crm_sync.crms.hubspot.changes import HEARD, LAG, Ear, Mark, Marks, counting, cursor_of, marks_in
from crm_sync.crms.hubspot.looking import Looking, losers
from crm_sync.crms.hubspot.makers import Maker
from crm_sync.crms.hubspot.owners import Owners
from crm_sync.crms.hubspot.portal import Portal
from crm_sync.crms.hubspot.records import TYPES, Record
from crm_sync.crms.hubspot.relating import relate
from crm_sync.crms.hubspot.updating import Updater
from crm_sync.domain.items import Change, Item, Remote, RemoteId
from crm_sync.domain.keys import Key, Kind
from crm_sync.ports import Account, Changes, Cursor, Done, Outcome

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
Pair = tuple[Key, RemoteId, Key, RemoteId]


class HubSpotCrm:
    """One HubSpot portal. Is a ``CRM``, ``Recounting`` and ``Reticent``; thread-safe but for ``changes``.

    *portal* is what setup decided. Deals and companies carry our key in a unique property, tasks and calls
    as a marker in their text; contacts are known by their address, and carry none. Search only tells what
    people changed and what they had made before us, never whether to create something of ours.
    """

    batch_size = RECORDS
    glance = RECORDS
    relations_at_once = RELATIONS
    in_flight = AT_ONCE

    def __init__(self, api: Api, portal: Portal, account: Account | None = None) -> None:
        self.api = self._api = api
        self.portal = self._portal = portal
        owners = Owners(api)
        self._looking = Looking(api, portal, owners)
        self._maker = Maker(api, portal, owners, self._looking)
        self._updater = Updater(api, portal, owners, self._looking)
        self._ear = Ear(api)
        self._edited: dict[tuple[Kind, RemoteId], None] = {}
        self._discarded: dict[tuple[Kind, RemoteId], None] = {}
        self._account = account

    def check(self) -> Account:
        if self._account is None:
            self._account = account_of(checked_account(self._api, self._portal.id))
        return self._account

    # --- hearing

    def changes(self, since: Cursor | None) -> Changes:
        marks = marks_in(since)
        records: list[Remote] = []
        if marks is None:
            records, marks = self._first_look()
        merged: list[tuple[Kind, RemoteId, RemoteId]] = []
        after: Marks = {}
        for kind in HEARD:
            found, after[kind] = self._ear.heard_since(kind, marks[kind])
            if kind is Kind.DEAL:
                merged = list(_merged(found))
            records += self._heard(kind, found)
        gone = [(kind, rid) for kind, rid in self._discarded]
        records += self._edited_through_us()
        distinct = {
            remote.id: remote for remote in records if (remote.kind, remote.id) not in self._discarded
        }
        return Changes(list(distinct.values()), gone, Cursor(cursor_of(after)), merged=merged)

    def recounted(self, cursor: Cursor) -> Cursor:
        """Return the cursor with the call tasks counted in that we wrote since it was given.

        So that the next look need not page through them; deals are heard, for portals act on new deals.
        Where they fit on one page they are heard, too: what people did to them meanwhile is among it.
        """
        marks = marks_in(cursor)
        written = {**self._maker.written, **self._updater.written}
        if marks is None or len(written) < PAGE:
            return cursor
        return Cursor(cursor_of({**marks, Kind.TASK: counting(marks[Kind.TASK], written)}))

    def _first_look(self) -> tuple[list[Remote], Marks]:
        """Return everything of ours that is there, tasks and calls read through their deals."""
        deals, at = self._ear.ours()
        mark = Mark((at - LAG).isoformat())
        records = self._heard(Kind.DEAL, deals)
        ids = [record.id for record in deals]
        for kind in (Kind.TASK, Kind.CALL):
            related = self._api.related(TYPES[Kind.DEAL], TYPES[kind], ids) if ids else {}
            children = {child for of_one in related.values() for child in of_one}
            records += self._heard(kind, self._looking.records(kind, children).values())
        return records, dict.fromkeys(HEARD, mark)

    def _heard(self, kind: Kind, found: Iterable[Record]) -> list[Remote]:
        records = list(found)
        if kind is not Kind.CALL:
            return [self._looking.remote(kind, record) for record in records]
        related = self._api.related("calls", "deals", [r.id for r in records]) if records else {}
        return [
            self._looking.remote(kind, record, frozenset(map(RemoteId, related.get(record.id, ()))))
            for record in records
        ]

    def _edited_through_us(self) -> list[Remote]:
        """Return what a person edited through us in this run: the index would tell it a moment too late."""
        by_kind: dict[Kind, list[str]] = defaultdict(list)
        for kind, rid in self._edited:
            by_kind[kind].append(rid)
        return [
            remote
            for kind, ids in by_kind.items()
            for remote in self._heard(kind, self._looking.records(kind, ids).values())
        ]

    # --- looking

    def look_up(self, wanted: Mapping[Key, RemoteId | None]) -> Mapping[Key, Remote]:
        return self._looking.look_up(wanted)

    def find(self, items: Sequence[Item]) -> Mapping[Key, Remote]:
        return self._looking.find(items)

    # --- writing

    def create(self, items: Sequence[Item], ids: Mapping[Key, RemoteId]) -> Iterator[Outcome]:
        self._looking.remember(items)
        for kind, same in _by_kind(items, lambda item: item.key.kind):
            for batch in batches(same, RECORDS):
                yield from self._maker.make(kind, batch, ids)

    def update(self, changes: Sequence[Change]) -> Iterator[Outcome]:
        for kind, same in _by_kind(changes, lambda change: change.key.kind):
            for batch in batches(same, RECORDS):
                yield from self._updater.update(kind, batch)

    def connect(self, pairs: Sequence[Pair]) -> Iterator[Outcome]:
        for (child, parent), same in _by_kind(pairs, lambda pair: (pair[0].kind, pair[2].kind)):
            for batch in batches(same, RELATIONS):
                yield from relate(self._api, child, parent, batch)

    def remove(self, records: Sequence[tuple[Key, RemoteId]]) -> Iterator[Outcome]:
        for kind, same in _by_kind(records, lambda record: record[0].kind):
            for batch in batches(same, RECORDS):
                ids = [rid for _, rid in batch if rid.isascii() and rid.isdecimal()]
                if ids:
                    self._api.archive(TYPES[kind], dict.fromkeys(ids))
                yield from (Done(key, Remote(rid, kind, None, BLANK[kind])) for key, rid in batch)

    def edit(self, change: Change) -> Outcome:
        (outcome,) = self._updater.update(change.key.kind, [change], adopting=False)
        self._edited[change.key.kind, change.remote_id] = None
        return outcome

    def discard(self, key: Key, remote_id: RemoteId) -> Outcome:
        (outcome,) = self.remove([(key, remote_id)])
        self._discarded[key.kind, remote_id] = None
        return outcome


def _by_kind(entries: Sequence[T], kind_of: Callable[[T], K]) -> list[tuple[K, list[T]]]:
    sorted_out: dict[K, list[T]] = {}
    for entry in entries:
        sorted_out.setdefault(kind_of(entry), []).append(entry)
    return list(sorted_out.items())


def _merged(deals: Iterable[Record]) -> Iterator[tuple[Kind, RemoteId, RemoteId]]:
    """Yield (kind, loser, winner) for every deal that was merged into another."""
    for record in deals:
        yield from ((Kind.DEAL, RemoteId(loser), RemoteId(record.id)) for loser in losers(record))
