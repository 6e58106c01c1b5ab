"""Connectors, found by entry points (the same door for ours and a stranger's) and in the user's folder."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from crm_sync.containers import Opened, limits_of
from crm_sync.described import load_folder
from crm_sync.domain.options import ReadingOptions
from crm_sync.errors import SourceError, UsageError
from crm_sync.ports import Connector, ConnectorKind, OpenBundle, Recognition, SharingKind

GROUP = "crm_sync.connectors"
_FOLDER = "CRM_SYNC_CONNECTORS"
_TOLD: ContextVar[str | None] = ContextVar("folder of own descriptions", default=None)
_ALIKE = 0.005
_ANY = ReadingOptions(date(2000, 1, 1))
"""Options for a question that no option changes."""


@dataclass(frozen=True, slots=True)
class Installed:
    """A connector, and where it comes from: a distribution with its version, or a file of the user's."""

    kind: ConnectorKind
    origin: str


class Chosen:
    """The connector that was chosen for a path, with what was opened to choose it."""

    def __init__(self, kind: SharingKind, opened: OpenBundle) -> None:
        self._kind, self._opened = kind, opened
        self.name, self.version = kind.name, kind.version

    def recognise(self, path: str) -> Recognition:
        """Say how sure the connector is."""
        return self._kind.recognise(path)

    def connect(self, path: str, options: ReadingOptions) -> Connector:
        """Return a connector for the path; what is open already is not opened again."""
        if path != self._opened.path:
            return self._kind.connect(path, options)
        return self._kind.connect_to(self._opened, options)


def installed() -> dict[str, Installed]:
    """Return all connectors by name, sorted: the user's own stand before others of the same name.

    Raises ConfigError for a description that does not fit the format, with its path and line.
    """
    return _installed(_own_folder())


def installed_as(name: str) -> Installed:
    """Return one connector; raise UsageError for a name that is not installed."""
    found = installed()
    if name not in found:
        raise UsageError(f'there is no connector "{name}"', f"Installed: {', '.join(found)}.")
    return found[name]


def use_descriptions(folder: Path) -> None:
    """Take the user's own descriptions from that folder, where no variable names another."""
    _TOLD.set(str(folder))


def _own_folder() -> str | None:
    return os.environ.get(_FOLDER) or _TOLD.get()


@lru_cache(maxsize=8)
def _installed(folder: str | None) -> dict[str, Installed]:
    found: dict[str, Installed] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        for kind in _kinds_of(entry):
            found.setdefault(kind.name, Installed(kind, _origin(entry)))
    if folder is not None:
        found |= {kind.name: Installed(kind, kind.description.origin) for kind in load_folder(_path(folder))}
    return dict(sorted(found.items()))


def _path(folder: str) -> Path:
    return Path(folder).expanduser()


def _kinds_of(entry: EntryPoint) -> Iterable[ConnectorKind]:
    """Return what an entry point names: one kind, or a provider of many."""
    loaded = entry.load()
    return (loaded,) if hasattr(loaded, "recognise") else tuple(loaded)


def _origin(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value


def connector_kinds() -> dict[str, ConnectorKind]:
    """Return all connectors by name, sorted."""
    return {name: each.kind for name, each in installed().items()}


def fingerprint() -> str:
    """Return what names the connectors there are: others may read an unchanged file in another way."""
    folder = _own_folder()
    own = sorted(_path(folder).glob("*.y*ml")) if folder else ()
    digests = [hashlib.sha256(path.read_bytes()).hexdigest()[:12] for path in own if path.is_file()]
    return ",".join((*_entries(), *digests))


@lru_cache(maxsize=1)
def _entries() -> tuple[str, ...]:
    """Return the installed connectors with their versions; asked for once, since it reads many files."""
    return tuple(sorted(f"{entry.name} {_origin(entry)}" for entry in entry_points(group=GROUP)))


def choose(path: str, name: str | None = None, last: tuple[str, str] | None = None) -> ConnectorKind:
    """Return the connector that is surest about a path, or the one called *name*.

    The path is opened once for all of them, and not at all where the connector of the *last* look still
    sees the same bookmark (name, bookmark). Raises UsageError for a name that is not installed, and
    SourceError where two connectors are equally sure or none is installed.
    """
    kinds = connector_kinds()
    if name is not None:
        return installed_as(name).kind
    if last is not None and _sees_the_same(kinds.get(last[0]), path, last[1]):
        return kinds[last[0]]
    if not kinds:
        raise SourceError("no connector is installed", "Install crm-sync again.", source=path)
    opened = Opened(path, limits_of(os.environ))
    sure = ((_ask(kind, path, opened).certainty, name) for name, kind in kinds.items())
    ranked = sorted(sure, key=lambda each: (-each[0], each[1]))
    if len(ranked) > 1 and ranked[0][0] and ranked[0][0] - ranked[1][0] < _ALIKE:
        raise _undecided(path, ranked[0][1], ranked[1][1])
    kind = kinds[ranked[0][1]] if ranked[0][0] else kinds.get("spreadsheet", kinds[ranked[0][1]])
    return Chosen(kind, opened) if isinstance(kind, SharingKind) else kind


def _sees_the_same(kind: ConnectorKind | None, path: str, bookmark: str) -> bool:
    try:
        return kind is not None and kind.connect(path, _ANY).bookmark() == bookmark
    except SourceError:
        return False


def _ask(kind: ConnectorKind, path: str, opened: OpenBundle) -> Recognition:
    return kind.recognise_in(opened) if isinstance(kind, SharingKind) else kind.recognise(path)


def _undecided(path: str, one: str, other: str) -> SourceError:
    return SourceError(
        f"{path}: {one} and {other} are equally sure that it is theirs",
        f"Choose one with --connector {one} or --connector {other}.",
        source=path,
    )
