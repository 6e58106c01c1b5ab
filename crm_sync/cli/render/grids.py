"""Tables as values, and as aligned lines for pipes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm_sync.cli.render.wording import padded, width

_GAP = "  "
_NONE = ("", "-")


@dataclass(frozen=True, slots=True)
class Grid:
    """A table to show: headers and rows of the same length, already in words."""

    headers: Sequence[str]
    rows: Sequence[Sequence[str]]


def grid_lines(grid: Grid) -> list[str]:
    """Return the table as aligned lines, the header first; columns that are empty throughout are left out."""
    shown = kept(grid)
    widths = [max(width(cell) for cell in column) for column in zip(shown.headers, *shown.rows, strict=True)]
    return [
        _GAP.join(padded(cell, size) for cell, size in zip(row, widths, strict=True)).rstrip()
        for row in (shown.headers, *shown.rows)
    ]


def stacked_lines(grid: Grid) -> list[str]:
    """Return the records one below the other, for a screen that is too narrow for the table."""
    lines: list[str] = []
    for row in grid.rows:
        told = [
            (name, cell) for name, cell in zip(grid.headers[1:], row[1:], strict=True) if cell not in _NONE
        ]
        lines += [row[0], *(f"  {name}: {cell}" for name, cell in told)]
    return lines


def kept(grid: Grid) -> Grid:
    """Return the table without the columns that hold nothing."""
    places = [i for i in range(len(grid.headers)) if not grid.rows or any(row[i] for row in grid.rows)]
    return Grid([grid.headers[i] for i in places], [[row[i] for i in places] for row in grid.rows])
