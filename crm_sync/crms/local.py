"""The local CRM: a second party with its own tables, edits and clock, on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection

from crm_sync.crms.batches import batches
from crm_sync.crms.fields import BLANK, tidied, written
from crm_sync.crms.finding import match
from crm_sync.crms.sql import rows
from crm_sync.crms.sql.counters import take, value_of
from crm_sync.crms.sql.database import Database
from crm_sync.crms.sql.making import make
from crm_sync.crms.sql.rows import Row, any_number_of, number_of
from crm_sync.domain.items import Change, Fields, Item, Remote, RemoteId
from crm_sync.domain.keys import Key, Kind
from crm_sync.errors import RecordRefused
from crm_sync.ports import Account, Changes, Cursor, Done, Outcome, Refused


def _utc_now() -> datetime:
    return datetime.now(UTC)


class LocalCrm:
    """The embedded CRM (a ``CRM`` and ``Browsable``) in the database that *url* names.

    Nothing is opened before the first call. *clock* is the CRM's own clock and returns aware times;
    *wait* is how many seconds a write waits for another program's. Every batch is one transaction,
    committed before its outcomes are given. ``close`` releases the database.
    """

    batch_size = 4_000
    relations_at_once = 4_000
    in_flight = 1

    def __init__(
        self,
        url: str,
        clock: Callable[[], datetime] = _utc_now,
        *,
        name: str = "local",
        wait: float = 10.0,
    ) -> None:
        self._database = Database(url, wait)
        self._clock = clock
        self._name = name

    def close(self) -> None:
        """Release files and connections; harmless when repeated."""
        self._database.close()

    def check(self) -> Account:
        with self._database.reading():
            return Account(self._name, "local")

    def changes(self, since: Cursor | None) -> Changes:
        with self._database.reading() as connection:
            birth, last = value_of(connection, "birth"), value_of(connection, "person")
            made = value_of(connection, "record")
            before = _heard(since, birth, last, made)
            records, removed, heard = rows.moved_by_people(connection, before or 0)
        anew = since is not None and before is None
        cursor = Cursor(f"{birth:x}.{heard}.{made}")
        return Changes([row.remote() for row in records], removed, cursor, anew)

    def look_up(self, wanted: Mapping[Key, RemoteId | None]) -> Mapping[Key, Remote]:
        numbers = {key: number_of(key.kind, rid) for key, rid in wanted.items() if rid is not None}
        texts = {key: str(key) for key, rid in wanted.items() if rid is None}
        with self._database.reading() as connection:
            by_number = rows.by_number(connection, numbers.values())
            by_key = rows.by_key(connection, texts.values())
        found = {key: by_number[n].remote() for key, n in numbers.items() if n in by_number}
        return found | {key: by_key[text].remote(key) for key, text in texts.items() if text in by_key}

    def find(self, items: Sequence[Item]) -> Mapping[Key, Remote]:
        with self._database.reading() as connection:
            if not rows.has_features(connection):
                return {}
            wanted = [text for item in items for text in rows.feature_texts(item.key.kind, item.fields)]
            candidates = rows.by_feature(connection, wanted)
        return match(items, [row.remote() for row in candidates])

    def records(self, kind: Kind, owner: str | None = None) -> Iterator[Remote]:
        for name in self._owners(kind) if owner is None else (owner,):
            some: list[Row] = []
            while not some or len(some) == rows.PAGE:
                with self._database.reading() as connection:
                    some = rows.page(connection, kind, name, some[-1].number if some else 0)
                if not some:
                    break
                yield from [row.remote() for row in some]

    def create(self, items: Sequence[Item], ids: Mapping[Key, RemoteId]) -> Iterator[Outcome]:
        for batch in batches(items, self.batch_size):
            with self._database.writing() as connection:
                outcomes = make(connection, batch, ids, self._now())
            yield from outcomes

    def update(self, changes: Sequence[Change]) -> Iterator[Outcome]:
        for batch in batches(changes, self.batch_size):
            yield from self._update(batch, by_a_person=False)

    def connect(self, pairs: Sequence[tuple[Key, RemoteId, Key, RemoteId]]) -> Iterator[Outcome]:
        for batch in batches(pairs, self.batch_size):
            yield from self._connect(batch)

    def remove(self, records: Sequence[tuple[Key, RemoteId]]) -> Iterator[Outcome]:
        for batch in batches(records, self.batch_size):
            yield from self._remove(batch, by_a_person=False)

    def edit(self, change: Change) -> Outcome:
        return self._update([change], by_a_person=True)[0]

    def discard(self, key: Key, remote_id: RemoteId) -> Outcome:
        return self._remove([(key, remote_id)], by_a_person=True)[0]

    def add(self, kind: Kind, fields: Fields, relations: Collection[RemoteId] = ()) -> Remote:
        tidy, at = tidied(kind, fields), self._now()
        with self._database.writing() as connection:
            there = rows.living(connection, map(any_number_of, relations))
            for parent in relations:
                if any_number_of(parent) not in there:
                    raise RecordRefused(f"there is no record {parent} to connect with")
            number, act = take(connection, "record", 1), take(connection, "person", 1)
            row = Row(number, kind, None, written(kind, BLANK[kind], tidy, at), at, set(relations))
            rows.insert_row(connection, row, act)
        return row.remote()

    def _now(self) -> datetime:
        return self._clock().astimezone(UTC)

    def _owners(self, kind: Kind) -> list[str]:
        with self._database.reading() as connection:
            owners = [rows.next_owner(connection, kind, None)]
            while owners[-1] is not None:
                owners.append(rows.next_owner(connection, kind, owners[-1]))
        return [owner for owner in owners if owner is not None]

    def _update(self, batch: Sequence[Change], *, by_a_person: bool) -> list[Outcome]:
        at = self._now()
        with self._database.writing() as connection:
            numbers = [number_of(change.key.kind, change.remote_id) for change in batch]
            before = rows.by_number(connection, numbers)
            holders = {} if by_a_person else _holders(connection, batch, numbers, before)
            after: dict[int, Row] = {}
            outcomes: list[Outcome] = []
            for change, number in zip(batch, numbers, strict=True):
                row = after.get(number) or before.get(number)
                answer = _changed(row, change, holders, at, by_a_person=by_a_person)
                if isinstance(answer, Row):
                    after[number] = answer
                    outcomes.append(Done(change.key, answer.remote()))
                else:
                    outcomes.append(answer)
            act = take(connection, "person", 1) if by_a_person and after else None
            rows.save_rows(connection, after.values(), [before[number] for number in after], act)
        return outcomes

    def _connect(self, batch: Sequence[tuple[Key, RemoteId, Key, RemoteId]]) -> list[Outcome]:
        pairs = [(number_of(key.kind, rid), number_of(up.kind, pid)) for key, rid, up, pid in batch]
        new: dict[tuple[int, int], None] = {}
        outcomes: list[Outcome] = []
        with self._database.writing() as connection:
            children = rows.by_number(connection, (child for child, _ in pairs))
            there = rows.living(connection, (parent for _, parent in pairs))
            for (key, rid, _, pid), (child, parent) in zip(batch, pairs, strict=True):
                if child not in children or parent not in there:
                    outcomes.append(_gone(key, pid if child in children else rid))
                    continue
                if pid not in children[child].parents:
                    new[(child, parent)] = None
                    children[child].parents.add(pid)
                outcomes.append(Done(key, children[child].remote()))
            rows.relate(connection, list(new))
        return outcomes

    def _remove(self, batch: Sequence[tuple[Key, RemoteId]], *, by_a_person: bool) -> list[Outcome]:
        numbers = [number_of(key.kind, rid) for key, rid in batch]
        with self._database.writing() as connection:
            held = rows.by_number(connection, numbers)
            act = take(connection, "person", 1) if by_a_person and held else None
            rows.bury(connection, held.values(), self._now(), act)
        return [
            Done(
                key, _last_known(held.pop(number, None), key, rid)
            )  # named twice, it is gone the second time
            for number, (key, rid) in zip(numbers, batch, strict=True)
        ]


def _heard(since: Cursor | None, birth: int, last: int, made: int) -> int | None:
    """Return the last act that was heard; None where the cursor is of another database or a later state.

    A cursor names its database, the last person's act and the last record that was made.
    """
    origin, *numbers = (since or "").split(".")
    if origin != f"{birth:x}" or len(numbers) != 2 or not all(map(str.isdecimal, numbers)):
        return None
    heard, there = map(int, numbers)
    return heard if heard <= last and there <= made else None


def _holders(
    connection: Connection, batch: Sequence[Change], numbers: Sequence[int], before: Mapping[int, Row]
) -> dict[str, RemoteId]:
    """Return who carries the keys that records without one are to be given."""
    adopting = zip(batch, numbers, strict=True)
    texts = [str(change.key) for change, n in adopting if n in before and before[n].key is None]
    return {text: row.id for text, row in rows.by_key(connection, texts).items()}


def _changed(
    row: Row | None, change: Change, holders: dict[str, RemoteId], at: datetime, *, by_a_person: bool
) -> Row | Refused:
    """Return the row after the change; a write of ours gives it our key, a person's does not."""
    if row is None:
        return _gone(change.key, change.remote_id)
    text = row.key if by_a_person else str(change.key)
    if row.key not in (None, text):
        return Refused(change.key, f"{row.id} carries the key {row.key}")
    try:
        tidy = tidied(change.key.kind, change.fields)
    except RecordRefused as refusal:
        return Refused(change.key, refusal.message)
    if row.key is None and text is not None and holders.setdefault(text, row.id) != row.id:
        return Refused(change.key, f"{holders[text]} carries the key {text} already")
    return replace(row, key=text, fields=written(row.kind, row.fields, tidy, at), modified_at=at)


def _last_known(row: Row | None, key: Key, rid: RemoteId) -> Remote:
    if row is None:
        return Remote(rid, key.kind, None, BLANK[key.kind])
    return replace(row.remote(), relations=frozenset())


def _gone(key: Key, rid: RemoteId) -> Refused:
    return Refused(key, f"there is no record {rid}")
