"""Delimited text (CSV, TSV and their kin) -> one table, with the physical line of every record."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import BinaryIO

from crm_sync.containers.charsets import Encoding
from crm_sync.containers.delimiters import Dialect, find_dialect
from crm_sync.containers.limits import Limits
from crm_sync.domain.tables import Document, Row, Table

SNIFFED_LINES = 400


def read_delimited(handle: BinaryIO, encoding: Encoding, name: str, limits: Limits) -> Document:
    """Return the one table of an open text file.

    Blank lines are left out but counted. Raises SourceError where a row is wider or a cell longer than the
    limits allow.
    """
    text = io.TextIOWrapper(handle, encoding=encoding.name, errors=encoding.errors, newline="")
    sample = list(islice(text, SNIFFED_LINES))
    text.seek(0)
    dialect = find_dialect(sample)
    csv.field_size_limit(max(csv.field_size_limit(), limits.cell_chars))
    rows: list[Row] = []
    numbers: list[int] = []
    for number, row in _records(text, dialect):
        rows.append(row)
        numbers.append(number)
    text.detach()
    table = Table(rows=rows, numbers=numbers)
    notes = (encoding.note,) if encoding.note else ()
    return Document("csv", (table,), encoding.name, dialect.delimiter, notes=notes)


def _records(lines: Iterable[str], dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, delimiter=dialect.delimiter)
    before = 0
    for row in reader:
        if row:
            yield before + 1, row
        before = reader.line_num
