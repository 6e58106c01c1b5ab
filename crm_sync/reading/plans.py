"""How each table of a document will be read: the plan of one section."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from crm_sync.domain.stages import Stage
from crm_sync.domain.tables import Cell, Row, Table
from crm_sync.reading.columns import Layout, arrange
from crm_sync.reading.customs import Customs, customs_of
from crm_sync.reading.grids import Section, is_filled
from crm_sync.reading.histories import first_day_of
from crm_sync.reading.legends import keyed_column, legend_of, lettered_column, letters_in, signed_column
from crm_sync.reading.mailbox import is_mailbox
from crm_sync.reading.meanings import Header
from crm_sync.reading.ordering import DateOrder
from crm_sync.reading.profiles import Profile, profile_of
from crm_sync.reading.texts import fold, header_key, printed
from crm_sync.reading.unwanted import holds_numbers_of_persons, holds_unwanted_answers, is_unwanted

_SAMPLE, _ENOUGH = 400, 4
STRONG, FAIR, WEAKLY = 3, 2, 1


@dataclass(slots=True)
class Plan:
    """One section of one table and how it is read."""

    table: Table
    section: Section
    layout: Layout
    profiles: Sequence[Profile]
    strength: int = 0
    passed_over: str = ""
    recruiter: bool = False
    orders: dict[int, DateOrder] = field(default_factory=dict)
    fallback: Stage = Stage.APPLIED
    own: dict[str, str] = field(default_factory=dict)
    year: int | None = None
    mailbox: bool = False
    printed_history: int | None = None
    beside: bool = False
    legend: Mapping[str, str] = field(default_factory=dict)
    customs: Customs = field(default_factory=Customs)
    left_out: frozenset[int] = frozenset()
    employer: str | None = None
    nameless: int = 0

    @property
    def place(self) -> str:
        """Return the sheet's name and the header's row, for a person."""
        rows = [str(self.table.numbers[index]) for index in self.section.header_rows]
        return f"{self.table.sheet or 'the table'}" + (f", header in row {', '.join(rows)}" if rows else "")

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Yield the filled data rows with their numbers."""
        table = self.table
        for index in range(self.section.start, self.section.end):
            row = table.rows[index]
            if is_filled(row):
                yield table.numbers[index], row

    def column(self, index: int) -> Iterator[tuple[int, Cell]]:
        """Yield the row numbers and cells of one column, empty ones left out."""
        filled = slice(self.section.start, self.section.end)
        for number, row in zip(self.table.numbers[filled], self.table.rows[filled], strict=True):
            try:
                cell = row[index]
            except IndexError:
                continue
            if cell is not None and cell != "":
                yield number, cell

    def values(self, name: str) -> list[str]:
        """Return the printed sample values of a field's best column."""
        index = self.layout.first(name)
        return (
            []
            if index is None
            else [printed(cell) for cell in sample(self.table, self.section, index) if printed(cell)]
        )


def sample(table: Table, section: Section, index: int) -> list[Cell]:
    """Return up to a few hundred filled cells of a column, evenly from top to bottom."""
    return [row[index] if index < len(row) else None for row in sampled_rows(table, section)]


