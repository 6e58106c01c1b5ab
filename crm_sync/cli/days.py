"""The words people use for days and times."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crm_sync.errors import UsageError

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ONE_DAY = timedelta(days=1)


def read_day(text: str, today: date, *, ahead: bool = True) -> date:
    """Return the day a person means: ISO, today, tomorrow, yesterday, or a weekday's name.

    A weekday is the next such day; with *ahead* that is never today. Raises UsageError for other words.
    """
    word = text.strip().lower()
    near = {"today": today, "tomorrow": today + _ONE_DAY, "yesterday": today - _ONE_DAY}
    if word in near:
        return near[word]
    named = _weekday(word.removeprefix("next "))
    if named is not None:
        distance = (named - today.weekday()) % 7
        return today + timedelta(days=distance or (7 if ahead else 0))
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise UsageError(
            f'"{text}" is no day',
            f"Write {today + _ONE_DAY}, today, tomorrow, or a weekday such as thursday.",
        ) from None


def _weekday(word: str) -> int | None:
    hits = [number for number, name in enumerate(WEEKDAYS) if len(word) >= 3 and name.startswith(word)]
    return hits[0] if len(hits) == 1 else None


def read_moment(text: str | None, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment a person means: 14:30 (today in *zone*), an ISO date-time, or now.

    A date-time without an offset is in *zone*. Raises UsageError for other words.
    """
    if text is None:
        return now
    today = now.astimezone(zone).date()
    try:
        if len(text) <= 5:
            hours, minutes = text.split(":")
            return datetime.combine(today, time(int(hours), int(minutes)), zone)
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f'"{text}" is no time', f"Write 14:30 or {today}T14:30.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
