"""The room's door: a path in, a document out."""

from __future__ import annotations

import dataclasses
import os
from typing import BinaryIO

from crm_sync.containers.charsets import Encoding
from crm_sync.containers.delimited import read_delimited
from crm_sync.containers.encodings import SAMPLE, find_encoding
from crm_sync.containers.files import check_size, digest_handle, name_of, open_regular
from crm_sync.containers.json_tables import tables_of_json, tables_of_json_lines
from crm_sync.containers.limits import DEFAULT_LIMITS, Limits
from crm_sync.containers.recognition import (
    is_json_lines,
    is_ole,
    is_zip,
    looks_like_json,
    refuse_foreign,
    refuse_markup,
)
from crm_sync.containers.workbooks import read_xls, read_zipped_workbook
from crm_sync.domain.tables import Document
from crm_sync.errors import SourceError


def open_document(path: str | os.PathLike[str], *, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Return everything that one file holds, its container recognised by content.

    Numbers of rows as ``Table`` says. Raises SourceError, with ``source`` naming the path, for everything
    that cannot be read: no other exception, no waiting, memory bounded by *limits*.
    """
    name = name_of(path)
    try:
        with open_regular(path) as handle:
            check_size(handle, name, limits)
            digest = digest_handle(handle, name)
            document = _open(handle, name, limits)
    except SourceError as error:
        error.source = error.source or os.fspath(path)
        raise
    except RecursionError:
        raise SourceError(
            f"{name}: nested too deeply", "Export a flat list.", source=os.fspath(path)
        ) from None
    except MemoryError:
        hint = "Split the file into smaller ones."
        raise SourceError(f"{name}: not enough memory to read it", hint, source=os.fspath(path)) from None
    return dataclasses.replace(document, digest=digest)


def _open(handle: BinaryIO, name: str, limits: Limits) -> Document:
    head = handle.read(SAMPLE)
    handle.seek(0)
    refuse_foreign(head, name)
    if is_zip(head):
        return read_zipped_workbook(handle, name, limits)
    if is_ole(head):
        return read_xls(handle, name, limits)
    return _open_text(handle, head, name, limits)


def _open_text(handle: BinaryIO, head: bytes, name: str, limits: Limits) -> Document:
    encoding = find_encoding(handle, head, name)
    start = head.decode(encoding.name, "replace").lstrip("\ufeff")
    refuse_markup(start, name)
    document = (_open_json if looks_like_json(start) else read_delimited)(handle, encoding, name, limits)
    if not any(table.rows for table in document.tables):
        raise SourceError(f"{name}: holds no rows", "Export it again, or check that the download ended.")
    return document


def _open_json(handle: BinaryIO, encoding: Encoding, name: str, limits: Limits) -> Document:
    data = handle.read()
    values = data.count(b",") + data.count(b"[") + 4 * data.count(b"{")
    if values > limits.cells:
        raise SourceError(f"{name}: more than {limits.cells:,} values", "Split the file into smaller ones.")
    text = data.decode(encoding.name, encoding.errors)
    del data
    lines = is_json_lines(text[:SAMPLE])
    tables = (tables_of_json_lines if lines else tables_of_json)(text, name, limits)
    notes = (encoding.note,) if encoding.note else ()
    return Document("jsonl" if lines else "json", tables, encoding.name, notes=notes)
