"""The newest export in a folder, or among the files that a pattern names."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from crm_sync.errors import SourceError

Readable = Callable[[str], None]
"""Raises SourceError where no connector can read this path."""

_MOST_FOUND = 100_000
_MOST_TRIED = 50
_MOST_TOLD = 3
_UNFINISHED = (".crdownload", ".part", ".partial", ".download", ".tmp")


@dataclass(frozen=True, slots=True)
class Newest:
    """The file that was taken, when it was written (nanoseconds since 1970), and remarks for a person."""

    path: str
    modified: int
    notes: tuple[str, ...]


def is_pattern(text: str) -> bool:
    """Tell whether a text names files by a pattern, and no file of exactly that name."""
    return glob.has_magic(text) and not os.path.lexists(expanded(text))


def expanded(text: str) -> str:
    """Return a path with its ~ replaced where there is such a home; never raises."""
    return os.path.expanduser(text)  # noqa: PTH111  Path.expanduser raises for unknown users


def newest(place: str, readable: Readable) -> Newest:
    """Return the newest file of a folder or a pattern that *readable* lets pass.

    Hidden, unfinished and special files do not count. Newer ones that cannot be read are told in the notes;
    beyond the fifty newest none is tried. Raises SourceError where none is left.
    """
    files = sorted(_files(place), reverse=True)
    if not files:
        raise SourceError(
            f"{place}: there is no such file", "Check the folder, and put quotes around a pattern."
        )
    passed: list[str] = []
    for modified, path in files[:_MOST_TRIED]:
        try:
            readable(path)
        except SourceError as error:
            passed.append(_naming(path, error.message))
        else:
            return Newest(path, modified, (_taken(path, modified), *_passed(passed)))
    raise SourceError(
        f"{place}: none of {len(files):,} file(s) can be read, the newest because: {passed[0]}",
        "Name the file that holds your applications.",
    )


def _files(place: str) -> Iterator[tuple[int, str]]:
    for path in islice(_named(place), _MOST_FOUND):
        name = Path(path).name
        if name.startswith((".", "~$")) or name.lower().endswith(_UNFINISHED):
            continue
        try:
            facts = Path(path).stat()
        except OSError:
            continue
        if stat.S_ISREG(facts.st_mode):
            yield facts.st_mtime_ns, path


def _named(place: str) -> Iterable[str]:
    if not os.path.isdir(place):  # noqa: PTH112  Path.is_dir raises for names too long
        return glob.iglob(place, recursive=True)  # noqa: PTH207  the pattern may be absolute
    try:
        return [entry.path for entry in os.scandir(place)]
    except OSError as error:
        raise SourceError(f"{place}: cannot be opened ({error.strerror})", "Check the folder.") from None


def _naming(path: str, reason: str) -> str:
    name = Path(path).name
    return reason if name in reason else f"{name}: {reason}"


def _taken(path: str, modified: int) -> str:
    moment = datetime.fromtimestamp(modified / 1e9).astimezone()
    return f"{Path(path).name} is the newest file there (of {moment:%Y-%m-%d %H:%M})."


def _passed(reasons: list[str]) -> Iterator[str]:
    for reason in reasons[:_MOST_TOLD]:
        yield f"A newer file was passed over: {reason}."
    if len(reasons) > _MOST_TOLD:
        yield f"{len(reasons) - _MOST_TOLD} more newer files were passed over."