def sampled_rows(table: Table, section: Section) -> list[Row]:
    """Return rows spread evenly over a section; blank rows and marks left out."""
    count = section.end - section.start
    step = max(1, count // _SAMPLE)
    rows = (table.rows[index] for index in range(section.start, section.end, step))
    return [row for row in rows if is_filled(row)]


def _regular(rows: list[Row], width: int) -> list[Row]:
    """Return the rows that have no cell too many, where they are enough to show the columns' shapes."""
    regular = [row for row in rows if len(row) <= width]
    return regular if len(regular) >= _ENOUGH else rows


def plan_section(
    table: Table, section: Section, wanted: Mapping[str, str], beside: Mapping[str, str] | None = None
) -> Plan:
    """Return the plan of a section: its columns, and how strongly it looks like a list of applications.

    ``beside`` holds what the document's other tables say of the signs of stages; mostly nothing.
    """
    headers = section.headers
    rows = _regular(sampled_rows(table, section), len(headers))
    legend = legend_of(table, section)
    signed = signed_column(legend, rows, len(headers))
    if signed is not None:
        wanted = {"stage": headers[signed].text, **wanted}
    profiles = [profile_of([row[i] if i < len(row) else None for row in rows]) for i in range(len(headers))]
    left_out = _left_out(headers, rows)
    layout = arrange(headers, profiles, wanted, left_out)
    if not wanted and _names_people(layout, rows):
        named = layout.columns[layout.places["company"][0]].header.text
        layout = arrange(headers, profiles, {"person_name": named}, left_out)
    free = _unexplained(layout)
    keyed = keyed_column(beside or {}, free, rows)
    lettered = lettered_column(free, rows) if keyed is None else keyed
    if lettered is not None:
        layout = arrange(headers, profiles, {"stage": headers[lettered].text, **wanted}, left_out)
    legend = legend if signed is not None else (keyed is not None and beside) or {}
    plan = Plan(table, section, layout, profiles, legend=legend)
    plan.left_out = left_out
    plan.legend = plan.legend or letters_in(plan.values("stage"))
    plan.strength = _strength(plan)
    plan.recruiter = _is_recruiters(plan)
    plan.own = _own_contacts(plan)
    plan.fallback = _fallback(plan)
    plan.mailbox = is_mailbox(plan.values("job_title"))
    plan.printed_history = _printed_history(plan)
    plan.customs = customs_of(plan)
    return plan


def _unexplained(layout: Layout) -> list[int]:
    """Return the headed columns that became no field, where no column tells the stage."""
    if {"stage", "outcome", "response"} & layout.places.keys() or layout.rounds():
        return []
    return [column.index for column in layout.columns if column.field is None and column.header.text]


def _left_out(headers: Sequence[Header], rows: Sequence[Row]) -> frozenset[int]:
    """Return the columns that have no business in a CRM, by their headers or by their values."""
    return frozenset(
        index
        for index, header in enumerate(headers)
        if is_unwanted(header.text)
        or is_unwanted(header.group)
        or holds_numbers_of_persons(cells := [row[index] if index < len(row) else None for row in rows])
        or holds_unwanted_answers(cells)
    )


def _strength(plan: Plan) -> int:
    places = plan.layout.places
    named = bool({"company", "job_title"} & places.keys())
    told = bool({"stage", "applied_on", "outcome", "response", "applied_flag"} & places.keys()) or bool(
        plan.layout.rounds()
    )
    if named and told:
        return STRONG
    whose = bool({"company", "person_name", "first_name", "last_name"} & places.keys())
    if (
        ("company" in places and "job_title" in places)
        or (named and "job_url" in places)
        or (named and whose and "created_on" in places)
    ):
        return FAIR
    if {"job_url", "external_id"} & places.keys() and told:
        return FAIR
    headed = any(header.text for header in plan.section.headers)
    return WEAKLY if "company" in places and headed else 0


def _names_people(layout: Layout, rows: Sequence[Row]) -> bool:
    """Say whether a column *Name* taken for the company holds the people to whom the addresses belong."""
    company, mail = layout.first("company"), layout.first("contact_email")
    if (
        company is None
        or mail is None
        or header_key(layout.columns[company].header.text) not in ("name", "names")
    ):
        return False
    pairs = [
        (fold(printed(row[company])), printed(row[mail])) for row in rows if max(company, mail) < len(row)
    ]
    told = [
        (name, address.partition("@")[0].casefold()) for name, address in pairs if name and "@" in address
    ]
    alike = sum(any(len(word) > 2 and word in local for word in name.split()) for name, local in told)
    return bool(told) and alike >= 0.6 * len(told)


_OWN_FORM = frozenset({"resume name", "question and answers", "contact email"})
"""What a form asks the applicant: then the contact in it is the applicant."""
_CANDIDATE = ("candidate", "applicant", "bewerber", "candidat", "aday", "kandydat")


def _is_recruiters(plan: Plan) -> bool:
    """Say whether the rows are candidates of one employer, not one person's applications."""
    names = [header_key(column.header.text) for column in plan.layout.columns]
    spoken = any(word in name for name in names for word in _CANDIDATE)
    places = plan.layout.places
    people = [places[name][0] for name in ("first_name", "person_name", "last_name") if name in places]
    mails = places.get("contact_email", ())[:1]
    many = [
        index
        for index in (*people, *mails)
        if plan.profiles[index].filled >= 2 and plan.profiles[index].top <= 0.5
    ]
    return bool(many) and (spoken or bool(people)) if people or mails else spoken


def _own_contacts(plan: Plan) -> dict[str, str]:
    """Return the contact columns that hold one constant value over several companies: the applicant's own."""
    company = plan.layout.first("company")
    if company is None:
        return {}
    employers = [fold(printed(cell)) for cell in sample(plan.table, plan.section, company)]
    own = {}
    heads = {header_key(header.text) for header in plan.section.headers}
    if heads >= _OWN_FORM:
        return {"contact_email": "the form's own field", "contact_phone": "the form's own field"}
    for name in ("contact_name", "contact_email", "contact_phone", "person_name", "first_name", "last_name"):
        index = plan.layout.first(name)
        if index is None:
            continue
        cells = sample(plan.table, plan.section, index)
        met = {
            employer for employer, cell in zip(employers, cells, strict=True) if employer and printed(cell)
        }
        if len(met) >= 3 and plan.profiles[index].top >= 0.9:
            own[name] = "one value for all companies: the applicant's own"
    return own


_POSTED = ("post", "publi", "veröffentlicht", "veroffentlicht", "scraped", "found", "发布", "掲載")


def _fallback(plan: Plan) -> Stage:
    """Return the stage of a row without a word and without a day of application."""
    places = plan.layout.places
    created = [header_key(plan.layout.columns[index].header.text) for index in places.get("created_on", ())]
    applied = places.get("applied_on")
    if applied and plan.profiles[applied[0]].filled >= 0.4 * max(plan.profiles[applied[0]].total, 1):
        return Stage.SAVED
    if plan.strength <= WEAKLY:
        return Stage.SAVED
    if applied or "stage" in places:
        return Stage.APPLIED
    if any("sav" in name or "收藏" in name for name in created) or _only_posted(plan):
        return Stage.SAVED
    return Stage.APPLIED


_SENT_SIGNS = frozenset(
    {
        "created_on",
        "applied_flag",
        "outcome",
        "response",
        "history",
        "next_action_on",
        "status_date",
        "contact_name",
    }
)


def _only_posted(plan: Plan) -> bool:
    """Say whether the only day is that of the posting: a list of openings, of which none was applied to."""
    places = plan.layout.places
    days = [header_key(plan.layout.columns[index].header.text) for index in places.get("other_date", ())]
    found = any(word in name for name in days for word in _POSTED)
    return found and not _SENT_SIGNS & places.keys() and not plan.layout.rounds()


def _printed_history(plan: Plan) -> int | None:
    """Return the status column whose cells are printed lists with days, None where there is none."""
    for name in ("history", "stage", "response", "notes"):
        for index in plan.layout.places.get(name, ()):
            cells = [cell for cell in sample(plan.table, plan.section, index) if printed(cell)]
            if cells and sum(first_day_of(cell) is not None for cell in cells) >= 0.5 * len(cells):
                return index
    return None
