"""Workbooks (XLSX, ODS, XLS) -> one table per worksheet: guarded first, then read by calamine."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, BinaryIO
from xml.parsers import expat

from crm_sync.containers.archives import DAMAGED_HINT, LOCKED_HINT, Archive, workbook_kind
from crm_sync.containers.files import megabytes
from crm_sync.containers.grids import grid_table
from crm_sync.containers.limits import Limits
from crm_sync.containers.ods_bounds import ods_bounds
from crm_sync.containers.ole import BadCompound, Compound
from crm_sync.containers.recognition import SPREADSHEET_HINT
from crm_sync.containers.shared_texts import copied_text
from crm_sync.containers.sheet_bounds import sheet_bounds
from crm_sync.containers.sheet_facts import Facts, attributes_of, relations_of, sheet_facts
from crm_sync.containers.xls_bounds import is_encrypted, xls_bounds
from crm_sync.domain.tables import Document, Table
from crm_sync.errors import SourceError

_SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^>]*)>")
_FAR_HINT = "Delete the empty rows and columns far outside the table, save it, and try again."


def read_zipped_workbook(handle: BinaryIO, name: str, limits: Limits) -> Document:
    """Return the tables of an XLSX or ODS workbook.

    Raises SourceError where it is damaged, protected or a bomb, where a sheet reaches too far, and where
    the zip is no workbook at all. calamine opens nothing before that is known.
    """
    archive = Archive(handle, name, limits)
    kind = workbook_kind(archive, name)
    try:
        facts = _guard_ods(archive, name, limits) if kind == "ods" else _guard_xlsx(archive, name, limits)
    except expat.ExpatError as error:
        raise archive.damaged(f"broken XML: {error}") from None
    handle.seek(0)
    tables, notes = _read(handle, name, limits, facts)
    return Document(kind, tables, notes=notes)


def read_xls(handle: BinaryIO, name: str, limits: Limits) -> Document:
    """Return the tables of an old binary workbook.

    Raises SourceError where it is damaged or protected by a password (also a newer workbook, which is put
    into the same box when it is encrypted), reaches too far, or is another program's document.
    """
    if zipfile.is_zipfile(handle):
        raise SourceError(f"{name}: the workbook is damaged (it is two kinds of file at once)", DAMAGED_HINT)
    handle.seek(0)
    try:
        box = Compound(handle.read())
        _check_box(box, name)
        stream = box.read("Workbook" if "Workbook" in box.names else "Book")
        if is_encrypted(stream):
            raise SourceError(f"{name}: is protected by a password", LOCKED_HINT)
        extents = xls_bounds(stream)
    except BadCompound as error:
        raise SourceError(f"{name}: the workbook is damaged ({error})", DAMAGED_HINT) from None
    left = limits.cells
    for rows, columns in extents:
        left -= rows * columns
        _check_extent(left, rows, columns, name)
    del box, stream
    handle.seek(0)
    tables, notes = _read(handle, name, limits, {})
    return Document("xls", tables, notes=notes)


def _check_box(box: Compound, name: str) -> None:
    if {"EncryptedPackage", "EncryptionInfo"} & set(box.names):
        raise SourceError(f"{name}: is protected by a password", LOCKED_HINT)
    if not {"Workbook", "Book"} & set(box.names):
        kind = "a Word document" if "WordDocument" in box.names else "an Office file without a workbook"
        raise SourceError(f"{name}: is {kind}", SPREADSHEET_HINT)


def _guard_xlsx(archive: Archive, name: str, limits: Limits) -> dict[str, Facts]:
    """Return what calamine will not tell, by sheet; raise SourceError for what it must not open."""
    parts = _sheet_parts(archive)
    parts.update((part, part) for part in list(archive.rest(parts.values())))
    found = {title: _facts(archive, part) for title, part in parts.items()}
    left = limits.cells
    for title, part in parts.items():
        rows, columns = sheet_bounds(partial(archive.chunks, part), found[title].border, left)
        left -= rows * columns
        _check_extent(left, rows, columns, f"{name}, sheet {title!r}")
    references = sum(facts.references for facts in found.values())
    _check_shared(archive, tuple(parts.values()), references, name, limits)
    return found


def _facts(archive: Archive, part: str) -> Facts:
    folder, file = posixpath.split(part)
    relations = relations_of(archive.read(f"{folder}/_rels/{file}.rels"))
    return sheet_facts(partial(archive.chunks, part), relations)


def _check_shared(
    archive: Archive, sheets: Sequence[str], references: int, name: str, limits: Limits
) -> None:
    """Raise SourceError where the shared texts, copied into their cells, would fill the memory."""
    readers = [partial(archive.chunks, sheet) for sheet in sheets]
    for part in archive.names:
        if "sharedstrings" in part.lower():
            text = copied_text(partial(archive.chunks, part), readers, references, limits.text)
            _check_text(text, name, limits)


def _check_text(text: int, name: str, limits: Limits) -> None:
    if text > limits.text:
        message = f"{name}: its cells hold {megabytes(text)} of text, more than {megabytes(limits.text)}"
        raise SourceError(message, "Remove columns of long texts, or split the workbook.")


def _sheet_parts(archive: Archive) -> dict[str, str]:
    """Return the worksheets' parts by sheet name, as the workbook lists them."""
    targets = relations_of(archive.read("xl/_rels/workbook.xml.rels"))
    parts: dict[str, str] = {}
    for written in _SHEET.findall(archive.read("xl/workbook.xml")):
        attributes = attributes_of(written)
        target = targets.get(attributes.get("id", ""), "")
        part = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
        if "name" in attributes and part in archive.names:
            parts[attributes["name"]] = part
    return parts


