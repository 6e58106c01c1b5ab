"""What is no table is refused with its name, what it is, and what to do; nothing waits."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from crm_sync.containers import Limits, digest_of, open_document
from crm_sync.errors import SourceError
from tests.containers.building import bare_xlsx, compound, sheet_xml, text_cell, xls, zipped

NO_TABLES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "blank lines": (b"  \n\n \n", "no rows"),
    "only a mark": (b"\xef\xbb\xbf", "no rows"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\n1 0 obj", "PDF"),
    "png": (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "picture"),
    "jpeg": (b"\xff\xd8\xff\xe0" + b"\0" * 50, "picture"),
    "gzip": (b"\x1f\x8b\x08" + b"\0" * 50, "gzip"),
    "sqlite": (b"SQLite format 3\0" + b"\0" * 50, "SQLite"),
    "rtf": (b"{\\rtf1\\ansi hello}", "RTF"),
    "calendar": (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "calendar"),
    "git lfs": (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n", "git-LFS"),
    "html": (b"\r\n<html><body><table><tr><td>Company</td></tr></table></body></html>", "HTML"),
    "html table": (b"<table border=1><tr><td>Company</td></tr></table>", "HTML"),
    "xml": (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "XML"),
    "bytes": (bytes(range(256)) * 40, "binary"),
    "noise": (os.urandom(20_000), "binary"),
    "nothing but nul": (b"\0" * 5000, "binary"),
    "encrypted xlsx": (compound({"EncryptionInfo": b"x", "EncryptedPackage": b"y" * 9000}), "password"),
    "encrypted xls": (xls([["Company"]], protected=True), "password"),
    "old word": (compound({"WordDocument": b"x"}), "Word"),
    "broken ole": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x01" * 600, "damaged"),
    "short ole": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "damaged"),
    "empty zip": (zipped({}), "zip archive of 0 files"),
}


@pytest.mark.parametrize("kind", NO_TABLES)
@pytest.mark.parametrize("name", ["applications.csv", "applications.xlsx", "applications.xls"])
def test_what_is_no_table_is_refused_whatever_its_name(tmp_path: Path, kind: str, name: str) -> None:
    data, word = NO_TABLES[kind]
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(SourceError) as refusal:
        open_document(path)
    assert refusal.value.message.startswith(f"{name}")
    assert word in refusal.value.message
    assert refusal.value.hint
    assert refusal.value.source == str(path)


def test_a_password_on_a_zipped_workbook_is_told(tmp_path: Path) -> None:
    path = tmp_path / "locked.xlsx"
    data = bytearray(bare_xlsx(sheet_xml(f'<row r="1">{text_cell("A1", "x")}</row>')))
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(SourceError, match="password"):
        open_document(path)


def test_a_lock_file_names_the_workbook_it_belongs_to(tmp_path: Path) -> None:
    path = tmp_path / "~$applications.xlsx"
    path.write_bytes(b"\x06Jo Doe".ljust(165, b"\0"))
    with pytest.raises(SourceError, match="lock file") as refusal:
        open_document(path)
    assert "applications.xlsx" in refusal.value.hint


@pytest.mark.parametrize("name", ["tracker.csv", "tracker.xlsx", "tracker"])
def test_a_table_is_read_whatever_its_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(bare_xlsx(sheet_xml(f'<row r="1">{text_cell("A1", "Company")}</row>')))
    assert open_document(path).container == "xlsx"
    path.write_bytes(b"Company\tTitle\nAcme\tCook\n")
    assert open_document(path).container == "csv"


@pytest.mark.parametrize("ask", [open_document, digest_of])
def test_what_is_no_file_is_refused_at_once(tmp_path: Path, ask: object) -> None:
    assert callable(ask)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "socket"))
    listener.close()
    for path, word in [
        (tmp_path / "missing.csv", "no such file"),
        (tmp_path / "x" / "missing.csv", "no such file"),
        (tmp_path, "a folder"),
        (tmp_path / "pipe", "a named pipe"),
        (tmp_path / "socket", "a socket"),
        (tmp_path / "loop", "cannot be opened"),
        (Path("/dev/zero"), "a device"),
        (Path("bad\0name"), "cannot be opened"),
        (tmp_path / ("n" * 400), "cannot be opened"),
    ]:
        with pytest.raises(SourceError, match=word):
            ask(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret.csv"
    path.write_text("a,b\n")
    path.chmod(0)
    with pytest.raises(SourceError, match="may not be read"):
        open_document(path)


def test_a_file_of_200_megabytes_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as handle:
        handle.truncate(200_000_000)
    with pytest.raises(SourceError, match=r"200\.0 MB is more than the limit of 100\.0 MB") as refusal:
        open_document(path)
    assert "CRM_SYNC_MAX_BYTES" in refusal.value.hint


def test_limits_grow_together() -> None:
    larger = Limits().scaled_to(300_000_000)
    assert larger.bytes == 300_000_000
    assert larger.cells == 3 * Limits().cells
    assert Limits().scaled_to(1000).cells == Limits().cells
