"""Whatever a grid holds, reading and inspecting it ends with rows or with a refusal."""

from __future__ import annotations

import json
from datetime import date, time, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_sync.containers import open_document
from crm_sync.domain.applications import Application
from crm_sync.domain.options import ReadingOptions
from crm_sync.domain.tables import Cell, Document, Row, Table
from crm_sync.errors import SourceError
from crm_sync.planning.matching import key_for_display
from crm_sync.reading import read, understand
from crm_sync.reading.lexicon import headers, stage_words
from tests.corpus.score import TRACKERS, trackers

TODAY = date(2026, 11, 23)
HEADS = sorted(headers())
WORDS = sorted(stage_words())
ODD = (
    "[{", "{'a': 1", '{"status": {"name": "applied"}}', "[]", "{}", "[[[[", "->", "→ →", "Applied -> ", "> >",
    "(", ")", "-", "1e309", "9" * 400, "-0", "0000-00-00", "31.02.2025", "2025-13-45", "99/99/9999", "3.04",
    "8-Jul", "/Date(999999999999999)/", "\x00", "\ud800", "\u202e", "İ", "ﬀ", "٣/٤/٢٠٢٥", "²", "①", "1²",
    "https://", "http://[::1", "//", "a@", "@b", "x" * 5000, "=1+1", "Total:", "TOTAL", "Rejected", "January",
    "↳", '"', "''", "N/A", "Name (https://a.example/x)", "Green", "#", "<<<<<<<",
)  # fmt: skip
NO_TEXTS = (None, float("nan"), float("inf"), True, time(3), timedelta(days=-1), date.min, date.max)
CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    st.sampled_from(ODD),
    st.sampled_from(WORDS),
    st.sampled_from(HEADS),
    st.text(max_size=8),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)
TABLES = st.builds(
    lambda heads, rows, above: [*above, heads, *rows],
    st.lists(st.one_of(st.sampled_from(HEADS), st.sampled_from(WORDS), st.just("")), min_size=1, max_size=9),
    st.lists(st.lists(CELLS, max_size=11), max_size=9),
    st.lists(st.lists(CELLS, max_size=3), max_size=3),
)


def _survives(document: Document) -> None:
    try:
        understanding = understand(document, ReadingOptions(today=TODAY))
        json.dumps(understanding.as_data(), default=str)
        found = [one for one in read(document, understanding) if isinstance(one, Application)]
    except SourceError:
        return
    assert len(key_for_display(found)) == len(found)


def _document(rows: list[Row], *, header_known: bool = False, sheet: str | None = None) -> Document:
    table = Table(rows=rows, numbers=range(len(rows)), sheet=sheet, header_known=header_known)
    return Document("xlsx", (table,))


@given(TABLES, st.booleans(), st.sampled_from((None, "Sheet1", "Rejected", "2025")))
@settings(max_examples=150, deadline=None)
def test_no_table_with_a_header_makes_the_reading_crash(
    rows: list[Row], header_known: bool, sheet: str | None
) -> None:
    _survives(_document(rows, header_known=header_known, sheet=sheet))


@pytest.mark.slow
@given(TABLES, st.booleans(), st.sampled_from((None, "Rejected")))
@settings(max_examples=5_000, deadline=None)
def test_thousands_of_tables_do_not_make_the_reading_crash(
    rows: list[Row], header_known: bool, sheet: str | None
) -> None:
    _survives(_document(rows, header_known=header_known, sheet=sheet))


@pytest.mark.parametrize("path", trackers(TRACKERS.parent / "authored")[::4], ids=lambda path: path.stem)
def test_a_tracker_with_damaged_cells_is_read_or_refused(path: Path) -> None:
    dice = Random(path.stem)
    try:
        document = open_document(path)
    except SourceError:
        return
    for _ in range(3):
        _survives(_damaged(document, dice))


def _damaged(document: Document, dice: Random) -> Document:
    tables = []
    for table in document.tables:
        rows = [[_hurt(cell, dice) for cell in row if dice.random() > 0.02] for row in table.rows]
        tables.append(Table(rows, table.numbers, table.sheet, table.header_known))
    return Document(document.container, tables)


def _hurt(cell: Cell, dice: Random) -> Cell:
    if dice.random() > 0.1:
        return cell
    return dice.choice((*ODD, *NO_TEXTS))
