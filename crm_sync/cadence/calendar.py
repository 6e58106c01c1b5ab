"""Days on which a call can be made: no weekend, no holiday, no day off of the owner.

The library of public holidays is imported on first use only: reading a file must not pay for it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, timedelta
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase

ONE_DAY = timedelta(days=1)
_SUGGESTIONS = 3

HolidaysOf = Callable[[int], Iterable[date]]
"""The public holidays of a year."""


class Calendar:
    """Weekend (weekday numbers, 0 Monday), holidays, and the owner's days off (cadence section 6).

    ``holidays_of`` gives the holidays of a year that was not listed; each year is asked for once. A
    calendar without any working weekday is refused with ValueError, since no day would ever come.
    """

    __slots__ = ("_days", "_holidays_of", "_years", "holidays", "owner_days_off", "weekend")

    def __init__(
        self,
        weekend: Collection[int] = (5, 6),
        holidays: Collection[date] = (),
        owner_days_off: Collection[date] = (),
        *,
        holidays_of: HolidaysOf | None = None,
    ) -> None:
        if not all(0 <= day <= 6 for day in weekend):
            raise ValueError("a weekend is made of weekday numbers from 0 (Monday) to 6 (Sunday)")
        if len(set(weekend)) == 7:
            raise ValueError("a weekend of seven days leaves no day to call on")
        self.weekend = frozenset(weekend)
        self.holidays = frozenset(holidays)
        self.owner_days_off = frozenset(owner_days_off)
        self._holidays_of = holidays_of
        self._years: dict[int, frozenset[date]] = {}
        self._days: dict[date, bool] = {}

    def is_callable(self, day: date) -> bool:
        """Tell whether calls can be made on *day*."""
        known = self._days.get(day)
        if known is None:
            known = self._days[day] = self._look(day)
        return known

    def on_or_after(self, day: date) -> date:
        """Return the first callable day that is not before *day*."""
        while not self.is_callable(day):
            day += ONE_DAY
        return day

    def after(self, day: date, count: int = 1) -> date:
        """Return the *count*-th callable day after *day*; *day* itself for 0."""
        for _ in range(count):
            day = self.on_or_after(day + ONE_DAY)
        return day

    def why_not(self, day: date) -> str | None:
        """Return why nobody can call on *day* ("weekend", "holiday", "day off"), None where one can."""
        if day.weekday() in self.weekend:
            return "weekend"
        if day in self.holidays or day in self._of_year(day.year):
            return "holiday"
        return "day off" if day in self.owner_days_off else None

    def _look(self, day: date) -> bool:
        return self.why_not(day) is None

    def _of_year(self, year: int) -> frozenset[date]:
        if self._holidays_of is None:
            return frozenset()
        if year not in self._years:
            self._years[year] = frozenset(self._holidays_of(year))
        return self._years[year]


def calendar_for(
    country: str,
    subdivision: str | None = None,
    years: Iterable[int] = (),
    days_off: Collection[date] = (),
) -> Calendar:
    """Return the calendar of a country: its weekend, its public holidays, and the owner's days off.

    *country* is a code (US, USA) or an English name, *subdivision* the library's code or name of a region.
    *years* are prepared at once, other years when they are first looked at. Raises ValueError with
    suggestions for a country or a region that is not known.
    """
    code = _country_code(country)
    region = _region_code(code, subdivision)
    book = _book(code, region)
    calendar = Calendar(book.weekend, (), days_off, holidays_of=lambda year: _holidays(code, region, year))
    for year in years:
        calendar.is_callable(date(year, 1, 1))
    return calendar


@lru_cache(maxsize=64)
def _book(code: str, region: str | None) -> HolidayBase:
    from holidays import country_holidays

    return country_holidays(code, subdiv=region, expand=False)


@lru_cache(maxsize=512)
def _holidays(code: str, region: str | None, year: int) -> frozenset[date]:
    from holidays import country_holidays

    return frozenset(country_holidays(code, subdiv=region, years=year, expand=False))


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    """Map every spelling of a country (name, two letters, three letters; folded) to its code."""
    from holidays.registry import COUNTRIES

    spellings: dict[str, str] = {}
    for name, (_, code, *others) in COUNTRIES.items():
        for spelling in (name, code, *(other for other in others if other.isupper())):
            spellings[_fold(spelling)] = code
    return spellings


def _country_code(country: str) -> str:
    spellings = _codes()
    wanted = _fold(country)
    if wanted in spellings:
        return spellings[wanted]
    close = get_close_matches(wanted, spellings, n=_SUGGESTIONS, cutoff=0.5)
    raise ValueError(_unknown("country", country, [f"{spellings[name]} ({name})" for name in close]))


def _region_code(code: str, subdivision: str | None) -> str | None:
    if subdivision is None or not subdivision.strip():
        return None
    book = _book(code, None)
    known = {_fold(name): name for name in book.subdivisions}
    aliases = book.get_subdivision_aliases()
    known.update((_fold(alias), name) for name, names in aliases.items() for alias in names)
    wanted = _fold(subdivision)
    if wanted in known:
        return known[wanted]
    close = get_close_matches(wanted, known, n=_SUGGESTIONS, cutoff=0.5)
    names = sorted({known[name] for name in close}) or sorted(set(known.values()))[:12]
    raise ValueError(_unknown(f"region of {code}", subdivision, names))


def _unknown(what: str, word: str, names: Collection[str]) -> str:
    tail = f"; did you mean {', '.join(names)}?" if names else "; give its two-letter code, for example US"
    return f"no {what} is called {word!r}{tail}"


def _fold(word: str) -> str:
    return "_".join(word.casefold().replace("-", " ").replace("_", " ").split())
