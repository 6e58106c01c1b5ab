"""Words that all texts share: days with their weekday, times, applications in one line."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from crm_sync.cadence.wording import say_count, say_day
from crm_sync.domain.dossiers import Dossier

_NOUNS = {"company": "companies", "reply": "replies"}


def day(iso: str | date | None) -> str:
    """Return "Thu 4 Feb 2027", or "-" for no day."""
    if not iso:
        return "-"
    return say_day(iso if isinstance(iso, date) else date.fromisoformat(iso[:10]))


def short_day(iso: str, today: date) -> str:
    """Return "Thu 4 Feb" for a table, with the year where it is another one."""
    return day(iso).removesuffix(f" {today.year}")


def moment(iso: str, zone: str) -> str:
    """Return "Thu 4 Feb 2027, 10:00" on the clock of *zone*."""
    local = datetime.fromisoformat(iso).astimezone(ZoneInfo(zone))
    return f"{say_day(local.date())}, {local:%H:%M}"


def named(row: Mapping[str, Any]) -> str:
    """Return "Data Engineer at Acme", or what is known of it."""
    title, company = row.get("job_title"), row.get("company")
    return f"{title} at {company}" if title and company else title or company or "(no name)"


def named_dossier(dossier: Dossier) -> str:
    """Return the application's name in one line."""
    return named({"company": dossier.application.company, "job_title": dossier.application.job_title})


def nouns(number: int, noun: str) -> str:
    """Return "1 call", "2 calls", "3 companies", "1,234 calls"."""
    if number == 1:
        return say_count(1, noun)
    return f"{number:,} {_NOUNS.get(noun, f'{noun}s')}"


def listing(lines: Sequence[str], most: int, more: str) -> list[str]:
    """Return at most so many lines, and one that says how many are left out and where they are."""
    left = len(lines) - most
    return [*lines[:most], *([f"  … and {left:,} more: {more}"] if left > 0 else [])]


def pointed(command: str) -> str:
    """Return a command to type, marked as such."""
    return f"→ {command}" if command else ""


def below(command: str) -> str:
    """Return a command to type on a line of its own, below what it answers."""
    return f"\n    {pointed(command)}" if command else ""


def short_moment(iso: str, zone: str) -> str:
    """Return "Thu 4 Feb, 10:00" on the clock of *zone*, for a table."""
    on, _, clock = moment(iso, zone).rpartition(", ")
    return f"{on.rpartition(' ')[0]}, {clock}"


def width(text: str) -> int:
    """Return how many columns a terminal needs for the text."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    none = sum(unicodedata.combining(letter) > 0 for letter in text)
    return len(text) + wide - none


def padded(text: str, columns: int) -> str:
    """Return the text, filled up with blanks to so many columns."""
    return text + " " * max(0, columns - width(text))
