"""Delimited text: delimiters, line ends, and the physical line of every record."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from crm_sync.containers import Limits, digest_of, open_document
from crm_sync.domain.tables import Document, Table
from crm_sync.errors import SourceError

Opened = Callable[[bytes], Document]


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    def open_bytes(data: bytes) -> Document:
        path = tmp_path / "applications.csv"
        path.write_bytes(data)
        return open_document(path)

    return open_bytes


def only(document: Document) -> Table:
    (table,) = document.tables
    return table


def grid(document: Document) -> list[list[object]]:
    return [list(row) for row in only(document).rows]


DELIMITED = {
    "comma": ("Company,Title\nAcme,Engineer\nBeta,Cook\n", ","),
    "semicolon": ("Company;Title\nAcme;Engineer\nBeta;Cook\n", ";"),
    "tab": ("Company\tTitle\nAcme\tEngineer\nBeta\tCook\n", "\t"),
    "bar": ("Company|Title\nAcme|Engineer\nBeta|Cook\n", "|"),
    "caret": ("Company^Title\nAcme^Engineer\nBeta^Cook\n", "^"),
    "semicolon with decimal commas": ("Firma;Gehalt;Bonus\nAcme;1,5;2,0\nBeta;2,5;3,0\nGamma;1;2,5\n", ";"),
    "tab with commas in every cell": ("Name\tCity\tOn\nDoe, Jo\tRome, IT\t1\nRoe, Al\tParis, FR\t2\n", "\t"),
    "comma with bars in notes": ("Company,Title,Notes\nAcme,Cook,a|b\nBeta,Baker,c|d\nGamma,Chef,\n", ","),
    "comma with semicolons in quotes": ('Company,Tags,On\nAcme,"a;b;c",1\nBeta,"a;b;c",2\n', ","),
    "comma after a preamble": ("Exported for Jo Doe\n\nCompany,Title,On\nAcme,Cook,1\nBeta,Chef,2\n", ","),
    "comma with unquoted commas": ("a,b,c\n1,2,3\n1,2,3\n1,2,3,4\n1,2,3\n", ","),
    "quoted newlines": ('Company,Notes\nAcme,"one;\ntwo;\nthree;"\nBeta,"four;\nfive;"\n', ","),
    "one column": ("Company\nAcme\nBeta\n", ","),
}


@pytest.mark.parametrize("name", DELIMITED)
def test_the_delimiter_is_the_one_the_rows_agree_on(opened: Opened, name: str) -> None:
    text, delimiter = DELIMITED[name]
    document = opened(text.encode())
    assert document.container == "csv"
    assert document.delimiter == delimiter


def test_a_sep_line_names_the_delimiter_and_counts_as_a_line(opened: Opened) -> None:
    document = opened(b"sep=;\r\nCompany;Place\r\nAcme;a,b,c\r\n")
    assert document.delimiter == ";"
    assert grid(document) == [["Company", "Place"], ["Acme", "a,b,c"]]
    assert only(document).numbers == [2, 3]


def test_numbers_are_the_lines_on_which_records_start(opened: Opened) -> None:
    document = opened(b'\n\na,b\n1,"x\ny\nz"\n\n2,w\n')
    assert grid(document) == [["a", "b"], ["1", "x\ny\nz"], ["2", "w"]]
    assert only(document).numbers == [3, 4, 8]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_every_line_end_is_one_line(opened: Opened, end: str) -> None:
    document = opened(end.join(["a,b", "1,2", "", "3,4", ""]).encode())
    assert grid(document) == [["a", "b"], ["1", "2"], ["3", "4"]]
    assert only(document).numbers == [1, 2, 4]


def test_conflict_markers_and_comments_stay_rows(opened: Opened) -> None:
    document = opened(b"# mine\na,b\n<<<<<<< HEAD\n1,2\n=======\n>>>>>>> main\n")
    assert [row[0] for row in only(document).rows] == [
        "# mine",
        "a",
        "<<<<<<< HEAD",
        "1",
        "=======",
        ">>>>>>> main",
    ]


def test_formulas_and_control_characters_are_kept_as_they_are(opened: Opened) -> None:
    document = opened(b"a,b\n=cmd|' /C calc'!A0,\x1b[31mred\x07\n")
    assert grid(document)[1] == ["=cmd|' /C calc'!A0", "\x1b[31mred\x07"]


def test_stray_nul_characters_are_left_out_and_told(opened: Opened) -> None:
    document = opened(b"company,title\n" + b"Acme,Cook\n" * 50 + b"Be\0ta,Chef\n")
    assert grid(document)[-1] == ["Beta", "Chef"]
    assert document.notes == ("1 NUL characters were left out",)


def test_the_digest_is_that_of_the_bytes(opened: Opened, tmp_path: Path) -> None:
    document = opened(b"a,b\n1,2\n")
    assert document.digest == digest_of(tmp_path / "applications.csv")
    assert document.digest == hashlib.sha256(b"a,b\n1,2\n").hexdigest()


def test_a_long_cell_is_read_whole(opened: Opened) -> None:
    text = "x" * 500_000
    assert grid(opened(f'a,b\n1,"{text}"\n'.encode()))[1] == ["1", text]


def test_a_row_of_a_million_columns_is_refused_with_its_line(opened: Opened) -> None:
    with pytest.raises(SourceError, match="line 2 has 1,000,000 columns") as refusal:
        opened(b"a,b\n" + b"," * 999_999 + b"\n")
    assert refusal.value.hint


def test_a_line_without_end_is_refused(opened: Opened) -> None:
    with pytest.raises(SourceError, match=r"a line of more than 4\.0 MB"):
        opened(b"a,b\n" + b"x," * 4_000_000)


def test_too_many_cells_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_bytes(b"a,b\n" * 1000)
    with pytest.raises(SourceError, match="more than 100 cells"):
        open_document(path, limits=Limits(cells=100))
    with pytest.raises(SourceError, match="more than 500 rows"):
        open_document(path, limits=Limits(rows=500))
