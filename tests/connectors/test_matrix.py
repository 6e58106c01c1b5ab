"""Every described connector reads its export whatever a program or a person did to the file on the way."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from crm_sync.domain.applications import Application, Snapshot
from crm_sync.domain.options import ReadingOptions
from crm_sync.errors import SourceError
from crm_sync.testing.connector_golden import TODAY
from tests.connectors.described import KINDS, beside, files_of

Rows = list[list[str]]
FILES = [pytest.param(name, file, id=f"{name}-{file.name}") for name in KINDS for file in files_of(name)]
TABLES = [each for each in FILES if Path(str(each.values[1])).suffix == ".csv"]
OBJECTS = [each for each in FILES if Path(str(each.values[1])).suffix == ".json"]


ANSWERS = [each for each in OBJECTS if KINDS[str(each.values[0])].side == "recruiter"]


def read(name: str, path: Path) -> Snapshot:
    return KINDS[name].connect(str(path), ReadingOptions(TODAY)).fetch()


def facts(snapshot: Snapshot) -> list[tuple[Any, ...]]:
    """Return what the applications say, rows and raw cells apart."""
    return [_facts(application) for application in snapshot.applications]


def _facts(one: Application) -> tuple[Any, ...]:
    return (
        one.external_id,
        one.company,
        one.job_title,
        one.job_url,
        one.applied_on,
        one.stage,
        one.contact_email,
    )


CODINGS: dict[str, Callable[[str], bytes]] = {
    "with a BOM": lambda text: text.encode("utf-8-sig"),
    "with CRLF": lambda text: text.replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8"),
    "in UTF-16": lambda text: text.encode("utf-16"),
}


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize(("name", "sample"), FILES)
def test_the_coding_of_the_file_makes_no_difference(
    name: str, sample: Path, coding: str, tmp_path: Path
) -> None:
    path = beside(sample, tmp_path)
    path.write_bytes(CODINGS[coding](sample.read_text(encoding="utf-8")))
    assert KINDS[name].recognise(str(path)).certainty >= 0.6
    assert facts(read(name, path)) == facts(read(name, sample))


def reorder(rows: Rows) -> Rows:
    width = max(map(len, rows))
    return [([""] * (width - len(row)) + row[::-1]) for row in rows]


def widen(rows: Rows) -> Rows:
    return [[*row, "", "Remark of mine" if at == 0 else "x"] for at, row in enumerate(rows)]


def as_they_are(rows: Rows) -> Rows:
    return rows


LAYOUTS: dict[str, tuple[Callable[[Rows], Rows], str]] = {
    "with semicolons": (as_they_are, ";"),
    "with tabs": (as_they_are, "\t"),
    "with its columns the other way round": (reorder, ","),
    "with a column more": (widen, ","),
}


def written(rows: Rows, mark: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=mark, lineterminator="\n").writerows(rows)
    return out.getvalue()


def rows_of(sample: Path) -> Rows:
    return list(csv.reader(io.StringIO(sample.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("name", "sample"), TABLES)
def test_the_layout_of_a_table_makes_no_difference(
    name: str, sample: Path, layout: str, tmp_path: Path
) -> None:
    change, mark = LAYOUTS[layout]
    exact = all(form.signature.exact for form in KINDS[name].description.tables if fits(form, sample))
    if layout == "with a column more" and exact:
        pytest.skip("its header is anybody's, so it is told by holding nothing else")
    rows = rows_of(sample)
    if layout == "with its columns the other way round":
        rows = [row + [""] * (len(rows[0]) - len(row)) for row in rows]
    path = beside(sample, tmp_path)
    path.write_text(written(change(rows), mark), encoding="utf-8")
    assert facts(read(name, path)) == facts(read(name, sample))


def saved_by_a_spreadsheet_program(rows: Rows, path: Path) -> None:
    """Write rows as a workbook in which whole numbers, days and truths are what they are, not text."""
    with xlsxwriter.Workbook(str(path), {"strings_to_urls": False}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            for column, text in enumerate(row):
                if at and re.fullmatch(r"\d{4}-\d\d-\d\d", text):
                    sheet.write_datetime(at, column, datetime.fromisoformat(text), day)
                elif at and text.casefold() in ("true", "false"):
                    sheet.write_boolean(at, column, text.casefold() == "true")
                elif at and re.fullmatch(r"\d{1,15}", text):
                    sheet.write_number(at, column, int(text))
                elif text:
                    sheet.write_string(at, column, text)


@pytest.mark.parametrize(("name", "sample"), TABLES)
def test_an_export_saved_again_by_a_spreadsheet_program_tells_the_same(
    name: str, sample: Path, tmp_path: Path
) -> None:
    path = beside(sample, tmp_path).with_suffix(".xlsx")
    saved_by_a_spreadsheet_program(rows_of(sample), path)
    assert KINDS[name].recognise(str(path)).certainty >= 0.6
    assert facts(read(name, path)) == facts(read(name, sample))


def fits(form: Any, sample: Path) -> bool:
    header = rows_of(sample)[0]
    return all(any(names(sign.path, column) for column in header) for sign in form.signature.all)


def names(path: str, column: str) -> bool:
    """Say whether a sign is that column: by its name, or by a pattern."""
    return re.search(path[1:-1], column) is not None if path.startswith("/") else path == column.strip()


@pytest.mark.parametrize(("name", "sample"), TABLES)
def test_any_column_outside_the_signature_may_be_missing(name: str, sample: Path, tmp_path: Path) -> None:
    rows = rows_of(sample)
    forms = [form for form in KINDS[name].description.tables if fits(form, sample)]
    needed = {
        column
        for form in forms
        for sign in form.signature.all
        for column in rows[0]
        if names(sign.path, column)
    }
    count = len(read(name, sample).applications)
    path = beside(sample, tmp_path)
    for at, header in enumerate(rows[0]):
        if header not in needed:
            path.write_text(written([row[:at] + row[at + 1 :] for row in rows]), encoding="utf-8")
            assert len(read(name, path).applications) >= count - 1, header


@pytest.mark.parametrize(("name", "sample"), TABLES)
def test_an_export_without_any_row_is_an_empty_list(name: str, sample: Path, tmp_path: Path) -> None:
    path = beside(sample, tmp_path)
    path.write_text(written(rows_of(sample)[:1]), encoding="utf-8")
    told_by_header = not any(form.signature.marks for form in KINDS[name].description.tables)
    assert (KINDS[name].recognise(str(path)).certainty >= 0.6) is told_by_header
    assert not read(name, path).applications


@pytest.mark.parametrize(("name", "sample"), TABLES)
def test_ten_thousand_rows_are_all_told_of(name: str, sample: Path, tmp_path: Path) -> None:
    header, *rows = rows_of(sample)
    path = beside(sample, tmp_path)
    path.write_text(written([header, *(rows[at % len(rows)] for at in range(10_000))]), encoding="utf-8")
    snapshot = read(name, path)
    assert len(snapshot.applications) + len(snapshot.rejected) == 10_000


def turned(value: Any) -> Any:
    """Return JSON with the keys of all objects the other way round, and one more in each."""
    if isinstance(value, dict):
        return {key: turned(inner) for key, inner in [*reversed(value.items()), ("x_new", None)]}
    return [turned(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize(("name", "sample"), OBJECTS)
def test_the_order_of_keys_and_new_keys_make_no_difference(name: str, sample: Path, tmp_path: Path) -> None:
    path = beside(sample, tmp_path)
    path.write_text(json.dumps(turned(json.loads(sample.read_text("utf-8")))), encoding="utf-8")
    assert facts(read(name, path)) == facts(read(name, sample))


def line_by_line(page: Any) -> str:
    """Return an answer twice as JSON Lines; of a list each entry is a line."""
    lines = page if isinstance(page, list) else [page]
    return "".join(f"{json.dumps(line)}\n" for line in (*lines, *lines))


PAGES: dict[str, Callable[[Any], str]] = {
    "a list of answers": lambda page: json.dumps([page, page]),
    "line by line": line_by_line,
}


@pytest.mark.parametrize("way", PAGES)
@pytest.mark.parametrize(("name", "sample"), ANSWERS)
def test_pages_saved_in_one_file_are_read_together_and_what_comes_twice_is_told(
    name: str, sample: Path, way: str, tmp_path: Path
) -> None:
    path = beside(sample, tmp_path)
    path.write_text(PAGES[way](json.loads(sample.read_text("utf-8"))), encoding="utf-8")
    alone, together = read(name, sample), read(name, path)
    assert KINDS[name].recognise(str(path)).certainty >= 0.6
    assert facts(together) == facts(alone)
    assert sum(row.reason.startswith("duplicate of") for row in together.rejected) >= len(alone.applications)


def keys_in(value: Any) -> set[str]:
    """Return the keys of all objects."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return (set(value) if isinstance(value, dict) else set()).union(*map(keys_in, inner))


