"""The object store: records by id and by unique value, merges, and what the search index is told of them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tests.hubspot_simulator.answers import iso
from tests.hubspot_simulator.index import SearchIndex
from tests.hubspot_simulator.kinds import KINDS, ObjectKind

FIRST_ID = 31_000_000_001


@dataclass(slots=True)
class Record:
    """One record; *properties* is replaced and never changed in place; times are milliseconds since 1970."""

    kind: ObjectKind
    id: str
    properties: dict[str, str]
    created: int
    updated: int
    archived: int | None = None


class Store:
    """Every record of a portal. *unique* says which properties of a type are unique now."""

    def __init__(self, now: Callable[[], int], index: SearchIndex, unique: Callable[[str], set[str]]) -> None:
        self._now = now
        self._index = index
        self._unique = unique
        self._ids = itertools.count(FIRST_ID, 7)
        self._values: dict[tuple[str, str], dict[str, str]] = {}
        self.live: dict[str, dict[str, Record]] = {name: {} for name in KINDS}
        self.archived: dict[str, dict[str, Record]] = {name: {} for name in KINDS}
        self.merged: dict[tuple[str, str], str] = {}

    def new_id(self) -> str:
        """Return an id that was never given before."""
        return str(next(self._ids))

    def find(self, kind: ObjectKind, number: str) -> Record | None:
        """Return the living record of that very id."""
        return self.live[kind.name].get(number)

    def resolve(self, kind: ObjectKind, number: str) -> Record | None:
        """Return the living record that the id leads to, through merges."""
        while (further := self.merged.get((kind.name, number))) is not None:
            number = further
        return self.find(kind, number)

    def holder(self, kind: ObjectKind, name: str, value: str) -> Record | None:
        """Return the living record with that value of a unique property; e-mails may be secondary ones."""
        number = self._values.get((kind.name, name), {}).get(fold(name, value))
        return None if number is None else self.find(kind, number)

    def add(self, kind: ObjectKind, properties: Mapping[str, str]) -> Record:
        """Write a new record."""
        now = self._now()
        record = Record(kind, self.new_id(), {}, now, now)
        self.live[kind.name][record.id] = record
        fixed = {"hs_object_id": record.id, "hs_createdate": iso(now)}
        known = {"createdate": iso(now)} if kind.created == "createdate" else {}
        self._set(record, {**known, **properties, **fixed}, now)
        return record

    def change(self, record: Record, changes: Mapping[str, str]) -> None:
        """Write properties of a record; an empty text clears one. The modified date moves every time."""
        self._set(record, {**record.properties, **changes}, self._now())

    def archive(self, record: Record) -> None:
        """Delete a record: out of the store and the search, its unique values are free again."""
        self._forget(record)
        record.archived = self._now()
        self.archived[record.kind.name][record.id] = record

    def merge(self, winner: Record, loser: Record, *, anew: bool) -> Record:
        """Make one record of two; both ids lead to it. The winner's values stand, gaps are filled.

        A unique value of the loser is gone, but for e-mails, which stay as secondary ones.
        """
        kind, now = winner.kind, self._now()
        for record in (winner, loser):
            self._forget(record)
        properties = {**loser.properties, **winner.properties}
        for name in self._unique(kind.name) - {"email"}:
            if name not in winner.properties:
                properties.pop(name, None)
        properties |= _secondary_emails(winner, loser)
        together = Record(kind, self.new_id() if anew else winner.id, {}, winner.created, now)
        for record in (winner, loser):
            if record.id != together.id:
                self.merged[kind.name, record.id] = together.id
        self.live[kind.name][together.id] = together
        ids = {"hs_object_id": together.id, "hs_merged_object_ids": f"{winner.id};{loser.id}"}
        self._set(together, {**properties, **ids}, now)
        return together

    def _set(self, record: Record, properties: Mapping[str, str], now: int) -> None:
        before, record.updated = record.properties, now
        record.properties = {name: value for name, value in properties.items() if value}
        record.properties["hs_lastmodifieddate"] = iso(now)
        if record.kind.name == "contacts":
            record.properties["lastmodifieddate"] = iso(now)
        for name, value in self._unique_values(record.kind, before):
            self._values.get((record.kind.name, name), {}).pop(value, None)
        for name, value in self._unique_values(record.kind, record.properties):
            self._values.setdefault((record.kind.name, name), {})[value] = record.id
        self._index.note(record.kind.name, record.id, record.properties, now)

    def _forget(self, record: Record) -> None:
        del self.live[record.kind.name][record.id]
        for name, value in self._unique_values(record.kind, record.properties):
            self._values.get((record.kind.name, name), {}).pop(value, None)
        self._index.note(record.kind.name, record.id, None, self._now())

    def _unique_values(self, kind: ObjectKind, properties: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        for name in self._unique(kind.name):
            if name in properties:
                yield name, fold(name, properties[name])
        if kind.name == "contacts" and "hs_additional_emails" in properties:
            for value in properties["hs_additional_emails"].split(";"):
                yield "email", value


def fold(name: str, value: str) -> str:
    """Return a unique value as it is compared: e-mails in small letters."""
    return value.strip().lower() if name == "email" else value


def _secondary_emails(winner: Record, loser: Record) -> dict[str, str]:
    found = [
        value
        for record in (winner, loser)
        for name in ("email", "hs_additional_emails")
        for value in record.properties.get(name, "").split(";")
        if value
    ]
    others = list(dict.fromkeys(found))[1:]
    return {"hs_additional_emails": ";".join(others)} if others else {}
