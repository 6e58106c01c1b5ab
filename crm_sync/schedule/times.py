"""When a schedule runs: every so often or at times of day, for cron and for systemd alike."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crm_sync.errors import UsageError

_EVERY = {
    **{f"{n}m": (f"*/{n} * * * *", f"*-*-* *:00/{n}:00") for n in (5, 10, 15, 20, 30)},
    "1h": ("0 * * * *", "*-*-* *:00:00"),
    **{f"{n}h": (f"0 */{n} * * *", f"*-*-* 00/{n}:00:00") for n in (2, 3, 4, 6, 8, 12)},
}
USUAL = "1h"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_AT = re.compile(r"(?:([a-z][a-z,\- ]*?)\s+)?(\d{1,2}):(\d\d)")


@dataclass(frozen=True, slots=True)
class Time:
    """One rule of a schedule, as a person told it and as both clockworks write it.

    ``cron`` are the five fields of a crontab, ``calendar`` is systemd's OnCalendar without a zone.
    """

    told: str
    cron: str
    calendar: str


def read_times(every: str | None, at: Sequence[str]) -> tuple[Time, ...]:
    """Return when to run: *every* such as "15m" or "2h", or *at* "07:30", "mon-fri 07:30"; else hourly.

    Raises UsageError, saying what may be written.
    """
    if every and at:
        raise UsageError("--every and --at do not go together", "Give one of the two.")
    return tuple(map(_at, at)) if at else (_every(every or USUAL),)


def _every(text: str) -> Time:
    cron, calendar = _EVERY.get(text.strip().lower(), ("", ""))
    if not cron:
        raise UsageError(f'--every: "{text}" is no interval', f"Write one of {', '.join(_EVERY)}, or --at.")
    return Time(f"every {text.strip().lower()}", cron, calendar)


def _at(text: str) -> Time:
    found = _AT.fullmatch(text.strip().lower())
    if not found or int(found[2]) > 23 or int(found[3]) > 59:
        raise UsageError(f'--at: "{text}" is no time of day', 'Write 07:30, or "mon-fri 07:30".')
    hour, minute = int(found[2]), int(found[3])
    days = _days(found[1] or "", text)
    names = ",".join(_DAYS[day].title() for day in days)
    numbers = ",".join(str((day + 1) % 7) for day in days)
    clock = f"{hour:02}:{minute:02}"
    return Time(
        f"at {names} {clock}" if days else f"at {clock}",
        f"{minute} {hour} * * {numbers or '*'}",
        f"{names} *-*-* {clock}:00".lstrip(),
    )


def _days(text: str, whole: str) -> list[int]:
    """Return weekdays, Monday 0, of "mon-fri" or "mon,thu"; [] for every day."""
    found: set[int] = set()
    for part in filter(None, text.replace(" ", "").split(",")):
        first, _, last = part.partition("-")
        begin, end = _day(first, whole), _day(last or first, whole)
        found.update((begin + n) % 7 for n in range((end - begin) % 7 + 1))
    return sorted(found) if len(found) < 7 else []


def _day(name: str, whole: str) -> int:
    if name[:3] not in _DAYS:
        raise UsageError(f'--at: "{whole}" names no weekday', f"Weekdays are {', '.join(_DAYS)}.")
    return _DAYS.index(name[:3])
