"""Hostile workbooks are refused before the library that would choke on them opens anything."""

from __future__ import annotations

import io
import re
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_sync.containers import Limits, open_document
from crm_sync.containers.shared_texts import copied_text
from crm_sync.containers.sheet_bounds import (
    Border,
    _columns_up_to,
    _numbers_up_to,
    column_number,
    sheet_bounds,
    whole_rows,
)
from crm_sync.containers.xls_bounds import xls_bounds
from crm_sync.errors import SourceError
from tests.containers.building import (
    bare_xlsx,
    compound,
    ods,
    ods_row,
    sheet_xml,
    text_cell,
    workbook_stream,
    zipped,
)

NEAR = text_cell("A1", "Company")
FAR = text_cell("XFD1048576", "x")

FAR_AWAY = {
    "in its place": f'<row r="1">{NEAR}</row><row r="1048576">{FAR}</row>',
    "first in a row": f'<row r="1">{FAR}{NEAR}</row>',
    "in other quotes": f'<row r="1">{FAR}{NEAR}</row>'.replace('"', "'"),
    "with a prefix": f'<row r="1">{FAR}{NEAR}</row>'.replace("<c ", "<x:c ").replace("</c>", "</x:c>"),
    "with its place last": f'<row r="1"><c t="b" r="XFD1048576"><v>1</v></c>{NEAR}</row>',
    "with an entity in its place": f'<row r="1">{FAR}{NEAR}</row>'.replace("XFD1048576", "&#88;FD1048576"),
    "on a new line": f'<row r="1">{FAR}{NEAR}</row>'.replace("<c r", "<c\nr"),
    "by the row's number": f'<row r="1">{NEAR}</row><row r="1048576">{text_cell("", "x")}</row>'
    f'<row r="2">{text_cell("XFC2", "y")}</row>'.replace(' r=""', ""),
    "after a comment": f'<!-- <row r="1"> --><row r="1">{FAR}<!-- {NEAR} --></row>',
}


def refusal_of(tmp_path: Path, data: bytes, limits: Limits | None = None) -> SourceError:
    path = tmp_path / "applications.xlsx"
    path.write_bytes(data)
    with pytest.raises(SourceError) as refusal:
        open_document(path, limits=limits or Limits())
    assert "applications.xlsx" in refusal.value.message
    assert refusal.value.hint
    return refusal.value


@pytest.mark.parametrize("name", FAR_AWAY)
def test_a_cell_far_away_is_refused_however_it_is_written(tmp_path: Path, name: str) -> None:
    message = refusal_of(tmp_path, bare_xlsx(sheet_xml(FAR_AWAY[name]))).message
    assert "reaches over 1,048,576 rows" in message


def test_a_cell_far_away_is_refused_in_another_encoding(tmp_path: Path) -> None:
    xml = sheet_xml(f'<row r="1">{NEAR}{FAR}</row>').replace('"1.0"', '"1.0" encoding="UTF-16"')
    assert "reaches over" in refusal_of(tmp_path, bare_xlsx(xml.encode("utf-16"))).message


def test_a_cell_far_away_is_refused_in_a_part_of_any_name(tmp_path: Path) -> None:
    sound = sheet_xml(f'<row r="1">{NEAR}</row>')
    far = sheet_xml(f'<row r="1">{NEAR}{FAR}</row>')
    assert "reaches over" in refusal_of(tmp_path, bare_xlsx(sound, **{"media/picture.bin": far})).message


