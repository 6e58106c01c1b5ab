"""The connectors, told to a person and as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm_sync.app.plugins import Installed
from crm_sync.cli.render.grids import Grid, grid_lines


def connectors_data(found: Mapping[str, Installed]) -> list[dict[str, Any]]:
    """Return each connector as plain data, in the order of names."""
    return [
        {
            "name": name,
            "title": getattr(each.kind, "title", name),
            "version": each.kind.version,
            "side": getattr(each.kind, "side", None),
            "evidence": getattr(each.kind, "evidence", None),
            "from": each.origin,
        }
        for name, each in found.items()
    ]


def connectors_text(found: Mapping[str, Installed]) -> str:
    """Return the connectors as a table."""
    rows = [
        (one["name"], one["title"], one["version"], one["side"] or "-", one["evidence"] or "-", one["from"])
        for one in connectors_data(found)
    ]
    return "\n".join(grid_lines(Grid(("Name", "Reads", "Version", "Side", "Evidence", "From"), rows)))