def without(value: Any, key: str) -> Any:
    """Return JSON in which that key says nothing."""
    if isinstance(value, dict):
        return {name: None if name == key else without(inner, key) for name, inner in value.items()}
    return [without(item, key) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize(("name", "sample"), OBJECTS)
def test_any_key_may_say_nothing(name: str, sample: Path, tmp_path: Path) -> None:
    path, value = beside(sample, tmp_path), json.loads(sample.read_text("utf-8"))
    whole = read(name, sample)
    for key in sorted(keys_in(value)):
        path.write_text(json.dumps(without(value, key)), encoding="utf-8")
        with contextlib.suppress(SourceError):
            found = read(name, path).applications
            assert len(found) <= len(whole.applications) + len(whole.rejected), key
            told = {text for one in found for text in (one.company, one.job_title, one.contact_name)}
            assert not told & {"None", "null", ""}, key


def emptied(value: Any) -> Any:
    """Return JSON whose lists hold nothing."""
    if isinstance(value, dict):
        return {key: emptied(inner) for key, inner in value.items()}
    return [] if isinstance(value, list) else value


@pytest.mark.parametrize(("name", "sample"), OBJECTS)
def test_an_empty_list_of_objects_is_empty_or_refused_but_never_misread(
    name: str, sample: Path, tmp_path: Path
) -> None:
    path = beside(sample, tmp_path)
    path.write_text(json.dumps(emptied(json.loads(sample.read_text("utf-8")))), encoding="utf-8")
    with contextlib.suppress(SourceError):
        assert not read(name, path).applications


def lists_of(name: str) -> list[str]:
    """Return the paths at which a product's answers have their list."""
    return list(dict.fromkeys(path for form in KINDS[name].description.tables for path in form.records))


@pytest.mark.parametrize(
    ("name", "place"),
    [(name, place) for name in sorted({str(each.values[0]) for each in ANSWERS}) for place in lists_of(name)],
)
def test_an_empty_answer_of_a_product_is_an_empty_list(name: str, place: str, tmp_path: Path) -> None:
    value: Any = []
    for key in reversed(place.split(".") if place != "$" else []):
        value = {key: value}
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    snapshot = read(name, path)
    assert (snapshot.applications, snapshot.rejected, snapshot.complete) == ((), (), True)
    source = KINDS[name].connect(str(path), ReadingOptions(TODAY))
    source.check()
    assert source.explain()["applications"] == 0
    path.write_text(json.dumps({"error": "not allowed", "results": [], "data": []}), encoding="utf-8")
    with pytest.raises(SourceError, match="nothing in it is of the kind"):
        read(name, path)
