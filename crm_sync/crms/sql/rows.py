"""Rows of the local CRM: read and written by the thousand."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Container, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

import orjson
from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    Select,
    any_,
    bindparam,
    delete,
    func,
    literal,
    select,
    update,
)

from crm_sync.crms.fields import BLANK
from crm_sync.crms.finding import features
from crm_sync.crms.sql.counters import add, is_nought, value_of
from crm_sync.crms.sql.tables import FEATURES, RECORDS, RELATIONS
from crm_sync.domain.items import Fields, Remote, RemoteId, Value
from crm_sync.domain.keys import Key, Kind

PAGE = 2_000
_LONGEST_NUMBER = 18
_KINDS = {str(kind): kind for kind in Kind}
_LIVE = RECORDS.c.removed.is_(False)
_MADE = tuple(each for each in RECORDS.columns if each is not RECORDS.c.removed)
_WHOLE = tuple(RECORDS.c[name] for name in ("number", "kind", "key", "fields", "modified_at"))


@dataclass(slots=True)
class Row:
    """A record that is there; ``key`` is our key's text, ``parents`` are ids of records that are there."""

    number: int
    kind: Kind
    key: str | None
    fields: dict[str, Value]
    modified_at: datetime
    parents: set[RemoteId] = field(default_factory=set)

    @property
    def id(self) -> RemoteId:
        return remote_id(self.kind, self.number)

    @property
    def owner(self) -> str:
        named = self.fields.get("owner")
        return str(named) if named else self.key.split("/", 2)[1] if self.key else ""

    def remote(self, key: Key | None = None) -> Remote:
        """Return what the CRM holds; *key* spares reading the key's text where the caller knows it."""
        if key is None and self.key is not None:
            key = Key.parse(self.key)
        return Remote(self.id, self.kind, key, self.fields, frozenset(self.parents), self.modified_at)


def remote_id(kind: Kind, number: int) -> RemoteId:
    """Return the id under which the CRM shows a record."""
    return RemoteId(f"{kind._value_}-{number}")  # as the kind itself, at a tenth of the price


def number_of(kind: Kind, rid: RemoteId) -> int:
    """Return the number in an id of this kind, 0 (which no record has) where it is none."""
    prefix, _, digits = rid.rpartition("-")
    is_number = digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST_NUMBER
    return int(digits) if prefix == kind and is_number else 0


def any_number_of(rid: RemoteId) -> int:
    """Return the number in an id of any kind, 0 where it is none."""
    kind = _KINDS.get(rid.rpartition("-")[0])
    return number_of(kind, rid) if kind else 0


def by_number(connection: Connection, numbers: Iterable[int]) -> dict[int, Row]:
    """Return the records with these numbers that are there."""
    return {row.number: row for row in _whole(connection, RECORDS.c.number, numbers)}


def by_key(connection: Connection, keys: Iterable[str]) -> dict[str, Row]:
    """Return the records under these texts of keys."""
    wanted = sorted(set(keys))
    if not wanted or _has_none_between(connection, wanted[0], wanted[-1]):
        return {}
    return {row.key: row for row in _whole(connection, RECORDS.c.key, wanted) if row.key is not None}


def _has_none_between(connection: Connection, first: str, last: str) -> bool:
    """Tell at one look that there are no such keys: new ones come in order. Only where texts sort as here."""
    if connection.dialect.name != "sqlite":
        return False
    return (
        connection.scalar(select(RECORDS.c.number).where(RECORDS.c.key.between(first, last)).limit(1)) is None
    )


def has_features(connection: Connection) -> bool:
    """Tell whether there is any record without a key: people made it."""
    return connection.scalar(select(FEATURES.c.number).limit(1)) is not None


def by_feature(connection: Connection, wanted: Iterable[str]) -> list[Row]:
    """Return the records without a key that have any of these features, oldest first."""
    query = select(FEATURES.c.number).where(_among(connection, FEATURES.c.feature, wanted))
    numbers = connection.scalars(query).all()
    return [row for _, row in sorted(by_number(connection, numbers).items()) if row.key is None]


