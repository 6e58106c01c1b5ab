"""The counters of the local CRM: numbers of records and acts, each given once."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from crm_sync.crms.sql.tables import COUNTERS


def value_of(connection: Connection, counter: str) -> int:
    """Return the last number that was given."""
    return int(connection.execute(select(COUNTERS.c.value).where(COUNTERS.c.name == counter)).scalar_one())


def take(connection: Connection, counter: str, count: int) -> int:
    """Return the first of *count* fresh numbers."""
    raised = (
        update(COUNTERS)
        .where(COUNTERS.c.name == counter)
        .values(value=COUNTERS.c.value + count)
        .returning(COUNTERS.c.value)
    )
    return int(connection.execute(raised).scalar_one()) - count + 1
