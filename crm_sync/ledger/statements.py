"""Insert-or-replace, which SQLite and PostgreSQL write alike and SQLAlchemy keeps apart."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table

CHUNK = 2_000


def make_missing(connection: Connection, table: Table) -> Any:
    """Return the statement that inserts rows whose key is not there yet, and leaves the others alone."""
    return _make_missing(connection.dialect.name, table)


def replace(connection: Connection, table: Table) -> Any:
    """Return the statement that inserts rows, over those that stood under their key."""
    return _replace(connection.dialect.name, table)


def _insert(dialect: str, table: Table) -> Any:
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)


@cache
def _make_missing(dialect: str, table: Table) -> Any:
    return _insert(dialect, table).on_conflict_do_nothing(index_elements=list(table.primary_key))


@cache
def _replace(dialect: str, table: Table) -> Any:
    statement = _insert(dialect, table)
    news = {each.name: statement.excluded[each.name] for each in table.columns if not each.primary_key}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=news)


def in_chunks(names: Collection[str]) -> Iterator[list[str]]:
    """Return the names, sorted, a few thousand at a time: as many as fit into one statement."""
    ordered = sorted(names)
    return (ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK))
