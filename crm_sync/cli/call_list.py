"""The calls of a day, or of one application."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from crm_sync.app.shelf import Shelf, open_shelf
from crm_sync.app.views import calls as calls_due
from crm_sync.cli.days import read_day
from crm_sync.cli.doors import open_for_key, open_to_look
from crm_sync.cli.render.calls import Days, call_block, list_text
from crm_sync.cli.render.steps import no_call_text

_FOR_EVER = 36_500


@dataclass(frozen=True, slots=True)
class CallList:
    """Calls as data, and what is said about them."""

    rows: list[dict[str, Any]]
    days: Days | None = None
    instead: str = ""

    def as_text(self, *, full: bool) -> str:
        if self.days is not None:
            return list_text(self.rows, self.days, full=full)
        return "\n".join(call_block(self.rows[0], full=full)) if self.rows else self.instead


def calls_of_days(on: str, days: int, user: str | None, *, unprepared: bool = False) -> CallList:
    """Return the calls of so many days from *on*, with the next day that has calls after them."""
    with open_to_look(user) as (_, shelf, several):
        first = read_day(on, shelf.settings.today, ahead=False)
        last = first + timedelta(days=days - 1)
        upcoming = min((day for day in _due_days(shelf) if day > last), default=None)
        count = Counter(_due_days(shelf))[upcoming] if upcoming else 0
        told = Days(first, last, shelf.settings.today, upcoming, count, len(shelf.dossiers), several)
        rows = calls_due(shelf, first, days)
        return CallList([r for r in rows if not (unprepared and r["prepared"])], told)


def _due_days(shelf: Shelf) -> list[date]:
    tasks = (dossier.course.open_task for dossier in shelf.dossiers.values())
    return [task.day for task in tasks if task is not None]


def one_call(text: str, user: str | None) -> CallList:
    """Return the planned call of one application, or why there is none."""
    with open_for_key(text, user) as room:
        house, dossier = room.house, room.dossier
        ledger, account = house.ledger, house.account.name
        touches = (
            open_shelf(ledger, account, dossier.user, house.settings).touches  # also what was merged into it
            if dossier.sayings
            else ledger.touches(account, keys=[room.key])
        )
        shelf = Shelf(ledger, account, dossier.user, house.settings, {room.key: dossier}, touches)
        return CallList(calls_due(shelf, house.settings.today, _FOR_EVER), instead=no_call_text(dossier))
