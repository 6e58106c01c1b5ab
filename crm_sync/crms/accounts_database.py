"""Opening the database of what is kept about accounts, and what its troubles mean for a person."""

from __future__ import annotations

import os
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from crm_sync.crms.wal import use_wal
from crm_sync.errors import LedgerError


def parsed(url: str) -> URL:
    """Return the URL with its driver; raises LedgerError where it is none."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise LedgerError(
            "the URL of the accounts' database cannot be read", "write sqlite:///PATH or postgresql://..."
        ) from error
    return parsed.set(drivername="postgresql+psycopg") if parsed.drivername == "postgresql" else parsed


def start_engine(url: URL, wait: float) -> Engine:
    """Return an engine whose transactions follow one another, waiting *wait* seconds for each other."""
    is_sqlite = url.get_backend_name() == "sqlite"
    options: dict[str, Any] = {"timeout": wait} if is_sqlite else {"connect_timeout": 10}
    try:
        engine = create_engine(url, connect_args=options, hide_parameters=True, pool_pre_ping=not is_sqlite)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise LedgerError(
            f"the accounts' database {url.drivername} needs a driver that is not installed",
            "install crm-sync[postgres], or use sqlite:///PATH",
        ) from error
    if is_sqlite:
        event.listen(engine, "connect", lambda raw, _: _prepare_sqlite(raw, wait))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    else:
        event.listen(engine, "connect", lambda raw, _: _prepare_postgresql(raw, wait))
    return engine


def _prepare_sqlite(raw: Any, wait: float) -> None:
    raw.isolation_level = None  # the driver would begin too late, and deferred
    use_wal(raw, wait)
    raw.execute("PRAGMA synchronous = NORMAL")  # a power cut may forget grants: it outlasts any window


def _prepare_postgresql(raw: Any, wait: float) -> None:
    raw.execute(f"SET lock_timeout = {max(1, round(wait * 1000))}")
    raw.execute("SET synchronous_commit = off")  # as for SQLite
    raw.commit()


def make_private_file(name: str) -> None:
    """Make a missing file and its folder for this user's eyes only."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


_TROUBLES = (
    (("locked", "lock timeout"), "is held by another program", "close what has it open, then run again"),
    (("is full", "no space left"), "has no room to grow", "free some space, then run again"),
    (("malformed", "not a database", "unpack"), "is damaged", "move it away, then run crm-sync setup again"),
    (("readonly", "read-only"), "cannot be written", "make the file and its folder writable for this user"),
    (("permission denied",), "may not be used by this user", "grant the user what is missing"),
)


@contextmanager
def in_words(url: URL) -> Iterator[None]:
    """Turn what the database at *url* raises into LedgerError."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError, struct.error) as error:
        reason = str(getattr(error, "orig", None) or getattr(error, "strerror", None) or error).strip()
        place = url.database if url.drivername == "sqlite" else url.render_as_string(hide_password=True)
        what, hint = _named(reason.lower())
        raise LedgerError(f"the accounts' database {place} {what}: {reason}", hint) from error


def _named(reason: str) -> tuple[str, str]:
    for signs, what, hint in _TROUBLES:
        if any(sign in reason for sign in signs):
            return what, hint
    return "cannot be opened or used", "check its address, and that it may be read and written"
