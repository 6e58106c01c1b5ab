"""The calls of some days, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from crm_sync.cli.render.flags import flag_words
from crm_sync.cli.render.wording import day, moment, named, nouns

_SHOWN_WAITING = 5


@dataclass(frozen=True, slots=True)
class Days:
    """The days a list is about, and the next day that has calls after them."""

    first: date
    last: date
    today: date
    upcoming: date | None
    upcoming_calls: int
    applications: int
    several_users: bool = False


def list_text(rows: Sequence[Mapping[str, Any]], days: Days, *, full: bool) -> str:
    """Return the calls day by day; or, where there are none, what comes next."""
    if not rows:
        return _nothing(days)
    blocks = [
        block
        for on, some in groupby(rows, key=lambda r: _on(r, days))
        for block in _day(on, list(some), days, full)
    ]
    return "\n\n".join("\n".join(block) for block in blocks)


def _on(row: Mapping[str, Any], days: Days) -> str:
    """Return the day under which a call stands: an overdue one under the first."""
    due: str = row["due_on"]
    return max(due, days.first.isoformat())


def _day(on: str, rows: list[Mapping[str, Any]], days: Days, full: bool) -> Iterator[list[str]]:
    now = [row for row in rows if not row["waiting"]]
    waiting = [row for row in rows if row["waiting"]]
    today = ", today" if on == days.today.isoformat() else ""
    yield [f"{day(on)}{today}: {nouns(len(now), 'call')}"]
    for row in now:
        yield call_block(row, full=full, several_users=days.several_users)
    if waiting:
        names = ", ".join(f"{row['key']} {named(row)}" for row in waiting[:_SHOWN_WAITING])
        more = f" and {len(waiting) - _SHOWN_WAITING} more" if len(waiting) > _SHOWN_WAITING else ""
        yield [f"Beyond the day's room, for another day: {names}{more}"]


def call_block(row: Mapping[str, Any], *, full: bool, several_users: bool = False) -> list[str]:
    """Return one call: who, when there, which attempt, the number, and how the brief begins."""
    owner = f"  (for {row['user']})" if several_users else ""
    last = ", the last one" if row["final"] else ""
    counted = row["attempt"] <= row["max_calls"]
    attempt = f"call {row['attempt']} of {row['max_calls']}{last}" if counted else "a promised call"
    at = moment(row["due_at"], row["time_zone"])
    lines = [
        f"{row['key']}  {named(row)}{owner}",
        f"  {at} in {row['time_zone']}, where it is {row['local_time']} now; {attempt}",
        f"  {_whom(row)}",
    ]
    notes = flag_words(_telling(row["flags"]))
    lines += [f"  Note: {'; '.join(notes)}"] if notes else []
    if full:
        return [*lines, "", *(f"  {line}".rstrip() for line in row["brief"].rstrip().splitlines())]
    return [*lines, *_beginning(row)]


def _telling(flags: Sequence[str]) -> list[str]:
    """Leave out what the block says anyway."""
    return [flag for flag in flags if flag not in {"number_unknown", "late", "window_not_callable"}]


def _whom(row: Mapping[str, Any]) -> str:
    person = ", ".join(part for part in (row["contact_name"], row["contact_title"]) if part)
    if not row["number"]:
        return (
            f"Call {person}: find the number first"
            if person
            else "Find the number and the person this job reports to"
        )
    return (
        f"Call {person}: {row['number']}"
        if person
        else f"Call {row['number']} and ask for the person this job reports to"
    )


def _beginning(row: Mapping[str, Any]) -> Iterator[str]:
    opener, ask = _first_line(row["brief"], "Opener"), _first_line(row["brief"], "Ask")
    if opener:
        yield f"  {opener}"
    if ask:
        yield f"  Ask: {ask}"
    prepare = (
        "" if row["prepared"] else f"; not prepared yet: crm-sync prepare {row['key']} --why … --reason …"
    )
    yield f"  Brief: crm-sync calls {row['key']}{prepare}"


def _first_line(brief: str, title: str) -> str:
    lines = iter(brief.splitlines())
    return next(lines, "").strip() if any(line == title for line in lines) else ""


def _nothing(days: Days) -> str:
    if not days.applications:
        return "Nothing here yet. Begin with: crm-sync import my-applications.xlsx"
    span = day(days.first) if days.first == days.last else f"{day(days.first)} to {day(days.last)}"
    if days.upcoming is None:
        return f"No calls on {span}, and none later. What asks for you: crm-sync status"
    return (
        f"No calls on {span}. The next: {nouns(days.upcoming_calls, 'call')} on {day(days.upcoming)} "
        f"(crm-sync calls --on {days.upcoming})"
    )
