"""Where the book lies, and how it is opened: a SQLite file or a PostgreSQL database."""

from __future__ import annotations

import os
import re
import sqlite3
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from crm_sync.errors import ConfigError, LedgerError
from crm_sync.ledger.failures import UNOPENED

BUSY_SECONDS = 30.0
"""How long a transaction waits for another one to end."""

PAGE_BYTES = 8_192
LOG_BYTES = 40_000_000
"""A log that is longer is copied into its file; so long that large entries are not copied twice at once."""

WRITES = "crm_sync_writes"
"""The execution option of connections that will write, and so take the write lock at once."""


def location(url_or_path: str) -> URL:
    """Return the database's URL; ConfigError where it is of no kind we keep a book in.

    What has no ``://`` is the path of a SQLite file where it looks like one: with a slash or a dot in it, and
    no ``word:`` before it, which is half an address.
    """
    if "://" not in url_or_path:
        if _HALF_AN_ADDRESS.match(url_or_path) or not _LIKE_A_PATH.search(url_or_path):
            raise ConfigError(
                "what names the book is neither a database's URL nor the path of a file",
                f"{_URL_HINT}; a file in this folder is written ./NAME",
            )
        return URL.create("sqlite", database=str(Path(url_or_path).expanduser()))
    try:
        url = make_url(url_or_path)
    except (ArgumentError, ValueError) as error:
        raise ConfigError("the database URL cannot be read", _URL_HINT) from error
    kind = url.drivername.partition("+")[0]
    if kind == "sqlite" and url.database not in (None, "", ":memory:"):
        return url.set(drivername="sqlite")
    if kind in ("postgresql", "postgres"):
        return _postgresql(url)
    raise ConfigError(f"a book cannot be kept in {url.render_as_string()}", _URL_HINT)


_HALF_AN_ADDRESS = re.compile(r"\w[\w.+-]+:")  # one letter before the colon is a drive
_LIKE_A_PATH = re.compile(r"[./\\]")
_URL_HINT = "give the path of a file, sqlite:///PATH, or postgresql://USER:PASSWORD@HOST/DATABASE"


def _postgresql(url: URL) -> URL:
    if find_spec("psycopg") is None:
        raise ConfigError(
            "a book in PostgreSQL needs psycopg, which is not installed",
            "install the extra: pip install 'crm-sync[postgres]'",
        )
    return url.set(drivername="postgresql+psycopg")


def named(url: URL) -> str:
    """Return what a person calls the place: the file's path, or the URL without its password."""
    if url.drivername == "sqlite":
        return str(url.database)
    return url.set(drivername="postgresql").render_as_string(hide_password=True)


def start_engine(url: URL, *, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """Return an engine for the place, making a missing file and its folder for this user's eyes only."""
    if url.drivername == "sqlite":
        _make_file(Path(str(url.database)))
        engine = create_engine(url, connect_args={"timeout": busy_seconds}, hide_parameters=True)
        event.listen(engine, "connect", lambda raw, _: _prepare(raw, busy_seconds))
        event.listen(engine, "begin", _begin)
        return engine
    arguments = {"connect_timeout": 10, "application_name": "crm-sync"}
    return create_engine(url, connect_args=arguments, hide_parameters=True)


def _make_file(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        what, hint = UNOPENED
        raise LedgerError(f"the book {path} {what} ({error.strerror})", hint) from error


def _prepare(raw: Any, busy_seconds: float) -> None:
    """Set a new SQLite connection up.

    Transactions are begun by us, since the driver would begin them too late. WAL with synchronous=FULL:
    what was recorded survives the death of the process, and a power cut as well where the disk is honest.
    """
    raw.isolation_level = None
    raw.execute("PRAGMA foreign_keys = ON")
    raw.execute(f"PRAGMA page_size = {PAGE_BYTES}")  # of new files alone: rows are long
    _use_wal(raw, time.monotonic() + busy_seconds)
    raw.execute("PRAGMA synchronous = FULL")
    raw.execute("PRAGMA secure_delete = FAST")  # who is to be forgotten goes with all bytes by ``forget``
    (page_bytes,) = raw.execute("PRAGMA page_size").fetchone()
    raw.execute(f"PRAGMA wal_autocheckpoint = {LOG_BYTES // page_bytes}")
    raw.execute("PRAGMA cache_size = -8000")


def _use_wal(raw: Any, patience: float) -> None:
    """Switch to write-ahead logging; SQLite does not wait by itself when several processes do so at once."""
    while raw.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            raw.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise
            if time.monotonic() > patience:
                raise
            time.sleep(0.01)


def _begin(connection: Connection) -> None:
    """Take the write lock at the start of what will write: a lock asked for later fails at once."""
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def readers(engine: Engine) -> Engine:
    """Return the engine for reading: each transaction sees the book as it was at its first look."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine


def writers(engine: Engine) -> Engine:
    """Return the engine for writing."""
    return engine.execution_options(**{WRITES: True})
