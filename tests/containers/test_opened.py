"""A path as named members: loose files, zips, folders; each opened when somebody asks, and once."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from crm_sync.containers import DEFAULT_LIMITS, Opened, open_document
from crm_sync.errors import SourceError
from tests.containers.building import bare_xlsx, sheet_xml, text_cell

TABLE = b"Company,Role\nAcme,Cook\n"


def packed(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name if "/" in name else name.replace("__", "/").replace("_dot_", "."), data)
    return out.getvalue()


def put(folder: Path, name: str, data: bytes) -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return str(path)


def test_a_loose_file_is_one_member_without_a_name(tmp_path: Path) -> None:
    opened = Opened(put(tmp_path, "list.csv", TABLE))
    assert (opened.kind, opened.names) == ("file", ("",))
    document = opened.member("").document
    assert document is not None
    assert [list(row) for row in document.tables[0].rows] == [["Company", "Role"], ["Acme", "Cook"]]


def test_a_zip_shows_its_files_and_not_what_a_system_left_in_it(tmp_path: Path) -> None:
    data = packed(
        x__b_dot_csv=TABLE, x__a_dot_json=b'[{"a": 1}]', **{"__MACOSX/junk": b"x", "x/.hidden": b"y"}
    )
    opened = Opened(put(tmp_path, "export", data))
    assert (opened.kind, opened.names) == ("zip", ("x/a.json", "x/b.csv"))
    assert opened.member("x/a.json").value == [{"a": 1}]
    assert opened.member("x/b.csv").document is not None


def test_a_zip_of_nothing_but_parts_shows_what_the_parts_hold(tmp_path: Path) -> None:
    parts = {"Export-Part-1.zip": packed(**{"x/a.csv": TABLE}), "Export-Part-2.zip": packed(b_dot_csv=TABLE)}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    opened = Opened(put(tmp_path, "export", out.getvalue()))
    assert opened.names == ("Export-Part-1.zip/x/a.csv", "Export-Part-2.zip/b.csv")
    assert all(opened.member(name).document is not None for name in opened.names)


def test_a_zip_beside_tables_is_no_part_and_a_damaged_part_is_told(tmp_path: Path) -> None:
    both = packed(a_dot_csv=TABLE, part_dot_zip=packed(b_dot_csv=TABLE))
    assert Opened(put(tmp_path, "both", both)).names == ("a.csv", "part.zip")
    with pytest.raises(SourceError, match=r"part\.zip: the file is damaged"):
        _ = Opened(put(tmp_path, "broken", packed(part_dot_zip=b"PK\x03\x04 cut short"))).names


def test_a_folder_shows_what_lies_below_it_but_hidden_files(tmp_path: Path) -> None:
    put(tmp_path, "Jobs/list.csv", TABLE)
    put(tmp_path, ".git/config", b"x")
    put(tmp_path, "notes.txt", b"x")
    opened = Opened(str(tmp_path))
    assert (opened.kind, opened.names) == ("folder", ("Jobs/list.csv", "notes.txt"))
    assert opened.member("Jobs/list.csv").document is not None


def test_a_workbook_is_a_file_although_it_is_a_zip(tmp_path: Path) -> None:
    row = f'<row r="1">{text_cell("A1", "Company")}</row>'
    opened = Opened(put(tmp_path, "book.xlsx", bare_xlsx(sheet_xml(row))))
    assert opened.kind == "file"
    assert opened.member("").container == "xlsx"


def test_a_workbook_inside_a_zip_is_opened(tmp_path: Path) -> None:
    row = f'<row r="1">{text_cell("A1", "Company")}</row>'
    opened = Opened(put(tmp_path, "x.zip", packed(book_dot_xlsx=bare_xlsx(sheet_xml(row)))))
    member = opened.member("book.xlsx")
    assert member.document is not None
    assert member.document.tables[0].sheet == "Jobs"


def test_json_stays_nested_and_becomes_tables_when_somebody_wants_them(tmp_path: Path) -> None:
    path = put(tmp_path, "list.json", b'{"data": [{"a": {"b": 1}}]}')
    opened = Opened(path)
    assert opened.member("").value == {"data": [{"a": {"b": 1}}]}
    assert opened.document() == open_document(path)


def test_json_lines_keep_the_place_of_a_broken_line(tmp_path: Path) -> None:
    path = put(tmp_path, "list.jsonl", b'{"a": 1}\n{"a": \n{"a": 3}\n')
    opened = Opened(path)
    assert opened.member("").value == [{"a": 1}, None, {"a": 3}]
    assert opened.document() == open_document(path)


@pytest.mark.parametrize("name", ["list.csv", "list.json"])
def test_tables_are_those_of_a_file_that_is_opened_for_itself(name: str, tmp_path: Path) -> None:
    path = put(tmp_path, name, TABLE if name.endswith("csv") else b'[{"Company": "Acme"}]')
    opened = Opened(path)
    opened.member("")
    assert opened.document() == open_document(path)
    assert opened.document() == open_document(path)


def test_a_fault_is_told_as_often_as_somebody_asks(tmp_path: Path) -> None:
    opened = Opened(put(tmp_path, "x.zip", packed(bad_dot_json=b'{"a": ', empty_dot_csv=b"")))
    for _ in range(2):
        for name in ("bad.json", "empty.csv", "none.csv"):
            with pytest.raises(SourceError) as told:
                opened.member(name)
            assert told.value.hint


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"PK\x03\x04 cut short", b"<html>x</html>"])
def test_what_cannot_be_read_is_refused_with_a_hint(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(SourceError) as told:
        Opened(put(tmp_path, "x", data)).member("")
    assert told.value.hint


def test_another_programs_zip_is_named_for_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="Word document"):
        _ = Opened(put(tmp_path, "x.docx", packed(word__document_dot_xml=b"x"))).kind


def test_a_member_beyond_the_limit_is_refused_unopened(tmp_path: Path) -> None:
    opened = Opened(
        put(tmp_path, "x.zip", packed(big_dot_csv=TABLE * 4_000)), replace(DEFAULT_LIMITS, bytes=60_000)
    )
    with pytest.raises(SourceError, match="more than"):
        opened.member("big.csv")


def test_a_zip_that_would_explode_is_refused(tmp_path: Path) -> None:
    data = packed(bomb_dot_csv=b"0" * 8_000_000)
    with pytest.raises(SourceError, match="bomb"):
        _ = Opened(put(tmp_path, "x.zip", data)).names


def test_files_beside_a_loose_one_are_known_and_opened_by_name(tmp_path: Path) -> None:
    path = put(tmp_path, "list.json", b"[]")
    put(tmp_path, "stages.json", b'[{"id": 1}]')
    put(tmp_path, "below/other.json", b"[]")
    opened = Opened(path)
    assert opened.beside == ("stages.json",)
    assert opened.member("stages.json").value == [{"id": 1}]
    assert Opened(str(tmp_path)).beside == ()


def test_the_digest_covers_what_is_read_and_nothing_else(tmp_path: Path) -> None:
    path = put(tmp_path, "list.json", b"[]")
    put(tmp_path, "stages.json", b"[]")
    alone, both = Opened(path).digest(), Opened(path).digest(["", "stages.json"])
    folder = Opened(str(tmp_path)).digest(["list.json"])
    put(tmp_path, "stages.json", b"[1]")
    assert Opened(path).digest() == alone != Opened(path).digest(["", "stages.json"]) != both
    assert Opened(str(tmp_path)).digest(["list.json"]) == folder
    put(tmp_path, "list.json", b"[1]")
    assert Opened(path).digest() != alone
    assert Opened(str(tmp_path)).digest(["list.json"]) != folder


def test_a_path_that_leads_nowhere_is_told_by_every_question(tmp_path: Path) -> None:
    opened = Opened(str(tmp_path / "none.csv"))
    for ask in (
        lambda: opened.kind,
        lambda: opened.names,
        lambda: opened.member(""),
        opened.digest,
        opened.document,
    ):
        with pytest.raises(SourceError, match="no such file"):
            ask()