def test_the_library_is_not_even_loaded_when_a_cell_is_far_away(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    path.write_bytes(bare_xlsx(sheet_xml(FAR_AWAY["in its place"])))
    code = (
        "import sys\n"
        "from crm_sync.containers import open_document\n"
        "from crm_sync.errors import SourceError\n"
        "try:\n"
        "    open_document(sys.argv[1])\n"
        "except SourceError:\n"
        "    sys.exit(3 if 'python_calamine' in sys.modules else 0)\n"
        "sys.exit(4)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr


def test_many_sheets_are_counted_together(tmp_path: Path) -> None:
    sheet = sheet_xml(f'<row r="1">{NEAR}</row><row r="900">{text_cell("J900", "x")}</row>')
    data = bare_xlsx(sheet, **{f"xl/worksheets/more{n}.xml": sheet for n in range(9)})
    assert "reaches over 900 rows" in refusal_of(tmp_path, data, Limits(cells=50_000)).message


def test_a_zip_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    data = bare_xlsx(sheet_xml(" " * 20_000_000))
    assert len(data) < 50_000
    assert "zip bomb" in refusal_of(tmp_path, data).message


def test_a_zip_bomb_in_many_parts_is_refused_by_its_sum(tmp_path: Path) -> None:
    filler = {f"xl/filler{n}.xml": b"<a>" + bytes(range(32, 127)) * 30_000 for n in range(10)}
    limits = Limits(unpacked=20_000_000, ratio=100_000)
    assert "zip bomb" in refusal_of(tmp_path, bare_xlsx(sheet_xml(""), **filler), limits).message


def test_a_part_that_is_larger_than_it_says_is_refused(tmp_path: Path) -> None:
    data = bare_xlsx(sheet_xml(f'<row r="1">{NEAR}</row>' + " " * 3_000_000))
    size = len(sheet_xml(f'<row r="1">{NEAR}</row>' + " " * 3_000_000))
    lying = data.replace(size.to_bytes(4, "little"), (500).to_bytes(4, "little"))
    assert lying != data
    assert "zip bomb" in refusal_of(tmp_path, lying).message


def test_a_part_that_was_changed_after_packing_is_refused(tmp_path: Path) -> None:
    parts = {"xl/workbook.xml": "<workbook/>", "xl/worksheets/sheet1.xml": "<worksheet/>"}
    data = zipped(parts, packed=False)
    changed = data.replace(b"<worksheet/>", b"<worksheet >")
    assert "sheet1.xml is not what was packed" in refusal_of(tmp_path, changed).message


def test_a_text_that_too_many_cells_share_is_refused(tmp_path: Path) -> None:
    shared = f"<sst><si><t>{'x' * 100_000}</t></si><si><t>short</t></si></sst>"
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 3001))
    data = bare_xlsx(sheet_xml(rows), **{"xl/sharedStrings.xml": shared})
    assert "its cells hold 300" in refusal_of(tmp_path, data).message


def test_a_long_text_that_few_cells_share_is_no_reason_to_refuse(tmp_path: Path) -> None:
    path = tmp_path / "long.xlsx"
    shared = f"<sst><si><t>{'x' * 100_000}</t></si><si><t>short</t></si></sst>"
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{int(n > 9)}</v></c></row>' for n in range(1, 3001))
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.'
        'openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>'
        "</Relationships>"
    )
    parts = {"xl/sharedStrings.xml": shared, "xl/_rels/workbook.xml.rels": relations}
    path.write_bytes(bare_xlsx(sheet_xml(rows), **parts))
    (table,) = open_document(path).tables
    assert len(table.rows) == 3000
    assert table.rows[-1] == ("short",)


@pytest.mark.parametrize(
    "rows",
    [
        ods_row("Company", repeated=1_048_570) + ods_row(*(["x"] * 20)),
        ods_row("Company", "Title")
        + '<table:table-row><table:table-cell table:number-columns-repeated="90000000" '
        'office:value-type="float" office:value="1"/></table:table-row>',
        ods_row("x" * 30_000, repeated=90_000),
    ],
    ids=["rows", "columns", "text"],
)
def test_an_ods_that_repeats_itself_without_measure_is_refused(tmp_path: Path, rows: str) -> None:
    assert refusal_of(tmp_path, ods(rows)).message


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>'
    xml = (
        sheet_xml(f'<row r="1">{NEAR}</row>')
        .replace("<worksheet", f"{bomb}<worksheet")
        .replace('r="A1"', "r='A1'")
    )
    assert "damaged" in refusal_of(tmp_path, bare_xlsx(xml)).message


def test_an_old_workbook_with_a_cell_far_away_is_refused(tmp_path: Path) -> None:
    stream = workbook_stream({(0, 0): 1.0, (65535, 255): 2.0}, [])
    assert (
        "reaches over 65,536 rows and 256 columns"
        in refusal_of(tmp_path, compound({"Workbook": stream})).message
    )


def test_bounds_of_an_old_workbook_are_told_by_its_records() -> None:
    many = struct.pack("<HHHHH", 0x00BD, 4 + 3 * 6 + 2, 9, 2, 0) + b"\0" * 16 + struct.pack("<H", 4)
    start = struct.pack("<HH", 0x0809, 0)
    stream = workbook_stream({(0, 0): 1.0, (99, 19): 2.0}, []) + start + many
    assert xls_bounds(stream) == [(0, 0), (0, 0), (100, 20), (10, 5)]


texts = st.lists(st.text(st.sampled_from("abcé si>"), max_size=30), min_size=1, max_size=12)


