"""Leases in the database: one row per account, whose epoch rises with every new holder."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import Connection, Row, Update, extract, func, select, update

from crm_sync.ledger.holders import Holder, surely_gone, this_process
from crm_sync.ledger.leases import LEASE_SECONDS, lease_was_lost
from crm_sync.ledger.schema import LEASES, shielded
from crm_sync.ledger.statements import add_missing_rows
from crm_sync.ports import Lease


def take(connection: Connection, account: str, seconds: float, purpose: str = "") -> Lease | None:
    """Return a new lease of *seconds*, or None while another holds the account."""
    add_missing_rows(connection, LEASES, [(shielded(account), 0, *_FREE.values())])
    whose = LEASES.c.account == account
    row = connection.execute(select(LEASES).where(whose).with_for_update()).one()
    now = _now(connection)
    if not _is_free(row, now, seconds):
        return None
    me = this_process(purpose)
    held = {
        "holder": me.name,
        "host": me.host,
        "pid": me.pid,
        "home": me.home,
        "birth": me.birth,
        "epoch": row.epoch + 1,
        "expires_at": now + seconds,
    }
    connection.execute(update(LEASES).where(whose).values(held))
    return Lease(account, me.name, row.epoch + 1)


def holder_of(connection: Connection, account: str) -> str:
    """Return who holds the account, "" where nobody does."""
    holder = connection.scalar(select(LEASES.c.holder).where(LEASES.c.account == account))
    return holder or ""


def living_holder_of(connection: Connection, account: str, seconds: float) -> str:
    """Return who works on the account now, "" where nobody does or its holder has died."""
    row = connection.execute(select(LEASES).where(LEASES.c.account == account)).first()
    return "" if row is None or _is_free(row, _now(connection), seconds) else str(row.holder)


def renew(connection: Connection, lease: Lease, seconds: float) -> None:
    """Make the lease last for another *seconds*; raise LedgerBusy where it is another's by now.

    Locks its row until the transaction ends, so that nobody takes it between this check and the commit.
    """
    held = _held_by(lease).values(expires_at=_now(connection) + seconds)
    if connection.execute(held).rowcount != 1:
        raise lease_was_lost(lease, holder_of(connection, lease.account))


def release(connection: Connection, lease: Lease) -> None:
    """Give the account back, unless another took it; the epoch stays."""
    connection.execute(_held_by(lease).values(_FREE))


_FREE = {"holder": "", "host": "", "pid": 0, "home": "", "birth": "", "expires_at": 0.0}


def _held_by(lease: Lease) -> Update:
    return update(LEASES).where(
        LEASES.c.account == lease.account,
        LEASES.c.epoch == lease.epoch,
        LEASES.c.holder == lease.holder,
    )


def _is_free(row: Row[Any], now: float, seconds: float) -> bool:
    """Tell whether the account may be taken.

    A lease that reaches further ahead than leases do was written under a clock that was wrong, or is:
    it would block the account for as long, so it counts as ended. The epoch keeps that harmless.
    """
    left = row.expires_at - now
    if row.holder == "" or left <= 0 or left > 2 * max(seconds, LEASE_SECONDS):
        return True
    return surely_gone(Holder(row.holder, row.host, row.pid, row.home, row.birth))


def _now(connection: Connection) -> float:
    """Return the clock that all holders share: the server's, or the machine's for a file."""
    if connection.dialect.name == "postgresql":
        return float(connection.scalar(select(extract("epoch", func.clock_timestamp()))) or 0.0)
    return time.time()
