"""Workbooks: every sheet as a table, with what the reader alone would not tell."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from crm_sync.containers import open_document
from crm_sync.domain.tables import Document
from tests.containers.building import bare_xlsx, ods, ods_row, sheet_xml, text_cell, xls, xlsx

DAY = datetime.datetime.fromisoformat("2026-03-04T00:00")
MORNING = datetime.datetime.fromisoformat("2026-03-04T09:30")


def opened(tmp_path: Path, made: bytes | Callable[[Any], None]) -> Document:
    path = tmp_path / "applications.csv"  # the name says nothing
    if callable(made):
        xlsx(path, made)
    else:
        path.write_bytes(made)
    return open_document(path)


def test_cells_come_in_plain_words(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet("Jobs")
        sheet.write_row(0, 0, ["text", 42, 2.5, True, None, 0])
        sheet.write_datetime(0, 6, DAY, book.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.write_datetime(0, 7, MORNING, book.add_format({"num_format": "dd/mm/yy hh:mm"}))

    (table,) = opened(tmp_path, fill).tables
    assert table.rows == [("text", 42, 2.5, True, None, 0, datetime.date(2026, 3, 4), MORNING)]
    assert [type(cell) for cell in table.rows[0][:4]] == [str, int, float, bool]


def test_the_1904_calendar_gives_the_same_days(tmp_path: Path) -> None:
    path = tmp_path / "mac.xlsx"
    book = xlsxwriter.Workbook(str(path), {"date_1904": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    book.add_worksheet().write_datetime(0, 0, DAY, day)
    book.close()
    (table,) = open_document(path).tables
    assert table.rows == [(datetime.date(2026, 3, 4),)]


def test_rows_and_columns_keep_their_places(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet("Jobs")
        sheet.write_row("D5", ["Company", "Title"])
        sheet.write_row("D8", ["Acme", "Cook"])

    (table,) = opened(tmp_path, fill).tables
    assert table.numbers == [5, 8]
    assert [row[3:] for row in table.rows] == [("Company", "Title"), ("Acme", "Cook")]
    assert table.rows[0][:3] == (None, None, None)


def test_all_sheets_come_in_order_and_charts_are_passed_over(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        book.add_worksheet("First").write("A1", "x")
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=First!$A$1:$A$1"})
        book.add_chartsheet("Chart").set_chart(chart)
        book.add_worksheet("Lists").hide()
        book.add_worksheet("Deep").very_hidden()
        book.add_worksheet("Last & <least>").write("A1", "y")

    tables = opened(tmp_path, fill).tables
    assert [(table.sheet, table.hidden) for table in tables] == [
        ("First", False),
        ("Lists", True),
        ("Deep", True),
        ("Last & <least>", False),
    ]


def test_merged_cells_are_filled_from_their_first(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:C1", "Applications")
        sheet.write_row("A2", ["Company", "Title", "On"])
        sheet.merge_range("A3:A5", "Acme")
        sheet.write_column("B3", ["Cook", "Chef", "Baker"])
        sheet.write("C5", "x")

    (table,) = opened(tmp_path, fill).tables
    assert table.rows[0] == ("Applications",) * 3
    assert [row[0] for row in table.rows] == ["Applications", "Company", "Acme", "Acme", "Acme"]
    assert [row[2] for row in table.rows[2:]] == [None, None, "x"]


def test_targets_of_links_are_kept_by_their_cells(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write_url("B3", "https://jobs.example/1?a=1&b=2", string="Cook")
        sheet.write_formula("C4", '=HYPERLINK("https://jobs.example/2?c=3&d=""4""","Chef")', value="Chef")
        sheet.write_url("A5", "https://jobs.example/3#part", string="Baker")

    (table,) = opened(tmp_path, fill).tables
    assert dict(table.links) == {
        (3, 1): "https://jobs.example/1?a=1&b=2",
        (4, 2): 'https://jobs.example/2?c=3&d="4"',
        (5, 0): "https://jobs.example/3#part",
    }
    assert table.rows[1][2] == "Chef"


