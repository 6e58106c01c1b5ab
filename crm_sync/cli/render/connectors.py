"""The connectors, told to a person and as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm_sync.app.plugins import Installed
from crm_sync.cli.render.grids import Grid, grid_lines

_WRONG = "If yours is read wrongly, tell us with its header"
_EVIDENCE = {
    "vendor": "the vendor's own documentation, or real files",
    "third-party": f"other people's programs that read the same export. {_WRONG}",
    "experimental": f"less than other people's programs that read it. {_WRONG}",
}


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


def connector_data(name: str, each: Installed) -> dict[str, Any]:
    """Return one connector as plain data, with what it reads and how one gets it."""
    (told,) = connectors_data({name: each})
    about, how, remarks = (getattr(each.kind, key, None) for key in ("about", "how", "remarks"))
    return {**told, "about": about or None, "how": how or None, "remarks": list(remarks or ())}


def connector_text(name: str, each: Installed) -> str:
    """Return one connector for a person: what it reads, how one gets it, and on what the reading rests."""
    told = connector_data(name, each)
    lines = [f"{told['title']} ({name}), version {told['version']}, from {told['from']}"]
    lines += [f"  {told['about']}"] if told["about"] else []
    lines += ["", f"How to get it: {told['how']}"] if told["how"] else []
    evidence = _EVIDENCE.get(told["evidence"], told["evidence"] or "not told")
    lines += ["", f"Evidence: {evidence}"]
    lines += ["", "To know:", *(f"  {remark}" for remark in told["remarks"])] if told["remarks"] else []
    return "\n".join(lines)


def connectors_text(found: Mapping[str, Installed]) -> str:
    """Return the connectors as a table."""
    rows = [
        (one["name"], one["title"], one["version"], one["side"] or "-", one["evidence"] or "-", one["from"])
        for one in connectors_data(found)
    ]
    return "\n".join(grid_lines(Grid(("Name", "Reads", "Version", "Side", "Evidence", "From"), rows)))
