"""One file that holds the book and what lies beside it: made while runs go on, put back when none does."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from crm_sync import __version__
from crm_sync.app.house import clock
from crm_sync.config.settings import Settings
from crm_sync.errors import LedgerBusy, LedgerError, UsageError
from crm_sync.ledger.copies import (
    check_copy,
    copy_database,
    disk_in_words,
    put_in_place,
    refuse_newer,
    set_aside,
)
from crm_sync.ledger.engine import location

MANIFEST = "crm-sync-backup.json"
_FORMAT = 1
_PIECE = 1 << 20
_NOTICES = "notices.db"
_BESIDE = ("crm.db", "accounts.db", _NOTICES)


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: when and by which version it was made, and its files by name with their sizes."""

    path: Path
    made_at: datetime
    version: str
    files: dict[str, int]


def state_files(settings: Settings) -> dict[str, Path]:
    """Return the files by their names in a backup, the book first; UsageError on PostgreSQL, ConfigError."""
    url = location(settings.database)
    if url.drivername != "sqlite":
        raise UsageError(
            "the book is in PostgreSQL, which makes backups by itself",
            "Use pg_dump and pg_restore; crm-sync's tables begin with ledger_, crm_, throttle_ and hubspot_.",
        )
    book = Path(str(url.database))
    return {"ledger.db": book, **{name: book.with_name(name) for name in _BESIDE}}


def back_up(settings: Settings, target: Path) -> Backup:
    """Write a backup and return what it holds; a folder gets a file named by the time.

    The book is copied before the CRM: what is written between the two is found in the CRM again. Raises
    UsageError where there is no book, or a file is in the way that is no backup; LedgerError.
    """
    there = {name: path for name, path in state_files(settings).items() if path.exists()}
    if "ledger.db" not in there:
        raise UsageError("there is no book to back up yet", "Begin with: crm-sync import FILE")
    made_at = clock().replace(microsecond=0)
    path = target / f"crm-sync-{made_at:%Y%m%d-%H%M%S}.zip" if target.is_dir() else target
    _refuse_stranger(path)
    with disk_in_words(path), tempfile.TemporaryDirectory(dir=path.parent, prefix=".crm-sync-") as folder:
        packed = Path(folder) / "packed.zip"
        _pack(_copied(there, Path(folder)), packed, made_at)
        put_in_place(packed, path)
    return look_into(path)


def _copied(there: dict[str, Path], folder: Path) -> dict[str, Path]:
    """Copy the files; what people were told is left out where it cannot be read, for it only saves a word."""
    copies: dict[str, Path] = {}
    for name, source in there.items():
        try:
            copy_database(source, folder / name)
            if name == _NOTICES:
                check_copy(folder / name, quickly=True)
        except LedgerError:
            if name != _NOTICES:
                raise
        else:
            copies[name] = folder / name
    return copies


def taken_from(settings: Settings, found: Backup) -> Backup:
    """Return what a restore takes of a backup: what people were told only where nothing knows better."""
    stays = {_NOTICES} if state_files(settings)[_NOTICES].exists() else set()
    return replace(found, files={name: size for name, size in found.files.items() if name not in stays})


def _refuse_stranger(path: Path) -> None:
    if path.exists():
        try:
            look_into(path)
        except LedgerError as error:
            raise UsageError(
                f"{path} is there already, and is no backup of crm-sync", "Name another file."
            ) from error


def _pack(copies: dict[str, Path], packed: Path, made_at: datetime) -> None:
    files = {name: {"sha256": _digest(copy), "bytes": copy.stat().st_size} for name, copy in copies.items()}
    told = {"format": _FORMAT, "version": __version__, "made_at": made_at.isoformat(), "files": files}
    os.close(os.open(packed, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        archive.writestr(MANIFEST, json.dumps(told, indent=2))
        for name, copy in copies.items():
            archive.write(copy, name)


def look_into(path: Path) -> Backup:
    """Return what a backup holds; raise LedgerError where the file is none or is damaged."""
    with _archive(path) as (_, told):
        files = {name: int(each["bytes"]) for name, each in told["files"].items()}
        return Backup(path, datetime.fromisoformat(told["made_at"]), str(told["version"]), files)


@contextmanager
def _archive(path: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, Any]]]:
    try:
        with zipfile.ZipFile(path) as archive:
            told = json.loads(archive.read(MANIFEST))
            if told["format"] != _FORMAT or set(told["files"]) - {"ledger.db", *_BESIDE}:
                raise LedgerError(f"{path} was made by a newer crm-sync", "Install the newest crm-sync.")
            yield archive, told
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError) as error:
        raise _no_backup(path, str(error)) from error
    except OSError as error:
        raise LedgerError(f"{path} cannot be read ({error.strerror or error})", "Check the path.") from error


def _no_backup(path: Path, why: str) -> LedgerError:
    return LedgerError(f"{path} is no backup of crm-sync, or is damaged ({why})", "Take another backup.")


def restore(settings: Settings, path: Path) -> list[Path]:
    """Put a backup in the place of what stands there, and return where that is kept.

    Everything is checked before anything is touched. Raises LedgerBusy while a run works, LedgerError.
    """
    places = state_files(settings)
    home = places["ledger.db"].parent
    with disk_in_words(home):
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with disk_in_words(home), tempfile.TemporaryDirectory(dir=home, prefix=".restore-") as folder:
        copies = _unpack(path, Path(folder))
        for copy in copies.values():
            check_copy(copy)
        refuse_newer(copies["ledger.db"])
        copies = {name: copies[name] for name in taken_from(settings, look_into(path)).files}
        with _nobody_works(settings, places["ledger.db"]):
            mark = f"before-restore-{clock():%Y%m%d-%H%M%S}"
            kept = [set_aside(places[name], mark) for name in copies if places[name].exists()]
            for name, copy in copies.items():
                put_in_place(copy, places[name])
    return kept


def _unpack(path: Path, folder: Path) -> dict[str, Path]:
    """Write the files of a backup into a folder, each held to its digest."""
    copies: dict[str, Path] = {}
    with _archive(path) as (archive, told):
        if "ledger.db" not in told["files"]:
            raise _no_backup(path, "it holds no book")
        for name, each in told["files"].items():
            copies[name] = folder / name
            os.close(os.open(copies[name], os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            with archive.open(name) as source, copies[name].open("wb") as target:
                while piece := source.read(_PIECE):
                    target.write(piece)
            if _digest(copies[name]) != each["sha256"]:
                raise _no_backup(path, f"{name} is not as it was written")
    return copies


@contextmanager
def _nobody_works(settings: Settings, book: Path) -> Iterator[None]:
    """Hold every account meanwhile; a book that cannot be opened any more is held by nobody."""
    from crm_sync.ledger.sql import open_ledger

    with ExitStack() as stack:
        if book.exists():
            try:
                ledger = open_ledger(settings.database)
                stack.callback(ledger.close)
                for account in ledger.accounts():
                    stack.enter_context(ledger.exclusive(account))
            except LedgerBusy:
                raise
            except LedgerError:
                stack.pop_all().close()
        yield


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
