"""Small tables written by hand, and what a careful person would read in them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from io import StringIO
from typing import Any

from crm_sync.domain.applications import Application, RejectedRow
from crm_sync.domain.options import ReadingOptions
from crm_sync.domain.tables import Document, Table
from crm_sync.reading import read, understand

TODAY = date(2026, 11, 23)
Answer = tuple[str | None, str | None, str | None, str]


def table_of(text: str, *, sheet: str | None = None, mark: str = "|") -> Table:
    """Return the table of a text, one row a line; cells between ``mark``, trimmed unless that is a comma."""
    lines = text.strip("\n").split("\n")
    if mark == ",":
        rows: list[list[Any]] = [row for line in lines for row in csv.reader(StringIO(line))]
    else:
        rows = [[cell.strip() or None for cell in line.split(mark)] for line in lines]
    return Table(rows=rows, numbers=range(1, len(rows) + 1), sheet=sheet)


def document_of(*tables: Table, container: str = "csv") -> Document:
    return Document(container, tables)


def outcome_of(document: Document, **options: Any) -> tuple[list[Application], list[RejectedRow]]:
    told = ReadingOptions(today=TODAY, **options)
    found = list(read(document, understand(document, told)))
    return (
        [one for one in found if isinstance(one, Application)],
        [one for one in found if isinstance(one, RejectedRow)],
    )


def answers_of(document: Document, **options: Any) -> list[Answer]:
    """Return company, title, day and stage of each application."""
    return [
        (one.company, one.job_title, one.applied_on.isoformat() if one.applied_on else None, str(one.stage))
        for one in outcome_of(document, **options)[0]
    ]


def answers(text: str, *, mark: str = "|", **options: Any) -> list[Answer]:
    return answers_of(document_of(table_of(text, mark=mark)), **options)


def grid(rows: Sequence[Sequence[Any]], *, sheet: str | None = None) -> Table:
    return Table(rows=rows, numbers=range(1, len(rows) + 1), sheet=sheet)
