"""The flags of calls and rows in words for a person."""

from __future__ import annotations

from collections.abc import Iterable

_WORDS = {
    "tz_assumed_owner": "their time zone is not known, yours is assumed",
    "number_unknown": "the number is still to be found",
    "applied_date_unknown": "the day of application is not known, counted from the day it was first seen",
    "applied_date_tomorrow": "the applied date is tomorrow",
    "user_rescheduled": "the day is your choice",
    "user_date_not_callable": "that day is a weekend, a holiday or a day off",
    "moves_open_task": "moved from an earlier day",
    "manual_start": "started by you",
    "snoozed": "after the snooze",
    "promised_callback": "they asked to be called on this day",
    "promised_day_not_callable": "the day they named has no calls, this is the next one",
    "late": "later than planned",
    "capacity_delayed": "the days before were full",
    "window_not_callable": "after the weekend or a holiday",
    "person_busy": "the same person is due another call",
    "company_unknown": "the company is not known",
    "date_order_assumed": "day and month of the applied date are assumed",
    "year_assumed": "the year of the applied date is assumed",
    "year_missing": "the applied date has no year",
    "columns_shifted": "the cells of its row were shifted",
}


def flag_words(flags: Iterable[str]) -> list[str]:
    """Return the flags in words; an overdue call says since how long it waits."""
    return [_words(flag) for flag in flags]


def _words(flag: str) -> str:
    if flag.startswith("overdue_"):
        days = flag.removeprefix("overdue_")
        return f"waiting for {days} day{'' if days == '1' else 's'}"
    return _WORDS.get(flag, flag.replace("_", " "))
