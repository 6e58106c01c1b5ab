"""The room's door: a path in, a document out."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from crm_sync.containers.charsets import Encoding
from crm_sync.containers.delimited import read_delimited
from crm_sync.containers.encodings import SAMPLE, find_encoding
from crm_sync.containers.files import check_size, digest_handle, name_of, open_regular
from crm_sync.containers.json_tables import (
    tables_of_json,
    tables_of_json_lines,
    tables_of_value,
    values_of_lines,
)
from crm_sync.containers.json_values import parse
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
from crm_sync.domain.tables import Document, Member
from crm_sync.errors import SourceError


def open_document(path: str | os.PathLike[str], *, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Return everything that one file holds, its container recognised by content.

    Numbers of rows as ``Table`` says. Raises SourceError, with ``source`` naming the path, for everything
    that cannot be read: no other exception, no waiting, memory bounded by *limits*.
    """
    name = name_of(path)
    try:
        with open_regular(path) as handle, _bounded(name):
            check_size(handle, name, limits)
            digest = digest_handle(handle, name)
            document = _open(handle, name, limits)
    except SourceError as error:
        error.source = error.source or os.fspath(path)
        raise
    return dataclasses.replace(document, digest=digest)


def read_member(handle: BinaryIO, name: str, shown: str, limits: Limits) -> Member:
    """Return an open file as a member: its tables, or its JSON as it is nested.

    *shown* is the file's own name, for errors. Raises SourceError as ``open_document`` does.
    """
    with _bounded(shown):
        head = handle.read(SAMPLE)
        handle.seek(0)
        refuse_foreign(head, shown)
        if is_zip(head) or is_ole(head):
            document = _open(handle, shown, limits)
        else:
            encoding = find_encoding(handle, head, shown)
            start = head.decode(encoding.name, "replace").lstrip("\ufeff")
            refuse_markup(start, shown)
            if looks_like_json(start):
                return _json_member(handle, encoding, name, shown, limits)
            document = _with_rows(read_delimited(handle, encoding, shown, limits), shown)
    return Member(name, document, None, document.notes, document.container, document.encoding)


def document_of_json(member: Member, name: str, limits: Limits) -> Document | None:
    """Return the tables of a member's JSON; None for JSON Lines, which are read by their lines."""
    if member.container != "json":
        return None
    tables = tables_of_value(member.value, name, limits)
    document = Document("json", tables, member.encoding, notes=member.notes)
    return _with_rows(document, name)


@contextmanager
def _bounded(name: str) -> Iterator[None]:
    try:
        yield
    except RecursionError:
        raise SourceError(f"{name}: nested too deeply", "Export a flat list.") from None
    except MemoryError:
        hint = "Split the file into smaller ones."
        raise SourceError(f"{name}: not enough memory to read it", hint) from None


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
    read = _open_json if looks_like_json(start) else read_delimited
    return _with_rows(read(handle, encoding, name, limits), name)


def _with_rows(document: Document, name: str) -> Document:
    if not any(table.rows for table in document.tables):
        raise SourceError(f"{name}: holds no rows", "Export it again, or check that the download ended.")
    return document


def _open_json(handle: BinaryIO, encoding: Encoding, name: str, limits: Limits) -> Document:
    text = _json_text(handle, encoding, name, limits)
    lines = is_json_lines(text[:SAMPLE])
    tables = (tables_of_json_lines if lines else tables_of_json)(text, name, limits)
    return Document("jsonl" if lines else "json", tables, encoding.name, notes=_notes(encoding))


def _json_member(handle: BinaryIO, encoding: Encoding, name: str, shown: str, limits: Limits) -> Member:
    text = _json_text(handle, encoding, shown, limits)
    if not is_json_lines(text[:SAMPLE]):
        return Member(
            name, None, parse(text, shown), _notes(encoding), container="json", encoding=encoding.name
        )
    values, broken = values_of_lines(text, shown)
    listed = dict(values)
    lines = [listed.get(index) for index in range(max(*listed, *(i for i, _ in broken), 0) + 1)]
    return Member(name, None, lines, _notes(encoding), container="jsonl", encoding=encoding.name)


def _notes(encoding: Encoding) -> tuple[str, ...]:
    return (encoding.note,) if encoding.note else ()


def _json_text(handle: BinaryIO, encoding: Encoding, name: str, limits: Limits) -> str:
    data = handle.read()
    values = data.count(b",") + data.count(b"[") + 4 * data.count(b"{")
    if values > limits.cells:
        raise SourceError(f"{name}: more than {limits.cells:,} values", "Split the file into smaller ones.")
    return data.decode(encoding.name, encoding.errors)
