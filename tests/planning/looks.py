"""Looks at a source, one after another, with what a ledger would remember between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from crm_sync.domain.applications import Application
from crm_sync.domain.dossiers import Course, Dossier, Saying
from crm_sync.domain.stages import Stage
from crm_sync.planning.matching import Matching, match
from crm_sync.planning.sayings import words_of

DAY = date(2026, 3, 4)


def row(
    number: int,
    company: str | None = "Acme",
    title: str | None = "Data Engineer",
    *,
    on: date | None = DAY,
    stage: Stage = Stage.APPLIED,
    ident: str | None = None,
    url: str | None = None,
    place: str | None = None,
    note: str = "",
    email: str | None = None,
    connector: str = "spreadsheet",
) -> Application:
    """Return a row of a tracker, with the cells that it would have."""
    cells = (ident, company, title, str(on) if on else "", stage.value, url, place, note, email)
    return Application(
        number, None, connector, company, title, stage, applied_on=on, external_id=ident, job_url=url,
        location=place, notes=note or None, contact_email=email, cells=tuple(cell or "" for cell in cells),
    )  # fmt: skip


@dataclass
class Book:
    """Remembers what was matched, as the ledger does: the first id of an evidence stays."""

    user: str = "me"
    known: dict[str, Dossier] = field(default_factory=dict)
    evidence: dict[str, str] = field(default_factory=dict)

    def look(self, applications: Sequence[Application], source: str = "applications.csv") -> Matching:
        """Match one look and remember it."""
        matching = match(self.user, applications, self.known, self.evidence, source)
        for found in matching.matched:
            course = Course(found.application.stage, DAY)
            told = Dossier(found.key, self.user, found.application, course, origin=source)
            if found.key in self.known:
                others = [w for w in words_of(self.known[found.key]) if w.source != source]
                told = replace(told, sayings=(*others, Saying(source, found.application)) if others else ())
            self.known[found.key] = told
            for text in found.evidence:
                self.evidence.setdefault(text, found.key)
        return matching


def keys(matching: Matching) -> dict[int, str]:
    """Return the key by row number."""
    return {found.application.row: found.key for found in matching.matched}


def new(matching: Matching) -> list[int]:
    """Return the numbers of the rows that are new."""
    return [found.application.row for found in matching.matched if found.is_new]


def repeated(matching: Matching) -> dict[int, int]:
    """Return the repeating rows with the row they repeat."""
    return {application.row: first for application, first in matching.duplicates}