def test_error_cells_are_empty_and_told(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write("A1", "x")
        sheet.write_formula("B1", "=1/0", value="#DIV/0!")
        sheet.write_formula("B2", "=NA()", value="#N/A")

    (table,) = opened(tmp_path, fill).tables
    assert table.rows == [("x", None)]
    assert list(table.ragged_notes) == [(1, "B1 holds the error #DIV/0!"), (2, "B2 holds the error #N/A")]


def test_a_formula_that_was_never_calculated_is_told(tmp_path: Path) -> None:
    cells = f'<row r="1">{text_cell("A1", "x")}<c r="B1"><f>A1</f></c><c r="C1"><f>A1</f><v>2</v></c></row>'
    (table,) = opened(tmp_path, bare_xlsx(sheet_xml(cells))).tables
    assert list(table.ragged_notes) == [(1, "B1 holds a formula that was never calculated")]


def test_hidden_rows_are_read_and_told(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write_column("A1", ["Company", "Acme", "Beta"])
        sheet.set_row(1, None, None, {"hidden": True})

    document = opened(tmp_path, fill)
    assert document.tables[0].numbers == [1, 2, 3]
    assert document.notes == ("1 hidden rows were read like the others",)


def test_formats_down_to_the_last_row_cost_nothing(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write("A1", "Company")
        grey = book.add_format({"bg_color": "gray"})
        sheet.write_blank("XFD1048576", None, grey)
        sheet.write_blank("A1048576", None, grey)

    (table,) = opened(tmp_path, fill).tables
    assert table.rows == [("Company",)]


@pytest.mark.parametrize(
    "rewrite",
    [
        lambda xml: xml.replace("<c ", "<x:c ").replace("</c>", "</x:c>"),
        lambda xml: xml.replace(' r="A1"', "").replace(' r="B1"', "").replace(' r="1"', ""),
        lambda xml: xml.replace('r="A1" t="inlineStr"', 't="inlineStr" r="A1"'),
        lambda xml: xml.replace('"', "'").replace("version='1.0'", 'version="1.0"'),
    ],
    ids=["prefixed", "without places", "other order", "other quotes"],
)
def test_unusual_ways_to_write_a_sheet_are_read(tmp_path: Path, rewrite: Callable[[str], str]) -> None:
    xml = sheet_xml(f'<row r="1">{text_cell("A1", "Company")}{text_cell("B1", "Title")}</row>')
    (table,) = opened(tmp_path, bare_xlsx(rewrite(xml))).tables
    assert table.rows == [("Company", "Title")]


def test_an_ods_is_read_and_its_repeated_emptiness_is_cheap(tmp_path: Path) -> None:
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    rows = ods_row("Company", "Title") + ods_row("Acme", "Cook", repeated=2)
    rows += f'<table:table-row table:number-rows-repeated="1048570">{empty}</table:table-row>'
    document = opened(tmp_path, ods(rows))
    assert document.container == "ods"
    assert document.tables[0].rows == [("Company", "Title"), ("Acme", "Cook"), ("Acme", "Cook")]
    assert document.tables[0].numbers == [1, 2, 3]


def test_an_old_binary_workbook_is_read(tmp_path: Path) -> None:
    document = opened(tmp_path, xls([["Company", "Salary"], ["Acme", 42.0], ["Beta", 1.5]]))
    assert document.container == "xls"
    assert document.tables[0].rows == [("Company", "Salary"), ("Acme", 42), ("Beta", 1.5)]


def test_equal_texts_are_one_object(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        for row in range(50):
            sheet.write_row(row, 0, [f"Company number {row}", "the very same status"])

    (table,) = opened(tmp_path, fill).tables
    assert len({id(row[1]) for row in table.rows}) == 1
