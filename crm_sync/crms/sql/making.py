"""Making records by the thousand: each key once, with the relations whose other end is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from crm_sync.crms.fields import BLANK, tidied, written
from crm_sync.crms.sql import rows
from crm_sync.crms.sql.rows import number_of, remote_id
from crm_sync.domain.items import Fields, Item, Remote, RemoteId, Value
from crm_sync.domain.keys import Key
from crm_sync.errors import RecordRefused
from crm_sync.ports import Done, Outcome, Refused

Tidy = dict[str, Value] | Refused
Parents = Mapping[Key, tuple[int, RemoteId]]
"""Number and id of the parents that are there."""


def make(
    connection: Connection, items: Sequence[Item], ids: Mapping[Key, RemoteId], at: datetime
) -> list[Outcome]:
    """Make the records of these items *at* this time, and return an outcome for each, in order.

    A key that is there already, or comes twice, is answered with the record that stands under it.
    """
    texts = [str(item.key) for item in items]
    tidy = [tidied_or_refused(item.key, item.fields) for item in items]
    held = rows.by_key(connection, texts)
    fresh = _fresh(texts, items, tidy, held)
    made = _made(connection, fresh, _parents_there(connection, items, ids), at)
    outcomes: list[Outcome] = []
    for text, item, fields in zip(texts, items, tidy, strict=True):
        if isinstance(fields, Refused):
            outcomes.append(fields)
        else:
            remote = made.get(text)
            outcomes.append(Done(item.key, remote if remote is not None else held[text].remote(item.key)))
    return outcomes


def tidied_or_refused(key: Key, fields: Fields) -> Tidy:
    """Return the fields as the CRM keeps them, or why it does not take them."""
    try:
        return tidied(key.kind, fields)
    except RecordRefused as refusal:
        return Refused(key, refusal.message)


def _fresh(
    texts: Sequence[str], items: Sequence[Item], tidy: Sequence[Tidy], held: Mapping[str, rows.Row]
) -> dict[str, tuple[Item, dict[str, Value]]]:
    """Return the first acceptable item under each key that is not there yet."""
    fresh: dict[str, tuple[Item, dict[str, Value]]] = {}
    for text, item, fields in zip(texts, items, tidy, strict=True):
        if text not in held and not isinstance(fields, Refused):
            fresh.setdefault(text, (item, fields))
    return fresh


def _parents_there(connection: Connection, items: Sequence[Item], ids: Mapping[Key, RemoteId]) -> Parents:
    wanted = {parent for item in items for parent in item.parents}
    known = {key: (number_of(key.kind, rid), rid) for key in wanted if (rid := ids.get(key)) is not None}
    there = rows.living(connection, (number for number, _ in known.values()))
    return {key: pair for key, pair in known.items() if pair[0] in there}


def _made(
    connection: Connection,
    fresh: Mapping[str, tuple[Item, dict[str, Value]]],
    parents: Parents,
    at: datetime,
) -> dict[str, Remote]:
    """Write the records with their relations, and return them by the text of their key."""
    first, now = rows.take(connection, "record", len(fresh)), at.isoformat()
    made: dict[str, Remote] = {}
    values: list[tuple[Any, ...]] = []
    pairs: list[tuple[int, int]] = []
    for number, (text, (item, tidy)) in enumerate(fresh.items(), first):
        key = item.key
        fields = written(key.kind, BLANK[key.kind], tidy, at)
        values.append(rows.made_values(number, key.kind, text, _owner(key, fields), fields, now))
        above = {parents[parent] for parent in item.parents if parent in parents}
        pairs += [(number, parent) for parent, _ in above]
        related = frozenset([rid for _, rid in above])
        made[text] = Remote(remote_id(key.kind, number), key.kind, key, fields, related, at)
    rows.insert_values(connection, values)
    rows.relate(connection, pairs)
    return made


def _owner(key: Key, fields: Fields) -> str:
    return str(fields.get("owner") or key.owner)
