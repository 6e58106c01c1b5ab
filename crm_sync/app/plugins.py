"""Connectors, found by entry points: the same door for ours and for a stranger's."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import entry_points

from crm_sync.errors import SourceError, UsageError
from crm_sync.ports import ConnectorKind

GROUP = "crm_sync.connectors"


@lru_cache(maxsize=1)
def connector_kinds() -> dict[str, ConnectorKind]:
    """Return the installed connectors by name, sorted."""
    found = {entry.name: entry.load() for entry in entry_points(group=GROUP)}
    return dict(sorted(found.items()))


def choose(path: str, name: str | None = None) -> ConnectorKind:
    """Return the connector that is surest about the file, or the one called *name*.

    Raises UsageError for a name that is not installed, and SourceError where two connectors are equally
    sure or none is installed.
    """
    kinds = connector_kinds()
    if name is not None:
        if name not in kinds:
            raise UsageError(f'there is no connector "{name}"', f"Installed: {', '.join(kinds)}.")
        return kinds[name]
    if not kinds:
        raise SourceError("no connector is installed", "Install crm-sync again.", source=path)
    if len(kinds) == 1:
        return next(iter(kinds.values()))
    ranked = sorted(((k.recognise(path).certainty, n) for n, k in kinds.items()), reverse=True)
    if ranked[0][0] == ranked[1][0]:
        raise SourceError(
            f"{path}: {ranked[0][1]} and {ranked[1][1]} are equally sure that it is theirs",
            f"Choose one with --connector {ranked[1][1]}.",
            source=path,
        )
    return kinds[ranked[0][1]]
