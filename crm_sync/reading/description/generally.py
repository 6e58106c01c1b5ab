"""Products whose users name the columns: their tables, cleaned, are read as anybody's spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from crm_sync.domain.applications import Application, RejectedRow
from crm_sync.domain.options import ReadingOptions
from crm_sync.domain.tables import Bundle, Cell, Document, Table
from crm_sync.errors import SourceError
from crm_sync.reading.description.forms import Description, TableForm
from crm_sync.reading.description.signature import Verdict, candidates, recognise
from crm_sync.reading.plans import Plan
from crm_sync.reading.reach import Pattern
from crm_sync.reading.rows import Reader
from crm_sync.reading.understanding import Passed, Understanding, understand

_BESIDE = "it lies beside the table of applications"
_MOST_MEMBERS, _PLAINLY = 200, 90


@dataclass(slots=True)
class ReadAsSpreadsheet:
    """The general understanding of a product's tables, told in the product's name.

    ``complete`` is False where a member could not be read.
    """

    description: Description
    verdict: Verdict
    understanding: Understanding
    complete: bool = True
    notes: list[str] = field(default_factory=list)

    def read(self) -> Iterator[Application | RejectedRow]:
        """Yield an application or a rejected row for every filled row, repeats told across members."""
        seen: dict[tuple[Any, ...], tuple[int, str | None]] = {}
        for plan in self.understanding.plans:
            for row in Reader(plan, seen).read():
                if isinstance(row, Application):
                    row = replace(row, connector=self.description.name)
                yield row

    def all_notes(self) -> tuple[str, ...]:
        """Return what a person should know."""
        beside = (f"{p.place} was not read: {p.why}" for p in self.understanding.passed if p.why == _BESIDE)
        told = (*self.understanding.document.notes, *self.understanding.notes, *beside)
        return tuple(dict.fromkeys((self.read_as, *self.notes, *told)))

    @property
    def read_as(self) -> str:
        """Return what the export was taken for, and why."""
        why = f", because of {self.verdict.because}" if self.verdict.best else ""
        return f"read as {self.description.title}{why}"

    def as_data(self) -> dict[str, Any]:
        """Return the understanding as plain data for ``crm-sync inspect``."""
        told = self.understanding.as_data()
        told["recognised"] = {
            "title": self.description.title,
            "certainty": self.verdict.certainty,
            "because": self.verdict.because,
            "evidence": self.description.evidence,
        }
        told["container"]["notes"] = list(self.all_notes()[1:])
        return {**told, "lost": [], "complete": self.complete}


def read_generally(description: Description, bundle: Bundle, options: ReadingOptions) -> ReadAsSpreadsheet:
    """Return how the tables of a bundle are read, their cells cleaned as the description says.

    Raises SourceError where none of them can be opened, or holds applications.
    """
    (form,) = description.tables
    documents: dict[str, Document] = {}
    notes: list[str] = []
    for name in candidates(form, bundle)[:_MOST_MEMBERS]:
        try:
            member = bundle.member(name)
        except SourceError as error:
            notes.append(f"{name or 'the file'} was not read: {error.message}")
            continue
        if member.document is not None:
            documents[name] = member.document
    document = _together(documents, form, bundle)
    understanding = _without_neighbours(understand(document, options))
    return ReadAsSpreadsheet(description, recognise(description, bundle), understanding, not notes, notes)


def _without_neighbours(understanding: Understanding) -> Understanding:
    """Pass over tables that only lie beside the applications: of people, of companies, of chores."""
    plans = understanding.plans
    kept = [plan for plan in plans if not _lists_people(plan)] or list(plans)
    if any(map(_names_both, kept)):
        kept = [plan for plan in kept if _names_both(plan) or _says_applied(plan)]
    left = {id(plan) for plan in plans} - {id(plan) for plan in kept}
    passed = tuple(Passed(plan.place, _BESIDE) for plan in plans if id(plan) in left)
    return replace(understanding, plans=tuple(kept), passed=(*understanding.passed, *passed))


def _lists_people(plan: Plan) -> bool:
    """Say whether the rows are people with an address, and nothing tells of something sent to a company."""
    places = plan.layout.places.keys()
    return plan.recruiter or ("contact_email" in places and not places & {"applied_on", "job_url"})


def _says_applied(plan: Plan) -> bool:
    """Say whether a header speaks of the day of application, and not of any day."""
    at = plan.layout.first("applied_on")
    return at is not None and plan.layout.columns[at].sureness >= _PLAINLY


def _names_both(plan: Plan) -> bool:
    return {"company", "job_title"} <= plan.layout.places.keys()


def _together(documents: dict[str, Document], form: TableForm, bundle: Bundle) -> Document:
    """Return the tables of all members as one document, each under its member's name."""
    if not documents:
        raise SourceError("it holds no table", "Export it again, with its tables as CSV.")
    first = next(iter(documents.values()))
    tables = [
        _cleaned(table, name, form.cells) for name, document in documents.items() for table in document.tables
    ]
    notes = tuple(dict.fromkeys(note for document in documents.values() for note in document.notes))
    kind = first.container if bundle.kind == "file" else f"{bundle.kind} of {first.container}"
    return replace(first, container=kind, tables=tables, notes=notes, digest=None)


def _cleaned(table: Table, member: str, cuts: Sequence[Pattern]) -> Table:
    rows = [[_without(cell, cuts) for cell in row] for row in table.rows] if cuts else table.rows
    place = "/".join(part for part in (member, table.sheet) if part) or None
    return replace(table, rows=rows, sheet=place)


def _without(cell: Cell, cuts: Sequence[Pattern]) -> Cell:
    if not isinstance(cell, str):
        return cell
    for cut in cuts:
        cell = cut.taken_out_of(cell)
    return cell
