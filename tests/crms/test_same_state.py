"""The same calls on the memory CRM and on the local one leave the same to see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from crm_sync.crms.local import LocalCrm
from crm_sync.crms.memory import MemoryCrm
from crm_sync.domain.items import Change, Item, Remote, RemoteId, Value
from crm_sync.domain.keys import Key, Kind
from crm_sync.errors import RecordRefused
from crm_sync.ports import Changes, Cursor, Done, Outcome
from tests.crms.promises import House

TEXTS = st.sampled_from(["", " Quince ", "quince", "Quince & Sons", "Medlar\n", "\0", "\ud800x", "é"])
TIMES = st.sampled_from(["2031-03-04T09:30:00Z", "2031-03-05T09:30:00+00:00", "soon", ""])
VALUES: dict[str, st.SearchStrategy[Value]] = {
    "name": TEXTS,
    "domain": st.sampled_from(["quince.example", "WWW.Quince.example", "medlar.example", ""]),
    "email": st.sampled_from(["ada@quince.example", "Ada@Quince.example ", "bo@medlar.example"]),
    "stage": TEXTS,
    "owner": st.sampled_from(["me", "sam", ""]),
    "open": st.sampled_from([True, False]),
    "due_at": TIMES,
    "at": TIMES,
    "note": TEXTS,
}
NAMES = {
    Kind.COMPANY: ("name", "domain"),
    Kind.CONTACT: ("name", "email"),
    Kind.DEAL: ("name", "stage", "owner"),
    Kind.TASK: ("open", "due_at", "owner"),
    Kind.CALL: ("at", "note"),
}
KINDS = st.sampled_from(list(Kind))
KEYS = st.builds(Key, KINDS, st.sampled_from(["", "me"]), st.sampled_from("abc"))
PLACES = st.integers(0, 9)
"""Which of the records that were made so far; the last ones stand for ids that nobody has."""


def fields_of(kind: Kind) -> st.SearchStrategy[dict[str, Value]]:
    values = {name: VALUES[name] | st.none() for name in NAMES[kind]}
    return st.fixed_dictionaries({}, optional=values)


ITEMS = KEYS.flatmap(
    lambda key: st.builds(Item, st.just(key), fields_of(key.kind), st.lists(KEYS, max_size=2).map(tuple))
)
CHANGES = st.tuples(KEYS, PLACES).flatmap(
    lambda pair: st.tuples(st.just(pair[0]), st.just(pair[1]), fields_of(pair[0].kind))
)


class Twins(RuleBasedStateMachine):
    """Every act is done to both; ids are translated by the order in which records were seen."""

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2031, 3, 4, tzinfo=UTC)
        self.local = LocalCrm("sqlite://", self.tick)
        self.local.batch_size = 3
        self.crms: tuple[House, House] = (MemoryCrm(self.tick, batch_size=3), self.local)
        self.ids: list[tuple[RemoteId, RemoteId]] = []
        self.cursors: tuple[Cursor | None, Cursor | None] = (None, None)

    def tick(self) -> datetime:
        return self.now

    def teardown(self) -> None:
        self.local.close()

    @rule(items=st.lists(ITEMS, max_size=5), parents=st.dictionaries(KEYS, PLACES, max_size=3))
    def create(self, items: list[Item], parents: dict[Key, int]) -> None:
        self.same([list(crm.create(items, self.ids_of(parents, side))) for side, crm in enumerate(self.crms)])

    @rule(changes=st.lists(CHANGES, max_size=4))
    def update(self, changes: list[tuple[Key, int, dict[str, Value]]]) -> None:
        self.same(
            [
                list(crm.update([Change(key, self.id(place, side), f) for key, place, f in changes]))
                for side, crm in enumerate(self.crms)
            ]
        )

    @rule(change=CHANGES)
    def edit(self, change: tuple[Key, int, dict[str, Value]]) -> None:
        key, place, fields = change
        self.same([[crm.edit(Change(key, self.id(place, s), fields))] for s, crm in enumerate(self.crms)])

    @rule(key=KEYS, place=PLACES)
    def discard(self, key: Key, place: int) -> None:
        self.same([[crm.discard(key, self.id(place, side))] for side, crm in enumerate(self.crms)])

    @rule(records=st.lists(st.tuples(KEYS, PLACES), max_size=3))
    def remove(self, records: list[tuple[Key, int]]) -> None:
        self.same(
            [
                list(crm.remove([(key, self.id(place, side)) for key, place in records]))
                for side, crm in enumerate(self.crms)
            ]
        )

    @rule(pairs=st.lists(st.tuples(KEYS, PLACES, KEYS, PLACES), max_size=4))
    def connect(self, pairs: list[tuple[Key, int, Key, int]]) -> None:
        self.same(
            [
                list(crm.connect([(a, self.id(p, side), b, self.id(q, side)) for a, p, b, q in pairs]))
                for side, crm in enumerate(self.crms)
            ]
        )

    @rule(data=st.data(), kind=KINDS, parents=st.lists(PLACES, max_size=2))
    def add(self, data: st.DataObject, kind: Kind, parents: list[int]) -> None:
        fields = data.draw(fields_of(kind))
        remotes: list[Remote | str] = []
        for side, crm in enumerate(self.crms):
            try:
                remotes.append(crm.add(kind, fields, [self.id(place, side) for place in parents]))
            except RecordRefused as refusal:
                remotes.append(type(refusal).__name__)
        one, other = remotes
        if isinstance(one, Remote) and isinstance(other, Remote):
            self.remember(one.id, other.id)
        assert self.seen(one, 0) == self.seen(other, 1)

    @rule(items=st.lists(ITEMS, max_size=3, unique_by=lambda item: item.key))
    def find(self, items: list[Item]) -> None:
        one, other = (crm.find(items) for crm in self.crms)
        assert self.seen(one, 0) == self.seen(other, 1)

    @rule()
    def listen(self) -> None:
        pairs = [crm.changes(cursor) for crm, cursor in zip(self.crms, self.cursors, strict=True)]
        assert self.told(pairs[0], 0) == self.told(pairs[1], 1)
        self.cursors = (pairs[0].cursor, pairs[1].cursor)

    @rule(hours=st.integers(1, 30))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @invariant()
    def both_show_the_same(self) -> None:
        for kind in Kind:
            shown = [sorted_by_id(crm.records(kind), self.ids, side) for side, crm in enumerate(self.crms)]
            assert self.seen(shown[0], 0) == self.seen(shown[1], 1)
        keys = [Key(kind, owner, ident) for kind in Kind for owner in ("", "me") for ident in "abc"]
        found = [crm.look_up(dict.fromkeys(keys)) for crm in self.crms]
        assert self.seen(found[0], 0) == self.seen(found[1], 1)
        told = [crm.changes(None) for crm in self.crms]
        assert self.told(told[0], 0) == self.told(told[1], 1)

    def same(self, outcomes: list[list[Outcome]]) -> None:
        for one, other in zip(*outcomes, strict=True):
            if isinstance(one, Done) and isinstance(other, Done):
                self.remember(one.remote.id, other.remote.id)
                assert one.key == other.key
                assert self.seen(one.remote, 0) == self.seen(other.remote, 1)
            else:
                assert (type(one), one.key) == (type(other), other.key)

    def remember(self, one: RemoteId, other: RemoteId) -> None:
        if (one, other) not in self.ids:
            assert one not in {pair[0] for pair in self.ids}
            assert other not in {pair[1] for pair in self.ids}
            self.ids.append((one, other))

    def id(self, place: int, side: int) -> RemoteId:
        return self.ids[place][side] if place < len(self.ids) else RemoteId(f"nobody-{place}")

    def ids_of(self, parents: dict[Key, int], side: int) -> dict[Key, RemoteId]:
        return {key: self.id(place, side) for key, place in parents.items()}

    def seen(self, value: Any, side: int) -> Any:
        """Return a value with its ids translated."""
        if isinstance(value, dict):
            return {key: self.seen(each, side) for key, each in value.items()}
        if isinstance(value, list):
            return [self.seen(each, side) for each in value]
        if not isinstance(value, Remote):
            return value
        related = {place_of(rid, self.ids, side) for rid in value.relations}
        place = place_of(value.id, self.ids, side)
        return (place, value.kind, value.key, dict(value.fields), related, value.modified_at)

    def told(self, changes: Changes, side: int) -> Any:
        removed = [(kind, place_of(rid, self.ids, side)) for kind, rid in changes.removed]
        return self.seen(list(changes.records), side), removed


def place_of(rid: RemoteId, ids: list[tuple[RemoteId, RemoteId]], side: int) -> int | str:
    return next((place for place, pair in enumerate(ids) if pair[side] == rid), str(rid))


def sorted_by_id(remotes: Any, ids: list[tuple[RemoteId, RemoteId]], side: int) -> list[Remote]:
    return sorted(remotes, key=lambda remote: str(place_of(remote.id, ids, side)))


TestTwins = Twins.TestCase
TestTwins.settings = settings(max_examples=20, stateful_step_count=25, deadline=None)