@given(texts, st.lists(st.integers(0, 14), max_size=20), st.integers(24, 90))
def test_copied_text_is_counted_alike_wherever_the_pieces_are_cut(
    shared: list[str], references: list[int], size: int
) -> None:
    def cut(text: str) -> Callable[[], list[bytes]]:
        data = text.encode()
        return lambda: [data[at : at + size] for at in range(0, len(data), size)]

    items = [f"<si><t>{text}</t>" for text in shared]
    strings = '<sst count="9">' + "".join(f"{item}</si>" for item in items) + "</sst>"
    cells = "".join(f'<c r="A1" t="s"><v>{each}</v></c>' for each in references)
    lengths = [*(len(item.encode()) for item in items), len("</sst>")]
    right = sum(lengths[each] if each < len(lengths) else max(lengths) for each in references)
    assert copied_text(cut(strings), [cut(cells)], len(references), 0) == right


def test_a_file_that_is_two_workbooks_at_once_is_refused(tmp_path: Path) -> None:
    far = bare_xlsx(sheet_xml(f'<row r="1">{NEAR}{FAR}</row>'))
    assert "two kinds" in refusal_of(tmp_path, compound({"Workbook": b"x"}) + far).message
    box = io.BytesIO(ods(ods_row("Company")))
    with zipfile.ZipFile(box, "a") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert "two kinds" in refusal_of(tmp_path, box.getvalue()).message


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_with_two_parts_of_one_name_is_refused(tmp_path: Path) -> None:
    box = io.BytesIO(bare_xlsx(sheet_xml(f'<row r="1">{NEAR}</row>')))
    with zipfile.ZipFile(box, "a") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", sheet_xml(f'<row r="1">{FAR}</row>'))
    assert "same name" in refusal_of(tmp_path, box.getvalue()).message


def test_a_truncated_workbook_is_refused_wherever_it_was_cut(tmp_path: Path) -> None:
    whole = bare_xlsx(sheet_xml(f'<row r="1">{NEAR}</row>'))
    for length in range(4, len(whole), 37):
        assert "damaged or cut short" in refusal_of(tmp_path, whole[:length]).message


def test_a_zip_of_other_files_is_refused_with_its_members(tmp_path: Path) -> None:
    refusal = refusal_of(tmp_path, zipped({"Jobs/Applications.csv": "a,b", "Jobs/Saved.csv": "a,b"}))
    assert "a zip archive of 2 files" in refusal.message
    assert "Jobs/Applications.csv" in refusal.hint


@pytest.mark.parametrize(
    ("member", "kind"),
    [
        ("word/document.xml", "Word"),
        ("ppt/presentation.xml", "presentation"),
        ("xl/workbook.bin", "XLSB"),
        ("Index/Document.iwa", "Numbers"),
    ],
)
def test_other_zipped_documents_are_called_by_their_names(tmp_path: Path, member: str, kind: str) -> None:
    assert kind in refusal_of(tmp_path, zipped({member: "x"})).message


@given(st.integers(1, 702), st.integers(1, 1_048_576), st.integers(1, 16_384), st.integers(1, 1_048_576))
def test_the_border_encloses_exactly_what_is_inside(columns: int, rows: int, column: int, row: int) -> None:
    pattern = re.compile(f"(?:{_columns_up_to(columns)})(?:{_numbers_up_to(rows)})")
    inside = pattern.fullmatch(f"{letters(column)}{row}") is not None
    assert inside == (column <= columns and row <= rows)


def letters(number: int) -> str:
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


@given(st.integers(1, 16_384))
def test_columns_are_counted_as_spreadsheets_do(number: int) -> None:
    assert column_number(letters(number)) == number


cells = st.lists(st.tuples(st.integers(1, 40), st.integers(1, 800)), min_size=1, max_size=12)


@given(cells, st.integers(1, 64))
def test_bounds_hold_every_filled_cell_wherever_the_pieces_are_cut(
    places: list[tuple[int, int]], size: int
) -> None:
    rows = "".join(
        f'<row r="{row}">{text_cell(f"{letters(column)}{row}", "x")}</row>' for row, column in places
    )
    data = sheet_xml(rows).encode()

    def chunks() -> list[bytes]:
        return [data[at : at + size] for at in range(0, len(data), size)]

    border = Border()
    for piece in whole_rows(chunks()):
        border.widen(piece)
    found = sheet_bounds(chunks, border, 10**9)
    assert found == (max(row for row, _ in places), max(column for _, column in places))
