"""The connector that a description makes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_sync.containers import Opened, limits_of
from crm_sync.domain.applications import Application, RejectedRow, Snapshot
from crm_sync.domain.options import ReadingOptions
from crm_sync.errors import SourceError
from crm_sync.ports import Connector, OpenBundle, Recognition
from crm_sync.reading.description import Description, recognise
from crm_sync.reading.description.sides import matching
from crm_sync.reading.description.signature import candidates
from crm_sync.reading.telling import tell_rows

if TYPE_CHECKING:
    from crm_sync.reading.description.generally import ReadAsSpreadsheet
    from crm_sync.reading.description.understanding import Understood


class DescribedSource:
    """One export of one user, read by a description anew at every fetch."""

    def __init__(
        self, description: Description, path: str, options: ReadingOptions, opened: OpenBundle | None = None
    ) -> None:
        self._description, self._path, self._options = description, path, options
        self._opened = opened

    def check(self) -> None:
        """Raise SourceError where the export cannot be opened or holds nothing of the product."""
        self._understood()

    def bookmark(self) -> str:
        """Return a digest of the description and of the members that it may read."""
        return self._bookmark(self._opened or _open(self._path))

    def fetch(self) -> Snapshot:
        """Return every application and every rejected row of the export, each id once.

        Complete unless a member could not be read or the file says that it is one page of several.
        """
        understood = self._understood()
        applications: list[Application] = []
        rejected: list[RejectedRow] = []
        for row in understood.read():
            (applications if isinstance(row, Application) else rejected).append(row)  # type: ignore[arg-type]
        return Snapshot(
            source=self._path,
            connector=self._description.name,
            applications=tuple(applications),
            rejected=tuple(rejected),
            complete=understood.complete,
            bookmark=self._bookmark(self._last),
            notes=understood.all_notes(),
        )

    def explain(self) -> Mapping[str, Any]:
        """Return by what the export was recognised, how it is read, and what was rejected and why."""
        understood = self._understood()
        found = list(understood.read())
        applications = [row for row in found if isinstance(row, Application)]
        rejected = [row for row in found if isinstance(row, RejectedRow)]
        return {
            "file": Path(self._path).name,
            "connector": self._description.name,
            "container": {"kind": self._kind(understood), "notes": list(understood.all_notes()[1:])},
            **understood.as_data(),
            "remarks": [],
            **tell_rows(applications, rejected),
        }

    def _understood(self) -> Understood | ReadAsSpreadsheet:
        opened, self._opened = self._opened or _open(self._path), None
        self._last = opened
        try:
            return _read_by(self._description, opened, self._options)
        except SourceError as error:
            error.source = error.source or self._path
            raise

    def _bookmark(self, opened: OpenBundle) -> str:
        forms = self._description.tables
        names = {name for form in forms for name in candidates(form, opened)}
        around = (*opened.names, *opened.beside)
        names |= {
            name for form in forms for side in form.sides.values() for name in matching(side.members, around)
        }
        return f"{opened.digest(names)}-{self._description.digest[:12]}"

    def _kind(self, understood: Understood | ReadAsSpreadsheet) -> str:
        best = understood.verdict.best
        name = best.sheet.member if best else "" if self._last.kind == "file" else None
        inner = self._last.member(name).container if name is not None else ""
        return inner if self._last.kind == "file" else f"{self._last.kind} of {inner}"


def _read_by(
    description: Description, opened: OpenBundle, options: ReadingOptions
) -> Understood | ReadAsSpreadsheet:
    if description.reading == "spreadsheet":
        from crm_sync.reading.description.generally import read_generally

        return read_generally(description, opened, options)
    from crm_sync.reading.description.understanding import understand_by

    return understand_by(description, opened, options)


def _open(path: str) -> Opened:
    return Opened(path, limits_of(os.environ))


class Described:
    """The kind of connector that a description makes."""

    def __init__(self, description: Description) -> None:
        self.description = description
        self.name, self.version = description.name, description.version
        self.title, self.side, self.evidence = description.title, description.side, description.evidence
        self.about, self.how, self.remarks = description.about, description.how, description.notes

    def recognise(self, path: str) -> Recognition:
        """Say how sure it is that a path is of its kind, by what is in it; never raise for bad content."""
        return self.recognise_in(_open(path))

    def recognise_in(self, opened: OpenBundle) -> Recognition:
        """Say the same of what is open already."""
        try:
            verdict = recognise(self.description, opened)
        except SourceError as error:
            return Recognition(0.0, error.message)
        if verdict.best is None and verdict.unread:
            return Recognition(0.0, verdict.unread[0][1])
        return Recognition(verdict.certainty, verdict.because)

    def connect(self, path: str, options: ReadingOptions) -> Connector:
        """Return a connector for a path; nothing is read yet."""
        return DescribedSource(self.description, path, options)

    def connect_to(self, opened: OpenBundle, options: ReadingOptions) -> Connector:
        """Return a connector whose first look uses what is open already."""
        return DescribedSource(self.description, opened.path, options, opened)
