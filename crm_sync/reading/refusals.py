"""Files that cannot be read row by row, and how to say so."""

from __future__ import annotations

from crm_sync.domain.stages import Stage
from crm_sync.reading.grids import is_cross_tab, is_tally
from crm_sync.reading.plans import Plan
from crm_sync.reading.stages import word_of
from crm_sync.reading.texts import header_key

_NAMES = frozenset(
    {"company", "job_title", "job_url", "person_name", "first_name", "contact_name", "contact_email"}
)
_NEARLY_ALL, _MANY_COUNTS = 0.9, 3
_TOLD = frozenset(
    {"stage", "applied_on", "outcome", "response", "applied_flag", "history", "job_url", "interview_date"}
)
"""What tells that somebody applied, or wants to: a table with none of it may be about something else."""
_DATED = frozenset({"created_on"})
_LEFT = frozenset(
    {"reason for leaving", "reason left", "leaving reason", "austrittsgrund", "motif de depart"}
)
_STAFF = frozenset({"employee id", "employee number", "employee no", "personalnummer", "date of hire"})
_OPENINGS = frozenset({"openings", "number of openings", "no of openings", "headcount", "positions open"})
_BEGAN = frozenset(
    {"start date", "started on", "date started", "started", "start", "from", "date from", "employed from",
     "eintritt", "von"}
)  # fmt: skip
_ENDED = frozenset(
    {"end date", "finished on", "date ended", "ended on", "end", "to", "date to", "employed to", "until",
     "austritt", "bis"}
)  # fmt: skip
_DEAL, _ENOUGH_DEALS = ("deal ",), 2
_EVENTS = ("event", "transition", "change", "activity", "log")


def why_refused(plan: Plan) -> tuple[str, str] | None:
    """Return message and hint of a refusal, None for a table that can be read."""
    place = plan.table.sheet or "the file"
    if is_cross_tab(plan.section, plan.table.rows):
        return (
            f"{place} is a cross-tab: one column per day with names below, nothing about each application",
            "Keep one row per application, with columns for company, title, date and status.",
        )
    if is_tally(plan.section, plan.table.rows) or counts_per_row(plan):
        return (
            f"{place} counts applications instead of listing them",
            "Give the list from which it was counted, one row per application.",
        )
    return _of_keys(plan, place) or _of_others(plan, place)


def _of_others(plan: Plan, place: str) -> tuple[str, str] | None:
    """Return why a table of people or of past employment is refused: nobody applied for anything there."""
    if _is_of_deals(plan):
        return (
            f"{place} lists deals of sales, no applications",
            "Give the list of applications, with company, job title and status.",
        )
    if _is_of_posts(plan):
        return (
            f"{place} lists employees or openings of one firm, no applications",
            "Give the list of applications, with candidate or company, job title and status.",
        )
    if _TOLD & plan.layout.places.keys() or plan.layout.rounds():
        return None
    if _is_past_work(plan):
        return (
            f"{place} lists past employment: when work began and ended, nothing about applications",
            "Give the list of applications, with their status or the day of each.",
        )
    if _is_of_people(plan):
        return (
            f"{place} lists people and how to reach them, no applications",
            "Give the list of applications, with a job title, a status or the day of each.",
        )
    return None


def _is_of_deals(plan: Plan) -> bool:
    """Say whether headers speak of deals again and again, and none of a job."""
    headed = [column for column in plan.layout.columns if column.header.text]
    deals = sum(header_key(column.header.text).startswith(_DEAL) for column in headed)
    return deals >= _ENOUGH_DEALS and "job_title" not in plan.layout.places


def _is_of_posts(plan: Plan) -> bool:
    """Say whether a table without employers and days of application is a firm's staff or its openings."""
    places = plan.layout.places
    if "applied_on" in places or _employer_of(plan):
        return False
    keys = {header_key(header.shown) for header in plan.section.headers}
    candidates = {"person_name", "first_name", "last_name"} & places.keys()
    return bool(keys & _STAFF) or bool(keys & _OPENINGS and not candidates)


def _employer_of(plan: Plan) -> bool:
    """Say whether a column names employers; one called *Name* may as well name people."""
    company = plan.layout.first("company")
    return company is not None and header_key(plan.layout.columns[company].header.text) not in (
        "name",
        "names",
    )


def _is_past_work(plan: Plan) -> bool:
    keys = {header_key(header.shown) for header in plan.section.headers}
    return bool(keys & _LEFT) or bool(
        keys & _BEGAN and keys & _ENDED and not _DATED & plan.layout.places.keys()
    )


def _is_of_people(plan: Plan) -> bool:
    """Say whether each row is a person, named before the employer, with an address and no job."""
    places = plan.layout.places
    company = plan.layout.first("company")
    people = [places[name][0] for name in ("person_name", "contact_name", "first_name") if name in places]
    reached = {"contact_email", "contact_phone"} & places.keys()
    if company is None or not people or not reached or _DATED & places.keys():
        return False
    return min(people) < company and not {"job_title", "salary"} & places.keys()


def counts_per_row(plan: Plan) -> bool:
    """Say whether each row counts the applications of one company: numbers under the names of stages."""
    if {"job_title", "job_url", "applied_on", "created_on"} & plan.layout.places.keys():
        return False
    columns = [
        (column, profile)
        for column, profile in zip(plan.layout.columns, plan.profiles, strict=True)
        if profile.filled
    ]
    numbers = [(column, profile) for column, profile in columns if profile.number >= _NEARLY_ALL]
    staged = [profile for column, profile in numbers if _names_stage(column.header.text)]
    return (
        len(staged) >= _MANY_COUNTS
        and len(numbers) >= len(columns) - 2
        and any(profile.flag < _NEARLY_ALL for profile in staged)
    )


def _names_stage(text: str) -> bool:
    return word_of(text).stage is not Stage.UNKNOWN


def _of_keys(plan: Plan, place: str) -> tuple[str, str] | None:
    keys = [header_key(header.shown) for header in plan.section.headers]
    ids = [key for key in keys if key.endswith(" id") or key == "id"]
    foreign = [key for key in ids if key not in ("id", "application id", "app id")]
    if not ids or (_NAMES & plan.layout.places.keys() and not (_only_people(plan) and len(foreign) >= 3)):
        return None
    if any(word in key for key in keys for word in _EVENTS) and _repeats(plan):
        return (
            f"{place} is a log of events: one row per stage change, no names of companies or jobs",
            "Export the applications with their current stage instead of their history.",
        )
    if foreign:
        return (
            f"{place} holds only keys into other tables ({', '.join(foreign[:3])}), nothing names a job",
            "Export the applications with the company and the job joined in.",
        )
    return None


def _only_people(plan: Plan) -> bool:
    """Say whether nothing names a job or an employer, only people."""
    return (
        not _employer_of(plan)
        and "job_title" not in plan.layout.places
        and "job_url" not in plan.layout.places
    )


def _repeats(plan: Plan) -> bool:
    return any(
        (profile.distinct < 1 and column.field == "external_id")
        or "application" in header_key(column.header.shown)
        for column, profile in zip(plan.layout.columns, plan.profiles, strict=False)
    )
