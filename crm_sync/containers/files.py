"""From a path to bytes: regular files only, so that nothing waits and nothing is read without end."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import BinaryIO

from crm_sync.containers.limits import Limits
from crm_sync.errors import SourceError

CHUNK = 1 << 20

_NO_FILE = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}


def digest_of(path: str | os.PathLike[str]) -> str:
    """Return the SHA-256 of the file's bytes in hexadecimal.

    Reads in pieces and has no limit of size. Raises SourceError where the path is no readable file.
    """
    with open_regular(path) as handle:
        return digest_handle(handle, name_of(path))


def name_of(path: str | os.PathLike[str]) -> str:
    """Return the file's own name, as messages show it."""
    return Path(path).name or str(path)


def open_regular(path: str | os.PathLike[str]) -> BinaryIO:
    """Open a regular file for reading, never waiting; the caller closes it.

    Raises SourceError where there is none, where it is something else, or where it may not be read.
    """
    name, source = name_of(path), os.fspath(path)
    try:
        _refuse_other_kinds(Path(path).stat().st_mode, name, source)
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        handle = os.fdopen(descriptor, "rb")
        _refuse_other_kinds(os.fstat(descriptor).st_mode, name, source)
    except FileNotFoundError:
        raise SourceError(f"{name}: there is no such file", "Check the path.", source=source) from None
    except PermissionError:
        hint = "Give your user the right to read it, or copy it to a place of your own."
        raise SourceError(f"{name}: the file may not be read by this user", hint, source=source) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceError(f"{name}: cannot be opened ({reason})", "Check the path.", source=source) from None
    return handle


def _refuse_other_kinds(mode: int, name: str, source: str) -> None:
    if stat.S_ISREG(mode):
        return
    kind = _NO_FILE.get(stat.S_IFMT(mode), "something else")
    raise SourceError(f"{name}: is {kind}, not a file", "Name one file that holds a table.", source=source)


def digest_handle(handle: BinaryIO, name: str) -> str:
    """Return the SHA-256 of an open file and leave it at its beginning."""
    digest = hashlib.sha256()
    try:
        handle.seek(0)
        while chunk := handle.read(CHUNK):
            digest.update(chunk)
        handle.seek(0)
    except OSError as error:
        raise SourceError(f"{name}: cannot be read ({error.strerror})", "Copy it to another disk.") from None
    return digest.hexdigest()


def check_size(handle: BinaryIO, name: str, limits: Limits) -> int:
    """Return the file's size in bytes; raise SourceError where it is empty or above the limit."""
    size = os.fstat(handle.fileno()).st_size
    if size == 0:
        raise SourceError(f"{name}: the file is empty", "Export it again, or check that the download ended.")
    if size > limits.bytes:
        hint = "Split the file, or allow more with CRM_SYNC_MAX_BYTES (memory grows with it)."
        raise SourceError(
            f"{name}: {megabytes(size)} is more than the limit of {megabytes(limits.bytes)}", hint
        )
    return size


def megabytes(size: int) -> str:
    """Return a size as a person reads it."""
    return f"{size / 1_000_000:,.1f} MB" if size >= 100_000 else f"{size:,} bytes"
