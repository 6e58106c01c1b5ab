"""Runs with nothing new leave the book after a while; a run that did something never does."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select

from crm_sync.ledger.bodies import instant
from crm_sync.ledger.queries import run_from
from crm_sync.ledger.schema import RUNS, shielded
from crm_sync.ledger.statements import in_chunks

_SIGN = '"nothing_new":true'


def fade(connection: Connection, account: str, start: datetime, end: datetime) -> None:
    """Remove the runs with nothing new that began from *start* to before *end*."""
    here = RUNS.c.account == shielded(account)
    when = (RUNS.c.started_at >= instant(start), RUNS.c.started_at < instant(end))
    found = select(RUNS.c.id, RUNS.c.body).where(here, *when, RUNS.c.body.contains(_SIGN))
    rows = connection.execute(found).all()
    gone = [ident for ident, body in rows if run_from(account, ident, body).report.get("nothing_new") is True]
    for some in in_chunks(gone):
        connection.execute(delete(RUNS).where(here, RUNS.c.id.in_(some)))
