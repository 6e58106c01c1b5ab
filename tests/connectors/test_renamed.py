"""Renamed columns: whatever a product calls a column tomorrow, its export is read, and the loss is told."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from crm_sync.app.plugins import choose
from crm_sync.containers import Opened, limits_of
from crm_sync.domain.applications import Snapshot
from crm_sync.domain.options import ReadingOptions
from crm_sync.errors import SourceError
from crm_sync.reading.description.absent import absent_columns
from crm_sync.reading.description.forms import TableForm
from crm_sync.reading.description.shapes import Nested, TableShape
from crm_sync.reading.description.signature import recognise
from crm_sync.testing.connector_golden import TODAY
from tests.connectors.described import KINDS, SAMPLES, beside
from tests.connectors.test_matrix import OBJECTS, TABLES, keys_in, names, rows_of, written

NEW = "Qzx Vrb"
FIELDS = (
    "external_id", "company", "company_domain", "job_title", "job_url", "location", "applied_on", "stage",
    "contact_name", "contact_title", "contact_email", "contact_phone", "salary", "source", "notes",
    "next_action_on",
)  # fmt: skip
FOLLOWS = {"applied_on": {"stage"}, "next_action_on": {"stage"}, "stage": {"applied_on"}}
"""Days that depend on the stage, and a stage that depends on the day."""
DESCRIBED = [each for each in TABLES if KINDS[str(each.values[0])].description.reading != "spreadsheet"]


def look(path: Path) -> tuple[str, Snapshot, dict[str, Any]]:
    """Return which connector is surest about a file, what it reads, and its account of it."""
    kind = choose(str(path))
    source = kind.connect(str(path), ReadingOptions(TODAY))
    return kind.name, source.fetch(), dict(source.explain())


def rows_told(snapshot: Snapshot) -> int:
    return len(snapshot.applications) + len(snapshot.rejected)


def changed(before: Snapshot, after: Snapshot) -> set[str]:
    """Return the fields that any application tells otherwise now."""
    were = {(one.sheet, one.row): one for one in before.applications}
    pairs = [(were[key], one) for one in after.applications if (key := (one.sheet, one.row)) in were]
    return {name for name in FIELDS if any(getattr(a, name) != getattr(b, name) for a, b in pairs)}


def forms_of(name: str, columns: list[str]) -> list[TableForm]:
    """Return the forms of a product whose signs are all among some columns."""
    return [
        form
        for form in KINDS[name].description.tables
        if all(any(names(sign.path, column) for column in columns) for sign in form.signature.all)
    ]


def renamed_table(sample: Path, path: Path, at: int) -> str:
    """Write a table with one column renamed, and return the column."""
    header, *rows = rows_of(sample)
    path.write_text(written([[*header[:at], NEW, *header[at + 1 :]], *rows]), encoding="utf-8")
    return header[at].strip()


def users_of(forms: list[TableForm], columns: list[str], lost: str) -> set[str]:
    """Return the fields that ask for one column of a table, by whatever name, and what follows from them."""
    left = TableShape([column for column in columns if column != lost])
    whole = TableShape(columns)
    gone = {
        pair for form in forms for pair in set(absent_columns(form, left)) - set(absent_columns(form, whole))
    }
    asking = {name for name, _ in gone}
    asking |= {"stage", "next_action_on"} if asking - set(FIELDS) else set()
    return asking | {after for after, causes in FOLLOWS.items() if causes & asking}


@pytest.mark.parametrize(("name", "sample"), DESCRIBED)
def test_a_renamed_column_is_told_and_costs_only_the_fields_that_ask_for_it(
    name: str, sample: Path, tmp_path: Path
) -> None:
    columns = [column.strip() for column in rows_of(sample)[0]]
    forms = forms_of(name, columns)
    signs = [sign.path for form in forms for sign in form.signature.all]
    exact = any(form.signature.exact for form in forms)
    before, path, looked_at = look(sample)[1], beside(sample, tmp_path), 0
    for at in range(len(columns)):
        column = renamed_table(sample, path, at)
        kind, after, told = look(path)
        assert rows_told(after) == rows_told(before), column
        if exact or any(names(sign, column) for sign in signs):
            assert kind in (name, "spreadsheet"), column
            continue
        assert kind == name, column
        differ = changed(before, after)
        assert differ <= users_of(forms, columns, column), column
        if differ or len(after.applications) != len(before.applications):
            looked_at += 1
            assert column.casefold() in {lost.casefold() for lost in told_as_lost(after, told)}, column
    assert looked_at or exact


def told_as_lost(snapshot: Snapshot, told: dict[str, Any]) -> set[str]:
    """Return the columns that the notes of a run, or the evidence of `inspect`, tell as not there."""
    absent = {each["column"] for table in told["tables"] for each in table.get("absent", ())}
    noted = {note.split('"')[1] for note in snapshot.notes if note.startswith('the column "')}
    return absent | noted


@pytest.mark.parametrize(("name", "sample"), DESCRIBED)
def test_a_renamed_sign_of_a_product_loses_no_row_and_is_told(
    name: str, sample: Path, tmp_path: Path
) -> None:
    columns, path = [column.strip() for column in rows_of(sample)[0]], beside(sample, tmp_path)
    signs = [sign.path for form in forms_of(name, columns) for sign in form.signature.all]
    before = look(sample)[1]
    for at, column in enumerate(columns):
        if not any(names(sign, column) for sign in signs):
            continue
        renamed_table(sample, path, at)
        kind, after, _ = look(path)
        assert rows_told(after) == rows_told(before), column
        if kind == name and sum(names(sign, other) for sign in signs for other in columns) == len(signs):
            assert " is missing" in after.notes[0], column


def renamed(value: Any, key: str) -> Any:
    """Return JSON in which a key is called otherwise wherever it stands."""
    if isinstance(value, dict):
        return {NEW if name == key else name: renamed(inner, key) for name, inner in value.items()}
    return [renamed(item, key) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize(("name", "sample"), OBJECTS)
def test_a_renamed_key_ends_in_no_crash_and_loses_no_record(name: str, sample: Path, tmp_path: Path) -> None:
    path, before = beside(sample, tmp_path), look(sample)[1]
    value = json.loads(sample.read_text("utf-8"))
    for key in sorted(keys_in(value)):
        path.write_text(json.dumps(renamed(value, key)), encoding="utf-8")
        try:
            kind, after, _ = look(path)
        except SourceError:
            continue
        assert kind in (name, "spreadsheet"), key
        assert rows_told(after) >= rows_told(before), key


@pytest.mark.parametrize(("name", "sample"), OBJECTS)
def test_a_renamed_key_of_the_records_is_told_where_a_field_changes(
    name: str, sample: Path, tmp_path: Path
) -> None:
    path, (_, before, account) = beside(sample, tmp_path), look(sample)
    known, value = told_as_lost(before, account), json.loads(sample.read_text("utf-8"))
    for key in sorted(own_keys(name, sample, value)):
        path.write_text(json.dumps(renamed(value, key)), encoding="utf-8")
        kind, after, told = look(path)
        if kind == name and changed(before, after):
            lost = told_as_lost(after, told) - known
            missing = f"although {key} is missing" in after.notes[0]
            assert missing or any(key in column for column in lost), key


def own_keys(name: str, sample: Path, value: Any) -> set[str]:
    """Return the keys that stand in the records of a file and nowhere else in it."""
    best = recognise(KINDS[name].description, Opened(str(sample), limits_of({}))).best
    assert best is not None
    records = [record for _, record in best.sheet.records if isinstance(record, Nested)]
    own = Counter(key for record in records for key in record.value)
    return {key for key, count in own.items() if count == keys_counted(value)[key]}


def keys_counted(value: Any) -> Counter[str]:
    """Return how often each key stands in JSON."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return sum(map(keys_counted, inner), Counter(value.keys() if isinstance(value, dict) else ()))


@pytest.mark.parametrize(
    "change", [("Posting Title", "Job Opening Name"), ("Candidate Name", "Last Name"), (" ", "_")]
)
def test_zoho_recruit_is_known_under_its_other_names(tmp_path: Path, change: tuple[str, str]) -> None:
    sample = SAMPLES / "zoho_recruit" / "by name.csv"
    header, rest = sample.read_text("utf-8").split("\n", 1)
    path = tmp_path / "applications.csv"
    path.write_text(f"{header.replace(*change)}\n{rest}", encoding="utf-8")
    kind, after, _ = look(path)
    assert kind == "zoho_recruit"
    assert changed(look(sample)[1], after) == set()


def test_a_lost_sign_that_is_a_pattern_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "applications.csv"
    header, rest = (SAMPLES / "zoho_recruit" / "by name.csv").read_text("utf-8").split("\n", 1)
    path.write_text(f"{header.replace('Posting Title', 'Stelle')}\n{rest}", encoding="utf-8")
    told = look(path)[1].notes[0]
    assert told.endswith("although Job Opening Name or Posting Title is missing")
