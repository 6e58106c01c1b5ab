"""Insert-or-replace, which SQLite and PostgreSQL write alike and SQLAlchemy keeps apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Dialect, Table

CHUNK = 2_000

Row = tuple[Any, ...]
T = TypeVar("T")


def replace_rows(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    """Insert rows over those that stand under their key; values in the order of the table's columns."""
    _hand_over(connection, _replace, table, rows)


def add_missing_rows(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    """Insert the rows whose key is not there yet, and leave the others alone."""
    _hand_over(connection, _add_missing, table, rows)


def _hand_over(connection: Connection, verb: Any, table: Table, rows: Iterable[Row]) -> None:
    """Hand rows to the driver as they are: Core would prepare each value of each row, for a third more time.

    So texts that no database keeps must have been shielded by the caller (see ``schema.Words``).
    """
    kind: Any = type(connection.dialect)
    statement, parameters = _compiled(verb, kind, table)
    waiting = iter(rows)
    while some := list(islice(waiting, CHUNK)):  # so that the texts of a large entry never lie here at once
        if parameters is None:
            connection.exec_driver_sql(statement, some)
        else:
            named = [dict(zip(parameters, row, strict=True)) for row in some]
            connection.exec_driver_sql(statement, named)


@cache
def _compiled(verb: Any, dialect: type[Dialect], table: Table) -> tuple[str, tuple[str, ...] | None]:
    """Return the text of the statement, and the names of its parameters where the driver wants names."""
    compiled = verb(dialect.name, table).compile(dialect=dialect())
    return str(compiled), None if compiled.positional else tuple(table.columns.keys())


def _insert(dialect: str, table: Table) -> Any:
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)


def _add_missing(dialect: str, table: Table) -> Any:
    return _insert(dialect, table).on_conflict_do_nothing(index_elements=list(table.primary_key))


def _replace(dialect: str, table: Table) -> Any:
    statement = _insert(dialect, table)
    news = {each.name: statement.excluded[each.name] for each in table.columns if not each.primary_key}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=news)


def in_chunks(names: Collection[str]) -> Iterator[list[str]]:
    """Return the names, sorted, a few thousand at a time: as many as fit into one statement."""
    ordered = sorted(names)
    return (ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK))


def in_batches(many: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Return the things in their order, so many at a time."""
    return (many[start : start + size] for start in range(0, len(many), size))
