"""One worksheet as calamine gives it -> a table in the domain's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from crm_sync.containers.sheet_facts import Facts
from crm_sync.domain.tables import Cell, Row, Table

_EXACT = 1e15
_TRIAL = 1000


def grid_table(sheet: Any, facts: Facts, title: str, *, hidden: bool) -> Table:
    """Return the sheet's table: numbers are the sheet's rows, columns keep their index from A.

    Merged cells are filled from their first one, integral numbers are ints, and rows without anything are
    left out.
    """
    rows: list[Row] = []
    numbers: list[int] = []
    lead = [None] * sheet.start[1] if sheet.start else []
    grid = enumerate(_plain_rows(sheet.iter_rows(), lead), start=1)
    areas = sheet.merged_cell_ranges
    for number, row in _merged(grid, areas) if areas else grid:
        if any(row) or any(cell is not None for cell in row):
            rows.append(tuple(row))
            numbers.append(number)
    return Table(rows, numbers, title, hidden=hidden, links=facts.links, ragged_notes=tuple(facts.notes))


def _plain_rows(rows: Iterable[list[Any]], lead: list[None]) -> Iterator[list[Cell]]:
    """Give the cells in the domain's words; texts of the first rows stand for equal ones further down."""
    known: dict[str, str | None] = {"": None}
    again = known.get
    for index, row in enumerate(rows):
        if index < _TRIAL:
            known.update((cell, cell) for cell in row if type(cell) is str and cell and cell not in known)
        yield lead + [again(cell, cell) if type(cell) is str else _plain(cell) for cell in row]


def _plain(cell: Any) -> Cell:
    if type(cell) is float and cell.is_integer() and -_EXACT < cell < _EXACT:
        return int(cell)
    return cell  # type: ignore[no-any-return]


Area = tuple[tuple[int, int], tuple[int, int]]


def _merged(
    grid: Iterable[tuple[int, list[Cell]]], areas: Iterable[Area]
) -> Iterator[tuple[int, list[Cell]]]:
    """Fill merged areas from their first cell; areas are (first, last) of (row, column), from 0."""
    starting = sorted(areas, reverse=True)
    open_areas: list[tuple[int, int, int, Cell]] = []
    for number, row in grid:
        while starting and starting[-1][0][0] < number:
            (top, left), (bottom, right) = starting.pop()
            if top == number - 1 and left < len(row):
                open_areas.append((bottom, left, right, row[left]))
        if open_areas:
            # Areas never overlap in a sound workbook: more of them than columns would only cost time.
            open_areas = [area for area in open_areas if area[0] >= number - 1][-len(row) :]
            for _, left, right, value in open_areas:
                row[left : right + 1] = [value if cell is None else cell for cell in row[left : right + 1]]
        yield number, row
