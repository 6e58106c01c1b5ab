"""Tables that stand side by side in one grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crm_sync.domain.tables import Row, Table
from crm_sync.reading.grids import first_header
from crm_sync.reading.meanings import CORE, meanings_of_text
from crm_sync.reading.texts import printed

_SURE = 80


def blocks_of(table: Table) -> tuple[Table, ...]:
    """Return the tables that stand side by side in a grid, from the left; mostly the grid itself.

    A table begins anew behind an empty column, or where the first header is repeated, if its headers name
    again what a table to the left has named already (two columns *Status*): columns of one table do not.
    """
    top = None if table.header_known else first_header(table.rows)
    if top is None:
        return (table,)
    texts = [printed(cell) for cell in table.rows[top]]
    if len(_fields(texts)) == len(set(_fields(texts))):
        return (table,)
    starts = [0]
    for column in range(1, len(texts)):
        if texts[column] and _begins(table.rows, texts, starts[-1], column):
            starts.append(column)
    return tuple(_cut(table, *span) for span in zip(starts, [*starts[1:], len(texts)], strict=True))


def _begins(rows: Sequence[Row], texts: Sequence[str], start: int, column: int) -> bool:
    left, right = texts[start:column], texts[column:]
    again = texts[column].casefold() == next((text for text in left if text), "").casefold()
    apart = not texts[column - 1] and all(len(row) < column or not printed(row[column - 1]) for row in rows)
    return (again or apart) and bool(set(_fields(left)) & set(_fields(right)))


def _fields(texts: Sequence[str]) -> list[str]:
    """Return the fields that make an application and that the headers name for certain."""
    surest = [meanings[0] for text in texts if text and (meanings := meanings_of_text(text))]
    return [meaning.field for meaning in surest if meaning.sureness >= _SURE and meaning.field in CORE]


def _cut(table: Table, start: int, end: int) -> Table:
    links = {
        (number, column - start): target
        for (number, column), target in table.links.items()
        if start <= column < end
    }
    return replace(table, rows=[row[start:end] for row in table.rows], links=links)
