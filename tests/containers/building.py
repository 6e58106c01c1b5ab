"""Small files of every kind, made for the tests: sound ones, odd ones and hostile ones."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def xlsx(path: Path, fill: Callable[[Any], None]) -> Path:
    """Write a workbook with xlsxwriter."""
    book = xlsxwriter.Workbook(str(path))
    fill(book)
    book.close()
    return path


def zipped(members: Mapping[str, bytes | str], *, packed: bool = True) -> bytes:
    """Return a zip of these members."""
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return box.getvalue()


def bare_xlsx(sheet: bytes | str, **more: bytes | str) -> bytes:
    """Return a workbook of one sheet with this XML; *more* replaces parts by their last names."""
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        '<sheet name="Jobs" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
    }
    return zipped({**parts, **more})


def sheet_xml(rows: str) -> str:
    """Return a worksheet with these rows."""
    return f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def text_cell(place: str, text: str) -> str:
    """Return a cell with inline text."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def ods(rows: str) -> bytes:
    """Return an OpenDocument spreadsheet of one sheet with these rows."""
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    table = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
    text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    content = (
        f'<office:document-content xmlns:office="{office}" xmlns:table="{table}" xmlns:text="{text}">'
        f'<office:body><office:spreadsheet><table:table table:name="Jobs">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def ods_row(*cells: str, repeated: int = 1) -> str:
    """Return one row of text cells."""
    written = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        for cell in cells
    )
    return f'<table:table-row table:number-rows-repeated="{repeated}">{written}</table:table-row>'


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Return an OLE compound file of these streams, each padded to what needs no mini stream."""
    sectors: list[bytes] = [b"", b""]  # the allocation table and the directory come first
    chain: list[int] = [0xFFFFFFFD, 0xFFFFFFFE]
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0)]
    for name, data in streams.items():
        padded = data.ljust(4096, b"\0")
        first, count = len(sectors), -(-len(padded) // 512)
        sectors += [padded[at : at + 512].ljust(512, b"\0") for at in range(0, len(padded), 512)]
        chain += [*range(first + 1, first + count), 0xFFFFFFFE]
        entries.append(_entry(name, 2, first, len(padded)))
    assert len(chain) <= 128
    assert len(entries) <= 4
    sectors[0] = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
    sectors[1] = b"".join(entries).ljust(512, b"\0")
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        1,
        1,
        0,
        4096,
        0xFFFFFFFE,
        0,
        0xFFFFFFFE,
        0,
    )
    return header + struct.pack("<109I", 0, *[0xFFFFFFFF] * 108) + b"".join(sectors)


def _entry(name: str, kind: int, first: int, size: int) -> bytes:
    written = name.encode("utf-16-le") + b"\0\0"
    free = 0xFFFFFFFF
    child = 1 if kind == 5 else free
    links = struct.pack("<III", free, free, child)
    return (
        written.ljust(64, b"\0")
        + struct.pack("<HBB", len(written), kind, 1)
        + links
        + b"\0" * 36
        + struct.pack("<IQ", first, size)
    )


def xls(rows: Sequence[Sequence[str | float]], *, protected: bool = False) -> bytes:
    """Return an Excel 97 workbook of one sheet; texts are kept in its table of strings."""
    texts = [cell for row in rows for cell in row if isinstance(cell, str)]
    placed = {(r, c): cell for r, row in enumerate(rows) for c, cell in enumerate(row)}
    return compound({"Workbook": workbook_stream(placed, texts, protected=protected)})


def workbook_stream(
    placed: Mapping[tuple[int, int], str | float], texts: Sequence[str], *, protected: bool = False
) -> bytes:
    """Return a Workbook stream with these cells at (row, column)."""
    table = b"".join(struct.pack("<HB", len(text), 0) + text.encode("latin-1") for text in texts)
    lock = _record(0x002F, struct.pack("<HHH", 0, 0x1234, 0x5678)) if protected else b""
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0)) + lock
    strings = _record(0x00FC, struct.pack("<II", len(texts), len(texts)) + table)
    offset = len(start) + 4 + 8 + 4 + len(strings) + 4
    about = _record(0x0085, struct.pack("<IBBBB", offset, 0, 0, 4, 0) + b"Jobs")
    cells = b"".join(_cell(place, value, texts) for place, value in placed.items())
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0)) + cells + _record(0x000A, b"")
    return start + about + strings + _record(0x000A, b"") + sheet


def _cell(place: tuple[int, int], value: str | float, texts: Sequence[str]) -> bytes:
    head = struct.pack("<HHH", *place, 0)
    if isinstance(value, str):
        return _record(0x00FD, head + struct.pack("<I", texts.index(value)))
    return _record(0x0203, head + struct.pack("<d", value))


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data
