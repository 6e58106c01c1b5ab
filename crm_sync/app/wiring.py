"""Open the house: the book and the CRM that the settings name, and nothing heavier before it is needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crm_sync.app.sync import House
from crm_sync.config.settings import Settings
from crm_sync.errors import UsageError
from crm_sync.ports import Ledger

CRMS = ("local",)


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
def open_house(settings: Settings, crm: str = "local") -> Iterator[House]:
    """Open ledger and CRM; raise UsageError for a CRM that there is not, CrmError where it is not there."""
    if crm not in CRMS:
        raise UsageError(f'there is no CRM "{crm}"', f"There are: {', '.join(CRMS)}.")
    from crm_sync.crms.local import LocalCrm

    with open_book(settings) as ledger:
        local = LocalCrm(crm_url(settings), clock=lambda: settings.now)
        try:
            yield House(ledger, local, local.check(), settings)
        finally:
            local.close()


def crm_url(settings: Settings) -> str:
    """Return where the embedded CRM lives: beside a SQLite ledger, or in the ledger's PostgreSQL."""
    if "://" in settings.database and not settings.database.startswith("sqlite"):
        return settings.database
    path = Path(settings.database.partition("///")[2] or settings.database)
    return f"sqlite:///{path.with_name('crm.db')}"
