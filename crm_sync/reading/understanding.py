"""The understanding of a document: which tables hold applications, and how each is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_sync.domain.options import ReadingOptions
from crm_sync.domain.tables import Document, Table
from crm_sync.errors import SourceError
from crm_sync.reading.asked import refuse_columns, refuse_sheet
from crm_sync.reading.blocks import blocks_of
from crm_sync.reading.boards import listed
from crm_sync.reading.doubts import told_of
from crm_sync.reading.empty_lists import TOLD
from crm_sync.reading.grids import is_cross_tab, is_tally, sections_of
from crm_sync.reading.histories import first_day_of
from crm_sync.reading.legends import legend_beside
from crm_sync.reading.lexicon import field_first
from crm_sync.reading.ordering import DateOrder, by_default, by_others, collect, decide
from crm_sync.reading.plans import FAIR, STRONG, WEAKLY, Plan, plan_section
from crm_sync.reading.refusals import counts_per_row, why_refused
from crm_sync.reading.telling import who_employs
from crm_sync.reading.texts import printed
from crm_sync.reading.unwanted import told as left_out

_DATE_FIELDS = (
    "applied_on",
    "created_on",
    "status_date",
    "other_date",
    "interview_date",
    "next_action_on",
    "stage",
)
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d|19[89]\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class Passed:
    """A sheet or table that was not read, and why."""

    place: str
    why: str


@dataclass(frozen=True, slots=True)
class Understanding:
    """How a document is read: the plans of its tables in row order, and what was passed over.

    Without any plan the document is a list that is empty.
    """

    document: Document
    options: ReadingOptions
    plans: tuple[Plan, ...]
    passed: tuple[Passed, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """Return, after the reading, what a person should know.

        What was left out, which columns may be a status that is not understood, and who employs whom.
        """
        headers = [
            plan.layout.columns[at].header.shown for plan in self.plans for at in sorted(plan.left_out)
        ]
        told = [left_out(list(dict.fromkeys(headers)))] if headers else []
        told += [f'no column "{header}" was found for {name}' for name, header in self.not_there]
        told += told_of(self.plans) if self.plans else [TOLD]
        told += who_employs(sum(plan.nameless for plan in self.plans), recruiter=True)
        return tuple(told)

    @property
    def not_there(self) -> tuple[tuple[str, str], ...]:
        """Return the pairs of field and header that the user told and whose header no table has."""
        there = {header.strip().casefold() for header in _headers(self.plans)}
        told = map(field_first, self.options.columns.items())
        return tuple(pair for pair in told if pair[1].casefold() not in there)

    def as_data(self) -> dict[str, Any]:
        """Return the understanding as plain data: sheets, columns, dates and stages, with reasons."""
        from crm_sync.reading.telling import tell

        return tell(self)


def understand(document: Document, options: ReadingOptions) -> Understanding:
    """Return how a document is read, with the evidence.

    Pure; looks at a sample of each column and at all status words and dates. Raises SourceError with an
    explanation for what cannot be read row by row: a cross-tab, a tally, foreign keys only, a log of events.
    Raises UsageError for a column that the options insist on and no table has.
    """
    if options.sheet is not None and document.tables:
        refuse_sheet(options.sheet, [table.sheet for table in document.tables])
    plans, passed = _candidates(document, options)
    refuse_columns(options, _headers(plans))
    chosen = _chosen(plans, passed)
    if not chosen:
        _refuse(document, plans)
    for plan in chosen:
        reason = why_refused(plan)
        if reason:
            raise SourceError(*reason)
        plan.employer = options.employer if plan.recruiter else None
    _decide_orders(chosen, options)
    return Understanding(document, options, tuple(chosen), tuple(passed))


def _headers(plans: Iterable[Plan]) -> list[str]:
    return [column.header.text for plan in plans for column in plan.layout.columns]


def _candidates(document: Document, options: ReadingOptions) -> tuple[list[Plan], list[Passed]]:
    plans: list[Plan] = []
    passed: list[Passed] = []
    beside = legend_beside(document.tables)
    for table in document.tables:
        name = table.sheet or "the table"
        if options.sheet is not None and table.sheet != options.sheet:
            passed.append(Passed(name, f"the user chose the sheet {options.sheet}"))
        elif not table.rows:
            passed.append(Passed(name, "it is empty"))
        else:
            plans.extend(_plans_of(table, options, beside))
    return plans, passed


def _plans_of(table: Table, options: ReadingOptions, beside: Mapping[str, str]) -> list[Plan]:
    found = []
    blocks = (table,) if options.columns else blocks_of(listed(table))
    for block in blocks:
        found.extend(_plans_in(block, options, beside))
    for plan in found:
        plan.beside = len(blocks) > 1
    return found


def _plans_in(table: Table, options: ReadingOptions, beside: Mapping[str, str]) -> list[Plan]:
    found = []
    named = {*options.columns.keys(), *options.columns.values()}
    for section in sections_of(table, named):
        plan = plan_section(table, section, options.columns, beside)
        plan.year = _year_of(table, section.header_rows[0] if section.header_rows else 0)
        if is_cross_tab(section, table.rows):
            plan.passed_over, plan.strength = "a cross-tab: one column per day", 0
        elif is_tally(section, table.rows) or counts_per_row(plan):
            plan.passed_over, plan.strength = "it counts applications instead of listing them", 0
        found.append(plan)
    return found


def _year_of(table: Table, top: int) -> int | None:
    """Return the only year that the sheet's name or the lines above the header tell."""
    texts = [table.sheet or "", *(printed(cell) for row in table.rows[:top] for cell in row)]
    years = {int(year) for text in texts for year in _YEAR.findall(text)}
    return years.pop() if len(years) == 1 else None


