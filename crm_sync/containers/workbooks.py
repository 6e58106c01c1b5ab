"""Workbooks (XLSX, XLS, ODS) -> one table per sheet, through calamine."""

from __future__ import annotations

from typing import Any, BinaryIO

from crm_sync.containers.limits import Limits
from crm_sync.domain.tables import Cell, Row, Table
from crm_sync.errors import SourceError


def tables_of_workbook(handle: BinaryIO, name: str, limits: Limits) -> tuple[Table, ...]:
    """Return the worksheets in their order; columns keep their absolute index, empty rows are left out."""
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(handle)
        return tuple(
            _table(book.get_sheet_by_index(index), about)
            for index, about in enumerate(book.sheets_metadata)
            if about.typ == calamine.SheetTypeEnum.WorkSheet
        )
    except calamine.PasswordError:
        hint = "Open it, take the password off and save a copy."
        raise SourceError(f"{name}: is protected by a password", hint) from None
    except calamine.CalamineError as error:
        raise SourceError(
            f"{name}: the workbook is damaged ({error})", "Open it and save it again."
        ) from None


def _table(sheet: Any, about: Any) -> Table:
    first = sheet.start[1] if sheet.start else 0
    rows: list[Row] = []
    numbers: list[int] = []
    grid = [[*([None] * first), *map(_plain, row)] for row in sheet.iter_rows()]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        _fill(grid, top, left, bottom, right)
    for number, row in enumerate(grid, start=1):
        if any(cell is not None for cell in row):
            rows.append(row)
            numbers.append(number)
    return Table(
        rows=rows, numbers=numbers, sheet=about.name, hidden=str(about.visible) != "SheetVisibleEnum.Visible"
    )


def _plain(cell: Any) -> Cell:
    if cell == "":
        return None
    if type(cell) is float and cell.is_integer() and abs(cell) < 1e15:
        return int(cell)
    return cell  # type: ignore[no-any-return]


def _fill(grid: list[list[Cell]], top: int, left: int, bottom: int, right: int) -> None:
    if top >= len(grid) or left >= len(grid[top]):
        return
    value = grid[top][left]
    for row in grid[top : bottom + 1]:
        for column in range(left, min(right + 1, len(row))):
            if row[column] is None:
                row[column] = value