def _guard_ods(archive: Archive, name: str, limits: Limits) -> dict[str, Facts]:
    left, text = limits.cells, 0
    for sheet in ods_bounds(archive.chunks("content.xml") if "content.xml" in archive.names else ()):
        left -= sheet.rows * sheet.columns
        text += sheet.text
        _check_extent(left, sheet.rows, sheet.columns, f"{name}, sheet {sheet.name!r}")
        _check_text(text, name, limits)
    for _ in archive.rest({"content.xml"}):
        pass
    return {}


def _check_extent(left: int, rows: int, columns: int, where: str) -> None:
    if left < 0:
        message = f"{where}: reaches over {rows:,} rows and {columns:,} columns, too many to read"
        raise SourceError(message, _FAR_HINT)


def _read(
    handle: BinaryIO, name: str, limits: Limits, facts: Mapping[str, Facts]
) -> tuple[tuple[Table, ...], tuple[str, ...]]:
    import python_calamine as calamine

    try:
        tables = tuple(_worksheets(calamine.CalamineWorkbook.from_filelike(handle), name, limits, facts))
    except calamine.PasswordError:
        raise SourceError(f"{name}: is protected by a password", LOCKED_HINT) from None
    except (calamine.CalamineError, OSError, ValueError) as error:
        why = str(error).replace("Cannot detect file format", "a part that it needs is missing or broken")
        raise SourceError(f"{name}: the workbook is damaged ({why})", DAMAGED_HINT) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how a Rust library says that it did not expect this
            raise
        raise SourceError(f"{name}: the workbook is damaged", DAMAGED_HINT) from None
    hidden = sum(each.hidden_rows for each in facts.values())
    return tables, ((f"{hidden} hidden rows were read like the others",) if hidden else ())


def _worksheets(book: Any, name: str, limits: Limits, facts: Mapping[str, Facts]) -> Iterator[Table]:
    left = limits.cells
    for index, about in enumerate(book.sheets_metadata):
        if not str(about.typ).endswith("WorkSheet"):
            continue
        sheet = book.get_sheet_by_index(index)
        rows, columns = (sheet.end[0] + 1, sheet.end[1] + 1) if sheet.end else (0, 0)
        left -= rows * columns
        _check_extent(left, rows, columns, f"{name}, sheet {about.name!r}")
        hidden = not str(about.visible).endswith(".Visible")
        yield grid_table(sheet, facts.get(about.name) or Facts(), about.name, hidden=hidden)
