"""The connector for any file that holds a table."""

from __future__ import annotations

import datetime
import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from connectors.spreadsheet import CONNECTOR
from crm_sync import __version__
from crm_sync.containers import DEFAULT_LIMITS, limits_of
from crm_sync.domain.options import ReadingOptions
from crm_sync.domain.stages import Stage
from crm_sync.errors import SourceError, UsageError
from crm_sync.ports import Connector, ConnectorKind
from tests.containers.building import bare_xlsx, sheet_xml, text_cell

TRACKER = (
    b"Company,Job Title,Date Applied,Status,Job Url\r\n"
    b"Acme,Cook,2026-03-14,Applied,https://acme.example/1\r\n"
    b'Beta,"Chef, head",2026-03-15,Rejected,https://beta.example/2\r\n'
    b"\r\n"
    b"Gamma,Baker,2026-03-16,Interview,https://gamma.example/3\r\n"
)


def connect(path: Path, data: bytes) -> Connector:
    path.write_bytes(data)
    return CONNECTOR.connect(str(path), ReadingOptions(today=datetime.date(2026, 11, 20)))


def test_the_entry_point_names_a_kind_of_connector() -> None:
    kind: ConnectorKind = CONNECTOR
    assert (kind.name, kind.version) == ("spreadsheet", __version__)


def test_a_tracker_becomes_a_complete_snapshot(tmp_path: Path) -> None:
    snapshot = connect(tmp_path / "tracker.csv", TRACKER).fetch()
    assert snapshot.complete
    assert snapshot.bookmark == hashlib.sha256(TRACKER).hexdigest()
    assert [(each.row, each.company, each.job_title) for each in snapshot.applications] == [
        (2, "Acme", "Cook"),
        (3, "Beta", "Chef, head"),
        (5, "Gamma", "Baker"),
    ]
    assert [each.stage for each in snapshot.applications] == [
        Stage.APPLIED,
        Stage.REJECTED,
        Stage.INTERVIEWING,
    ]
    assert {each.connector for each in snapshot.applications} == {"spreadsheet"}


def test_the_bookmark_changes_with_the_bytes_and_with_nothing_else(tmp_path: Path) -> None:
    connector = connect(tmp_path / "tracker.csv", TRACKER)
    first = connector.bookmark()
    (tmp_path / "tracker.csv").touch()
    assert connector.bookmark() == first == connector.fetch().bookmark
    (tmp_path / "tracker.csv").write_bytes(TRACKER + b"Delta,Smith,2026-03-17,Applied,\r\n")
    assert connector.bookmark() != first


def test_a_workbook_names_its_sheet_and_row(tmp_path: Path) -> None:
    rows = (["Company", "Job Title", "Status"], ["Acme", "Cook", "Applied"], ["Beta", "Chef", "Offer"])
    xml = ""
    for number, row in enumerate(rows, start=4):
        cells = (text_cell(f"{letter}{number}", cell) for letter, cell in zip("ABC", row, strict=True))
        xml += f'<row r="{number}">{"".join(cells)}</row>'
    snapshot = connect(tmp_path / "tracker.xlsx", bare_xlsx(sheet_xml(xml))).fetch()
    assert [(each.sheet, each.row) for each in snapshot.applications] == [("Jobs", 5), ("Jobs", 6)]


def test_a_json_lines_file_with_a_broken_line_is_no_complete_look(tmp_path: Path) -> None:
    lines = (
        b'{"company":"Acme","title":"Cook","status":"applied"}\n{"company":"Beta","ti\n'
        b'{"company":"Gamma","title":"Chef","status":"applied"}\n'
    )
    snapshot = connect(tmp_path / "tracker.jsonl", lines).fetch()
    assert [each.company for each in snapshot.applications] == ["Acme", "Gamma"]
    assert not snapshot.complete
    (rejected,) = snapshot.rejected
    assert rejected.row == 1
    assert "broken JSON at line 2" in rejected.reason


def test_the_explanation_is_plain_data_with_container_columns_and_rejected_rows(tmp_path: Path) -> None:
    told = connect(tmp_path / "tracker.csv", TRACKER + b'Delta,"Smith,2026-03-17,Applied,\r\n').explain()
    assert json.loads(json.dumps(told)) == told
    assert told["file"] == "tracker.csv"
    assert told["container"]["kind"] == "csv"
    assert told["container"]["delimiter"] == ","
    assert told["applications"] == 4
    assert told["first_rows"][0]["company"] == "Acme"
    assert told["rejected"] == []
    assert [(each["row"], "never closed" in each["remark"]) for each in told["remarks"]] == [(6, True)]


def test_a_file_that_cannot_be_read_is_a_source_error_never_an_empty_snapshot(tmp_path: Path) -> None:
    connector = connect(tmp_path / "tracker.csv", b"%PDF-1.7")
    for ask in (connector.check, connector.fetch, connector.explain):
        with pytest.raises(SourceError, match="PDF"):
            ask()
    (tmp_path / "tracker.csv").unlink()
    for ask in (connector.check, connector.fetch, connector.bookmark):
        with pytest.raises(SourceError, match="no such file"):
            ask()


@pytest.mark.parametrize("inside", ["tracker.csv", "Takeout/Drive/tracker.csv"])
def test_a_zip_with_one_table_is_that_table(inside: str, tmp_path: Path) -> None:
    path = tmp_path / "download.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(inside, TRACKER)
        archive.writestr("read me.txt", "Exported for you.")
    assert CONNECTOR.recognise(str(path)).because == f"the zip holds one table, {inside}"
    snapshot = CONNECTOR.connect(str(path), ReadingOptions(datetime.date(2026, 11, 20))).fetch()
    assert [(each.sheet, each.row, each.company) for each in snapshot.applications] == [
        (inside, 2, "Acme"), (inside, 3, "Beta"), (inside, 5, "Gamma")
    ]  # fmt: skip
    assert snapshot.bookmark == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_zip_with_two_tables_is_nobodys(tmp_path: Path) -> None:
    path = tmp_path / "download.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", TRACKER)
        archive.writestr("b.csv", TRACKER)
    assert CONNECTOR.recognise(str(path)).certainty == 0
    with pytest.raises(SourceError):
        CONNECTOR.connect(str(path), ReadingOptions(datetime.date(2026, 11, 20))).fetch()


def test_recognising_says_why_and_never_raises_for_content(tmp_path: Path) -> None:
    path = tmp_path / "tracker.csv"
    path.write_bytes(TRACKER)
    assert 0 < CONNECTOR.recognise(str(path)).certainty < 0.5
    path.write_bytes(b"%PDF-1.7")
    unsure = CONNECTOR.recognise(str(path))
    assert unsure.certainty == 0
    assert "PDF" in unsure.because
    assert CONNECTOR.recognise(str(tmp_path / "missing")).certainty == 0


def test_the_size_limit_can_be_set_in_the_environment() -> None:
    assert limits_of({}) == DEFAULT_LIMITS
    assert limits_of({"CRM_SYNC_MAX_BYTES": "300_000_000"}).bytes == 300_000_000
    assert limits_of({"CRM_SYNC_MAX_BYTES": "1000"}).bytes == 1000
    for wrong in ("much", "0", "-1", "1.5", "200 MB"):
        with pytest.raises(UsageError, match="CRM_SYNC_MAX_BYTES"):
            limits_of({"CRM_SYNC_MAX_BYTES": wrong})
