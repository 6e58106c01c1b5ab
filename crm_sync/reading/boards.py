"""Boards: one column per stage with the applications below, made into a list."""

from __future__ import annotations

from dataclasses import replace

from crm_sync.domain.stages import Stage
from crm_sync.domain.tables import Cell, Table
from crm_sync.reading.grids import is_filled
from crm_sync.reading.histories import literal_in
from crm_sync.reading.placeholders import is_nothing, truth
from crm_sync.reading.profiles import kind_of
from crm_sync.reading.stages import word_of
from crm_sync.reading.texts import printed

_FEWEST, _LOOKED_AT, _MOST = 3, 200, 0.8
_LIST = "List name"


def listed(table: Table) -> Table:
    """Return a board as a list of names and stages, row by row from the left; other tables as they are.

    Where the cells are printed objects, as programs write them, the list has a column for each of their keys.
    """
    top = next((index for index, row in enumerate(table.rows[:20]) if is_filled(row)), None)
    if top is None or table.header_known:
        return table
    if _holds_objects(table, top):
        return _opened(table, top)
    if not _is_board(table, top):
        return table
    stages = [printed(cell) for cell in table.rows[top]]
    rows: list[list[Cell]] = [["Name", "Status"]]
    numbers = [table.numbers[top]]
    for number, row in zip(table.numbers[top + 1 :], table.rows[top + 1 :], strict=True):
        for stage, cell in zip(stages, row, strict=False):
            text = printed(cell)
            if stage and text and not is_nothing(text):
                rows.append([text, stage])
                numbers.append(number)
    return replace(table, rows=rows, numbers=numbers, header_known=True, links={})


def _holds_objects(table: Table, top: int) -> bool:
    cells = [
        text for row in table.rows[top + 1 : top + _LOOKED_AT] for cell in row if (text := printed(cell))
    ]
    objects = sum(text[:1] in "[{" and bool(_objects_in(text)) for text in cells)
    return objects > 0 and objects >= _MOST * len(cells)


def _opened(table: Table, top: int) -> Table:
    stages = [printed(cell) for cell in table.rows[top]]
    found = [
        (number, stage, each)
        for number, row in zip(table.numbers[top + 1 :], table.rows[top + 1 :], strict=True)
        for stage, cell in zip(stages, row, strict=False)
        for each in _objects_in(printed(cell))
    ]
    keys = list(dict.fromkeys(key for _, _, each in found for key in each))
    rows: list[list[Cell]] = [[*keys, _LIST]]
    rows += [[*(each.get(key) for key in keys), stage] for _, stage, each in found]
    numbers = [table.numbers[top], *(number for number, _, _ in found)]
    return replace(table, rows=rows, numbers=numbers, header_known=True, links={})


def _objects_in(text: str) -> list[dict[str, Cell]]:
    """Return the objects that a cell prints, inner ones by name; none where it prints no object."""
    read = literal_in(text)
    items = read if isinstance(read, list) else [read]
    return [{str(key): _plain(value) for key, value in one.items()} for one in items if isinstance(one, dict)]


def _plain(value: object) -> Cell:
    if isinstance(value, dict):
        value = next((value[key] for key in ("name", "title", "text") if key in value), None)
    return value if isinstance(value, str | int | float | bool) else None


def _is_board(table: Table, top: int) -> bool:
    heads = [text for cell in table.rows[top] if (text := printed(cell))]
    stages = {word_of(text).stage for text in heads} - {Stage.UNKNOWN}
    if len(stages) < _FEWEST or any(word_of(text).stage is Stage.UNKNOWN for text in heads):
        return False
    cells = [cell for row in table.rows[top + 1 : top + _LOOKED_AT] for cell in row if printed(cell)]
    return bool(cells) and all(_is_name(cell) for cell in cells)


def _is_name(cell: Cell) -> bool:
    text = printed(cell)
    kind = kind_of(cell)
    plain = not (kind.date or kind.number or kind.flag or kind.url) and truth(cell) is None
    return plain and isinstance(cell, str) and text[:1] not in "[{" and word_of(text).stage is Stage.UNKNOWN
