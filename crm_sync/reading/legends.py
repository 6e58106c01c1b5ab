"""Legends: lines above a table that say which stage a colour, a letter or another sign stands for."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from crm_sync.domain.stages import Stage
from crm_sync.domain.tables import Row, Table
from crm_sync.reading.grids import Section
from crm_sync.reading.stages import word_of
from crm_sync.reading.texts import fold, printed

_FURTHEST, _LONGEST_SIGN = 15, 20
_PAIR = re.compile(r"([^\s=:,;]{1,12})\s*(?:=|:|->|→)\s*([^,;|\n=:]*[^\s,;|=:])")
_LETTERS = {
    "a": "applied", "r": "rejected", "i": "interview", "o": "offer", "p": "phone screen", "s": "saved",
    "w": "withdrawn",
}  # fmt: skip
_ENOUGH, _MOSTLY, _FEWEST_LETTERS, _MOST_SIGNS = 2, 0.7, 3, 40


def legend_of(table: Table, section: Section) -> Mapping[str, str]:
    """Return the folded signs of a legend above the header, each with its words; mostly none."""
    top = section.header_rows[0] if section.header_rows else section.start
    found: dict[str, str] = {}
    for row in table.rows[max(0, top - _FURTHEST) : top]:
        texts = [text for cell in row if (text := printed(cell))]
        found.update(_pairs_in(texts))
        if (
            len(texts) == 2
            and len(texts[0]) <= _LONGEST_SIGN
            and word_of(texts[1]).stage is not Stage.UNKNOWN
        ):
            found[fold(texts[0])] = texts[1]
    return found if len(found) >= _ENOUGH else {}


def _pairs_in(texts: Sequence[str]) -> dict[str, str]:
    """Return the signs of a legend in one line: "A = applied, R = rejected"."""
    pairs = [pair for text in texts for pair in _PAIR.findall(text)]
    return {fold(sign): words for sign, words in pairs if word_of(words).stage is not Stage.UNKNOWN}


def letters_in(texts: Sequence[str]) -> Mapping[str, str]:
    """Return what letters mean in a status column that holds nothing else, R for rejections among them."""
    held = {text.casefold() for text in texts}
    return _LETTERS if len(held) > 1 and "r" in held and held <= _LETTERS.keys() else {}


def signed_column(legend: Mapping[str, str], rows: Sequence[Row], width: int) -> int | None:
    """Return the column whose cells are signs of the legend, None where there is none."""
    for index in range(width if legend else 0):
        texts = [text for row in rows if index < len(row) and (text := printed(row[index]))]
        if texts and sum(fold(text) in legend for text in texts) >= _MOSTLY * len(texts):
            return index
    return None


def lettered_column(free: Collection[int], rows: Sequence[Row]) -> int | None:
    """Return the one of the free columns that holds nothing but letters of stages, None where none does."""
    for index in free:
        texts = [text for row in rows if index < len(row) and (text := printed(row[index]))]
        if len(texts) >= _FEWEST_LETTERS and letters_in(texts):
            return index
    return None


def legend_beside(tables: Sequence[Table]) -> Mapping[str, str]:
    """Return the signs of stages (ids, letters, numbers), folded, that a small list of two columns explains.

    Such a list is the sheet *Key* of a workbook, or the columns of a board in the backup of a program.
    """
    found: dict[str, str] = {}
    for table in tables:
        rows = [texts for row in table.rows[:_MOST_SIGNS] if (texts := [printed(cell) for cell in row])]
        pairs = [(texts[0], texts[1]) for texts in rows if len(texts) == 2 and all(texts)]
        told = {fold(sign): words for sign, words in pairs if word_of(words).stage is not Stage.UNKNOWN}
        if len(table.rows) < _MOST_SIGNS and len(told) >= max(_ENOUGH, _MOSTLY * (len(rows) - 1)):
            found.update(told)
    return found


def keyed_column(legend: Mapping[str, str], free: Collection[int], rows: Sequence[Row]) -> int | None:
    """Return the one of the free columns that holds signs of a legend beside the table."""
    for index in free if legend else ():
        texts = [text for row in rows if index < len(row) and (text := printed(row[index]))]
        if len(texts) >= _ENOUGH and sum(fold(text) in legend for text in texts) >= _MOSTLY * len(texts):
            return index
    return None
