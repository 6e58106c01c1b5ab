"""Dates as people write them; the order of day and month is decided per column, never per cell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from crm_sync.domain.tables import Cell
from crm_sync.reading.lexicon import months, word_set
from crm_sync.reading.texts import fold, printed

EPOCH = date(1899, 12, 30)
_SERIALS = range(18264, 73051)  # 1950 to 2099
_LARGEST, _LONGEST_NUMBER = 1e20, 20
_YEARS = range(1950, 2100)


class Order(StrEnum):
    """How a numeric date such as 3/4/2026 is read."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one date text says, before the order of its column is known.

    Either ``day`` is certain, or ``pair`` holds two numbers whose order is to be decided; ``year`` may be
    absent (``8-Jul``), and then ``month_day`` or ``pair`` waits for a year from the neighbours. ``mark`` is
    the separator between the numbers.
    """

    day: date | None = None
    pair: tuple[int, int] | None = None
    month_day: tuple[int, int] | None = None
    year: int | None = None
    mark: str = ""

    def resolve(self, order: Order, year: int | None = None) -> date | None:
        """Return the date under an order, with ``year`` where the text has none; None where it is no date.

        A pair that is no date in the column's order (25/12 with the month first) has only one reading.
        """
        if self.day is not None:
            return self.day
        year = self.year or year
        if year is None:
            return None
        if self.month_day is not None:
            return _date(year, *self.month_day)
        if self.pair is None:
            return None
        first, second = self.pair
        day_first = order is Order.DAY_FIRST
        return (
            _date(year, second, first)
            if (day_first and second <= 12) or first > 12
            else _date(year, first, second)
        )


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_ISO = re.compile(r"(\d{4})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(19[5-9]\d|20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:[T_ ]?\d{4,6}.*)?$")
_EAST = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})")
_EAST_SHORT = re.compile(r"(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日号일]?")
_PAIR = re.compile(
    r"(\d{1,2})\s*([/.\-])\s*(\d{1,2})(?:\s*\2\s*(?=\d{4}(?!\d)|\d{2}(?!\d))|\s*(?=(?:19|20)\d\d(?!\d)))(\d{2,4})"
)
_PAIR_SHORT = re.compile(r"(\d{1,2})\s*([/.\-])\s*(\d{1,2})\.?$")
_DAY_NAME = r"(\d{1,2})(?:st|nd|rd|th|er|re|o|º|ª|\.)?[\s\-/.]*(?:de |of |d')?[\s\-/.]*([^\W\d]{3,12})\.?"
_DAY_MONTH = re.compile(_DAY_NAME + r"(?:[\s,\-/.']*(?:de |del |d')?\s*'?(\d{4}|\d{2})(?![\d:]))?")
_MONTH_DAY = re.compile(
    r"([^\W\d]{3,12})\.?[\s\-/.]*(\d{1,2})(?:st|nd|rd|th)?(?![\d:])(?:[\s,\-/.]+'?(\d{4}|\d{2}(?![\d:]))(?!\d))?"
)
_YEAR_MONTH_DAY = re.compile(r"(\d{4})[\s,\-/.]+([^\W\d]{3,12})\.?[\s\-/.]+(\d{1,2})(?!\d)")
_MICROSOFT = re.compile(r"/Date\((-?\d{1,14})(?:[+-]\d{4})?\)/")
_WEEKDAY = re.compile(r"^\s*([^\W\d]{2,12})\.?,?\s+(?=\d|[^\W\d]{3,12}\.?\s+\d)")
_ANNOUNCING = re.compile(r"([^\W\d_]{1,16})[\s.:,\-–—]*(?:\()?")
_BEFORE, _MOST_ANNOUNCING, _LONGEST_ANNOUNCED = "'\"([ -–—✓✔✅", 4, 80
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?$")
_EARLIEST_SECONDS, _LATEST_SECONDS = 631_152_000, 4_102_444_800  # 1990 to 2100


def interpret(cell: Cell) -> Reading | None:
    """Return what a cell says as a date, None where it is no date.

    Of a range or of two dates in a cell the first counts; the clock time is dropped, the day is the one
    that is written, whatever the zone.
    """
    if isinstance(cell, datetime):
        return Reading(day=cell.date())
    if isinstance(cell, date):
        return Reading(day=cell)
    if cell is None or isinstance(cell, bool):
        return None
    if isinstance(cell, (int, float)):
        return _number(float(cell), printed(cell)) if -_LARGEST < cell < _LARGEST else None
    text = printed(cell)
    if not text or len(text) > 120 or not any(mark.isdigit() for mark in text):
        return None
    if _NUMBER.match(text):
        return _number(float(text), text) if len(text) <= _LONGEST_NUMBER else None
    return _text(text)


def announced(cell: Cell) -> Reading | None:
    """Return what a cell of a column of days says, words that announce the day left aside.

    ``Applied 3/4/2026`` and ``sent on 12 March`` are days where days are expected; elsewhere they may be a
    status or a note, so that only such columns are read by it. Other words make it no date.
    """
    found = interpret(cell)
    if found is not None or not isinstance(cell, str) or len(cell) > _LONGEST_ANNOUNCED:
        return found
    text = printed(cell).lstrip(_BEFORE)
    for _ in range(_MOST_ANNOUNCING):
        word = _ANNOUNCING.match(text)
        if word is None or fold(word[1]) not in word_set("before a day"):
            return None
        text = text[word.end() :]
        if (found := interpret(text)) is not None and not _NUMBER.match(text):
            return found
    return None


def _number(value: float, text: str) -> Reading | None:
    whole = int(value)
    if whole in _SERIALS and value >= 0:
        return Reading(day=EPOCH + timedelta(days=whole))
    if _COMPACT.match(text):
        return _text(text)
    for scale in (1, 1_000, 1_000_000):
        if _EARLIEST_SECONDS <= value / scale < _LATEST_SECONDS:
            return Reading(day=datetime.fromtimestamp(value / scale, UTC).date())
    return _fraction(text)


def _fraction(text: str) -> Reading | None:
    """Read 3.04 or 3.1, a day and a month that a spreadsheet took for a number."""
    whole, _, part = text.partition(".")
    if not part or len(part) > 2 or not 1 <= int(whole) <= 31 or len(whole) > 2:
        return None
    return _paired(int(whole), int(part), None, "number") or (
        _paired(int(whole), int(part) * 10, None, "number") if len(part) == 1 else None
    )


def _paired(first: int, second: int, year: int | None, mark: str) -> Reading | None:
    if not (1 <= first <= 31 and 1 <= second <= 31) or (first > 12 and second > 12):
        return None
    return Reading(pair=(first, second), year=year, mark=mark)


def _text(text: str) -> Reading | None:
    text = text.lstrip("'\"([ ")
    for attempt in (_iso, _east, _numeric, _named, _coded):
        found = attempt(text)
        if found is not None:
            return found
    named = _WEEKDAY.match(text)
    return _text(text[named.end() :]) if named and fold(named[1]) in word_set("weekday") else None


def _certain(year: int, month: int, day: int) -> Reading | None:
    found = _date(year, month, day) if year in _YEARS else None
    return Reading(day=found) if found else None


def _iso(text: str) -> Reading | None:
    found = _ISO.match(text)
    if found:
        return _certain(int(found[1]), int(found[3]), int(found[4])) or _certain(
            int(found[1]), int(found[4]), int(found[3])
        )
    compact = _COMPACT.match(text)
    return _certain(int(compact[1]), int(compact[2]), int(compact[3])) if compact else None


def _east(text: str) -> Reading | None:
    found = _EAST.match(text)
    if found:
        return _certain(int(found[1]), int(found[2]), int(found[3]))
    short = _EAST_SHORT.match(text)
    return Reading(month_day=(int(short[1]), int(short[2]))) if short else None


def _numeric(text: str) -> Reading | None:
    found = _PAIR.match(text)
    if found:
        return _paired(int(found[1]), int(found[3]), _year(found[4]), found[2])
    short = _PAIR_SHORT.match(text)
    return _paired(int(short[1]), int(short[3]), None, short[2]) if short else None


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) if len(text) == 4 else int(text) + (1900 if int(text) >= 70 else 2000)


def _named(text: str) -> Reading | None:
    known = months()
    found = _DAY_MONTH.match(text)
    if found and (month := known.get(fold(found[2]))):
        return _month_day(month, int(found[1]), _year(found[3]))
    found = _MONTH_DAY.match(text)
    if found and (month := known.get(fold(found[1]))):
        return _month_day(month, int(found[2]), _year(found[3]))
    found = _YEAR_MONTH_DAY.match(text)
    if found and (month := known.get(fold(found[2]))):
        return _month_day(month, int(found[3]), int(found[1]))
    return None


def _month_day(month: int, day: int, year: int | None) -> Reading | None:
    if not 1 <= day <= 31:
        return None
    return Reading(month_day=(month, day)) if year is None else _certain(year, month, day)


def _coded(text: str) -> Reading | None:
    found = _MICROSOFT.match(text)
    if not found:
        return None
    try:
        return Reading(day=datetime.fromtimestamp(int(found[1]) / 1000, UTC).date())
    except ValueError:  # before the year 1
        return None
