"""What went wrong with the book, in words a person can act on, instead of a database's exception."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from crm_sync.errors import LedgerError
from crm_sync.ledger.bodies import UnreadableBody

DAMAGED = (
    "is damaged or is no book of crm-sync",
    "put a backup in its place: crm-sync restore FILE; without one, move the file away: "
    "the next run finds its records in the CRM again",
)
UNOPENED = (
    "cannot be opened",
    "check that its folder exists, that it is a file and no folder, and that you may read and write both",
)
READ_ONLY = (
    "cannot be written: it or its folder is read-only",
    "make the file and its folder writable for this user, or point CRM_SYNC_HOME at a folder that is",
)
FULL = ("cannot be written: the disk is full", "free some space and run the command again; nothing was lost")
FAILING = (
    "cannot be read or written: the disk refuses",
    "check free space, quotas and the disk itself, then run the command again",
)
LOCKED = (
    "is locked by another program",
    "close the program that has it open (a database browser, a backup), then run the command again",
)
UNREACHABLE = (
    "cannot be reached",
    "check that the database server runs, and its address, name, user and password",
)
FORBIDDEN = ("may not be used by this database user", "grant the user what is missing, or use another one")
UNKNOWN = ("cannot be used", "run the command again; if it stays, look at the database's own log")

_BY_SQLITE_NAME = {
    "SQLITE_CORRUPT": DAMAGED,
    "SQLITE_NOTADB": DAMAGED,
    "SQLITE_CANTOPEN": UNOPENED,
    "SQLITE_PERM": UNOPENED,
    "SQLITE_AUTH": UNOPENED,
    "SQLITE_READONLY": READ_ONLY,
    "SQLITE_FULL": FULL,
    "SQLITE_IOERR": FAILING,
    "SQLITE_BUSY": LOCKED,
    "SQLITE_LOCKED": LOCKED,
}

_BY_SQLSTATE = {
    "08": UNREACHABLE,
    "28": UNREACHABLE,
    "3D": UNREACHABLE,
    "57": UNREACHABLE,
    "42501": FORBIDDEN,
    "25006": READ_ONLY,
    "53100": FULL,
    "53": UNREACHABLE,
    "55P03": LOCKED,
    "XX": DAMAGED,
}


@contextmanager
def in_words(place: str) -> Iterator[None]:
    """Turn what a database raises about the book at *place* into LedgerError."""
    try:
        yield
    except DBAPIError as error:
        raise _told(place, error.orig or error) from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise _told(place, error) from error


@contextmanager
def while_reading(place: str) -> Iterator[None]:
    """Turn rows that cannot be understood into LedgerError, beside what the database raises."""
    try:
        with in_words(place):
            yield
    except UnreadableBody as error:
        what, hint = DAMAGED
        raise LedgerError(f"the book {place} {what}: a row cannot be understood ({error})", hint) from error


def _told(place: str, error: BaseException) -> LedgerError:
    what, hint = _class_of(error)
    detail = " ".join(str(error).split())
    return LedgerError(f"the book {place} {what}" + (f" ({detail})" if detail else ""), hint)


def _class_of(error: BaseException) -> tuple[str, str]:
    if isinstance(error, sqlite3.Error):
        name = getattr(error, "sqlite_errorname", None) or ""
        return _BY_SQLITE_NAME.get("_".join(name.split("_")[:2]), UNKNOWN)
    state = getattr(error, "sqlstate", None)
    if state is None:  # no server answered, so none could say what is wrong
        return UNREACHABLE
    return _BY_SQLSTATE.get(state) or _BY_SQLSTATE.get(state[:2]) or UNKNOWN
