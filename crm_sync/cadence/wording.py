"""Days and numbers in words, in English whatever the machine's locale."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@lru_cache(maxsize=4096)
def say_day(day: date) -> str:
    """Return "Thu 4 Feb 2027"."""
    return f"{_short(day)} {day.year}"


def say_days(first: date, last: date) -> str:
    """Return "Sun 7 to Mon 8 Feb 2027", or one day where both are the same."""
    if first == last:
        return say_day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{_WEEKDAYS[first.weekday()]} {first.day} to {say_day(last)}"
    if first.year == last.year:
        return f"{_short(first)} to {say_day(last)}"
    return f"{say_day(first)} to {say_day(last)}"


def say_list(words: Sequence[str]) -> str:
    """Return "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def say_count(number: int, noun: str) -> str:
    """Return "1 call", "2 calls", "1,234 calls"."""
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"


def _short(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"