def living(connection: Connection, numbers: Iterable[int]) -> set[int]:
    """Return the numbers of those records that are there."""
    query = select(RECORDS.c.number).where(_among(connection, RECORDS.c.number, numbers), _LIVE)
    return {number for (number,) in connection.execute(query).all()}


def those_there(connection: Connection, wanted: Callable[[], Iterable[int]]) -> Container[int]:
    """Return a container of the numbers of records that are there, those *wanted* among them.

    Nobody is asked what is wanted where none was ever removed: all are there.
    """
    if is_nought(connection, "removed"):
        return range(1, value_of(connection, "record") + 1)
    return living(connection, wanted())


def next_owner(connection: Connection, kind: Kind, after: str | None) -> str | None:
    """Return the owner that follows *after* among the owners of this kind, None after the last."""
    query = select(func.min(RECORDS.c.owner)).where(RECORDS.c.kind == kind.value)
    owner: str | None = connection.scalar(query if after is None else query.where(RECORDS.c.owner > after))
    return owner


def page(connection: Connection, kind: Kind, owner: str, after: int) -> list[Row]:
    """Return an owner's next records of a kind, by number."""
    place = (RECORDS.c.kind == kind.value, RECORDS.c.owner == owner, RECORDS.c.number > after)
    return _read(connection, select(*_WHOLE).where(*place, _LIVE).order_by(RECORDS.c.number).limit(PAGE))


def moved_by_people(connection: Connection, heard: int) -> tuple[list[Row], list[tuple[Kind, RemoteId]], int]:
    """Return what people wrote, what they or we removed after it, and the number of the last act."""
    acts = select(RECORDS.c.person_seq, RECORDS.c.number, RECORDS.c.kind, RECORDS.c.removed)
    acts = acts.where(RECORDS.c.person_seq > heard).order_by(RECORDS.c.person_seq)
    found = connection.execute(acts).all()
    held = by_number(connection, [act.number for act in found if not act.removed])
    records = [held[act.number] for act in found if act.number in held]
    removed = [
        (_KINDS[act.kind], remote_id(_KINDS[act.kind], act.number)) for act in found if act.number not in held
    ]
    return records, removed, found[-1].person_seq if found else heard


def insert_row(connection: Connection, row: Row, act: int) -> None:
    """Write a new record with its relations; *act* is the number of the person's act that made it."""
    at = row.modified_at.isoformat()
    insert_values(connection, [made_values(row.number, row.kind, row.key, row.owner, row.fields, at, act)])
    relate(connection, [(row.number, any_number_of(parent)) for parent in row.parents])
    _write_features(connection, [row])


def made_values(
    number: int, kind: Kind, key: str | None, owner: str, fields: Fields, at: str, act: int | None = None
) -> tuple[Any, ...]:
    """Return the values of a record that is made *at* this time."""
    return number, kind._value_, key, owner, _packed(fields), at, at, act


def insert_values(connection: Connection, values: Sequence[tuple[Any, ...]]) -> None:
    """Write new records, each as ``made_values`` gives it."""
    _insert(connection, _MADE, values)


def save_rows(
    connection: Connection, rows: Collection[Row], before: Iterable[Row], act: int | None = None
) -> None:
    """Write fields and keys of records that stood as *before*."""
    if not rows:
        return
    values = [
        {
            "which": row.number,
            "key": row.key,
            "owner": row.owner,
            "fields": _packed(row.fields),
            "modified_at": row.modified_at.isoformat(),
        }
        for row in rows
    ]
    _update(connection, values, act)
    _drop_features(connection, before)
    _write_features(connection, rows)


def bury(connection: Connection, rows: Collection[Row], at: datetime, act: int | None = None) -> None:
    """Leave tombstones of these records, which hold no word of anybody."""
    if not rows:
        return
    empty = {"key": None, "owner": "", "fields": "{}", "modified_at": at.isoformat(), "removed": True}
    _update(connection, [{"which": row.number, **empty} for row in rows], act)
    add(connection, "removed", len(rows))
    numbers = [{"which": row.number} for row in rows]
    connection.execute(delete(RELATIONS).where(RELATIONS.c.child == bindparam("which")), numbers)
    _drop_features(connection, rows)


