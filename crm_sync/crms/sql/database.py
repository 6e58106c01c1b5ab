"""Opening the local CRM's database, and what its troubles mean for a person."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, insert, inspect, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, NoSuchModuleError

from crm_sync.crms.sql.tables import COUNTERS, METADATA
from crm_sync.crms.wal import use_wal
from crm_sync.errors import CrmError, CrmUnavailable, NotAllowed

SCHEMA = 1
_LOCK = 0x63726D73  # any number will do, as long as every process takes the same
_PAGE_BYTES = 8_192
_LOG_BYTES = 40_000_000
"""A log that is longer is copied into its file: so long that a first import is not copied twice."""
_BUGS = (IntegrityError, DataError)


class Database:
    """One database of the local CRM: SQLite or PostgreSQL.

    Opens nothing until it is needed, and then makes missing tables (a new SQLite file has mode 0600).
    Writers follow one another; a writer waits at most *wait* seconds for the one before. Trouble with
    the engine is raised as CrmUnavailable or NotAllowed with a hint, and the transaction is undone.
    """

    def __init__(self, url: str, wait: float) -> None:
        self._url = _parsed(url)
        self._path = self._url.database if self._url.get_backend_name() == "sqlite" else None
        self._engine = _engine(self._url, wait)
        self._writer = self._engine.execution_options(crm_sync_writes=True)
        self._is_open = False

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the database."""
        with self._explained():
            self._open()
            with self._engine.begin() as connection:
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give the only connection that writes now; committed when the block ends, undone when it fails."""
        with self._explained():
            self._open()
            with self._writer.begin() as connection:
                _wait_for_other_writers(connection)
                yield connection

    def close(self) -> None:
        """Release files and connections; harmless when repeated."""
        self._engine.dispose()

    def _open(self) -> None:
        if self._is_open:
            return
        if self._path and self._path != ":memory:":
            _make_private_file(Path(self._path))
        with self._engine.begin() as connection:
            is_made = inspect(connection).has_table(COUNTERS.name)
        if not is_made:
            with self._writer.begin() as connection:
                _make_tables(connection)
        with self._engine.begin() as connection:
            schema = connection.scalar(select(COUNTERS.c.value).where(COUNTERS.c.name == "schema"))
        if schema != SCHEMA:
            raise CrmUnavailable(
                f"the CRM in {self} has tables of version {schema}; this program knows version {SCHEMA}",
                "use the newest crm-sync",
            )
        self._is_open = True

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except _BUGS:
            raise
        except (DBAPIError, sqlite3.Error) as error:
            raise _explain(error, str(self)) from error
        except OSError as error:
            raise CrmUnavailable(
                f"the CRM's file {self} cannot be opened: {error.strerror or error}",
                "check the path, its permissions and the free space",
            ) from error

    def __str__(self) -> str:
        return self._path or self._url.render_as_string(hide_password=True)


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise CrmUnavailable("the CRM's database URL cannot be read", "write sqlite:///PATH") from error
    return parsed.set(drivername="postgresql+psycopg") if parsed.drivername == "postgresql" else parsed


def _engine(url: URL, wait: float) -> Engine:
    is_sqlite = url.get_backend_name() == "sqlite"
    limit: dict[str, Any] = {"timeout": wait} if is_sqlite else {"connect_timeout": max(1, round(wait))}
    style = {"paramstyle": "named"} if is_sqlite else {}  # both drivers then take rows as dictionaries
    try:
        engine = create_engine(url, connect_args=limit, **style)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise CrmUnavailable(
            f"the database {url.drivername} needs a driver that is not installed",
            "install crm-sync[postgres], or use sqlite:///PATH",
        ) from error
    if is_sqlite:
        event.listen(engine, "connect", lambda raw, _: _prepare_sqlite(raw, wait))
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", lambda connection: _limit_locks(connection, wait))
    return engine


def _prepare_sqlite(connection: Any, wait: float) -> None:
    connection.isolation_level = None  # the driver would begin too late, and deferred
    connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")  # of new files alone: rows are long
    use_wal(connection, wait)
    # The ledger must never outlive the records it tells of, also when the power fails.
    connection.execute("PRAGMA synchronous = FULL")
    (page_bytes,) = connection.execute("PRAGMA page_size").fetchone()
    connection.execute(f"PRAGMA wal_autocheckpoint = {_LOG_BYTES // page_bytes}")
    connection.execute("PRAGMA cache_size = -32000")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("crm_sync_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _limit_locks(connection: Connection, wait: float) -> None:
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {max(1, round(wait * 1000))}")


def _wait_for_other_writers(connection: Connection) -> None:
    """On PostgreSQL, let acts get their numbers in the order in which they are committed."""
    if connection.dialect.name != "sqlite":
        connection.execute(select(COUNTERS).where(COUNTERS.c.name == "record").with_for_update())


def _make_private_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))


def _make_tables(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    METADATA.create_all(connection)
    if connection.scalar(select(func.count()).select_from(COUNTERS)) == 0:
        counters = {"record": 0, "person": 0, "removed": 0, "schema": SCHEMA, "birth": secrets.randbits(48)}
        connection.execute(insert(COUNTERS), [{"name": n, "value": v} for n, v in counters.items()])


_TROUBLES = (
    (
        ("locked", "busy", "lock timeout"),
        "is held by another program",
        "wait until it is done, then run again",
    ),
    (("is full", "no space left"), "has no room to grow", "free some space, then run again"),
    (
        ("malformed", "not a database", "corrupt"),
        "is damaged",
        "put a backup in its place: crm-sync restore FILE; without one, move the file away",
    ),
    (
        ("disk i/o error",),
        "cannot be read or written: the disk refuses",
        "check free space, quotas and the disk itself, then run again; nothing was lost",
    ),
    (("readonly", "read-only"), "cannot be written", "check the permissions of the file and its folder"),
    (("unable to open",), "cannot be opened", "check the path and the permissions of its folder"),
    (("no such table", "does not exist"), "lacks its tables", "put back a backup, or begin a new database"),
)


def _explain(error: DBAPIError | sqlite3.Error, place: str) -> CrmError:
    reason = str(error.orig if isinstance(error, DBAPIError) else error).strip()
    words = reason.lower()
    if "authentication failed" in words or "permission denied" in words:
        return NotAllowed(f"the database of the CRM ({place}) does not let us in: {reason}", "check the URL")
    for signs, what, hint in _TROUBLES:
        if any(sign in words for sign in signs):
            return CrmUnavailable(f"the CRM's database {place} {what}: {reason}", hint)
    return CrmUnavailable(f"the CRM's database {place} cannot be used: {reason}", "run again later")
