"""Making records by the thousand: each key once, with the relations whose other end is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
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

Parents = Mapping[Key, tuple[int, RemoteId]]
"""Number and id of the parents that are there."""

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
    parents = _parents_there(connection, items, ids)  # before numbers are taken that no record has yet
    first = take(connection, "record", len(items) - len(held)) if len(held) < len(items) else 0
    making = _Making(standing, parents, at, first)
    outcomes = [making.answer(text, item) for text, item in zip(texts, items, strict=True)]
    rows.insert_values(connection, making.values)
    rows.relate(connection, making.pairs)
    return outcomes


def tidied_or_refused(key: Key, fields: Fields) -> Fields | Refused:
    """Return the fields as the CRM keeps them, or why it does not take them."""
    try:
        return tidied(key.kind, fields)
    except RecordRefused as refusal:
        return Refused(key, refusal.message)


def _parents_there(connection: Connection, items: Sequence[Item], ids: Mapping[Key, RemoteId]) -> Parents:
    wanted = {parent for item in items for parent in item.parents}
    known = {key: (number_of(key[0], rid), rid) for key in wanted if (rid := ids.get(key)) is not None}
    gone = rows.missing(connection, [number for number, _ in known.values()])
    return {key: pair for key, pair in known.items() if pair[0] not in gone} if gone else known


class _Making:
    """The rows that a batch will write; numbers are given from *number* on, as records are made."""

    def __init__(self, standing: dict[str, Remote], parents: Parents, at: datetime, number: int) -> None:
        self.values: list[tuple[Any, ...]] = []
        self.pairs: list[tuple[int, int]] = []
        self._standing = standing
        self._parents = parents
        self._at = at
        self._now = at.isoformat()
        self._number = number

    def answer(self, text: str, item: Item) -> Outcome:
        """Make the record where its key is not there yet; *text* is the key's."""
        tidy = tidied_or_refused(item.key, item.fields)
        if isinstance(tidy, Refused):
            return tidy
        remote = self._standing.get(text)
        if remote is not None:
            return Done(item.key, remote)
        remote = self._standing[text] = self._made(text, item, tidy)
        return Done(item.key, remote, tidy is item.fields and _stands_as_told(item, remote))

    def _made(self, text: str, item: Item, tidy: Fields) -> Remote:
        key, number = item.key, self._number
        kind = key.kind
        self._number += 1
        fields = written(kind, BLANK[kind], tidy, self._at)
        owner = str(fields.get("owner") or key.owner)
        self.values.append(rows.made_values(number, kind, text, owner, fields, self._now))
        related = self._related(number, item.parents) if item.parents else _UNRELATED
        return Remote(remote_id(kind, number), kind, key, fields, related, self._at)

    def _related(self, number: int, parents: Sequence[Key]) -> frozenset[RemoteId]:
        """Relate the record to those of its parents that are there, and return their ids."""
        above: list[RemoteId] = []
        for parent in parents:
            pair = self._parents.get(parent)
            if pair is not None and pair[1] not in above:
                above.append(pair[1])
                self.pairs.append((number, pair[0]))
        return frozenset(above)


def _stands_as_told(item: Item, remote: Remote) -> bool:
    """Tell whether a record made of tidy fields holds them (``open`` is never empty), and all parents."""
    return item.fields.get("open", True) is not None and len(item.parents) == len(remote.relations)
