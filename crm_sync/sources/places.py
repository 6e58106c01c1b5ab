"""The room's door: what a person named as a source, and the file that holds it now."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crm_sync.sources.access import Access
from crm_sync.sources.links import is_link, name_of_link, parsed
from crm_sync.sources.newest import Readable, expanded, is_pattern, newest
from crm_sync.sources.shares import download_form

STDIN = "-"
STDIN_NAME = "standard input"


@dataclass(frozen=True, slots=True)
class Found:
    """The file in which a source lies now.

    ``source`` is the source's own name, the same at every look: the absolute path of a file, folder or
    pattern, a link without its secrets, or "standard input". ``path`` is the file (or the folder, where a
    connector reads it whole), ``named`` whether that name means something to a person. ``modified`` is when
    the newest of several files was written. What is there only ``once`` says nothing about rows it lacks.
    """

    source: str
    path: str
    named: bool = True
    modified: int | None = None
    notes: tuple[str, ...] = ()
    once: bool = False


def is_elsewhere(text: str) -> bool:
    """Tell whether a source is anything else than one file on this disk."""
    return text == STDIN or is_link(text) or _is_folder(text) or is_pattern(text)


def source_of(text: str) -> str:
    """Return the source's own name (see ``Found``); raise SourceError for a link that is none."""
    if text == STDIN:
        return STDIN_NAME
    if is_link(text):
        return name_of_link(download_form(parsed(text)))
    named = Path(expanded(text))
    try:
        return str(named.parent.resolve() / named.name)
    except (OSError, ValueError, RuntimeError):  # no path of this machine: whoever opens it will say so
        return str(named)


def _is_folder(text: str) -> bool:
    return os.path.isdir(expanded(text))  # noqa: PTH112  Path.is_dir raises for names too long


@contextmanager
def find(
    text: str, access: Access, readable: Readable, reads_folder: Callable[[str], bool]
) -> Iterator[Found]:
    """Hand over the file in which a source lies now, and clear away afterwards what was only lent.

    *readable* raises SourceError for a file that no connector reads; *reads_folder* tells whether one
    reads that folder as a whole (an export that was unpacked). Raises SourceError, its ``source`` the
    source's own name, where the source cannot be reached.
    """
    source = source_of(text)
    if text == STDIN:
        from crm_sync.sources.spooling import spooled

        with spooled(access) as path:
            yield Found(source, str(path), named=False, once=True)
    elif is_link(text):
        yield Found(source, _fetched(text, source, access), named=False)
    elif (_is_folder(source) and not reads_folder(source)) or is_pattern(source):
        taken = newest(source, readable)
        yield Found(source, taken.path, modified=taken.modified, notes=taken.notes)
    else:
        yield Found(source, source)


def _fetched(text: str, source: str, access: Access) -> str:
    from crm_sync.sources.fetching import fetch

    return str(fetch(download_form(parsed(text)), source, access))


def modified_of(bookmark: str | None) -> int | None:
    """Return when the file was written that a bookmark of the newest of several names, None for others."""
    _, at, told = (bookmark or "").rpartition("@")
    return int(told) if at and told.isdecimal() else None