def relate(connection: Connection, pairs: Sequence[tuple[int, int]]) -> None:
    """Write relations (child, parent) that are not there yet."""
    _insert(connection, RELATIONS.columns, pairs)


def feature_texts(kind: Kind, fields: Fields) -> list[str]:
    """Return by what a record of these fields can be found."""
    return [":".join(feature) for feature in features(kind, fields).values()]


def _update(connection: Connection, values: Sequence[dict[str, Any]], act: int | None) -> None:
    """Write the columns that *values* name; ``which`` is the record's number."""
    moved = {} if act is None else {"person_seq": act}
    whole = [{**value, **moved} for value in values]
    connection.execute(update(RECORDS).where(RECORDS.c.number == bindparam("which")), whole)


def _insert(
    connection: Connection, columns: Iterable[Column[Any]], values: Sequence[tuple[Any, ...]]
) -> None:
    """Insert rows as they are: nothing here needs SQLAlchemy's look at every single value."""
    if values:
        connection.exec_driver_sql(_statement(tuple(columns), connection.dialect.name), values)


@cache
def _statement(columns: tuple[Column[Any], ...], dialect: str) -> str:
    """Return the text that inserts these columns of one table, its parameters without names."""
    marks = ", ".join(["?" if dialect == "sqlite" else "%s"] * len(columns))
    names = ", ".join(f'"{column.name}"' for column in columns)
    return f"INSERT INTO {columns[0].table.name} ({names}) VALUES ({marks})"  # noqa: S608 - our own names


def _features_of(rows: Iterable[Row]) -> list[tuple[str, int]]:
    keyless = (row for row in rows if row.key is None)
    return [(text, row.number) for row in keyless for text in feature_texts(row.kind, row.fields)]


def _write_features(connection: Connection, rows: Iterable[Row]) -> None:
    _insert(connection, FEATURES.columns, _features_of(rows))


def _drop_features(connection: Connection, rows: Iterable[Row]) -> None:
    values = [{"text": text, "which": number} for text, number in _features_of(rows)]
    which = (FEATURES.c.feature == bindparam("text")) & (FEATURES.c.number == bindparam("which"))
    if values:
        connection.execute(delete(FEATURES).where(which), values)


def _whole(connection: Connection, column: ColumnElement[Any], values: Iterable[Any]) -> list[Row]:
    return _read(connection, select(*_WHOLE).where(_among(connection, column, values), _LIVE))


def _among(connection: Connection, column: ColumnElement[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """Say that a column is among any number of values, which travel as one parameter."""
    wanted = sorted(set(values))
    if connection.dialect.name == "sqlite":
        return column.in_(select(func.json_each(json.dumps(wanted)).table_valued("value").c.value))
    return column == any_(literal(wanted, ARRAY(column.type)))


def _read(connection: Connection, query: Select[Any]) -> list[Row]:
    rows = [
        Row(number, _KINDS[kind], key, _unpacked(_KINDS[kind], text), datetime.fromisoformat(at))
        for number, kind, key, text, at in connection.execute(query)
    ]
    if rows:
        _read_parents(connection, {row.number: row for row in rows})
    return rows


def _read_parents(connection: Connection, rows: dict[int, Row]) -> None:
    query = select(RELATIONS.c.child, RECORDS.c.number, RECORDS.c.kind)
    query = query.join_from(RELATIONS, RECORDS, RECORDS.c.number == RELATIONS.c.parent).where(_LIVE)
    for child, parent, kind in connection.execute(query.where(_among(connection, RELATIONS.c.child, rows))):
        rows[child].parents.add(remote_id(_KINDS[kind], parent))


def _packed(fields: Fields) -> str:
    return orjson.dumps(fields).decode()


def _unpacked(kind: Kind, text: str) -> dict[str, Value]:
    return {**BLANK[kind], **orjson.loads(text)}
