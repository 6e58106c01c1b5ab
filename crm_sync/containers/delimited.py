"""Delimited text (CSV, TSV and their kin) -> one table, with the physical line of every record."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import BinaryIO

from crm_sync.containers.charsets import Encoding
from crm_sync.containers.delimiters import find_dialect
from crm_sync.containers.files import CHUNK, megabytes
from crm_sync.containers.limits import Limits
from crm_sync.containers.memory import Memory
from crm_sync.containers.records import Records
from crm_sync.domain.tables import Document, Row, Table
from crm_sync.errors import SourceError

SNIFFED_LINES = 400
_WIDE_HINT = "A row this wide is no application: check how the file was exported."


def read_delimited(handle: BinaryIO, encoding: Encoding, name: str, limits: Limits) -> Document:
    """Return the one table of an open text file.

    Blank lines are left out but counted, and so is a first line ``sep=;``. A quote that is never closed is
    told in ``ragged_notes``. Raises SourceError where a row is wider or a line longer than the limits allow.
    """
    _refuse_endless_line(handle, name, limits)
    csv.field_size_limit(max(csv.field_size_limit(), limits.cell_chars))
    text = io.TextIOWrapper(handle, encoding=encoding.name, errors=encoding.errors, newline="")
    lines = _clean(text, encoding)
    sample = list(islice(lines, SNIFFED_LINES))
    dialect = find_dialect(sample)
    records = Records(_again(sample[dialect.told :], lines), dialect, first=1 + dialect.told)
    rows, numbers = _collect(records, name, limits)
    text.detach()
    table = Table(rows=rows, numbers=numbers, ragged_notes=tuple(records.notes))
    return Document("csv", (table,), encoding.name, dialect.delimiter, notes=_notes(encoding))


def _collect(records: Records, name: str, limits: Limits) -> tuple[list[Row], list[int]]:
    rows: list[Row] = []
    numbers: list[int] = []
    memory, cells = Memory(), 0
    for number, row in records:
        cells += len(row)
        if len(row) > limits.columns:
            raise SourceError(f"{name}: line {number} has {len(row):,} columns", _WIDE_HINT)
        if cells > limits.cells or len(rows) >= limits.rows:
            most = f"{limits.cells:,} cells" if cells > limits.cells else f"{limits.rows:,} rows"
            raise SourceError(f"{name}: more than {most}", "Split the file into smaller ones.")
        memory.share(row)
        rows.append(tuple(row))
        numbers.append(number)
    return rows, numbers


def _again(sample: list[str], rest: Iterator[str]) -> Iterator[str]:
    """Give the sniffed lines once more, letting go of each, then the rest."""
    sample.reverse()
    while sample:
        yield sample.pop()
    yield from rest


def _notes(encoding: Encoding) -> tuple[str, ...]:
    nuls = f"{encoding.nuls} NUL characters were left out" if encoding.nuls else ""
    return tuple(note for note in (encoding.note, nuls) if note)


def _clean(text: Iterable[str], encoding: Encoding) -> Iterator[str]:
    """Return the lines without NUL characters, and with one line end where a program wrote CR CR LF."""
    lines: Iterator[str] = iter(text)
    first = list(islice(lines, SNIFFED_LINES))
    lines = _again(first, lines) if "\r\n" not in first else _joined(_again(first, lines))
    return (line.replace("\0", "") for line in lines) if encoding.nuls else lines


def _joined(text: Iterable[str]) -> Iterator[str]:
    held = ""
    for line in text:
        if line == "\r\n" and held:
            line, held = f"{held[:-1]}\r\n", ""
        if held:
            yield held
            held = ""
        if line[-1] == "\r":
            held = line
        else:
            yield line
    if held:
        yield held


def _refuse_endless_line(handle: BinaryIO, name: str, limits: Limits) -> None:
    """Raise SourceError where a line is so long that reading it would fill the memory."""
    length = 0
    while chunk := handle.read(CHUNK):
        length = 0 if b"\n" in chunk or b"\r" in chunk else length + len(chunk)
        if length > limits.cell_chars:
            message = f"{name}: has a line of more than {megabytes(limits.cell_chars)}"
            raise SourceError(message, "It is no table, or its line ends were lost: export it again.")
    handle.seek(0)
