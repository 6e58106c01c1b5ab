"""Open the house: the book and the CRM that the settings name, and nothing heavier before it is needed."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from crm_sync.app.brake import Brake
from crm_sync.app.sync import House
from crm_sync.config.connections import (
    HUBSPOT,
    KINDS,
    LOCAL,
    LOCAL_CONNECTION,
    Connection,
    hubspot_from_environment,
)
from crm_sync.config.settings import Settings
from crm_sync.errors import UsageError
from crm_sync.ports import CRM, Account, Ledger, Run


@contextmanager
def open_book(settings: Settings) -> Iterator[Ledger]:
    """Open the ledger for reading and writing; raise LedgerError or ConfigError."""
    from crm_sync.ledger.sql import open_ledger

    ledger = open_ledger(settings.database)
    try:
        yield ledger
    finally:
        ledger.close()


@contextmanager
def open_house(
    settings: Settings, crm: str | Connection = LOCAL, stop: Brake | None = None
) -> Iterator[House]:
    """Open ledger and CRM, a connection or the name of one that needs no configuration.

    *stop* ends the CRM's waits from outside (see ``House``).
    Raises UsageError for a CRM that there is not, ConfigError for one without token, CrmError where it is
    not there, NotSetUp where it has to be prepared first.
    """
    connection = crm if isinstance(crm, Connection) else connection_named(crm)
    stop = stop or Brake()
    with open_book(settings) as ledger, open_crm(settings, connection, stop) as opened:
        yield House(ledger, opened, opened.check(), settings, stop)


@contextmanager
def open_house_to_look(settings: Settings, user: str | None = None) -> Iterator[House]:
    """Open the house of the account worked on last (for *user*), without reaching over any network."""
    with open_book(settings) as ledger:
        last = _last_runs(ledger, user) or _last_runs(ledger, None)
        account = max(last, key=lambda run: run.started_at).account if last else LOCAL
        if not account.startswith(HUBSPOT):
            with open_crm(settings, LOCAL_CONNECTION) as local:
                yield House(ledger, local, local.check(), settings)
            return
        yield House(ledger, Unopened(), Account(account, HUBSPOT), settings)


def _last_runs(ledger: Ledger, user: str | None) -> list[Run]:
    return [run for name in ledger.accounts() for run in ledger.runs(name, user, limit=1)]


class Unopened:
    """Stands for a CRM that is not asked anything."""

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"the CRM was not opened, so it has no {name}")


@contextmanager
def open_crm(
    settings: Settings, connection: Connection, stop: threading.Event | None = None
) -> Iterator[CRM]:
    """Open the CRM of a connection; *stop* ends its waits."""
    if connection.kind == HUBSPOT:
        from crm_sync.app.portals import open_portal

        with open_portal(connection, state_url(settings), stop) as portal:
            yield portal
        return
    from crm_sync.crms.local import LocalCrm

    local = LocalCrm(crm_url(settings), clock=lambda: settings.now)
    try:
        yield local
    finally:
        local.close()


def connection_named(name: str) -> Connection:
    """Return a connection that needs no configuration; raise UsageError for a name that is none."""
    if name == HUBSPOT:
        return hubspot_from_environment(os.environ)
    if name == LOCAL:
        return LOCAL_CONNECTION
    raise UsageError(f'there is no CRM "{name}"', f"There are: {', '.join(KINDS)}.")


def state_url(settings: Settings) -> str:
    """Return where limits and setups of CRMs are kept: beside a SQLite ledger, or in its PostgreSQL."""
    return _beside(settings, "accounts.db")


def crm_url(settings: Settings) -> str:
    """Return where the embedded CRM lives: beside a SQLite ledger, or in the ledger's PostgreSQL."""
    return _beside(settings, "crm.db")


def notices_url(settings: Settings) -> str:
    """Return where it stands what people were told: beside a SQLite ledger, or in its PostgreSQL."""
    return _beside(settings, "notices.db")


def _beside(settings: Settings, name: str) -> str:
    if "://" in settings.database and not settings.database.startswith("sqlite"):
        return settings.database
    path = Path(settings.database.partition("///")[2] or settings.database)
    return f"sqlite:///{path.with_name(name)}"
