"""Any tracker that holds a table: workbooks, delimited text, flat JSON; understood without configuration."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from crm_sync import __version__
from crm_sync.containers import Limits, Opened, digest_of, limits_of, only_table
from crm_sync.domain.applications import Application, RejectedRow, Snapshot
from crm_sync.domain.options import ReadingOptions
from crm_sync.domain.tables import Document
from crm_sync.errors import SourceError
from crm_sync.ports import Connector, OpenBundle, Recognition
from crm_sync.reading import Understanding, read, understand
from crm_sync.reading.empty_lists import is_empty_list
from crm_sync.reading.telling import tell_rows
from crm_sync.reading.unwanted import cut_at_unwanted

NAME = "spreadsheet"
_FALLBACK = 0.2


class Spreadsheet:
    """One file of one user, read anew at every fetch."""

    def __init__(
        self, path: str, options: ReadingOptions, limits: Limits, opened: OpenBundle | None = None
    ) -> None:
        self._path, self._options, self._limits = path, options, limits
        self._opened = opened

    def check(self) -> None:
        """Raise SourceError where the file cannot be opened or holds nothing that is understood."""
        self._understood()

    def bookmark(self) -> str:
        """Return the SHA-256 of the file's bytes."""
        return digest_of(self._path)

    def fetch(self) -> Snapshot:
        """Return every application and every rejected row of the file.

        Complete, but for a JSON Lines file of which some lines are broken.
        """
        document, understanding = self._understood()
        broken = _unreadable(document)
        applications, rejected = _sorted_out(read(document, understanding))
        return Snapshot(
            source=self._path,
            connector=NAME,
            applications=applications,
            rejected=(*rejected, *broken),
            complete=not (broken and document.container == "jsonl"),
            bookmark=document.digest,
            notes=(*document.notes, *understanding.notes),
        )

    def explain(self) -> Mapping[str, Any]:
        """Return how the file was opened, how its columns are understood, and what was rejected and why."""
        document, understanding = self._understood()
        applications, rejected = _sorted_out(read(document, understanding))
        return {
            "file": Path(self._path).name,
            "connector": NAME,
            **understanding.as_data(),
            "remarks": _remarks(document),
            **tell_rows(applications, (*rejected, *_unreadable(document))),
        }

    def _understood(self) -> tuple[Document, Understanding]:
        opened, self._opened = self._opened or Opened(self._path, self._limits), None
        document = opened.document()
        bare = document.container == "json" and not any(len(table.rows) > 1 for table in document.tables)
        if bare and opened.kind == "file" and is_empty_list(opened.member("").value):
            return document, Understanding(document, self._options, (), ())
        return document, understand(document, self._options)


def _remarks(document: Document) -> list[dict[str, Any]]:
    return [
        {"sheet": table.sheet, "row": number, "remark": cut_at_unwanted(remark)}
        for table in document.tables
        for number, remark in table.ragged_notes
    ]


def _unreadable(document: Document) -> tuple[RejectedRow, ...]:
    """Return the entries of a JSON file that hold no row: their remarks are all that is left of them."""
    if document.container not in ("json", "jsonl"):
        return ()
    return tuple(
        RejectedRow(number, table.sheet, cut_at_unwanted(remark))
        for table in document.tables
        for number, remark in table.ragged_notes
    )


def _sorted_out(
    found: Iterable[Application | RejectedRow],
) -> tuple[tuple[Application, ...], tuple[RejectedRow, ...]]:
    applications: list[Application] = []
    rejected: list[RejectedRow] = []
    for row in found:
        if isinstance(row, Application):
            applications.append(row)
        else:
            rejected.append(row)
    return tuple(applications), tuple(rejected)


class SpreadsheetKind:
    """What the entry point names: the reader of every file that holds a table."""

    name = NAME
    version = __version__
    title = "Any spreadsheet"
    side = "both"
    evidence = "vendor"
    about = "Any list of applications: CSV and its relatives, XLSX, XLS, ODS, JSON, JSON Lines."
    how = "Save or export the list from the program that holds it."
    remarks = ("Whatever no other connector knows better; columns are read by what headers and values mean.",)

    def recognise(self, path: str) -> Recognition:
        """Say that a file can be opened as tables: a fallback for files no other connector knows better."""
        return self.recognise_in(Opened(path, limits_of(os.environ)))

    def recognise_in(self, opened: OpenBundle) -> Recognition:
        """Say the same of what is open already."""
        try:
            if opened.kind == "zip" and (alone := only_table(opened.names)) is not None:
                return Recognition(_FALLBACK, f"the zip holds one table, {alone}")
            if opened.kind != "file":
                return Recognition(0.0, f"it is a {opened.kind} of {len(opened.names)} files")
            member = opened.member("")
        except SourceError as error:
            return Recognition(0.0, error.message)
        return _recognition(member.container, len(member.document.tables) if member.document else 1)

    def connect(self, path: str, options: ReadingOptions) -> Connector:
        """Return a connector for the file; nothing is read yet."""
        return Spreadsheet(path, options, limits_of(os.environ))

    def connect_to(self, opened: OpenBundle, options: ReadingOptions) -> Connector:
        """Return a connector whose first look uses what is open already."""
        return Spreadsheet(opened.path, options, limits_of(os.environ), opened)


def _recognition(container: str, tables: int) -> Recognition:
    return Recognition(_FALLBACK, f"it holds {tables} table(s) in a {container} file")


CONNECTOR = SpreadsheetKind()
