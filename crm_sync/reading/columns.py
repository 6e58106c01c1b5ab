"""Columns -> fields: headers propose, values object, and the whole table decides."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from crm_sync.domain.stages import Stage
from crm_sync.reading.fitting import fit_of
from crm_sync.reading.lexicon import field_first
from crm_sync.reading.meanings import Header, Meaning, meanings_of, round_of
from crm_sync.reading.profiles import Profile
from crm_sync.reading.unwanted import LEFT_OUT

_MANY = frozenset(
    {
        "ignore",
        "notes",
        "other_date",
        "status_date",
        "interview_date",
        "salary",
        "outcome",
        "salary_part",
        "row_number",
    }
)
_ALTERNATIVES = frozenset({"company", "job_title", "job_url", "contact_phone", "contact_email"})
_LEAST = 35
A_DAY = "the day of the stage"
_STAGE_DAYS = frozenset({"other_date", "status_date", "interview_date"})
_REACHED = frozenset({Stage.SCREENING, Stage.INTERVIEWING, Stage.OFFER})


@dataclass(frozen=True, slots=True)
class Column:
    """One column, the field that it became (None: not used), and why."""

    index: int
    header: Header
    field: str | None
    why: str
    stage: Stage | None = None
    sureness: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """All columns of one table; ``places`` maps a field to its columns, best first."""

    columns: tuple[Column, ...]
    places: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def first(self, name: str) -> int | None:
        """Return the best column of a field, None where there is none."""
        found = self.places.get(name, ())
        return found[0] if found else None

    def rounds(self) -> tuple[tuple[int, Stage], ...]:
        """Return the columns that stand for one stage each."""
        return tuple((c.index, c.stage) for c in self.columns if c.field == "round" and c.stage is not None)


@dataclass(frozen=True, slots=True)
class _Bid:
    column: int
    meaning: Meaning
    score: float


def arrange(
    headers: Sequence[Header],
    profiles: Sequence[Profile],
    wanted: Mapping[str, str] | None = None,
    left_out: Collection[int] = (),
) -> Layout:
    """Return the layout of a table from its headers and the profiles of its columns.

    ``wanted`` is what the user said: field to header, or header to field; columns that are ``left_out`` at
    the door become no field, whatever is said about them.
    """
    taken = _told(headers, wanted or {})
    taken |= {index: Column(index, headers[index], "ignore", LEFT_OUT) for index in left_out}
    bids = sorted(
        (
            bid
            for index in range(len(headers))
            if index not in taken
            for bid in _bids(index, headers, profiles)
        ),
        key=lambda bid: (-bid.score, bid.column),
    )
    _assign(bids, taken)
    for index, header in enumerate(headers):
        if index not in taken or (taken[index].field == "ignore" and index not in left_out):
            as_round = _round(index, header, profiles[index])
            if as_round:
                taken[index] = as_round
    _fill_by_values(headers, profiles, taken, left_out)
    _promote_days(headers, profiles, taken)
    columns = tuple(
        replace(taken[index], header=header) if index in taken else Column(index, header, None, "not known")
        for index, header in enumerate(headers)
    )
    return Layout(columns, _places(columns))


def _told(headers: Sequence[Header], wanted: Mapping[str, str]) -> dict[int, Column]:
    taken: dict[int, Column] = {}
    for name, told in map(field_first, wanted.items()):
        for index, header in enumerate(headers):
            if header.text.strip().casefold() == told.casefold():
                taken[index] = Column(index, header, name, "told by the user", sureness=200)
    return taken


def _bids(index: int, headers: Sequence[Header], profiles: Sequence[Profile]) -> list[_Bid]:
    return [
        _Bid(index, meaning, meaning.sureness + fit_of(meaning.field, profiles[index]))
        for meaning in meanings_of(headers[index])
    ]


def _assign(bids: Sequence[_Bid], taken: dict[int, Column]) -> None:
    used = {column.field for column in taken.values()}
    spare: list[_Bid] = []
    for bid in bids:
        name = bid.meaning.field
        if bid.column in taken or bid.score < _LEAST:
            continue
        if name in used and name not in _MANY:
            spare.append(bid)
            continue
        used.add(name)
        taken[bid.column] = _column(bid, name, bid.meaning.why)
    for bid in spare:
        second = _second(bid, taken)
        if bid.column not in taken and second:
            taken[bid.column] = second


def _column(bid: _Bid, name: str, why: str) -> Column:
    return Column(bid.column, _HEADERLESS, name, why, sureness=int(bid.score))


_HEADERLESS = Header("")


def _second(bid: _Bid, taken: Mapping[int, Column]) -> Column | None:
    """Return what a second column of a field is good for: where the first is empty, or as another status."""
    name = bid.meaning.field
    if name == "stage" and bid.meaning.sureness >= 85 and bid.score >= 80:
        return _column(bid, "extra_stage", "a second status column")
    if name in _ALTERNATIVES and bid.meaning.sureness >= 85:
        return _column(bid, f"other_{name}", f"where the first {name.replace('_', ' ')} column is empty")
    return None


def _places(columns: Sequence[Column]) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[Column]] = {}
    for column in columns:
        if column.field and column.field not in ("ignore", "round"):
            found.setdefault(column.field, []).append(column)
    return {
        name: tuple(c.index for c in sorted(held, key=lambda c: (-c.sureness, c.index)))
        for name, held in found.items()
    }


def _round(index: int, header: Header, profile: Profile) -> Column | None:
    stage = round_of(header.text) if header.text else None
    if stage is None or profile.empty:
        return None
    marked = profile.flag + profile.date + profile.stage
    if marked < 0.5 and profile.length > 25:
        return None
    return Column(index, header, "round", f"one column for the stage {stage}", stage=stage)


def _fill_by_values(
    headers: Sequence[Header],
    profiles: Sequence[Profile],
    taken: dict[int, Column],
    left_out: Collection[int],
) -> None:
    """Give columns that no header explains to fields that are missing, where the values leave no doubt."""
    free = [i for i in range(len(headers)) if i not in taken and not profiles[i].empty]
    headless = not any(header.text for header in headers)
    have = {column.field for column in taken.values()}
    for name, likely in _BY_VALUES.items():
        if name in have:
            continue
        scored = [(likely(profiles[i], headless), -i) for i in free]
        best = max(scored, default=(0.0, 0))
        if best[0] > 0:
            index = -best[1]
            taken[index] = Column(index, headers[index], name, "by its values", sureness=50)
            free.remove(index)
    if "stage" not in have and not any(column.field == "stage" for column in taken.values()):
        _promote_notes(headers, profiles, taken, left_out)


def _promote_notes(
    headers: Sequence[Header],
    profiles: Sequence[Profile],
    taken: dict[int, Column],
    left_out: Collection[int],
) -> None:
    for index, column in list(taken.items()):
        if (
            index not in left_out
            and (column.field in ("notes", "ignore", "response") or column.why.startswith("holds "))
            and profiles[index].stage >= 0.7
            and profiles[index].url < 0.2
            and profiles[index].filled >= 3
        ):
            taken[index] = Column(index, headers[index], "stage", "its values are status words", sureness=50)
            return


def _promote_days(headers: Sequence[Header], profiles: Sequence[Profile], taken: dict[int, Column]) -> None:
    """Where no column tells the stage, the days of interviews and offers tell how far it went."""
    if {"stage", "outcome"} & {column.field for column in taken.values()}:
        return
    for index, column in taken.items():
        stage = round_of(headers[index].text) if column.field in _STAGE_DAYS else None
        if stage in _REACHED and profiles[index].serial >= 0.5:
            taken[index] = Column(index, headers[index], "round", f"{A_DAY} {stage}", stage=stage)


def _plain(profile: Profile) -> bool:
    return max(profile.date, profile.url, profile.email, profile.phone, profile.number, profile.flag) < 0.3


def _likely_title(profile: Profile, headless: bool) -> float:
    if not _plain(profile) or profile.stage >= 0.5 or profile.length > 90:
        return 0.0
    return profile.title if profile.title >= (0.25 if headless else 0.6) else 0.0


def _likely_company(profile: Profile, headless: bool) -> float:
    if not _plain(profile) or profile.stage >= 0.5 or not 2 <= profile.length <= 45 or profile.title >= 0.4:
        return 0.0
    if not headless:
        return profile.legal if profile.legal >= 0.5 else 0.0
    return (
        0.3 + profile.legal + 0.3 * profile.distinct - profile.length / 200
        if profile.distinct >= 0.2 or profile.filled < 5
        else 0.0
    )


def _likely_stage(profile: Profile, _headless: bool) -> float:
    few = profile.distinct <= 0.5 or profile.filled <= 8
    if profile.url >= 0.2:
        return 0.0
    return profile.stage if profile.stage >= 0.7 and few and profile.title < 0.3 else 0.0


_BY_VALUES: Mapping[str, Callable[[Profile, bool], float]] = {
    "applied_on": lambda profile, headless: profile.date if headless and profile.date >= 0.7 else 0.0,
    "job_url": lambda profile, _headless: profile.url if profile.url >= 0.7 else 0.0,
    "contact_email": lambda profile, headless: profile.email if headless and profile.email >= 0.7 else 0.0,
    "contact_phone": lambda profile, headless: profile.phone if headless and profile.phone >= 0.7 else 0.0,
    "stage": _likely_stage,
    "job_title": _likely_title,
    "company": _likely_company,
    "notes": lambda profile, headless: 1.0 if headless and _plain(profile) and profile.length > 12 else 0.0,
}