def _chosen(plans: Sequence[Plan], passed: list[Passed]) -> list[Plan]:
    best = max((plan.strength for plan in plans), default=0)
    least = STRONG if best >= STRONG else max(best, WEAKLY)
    chosen = []
    for plan in plans:
        if plan.strength >= (min(least, FAIR) if plan.beside else least):
            chosen.append(plan)
        else:
            passed.append(Passed(plan.place, plan.passed_over or _why_weak(plan)))
    return chosen


def _why_weak(plan: Plan) -> str:
    missing = [
        name for name in ("company", "job_title", "stage", "applied_on") if name not in plan.layout.places
    ]
    return (
        "no column for " + ", ".join(name.replace("_", " ") for name in missing)
        if missing
        else "weaker than others"
    )


def _refuse(document: Document, plans: Sequence[Plan]) -> None:
    for plan in plans:
        reason = why_refused(plan)
        if reason:
            raise SourceError(*reason)
    if not any(table.rows for table in document.tables):
        raise SourceError("the file holds no rows", "Export the list of applications and try again.")
    raise SourceError(
        "no table with applications was found: no column for a company or a job title",
        "Name the columns in a header row (Company, Job Title, Status, Date Applied), or map them to fields.",
    )


def _decide_orders(plans: Sequence[Plan], options: ReadingOptions) -> None:
    waiting: list[tuple[Plan, int]] = []
    for plan in plans:
        if plan.printed_history is not None:
            days = [(number, first_day_of(cell)) for number, cell in plan.column(plan.printed_history)]
            order = decide(collect(days), options, lambda days=days: [day for _, day in days])  # type: ignore[misc]
            plan.orders[plan.printed_history] = order or by_default(options)
        for name in _DATE_FIELDS:
            for index in plan.layout.places.get(name, ()):
                order = decide(
                    collect(plan.column(index)),
                    options,
                    lambda plan=plan, index=index: [cell for _, cell in plan.column(index)],  # type: ignore[misc]
                )
                if order is None:
                    waiting.append((plan, index))
                else:
                    plan.orders[index] = order
    for plan, index in waiting:
        plan.orders[index] = _order_by_neighbours(plan, plans) or by_default(options)


def _order_by_neighbours(plan: Plan, plans: Sequence[Plan]) -> DateOrder | None:
    same_table = [order for order in plan.orders.values() if order.needed]
    return by_others(same_table) or by_others([order for other in plans for order in other.orders.values()])
