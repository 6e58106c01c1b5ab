"""Copies of SQLite files: made while others write, checked before they are trusted, put in a file's place."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from crm_sync.errors import LedgerError
from crm_sync.ledger.failures import DAMAGED, FULL, in_words
from crm_sync.ledger.schema import VERSION_TABLE, VERSIONS

BESIDE = ("-wal", "-shm")
"""What SQLite keeps beside a file while it is in use."""


def copy_database(source: Path, target: Path) -> None:
    """Copy a database as it was last committed into a new file for its owner's eyes only.

    Others may write meanwhile: the copy is of one moment. Raises LedgerError, naming the file.
    """
    with disk_in_words(target):
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with (
        in_words(str(source)),
        closing(sqlite3.connect(source)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)


def leave_no_bytes(path: Path) -> None:
    """Write a database anew, so that no page of the file or its log holds what was removed."""
    with in_words(str(path)), closing(sqlite3.connect(path, isolation_level=None, timeout=30.0)) as book:
        book.execute("VACUUM")
        book.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def check_copy(path: Path, *, quickly: bool = False) -> None:
    """Raise LedgerError where the file is damaged; *quickly* does not hold indexes against their tables."""
    how = "quick_check" if quickly else "integrity_check"
    with in_words(str(path)), closing(sqlite3.connect(path)) as copy:
        (found,) = copy.execute(f"PRAGMA {how}(1)").fetchone()
    if found != "ok":
        what, hint = DAMAGED
        raise LedgerError(f"the book {path} {what} ({found})", hint)


def version_of(path: Path) -> str | None:
    """Return the version of a book's tables, None where it is no book."""
    with in_words(str(path)), closing(sqlite3.connect(path)) as book:
        there = book.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (VERSION_TABLE,)).fetchone()
        found = book.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone() if there else None  # noqa: S608
    return str(found[0]) if found else None


def refuse_newer(path: Path) -> None:
    """Raise LedgerError where the copy is no book, or one that this program does not know."""
    version = version_of(path)
    if version not in VERSIONS:
        raise LedgerError(
            f"the copy holds a book with version {version or 'none'} of its tables, "
            f"this program knows {VERSIONS[-1]}",
            "install the newest crm-sync, or use the one that made it",
        )


def set_aside(path: Path, mark: str) -> Path:
    """Keep a copy of what stands at *path*; of a damaged file all its parts as they are."""
    kept = path.with_name(f"{path.name}.{mark}")
    try:
        copy_database(path, kept)
    except LedgerError:
        with disk_in_words(kept):
            for part in ("", *BESIDE):
                if path.with_name(path.name + part).exists():
                    shutil.copy2(path.with_name(path.name + part), kept.with_name(kept.name + part))
    return kept


def put_in_place(new: Path, path: Path) -> None:
    """Let a checked copy stand at *path*, in one step; what stood there is kept elsewhere by then."""
    with disk_in_words(path):
        _flush(new)
        for part in BESIDE:
            path.with_name(path.name + part).unlink(missing_ok=True)
        new.replace(path)
        _flush(path.parent)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def disk_in_words(path: Path) -> Iterator[None]:
    """Turn what the system says about a file into LedgerError."""
    try:
        yield
    except OSError as error:
        hint = FULL[1] if error.errno in _NO_ROOM else "check the folder, its permissions and its free space"
        raise LedgerError(f"{path} cannot be written ({error.strerror or error})", hint) from error


_NO_ROOM = {28, 122, 27}  # ENOSPC, EDQUOT, EFBIG
