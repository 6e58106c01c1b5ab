"""Boards: one column per stage with the applications below, made into a list."""

from __future__ import annotations

from dataclasses import replace

from crm_sync.domain.stages import Stage
from crm_sync.domain.tables import Cell, Table
from crm_sync.reading.grids import is_filled
from crm_sync.reading.placeholders import is_nothing, truth
from crm_sync.reading.profiles import kind_of
from crm_sync.reading.stages import word_of
from crm_sync.reading.texts import printed

_FEWEST, _LOOKED_AT = 3, 200


def listed(table: Table) -> Table:
    """Return a board as a list of names and stages, row by row from the left; other tables as they are."""
    top = next((index for index, row in enumerate(table.rows[:20]) if is_filled(row)), None)
    if top is None or table.header_known or not _is_board(table, top):
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
