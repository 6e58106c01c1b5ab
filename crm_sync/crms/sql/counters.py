"""The counters of the local CRM: numbers of records and acts, each given once."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from crm_sync.crms.sql.tables import COUNTERS


def value_of(connection: Connection, counter: str) -> int:
    """Return the last number that was given."""
    return int(connection.execute(select(COUNTERS.c.value).where(COUNTERS.c.name == counter)).scalar_one())


def is_nought(connection: Connection, counter: str) -> bool:
    """Tell whether nothing was counted yet; no of a counter that an older database does not keep."""
    query = select(COUNTERS.c.value).where(COUNTERS.c.name == counter)
    return connection.execute(query).scalar_one_or_none() == 0


def add(connection: Connection, counter: str, count: int) -> None:
    """Count so many more, where the database keeps the counter."""
    raised = update(COUNTERS).where(COUNTERS.c.name == counter)
    connection.execute(raised.values(value=COUNTERS.c.value + count))


def take(connection: Connection, counter: str, count: int) -> int:
    """Return the first of *count* fresh numbers."""
    raised = (
        update(COUNTERS)
        .where(COUNTERS.c.name == counter)
        .values(value=COUNTERS.c.value + count)
        .returning(COUNTERS.c.value)
    )
    return int(connection.execute(raised).scalar_one()) - count + 1
