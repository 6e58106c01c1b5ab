"""Making records by the thousand: each key once, with the relations whose other end is there."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection

from crm_sync.crms.fields import BLANK, tidied, written
from crm_sync.crms.sql import rows
from crm_sync.crms.sql.counters import take
from crm_sync.crms.sql.rows import number_of, remote_id
from crm_sync.domain.items import Fields, Item, Remote, RemoteId
from crm_sync.domain.keys import Key
from crm_sync.errors import RecordRefused
from crm_sync.ports import Done, Outcome, Refused

_UNRELATED: frozenset[RemoteId] = frozenset()


def make(
    connection: Connection, items: Sequence[Item], ids: Mapping[Key, RemoteId], at: datetime
) -> list[Outcome]:
    """Make the records of these items *at* this time, and return an outcome for each, in order.

    A key that is there already, or comes twice, is answered with the record that stands under it.
    """
    texts = ["/".join(item.key) for item in items]  # as ``str`` of the key, at half the price
    held = rows.by_key(connection, texts)
    standing = {text: row.remote() for text, row in held.items()}
    there = rows.those_there(connection, partial(_parents, items, ids))  # before new numbers are taken
    first = take(connection, "record", len(items) - len(held)) if len(held) < len(items) else 0
    making = _Making(standing, ids, there, at, first)
    outcomes = [making.answer(text, item) for text, item in zip(texts, items, strict=True)]
    rows.insert_values(connection, making.values)
    rows.relate(connection, making.pairs)
    return outcomes


def _parents(items: Sequence[Item], ids: Mapping[Key, RemoteId]) -> set[int]:
    wanted = {parent for item in items for parent in item.parents}
    return {number_of(parent.kind, ids[parent]) for parent in wanted if parent in ids}


class _Making:
    """The rows that a batch will write; numbers are given from *number* on, as records are made.

    *ids* are those of the parents that are known; a parent is *there* under its number, or is not.
    """

    def __init__(
        self,
        standing: dict[str, Remote],
        ids: Mapping[Key, RemoteId],
        there: Container[int],
        at: datetime,
        number: int,
    ) -> None:
        self.values: list[tuple[Any, ...]] = []
        self.pairs: list[tuple[int, int]] = []
        self._standing = standing
        self._ids = ids
        self._there = there
        self._at = at
        self._now = at.isoformat()
        self._number = number

    def answer(self, text: str, item: Item) -> Outcome:
        """Make the record where its key is not there yet; *text* is the key's."""
        key, told = item.key, item.fields
        try:
            tidy = tidied(key[0], told)
        except RecordRefused as refusal:
            return Refused(key, refusal.message)
        remote = self._standing.get(text)
        if remote is not None:
            return Done(key, remote)
        remote = self._standing[text] = self._made(text, key, tidy, item.parents)
        return Done(key, remote, tidy is told and _stands_as_told(item, remote))

    def _made(self, text: str, key: Key, tidy: Fields, parents: Sequence[Key]) -> Remote:
        kind, number, at = key[0], self._number, self._at
        self._number += 1
        fields = written(kind, BLANK[kind], tidy, at)
        owner = str(fields.get("owner") or key[1])
        self.values.append(rows.made_values(number, kind, text, owner, fields, self._now))
        related = self._related(number, parents) if parents else _UNRELATED
        return Remote(remote_id(kind, number), kind, key, fields, related, at)

    def _related(self, number: int, parents: Sequence[Key]) -> frozenset[RemoteId]:
        """Relate the record to those of its parents that are there, and return their ids."""
        above: list[RemoteId] = []
        for parent in parents:
            rid = self._ids.get(parent)
            if rid is not None and rid not in above:
                upper = number_of(parent[0], rid)
                if upper in self._there:
                    above.append(rid)
                    self.pairs.append((number, upper))
        return frozenset(above)


def _stands_as_told(item: Item, remote: Remote) -> bool:
    """Tell whether a record made of tidy fields holds them (``open`` is never empty), and all parents."""
    return item.fields.get("open", True) is not None and len(item.parents) == len(remote.relations)
