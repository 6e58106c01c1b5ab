"""Records -> applications and rejected rows, by the layout of one sheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from crm_sync.domain.applications import CANDIDATE, Application, RejectedRow
from crm_sync.domain.options import ReadingOptions
from crm_sync.reading.addresses import domain_of
from crm_sync.reading.description.conditions import Gate, gate_of
from crm_sync.reading.description.days import Days, day_columns
from crm_sync.reading.description.forms import DAYS, FACTS, Description
from crm_sync.reading.description.layout import Layout, is_dropped, paths_in
from crm_sync.reading.description.shapes import Nested, Record, Sheet, flat
from crm_sync.reading.description.sides import Sides
from crm_sync.reading.description.signature import Match
from crm_sync.reading.description.staging import Staging
from crm_sync.reading.description.taking import getter_of, text_of
from crm_sync.reading.folding import Folded
from crm_sync.reading.prints import printer_without
from crm_sync.reading.stages import is_elsewhere
from crm_sync.reading.texts import printed
from crm_sync.reading.unwanted import holds_unwanted_answers, without_unwanted

_MAIL = re.compile(r"(?<![^\s@<>,;()|\[\]])[^\s@<>,;()|\[\]]+@[^\s@<>,;()|\[\]]+\.\w+")
_MOST_CELLS = 60
Seen = dict[tuple[object, ...], tuple[int, str | None]]
Fact = Callable[[Record], str | None]


@dataclass(frozen=True, slots=True)
class Found:
    """The facts of one record."""

    facts: dict[str, str | None]
    applied_on: date | None
    next_action_on: date | None
    folded: Folded
    flags: tuple[str, ...]

    def key(self) -> tuple[object, ...]:
        """Return what makes the same record the same again: its id, else its main facts."""
        told = self.facts
        if told.get("external_id"):
            return ("id", told["external_id"])
        return (told.get("company"), told.get("job_title"), told.get("job_url"), self.applied_on,
                self.folded.stage, told.get("contact_email"), told.get("contact_name"))  # fmt: skip


class SheetReader:
    """Reads the records of one sheet; ``seen`` spans the bundle, so that repeats are told across members.

    ``nameless`` counts the applications so far whose company is not known, ``mute`` the records that name
    neither company nor title nor person.
    """

    def __init__(
        self, description: Description, match: Match, layout: Layout, sides: Sides, options: ReadingOptions
    ) -> None:
        self._name = description.name
        self._recruiter = description.recruiter
        self._employer = options.employer
        self._always = (CANDIDATE,) if self._recruiter else ()
        self.nameless = 0
        self.mute = 0
        self.match, self.layout = match, layout
        form, self._sheet = match.form, match.sheet
        shape = self._sheet.shape
        self._facts: dict[str, Fact] = {
            name: _fact_of(getter)
            for name, rule in layout.rules.items()
            if name in FACTS and (getter := getter_of(rule, shape, sides)) is not None
        }
        self.days = {
            name: Days(
                day_columns(layout.rules[name], shape, sides, form.dates, self._sheet.records, options),
                form.dates,
            )
            for name in DAYS
            if name in layout.rules
        }
        self.staging = Staging(form, layout.stage, shape, sides, recruiter=description.recruiter)
        self._skips: list[tuple[Gate, str]] = [
            (gate, skip.reason) for skip in form.skip if (gate := gate_of(skip.when, shape)) is not None
        ]
        private = {c for path in (*form.own, *_answers(layout)) if (c := shape.named(path)) is not None}
        self._prints = _prints_of(self._sheet, {*layout.left_out, *private}, form.drop)

    def read(self, seen: Seen) -> Iterator[Application | RejectedRow]:
        """Yield what each record is, in their order."""
        broken = [RejectedRow(number, self._sheet.place, why) for number, why in self._sheet.broken]
        for number, record in self._sheet.records:
            yield self._row(number, record, seen)
        yield from broken

    def _row(self, number: int, record: Record, seen: Seen) -> Application | RejectedRow:
        if self._broken_off(record):
            return self._reject(number, record, "a line without columns")
        reason = next((reason for gate, reason in self._skips if gate(record)), None)
        if reason is not None:
            return self._reject(number, record, reason)
        found = self._found(record)
        if not self._is_named(found.facts):
            self.mute += not (found.facts.get("contact_name") or found.facts.get("contact_email"))
            return self._reject(number, record, "no company and no title")
        word = found.folded.word
        if word is not None and is_elsewhere(word):
            return self._reject(number, record, f"lives on in another application ({word})")
        here = (number, self._sheet.place)
        first = seen.setdefault(found.key(), here)
        if first is not here:
            where = f" of {first[1]}" if first[1] != self._sheet.place else ""
            return self._reject(number, record, f"duplicate of row {first[0]}{where}")
        return self._application(number, record, found)

    def _broken_off(self, record: Record) -> bool:
        """Say whether a row is the rest of a text that broke the line above."""
        return self._sheet.header is not None and len(record) == 1 and len(self._sheet.shape.columns) > 2

    def _is_named(self, told: dict[str, str | None]) -> bool:
        """Say whether company or title is known.

        Of a candidate whom an id or an address tells apart, the employer that the user named is enough: some
        exports tell no job.
        """
        if told.get("company") or told.get("job_title"):
            return True
        apart = told.get("external_id") or told.get("contact_email")
        return bool(self._recruiter and self._employer and apart)

    def _found(self, record: Record) -> Found:
        facts = {name: fact(record) for name, fact in self._facts.items()}
        if self._recruiter and (notes := facts.get("notes")):
            facts["notes"] = without_unwanted(notes)
        applied, flags = self._day("applied_on", record)
        upcoming, _ = self._day("next_action_on", record)
        folded = self.staging.fold(record, dated=applied is not None)
        if applied is None and "applied_on" in self.days:
            applied, flags = self.days["applied_on"].read_late(record, folded.stage)
        if upcoming is None and "next_action_on" in self.days:
            upcoming, _ = self.days["next_action_on"].read_late(record, folded.stage)
        return Found(facts, applied, upcoming, folded, flags)

    def _day(self, name: str, record: Record) -> tuple[date | None, tuple[str, ...]]:
        days = self.days.get(name)
        return days.read(record) if days is not None else (None, ())

    def _application(self, number: int, record: Record, found: Found) -> Application:
        told = found.facts
        mail = told.get("contact_email")
        domain = told.get("company_domain")
        company = told.get("company") or (self._employer if self._recruiter else None)
        self.nameless += company is None
        return Application(
            row=number,
            sheet=self._sheet.place,
            connector=self._name,
            company=company,
            job_title=told.get("job_title"),
            stage=found.folded.stage,
            applied_on=found.applied_on,
            external_id=told.get("external_id"),
            company_domain=(domain_of(domain) or domain) if domain else None,
            job_url=told.get("job_url"),
            location=told.get("location"),
            contact_name=told.get("contact_name"),
            contact_title=told.get("contact_title"),
            contact_email=(address[0] if (address := _MAIL.search(mail)) else mail) if mail else None,
            contact_phone=told.get("contact_phone"),
            salary=told.get("salary"),
            source=told.get("source"),
            notes=told.get("notes"),
            next_action_on=found.next_action_on,
            flags=(*found.flags, *found.folded.flags, *self._always),
            stage_word=found.folded.word,
            cells=self._prints(record),
        )

    def _reject(self, number: int, record: Record, reason: str) -> RejectedRow:
        return RejectedRow(number, self._sheet.place, reason, self._prints(record))


def _fact_of(getter: Callable[[Record], object]) -> Fact:
    return lambda record: text_of(getter(record))


def _answers(layout: Layout) -> Iterator[str]:
    """Yield the columns of which only some parts have their place in a CRM."""
    for rule in layout.rules.values():
        for take in rule:
            yield from paths_in(take) if take.parts is not None else ()


def _prints_of(
    sheet: Sheet, left_out: set[str], drop: tuple[str, ...]
) -> Callable[[Record], tuple[str, ...]]:
    """Return what prints the cells of a record without those that are left out at the door."""
    hidden = {name.casefold() for name in left_out}
    if sheet.header is None:
        return lambda record: _nested_print(record, hidden, drop)
    columns = sheet.shape.columns
    out = {at for at, column in enumerate(columns) if column.casefold() in hidden}
    return printer_without(out, len(columns))


def _nested_print(record: Nested, hidden: set[str], drop: tuple[str, ...]) -> tuple[str, ...]:
    told = [
        text[:40]
        for path, value in flat(record.value).items()
        if "[" not in path
        and path.casefold() not in hidden
        and not is_dropped(path, drop)
        and (text := printed(value))
        and not holds_unwanted_answers([text])
    ]
    return tuple(told[:_MOST_CELLS])
