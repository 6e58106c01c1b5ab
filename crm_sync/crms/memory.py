"""A CRM in dictionaries: the reference of the contract, and the double for tests."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from crm_sync.crms.batches import batches
from crm_sync.crms.fields import BLANK, tidied, written
from crm_sync.crms.finding import match
from crm_sync.domain.items import Change, Fields, Item, Remote, RemoteId, Value
from crm_sync.domain.keys import Key, Kind
from crm_sync.errors import RecordRefused
from crm_sync.ports import Account, Changes, Cursor, Done, Outcome, Refused


@dataclass
class _Record:
    kind: Kind
    key: Key | None
    fields: dict[str, Value]
    relations: set[RemoteId]
    modified_at: datetime
    person_seq: int = 0
    removed: bool = False


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class MemoryCrm:
    """A CRM that forgets everything with the process, and rewrites what it is told as real ones do.

    Is a ``CRM`` and ``Browsable``; people act in it through ``add``, ``edit`` and ``discard``.
    ``records_made`` counts records ever made, so that a test can tell twins. *clock* is the CRM's own
    clock and returns aware times.
    """

    clock: Callable[[], datetime] = _utc_now
    batch_size: int = 100
    relations_at_once: int = 100
    in_flight: int = 1
    name: str = "memory"
    _records: dict[RemoteId, _Record] = field(default_factory=dict)
    _ids: dict[Key, RemoteId] = field(default_factory=dict)
    _seq: int = 0

    @property
    def records_made(self) -> int:
        return len(self._records)

    def check(self) -> Account:
        return Account(self.name, "memory")

    def changes(self, since: Cursor | None) -> Changes:
        heard = int(since) if since is not None else 0
        moved = [rid for rid, record in self._records.items() if record.person_seq > heard]
        moved.sort(key=lambda rid: self._records[rid].person_seq)
        return Changes(
            records=[self._remote(rid) for rid in moved if not self._records[rid].removed],
            removed=[(self._records[rid].kind, rid) for rid in moved if self._records[rid].removed],
            cursor=Cursor(str(self._seq)),
        )

    def look_up(self, wanted: Mapping[Key, RemoteId | None]) -> Mapping[Key, Remote]:
        found = ((key, rid if rid is not None else self._ids.get(key)) for key, rid in wanted.items())
        return {key: self._remote(rid) for key, rid in found if rid is not None and self._has(key.kind, rid)}

    def find(self, items: Sequence[Item]) -> Mapping[Key, Remote]:
        free = (rid for rid, record in self._records.items() if record.key is None and not record.removed)
        return match(items, map(self._remote, free))

    def create(self, items: Sequence[Item], ids: Mapping[Key, RemoteId]) -> Iterator[Outcome]:
        for batch in batches(items, self.batch_size):
            yield from [self._create(item, ids) for item in batch]

    def update(self, changes: Sequence[Change]) -> Iterator[Outcome]:
        for batch in batches(changes, self.batch_size):
            yield from [self._update(change) for change in batch]

    def connect(self, pairs: Sequence[tuple[Key, RemoteId, Key, RemoteId]]) -> Iterator[Outcome]:
        for batch in batches(pairs, self.batch_size):
            yield from [self._connect(*pair) for pair in batch]

    def remove(self, records: Sequence[tuple[Key, RemoteId]]) -> Iterator[Outcome]:
        for batch in batches(records, self.batch_size):
            yield from [self._remove(key, rid) for key, rid in batch]

    def edit(self, change: Change) -> Outcome:
        outcome = self._write(change)
        if isinstance(outcome, Done):
            self._by_a_person(change.remote_id)
        return outcome

    def discard(self, key: Key, remote_id: RemoteId) -> Outcome:
        if self._has(key.kind, remote_id):
            self._by_a_person(remote_id)
        return self._remove(key, remote_id)

    def add(self, kind: Kind, fields: Fields, relations: Collection[RemoteId] = ()) -> Remote:
        tidy = tidied(kind, fields)
        for parent in relations:
            if not self._is_there(parent):
                raise RecordRefused(f"there is no record {parent} to connect with")
        rid = self._make(kind, None, tidy, set(relations))
        self._by_a_person(rid)
        return self._remote(rid)

    def records(self, kind: Kind, owner: str | None = None) -> Iterator[Remote]:
        for rid, record in list(self._records.items()):
            if record.kind is kind and not record.removed and owner in (None, _owner_of(record)):
                yield self._remote(rid)

    def _create(self, item: Item, ids: Mapping[Key, RemoteId]) -> Outcome:
        try:
            tidy = tidied(item.key.kind, item.fields)
        except RecordRefused as refusal:
            return Refused(item.key, refusal.message)
        if item.key in self._ids:
            return Done(item.key, self._remote(self._ids[item.key]))
        known = {ids[parent] for parent in item.parents if self._has(parent.kind, ids.get(parent))}
        rid = self._make(item.key.kind, item.key, tidy, known)
        return Done(item.key, self._remote(rid))

    def _make(self, kind: Kind, key: Key | None, tidy: Fields, relations: set[RemoteId]) -> RemoteId:
        rid = RemoteId(f"{kind}-{len(self._records) + 1}")
        at = self.clock()
        self._records[rid] = _Record(kind, key, written(kind, BLANK[kind], tidy, at), relations, at)
        if key is not None:
            self._ids[key] = rid
        return rid

    def _update(self, change: Change) -> Outcome:
        if not self._has(change.key.kind, change.remote_id):
            return _gone(change.key, change.remote_id)
        record = self._records[change.remote_id]
        if record.key not in (None, change.key):
            return Refused(change.key, f"{change.remote_id} carries the key {record.key}")
        if self._ids.get(change.key, change.remote_id) != change.remote_id:
            return Refused(change.key, f"{self._ids[change.key]} carries the key {change.key} already")
        outcome = self._write(change)
        if isinstance(outcome, Refused):
            return outcome
        record.key = change.key
        self._ids[change.key] = change.remote_id
        return Done(change.key, self._remote(change.remote_id))

    def _write(self, change: Change) -> Outcome:
        if not self._has(change.key.kind, change.remote_id):
            return _gone(change.key, change.remote_id)
        record = self._records[change.remote_id]
        try:
            tidy = tidied(record.kind, change.fields)
        except RecordRefused as refusal:
            return Refused(change.key, refusal.message)
        record.modified_at = self.clock()
        record.fields = written(record.kind, record.fields, tidy, record.modified_at)
        return Done(change.key, self._remote(change.remote_id))

    def _connect(self, key: Key, rid: RemoteId, parent_key: Key, parent: RemoteId) -> Outcome:
        if not self._has(key.kind, rid):
            return _gone(key, rid)
        if not self._has(parent_key.kind, parent):
            return _gone(key, parent)
        self._records[rid].relations.add(parent)
        return Done(key, self._remote(rid))

    def _remove(self, key: Key, rid: RemoteId) -> Outcome:
        if not self._has(key.kind, rid):
            return Done(key, Remote(rid, key.kind, None, BLANK[key.kind]))
        last = replace(self._remote(rid), relations=frozenset())
        record = self._records[rid]
        if record.key is not None:
            del self._ids[record.key]
        record.removed, record.key, record.fields, record.modified_at = True, None, {}, self.clock()
        record.relations.clear()
        return Done(key, last)

    def _by_a_person(self, rid: RemoteId) -> None:
        self._seq += 1
        self._records[rid].person_seq = self._seq

    def _is_there(self, rid: RemoteId) -> bool:
        return rid in self._records and not self._records[rid].removed

    def _has(self, kind: Kind, rid: RemoteId | None) -> bool:
        return rid is not None and self._is_there(rid) and self._records[rid].kind is kind

    def _remote(self, rid: RemoteId) -> Remote:
        record = self._records[rid]
        relations = frozenset(parent for parent in record.relations if self._is_there(parent))
        return Remote(rid, record.kind, record.key, dict(record.fields), relations, record.modified_at)


def _owner_of(record: _Record) -> str:
    """Return whose record it is: the owner it names, else the owner of its key."""
    named = record.fields.get("owner")
    return str(named) if named else (record.key.owner if record.key else "")


def _gone(key: Key, rid: RemoteId) -> Refused:
    return Refused(key, f"there is no record {rid}")
