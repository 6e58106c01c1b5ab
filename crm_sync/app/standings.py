"""How all users stand, for whoever looks after them: one look at each account, however many users it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crm_sync.app.matters import FAILURE, OUTAGE, SYNCED
from crm_sync.app.views import asks_for_a_person, lacks_next_step
from crm_sync.config.settings import Settings
from crm_sync.domain.dossiers import Dossier
from crm_sync.domain.touches import Touch, TouchKind
from crm_sync.errors import CrmSyncError
from crm_sync.ledger.noticeboard import Noticeboard, Slip
from crm_sync.ports import Ledger


@dataclass(frozen=True, slots=True)
class Trouble:
    """What fails for a user: a source, or the sync as a whole (source ""), since when, and why."""

    source: str
    since: datetime
    words: str


@dataclass(slots=True)
class Standing:
    """How one user stands in the week, Monday to Sunday, of the user's own today.

    ``calls_made`` counts calls of the week, also those of which nobody told how they went; ``calls_planned``
    open calls from today to Sunday, ``overdue`` those of earlier days. ``synced_at`` is when a sync
    read every source, or an import every file, for the last time; None where none is known.
    """

    user: str
    today: date
    zone: str
    applications: int = 0
    calls_made: int = 0
    calls_planned: int = 0
    overdue: int = 0
    no_next_step: int = 0
    asks: int = 0
    synced_at: datetime | None = None
    troubles: list[Trouble] = field(default_factory=list)

    @property
    def monday(self) -> date:
        """Return the first day of the user's week."""
        return self.today - timedelta(days=self.today.weekday())

    def as_data(self) -> dict[str, Any]:
        """Return the standing as JSON-able data."""
        return {
            "user": self.user,
            "week_of": self.monday.isoformat(),
            "applications": self.applications,
            "calls_made": self.calls_made,
            "calls_planned": self.calls_planned,
            "overdue": self.overdue,
            "no_next_step": self.no_next_step,
            "asks": self.asks,
            "synced_at": self.synced_at.isoformat() if self.synced_at else None,
            "failing": [
                {"source": t.source or None, "since": t.since.isoformat(), "told": t.words}
                for t in self.troubles
            ],
        }


def standings(
    ledger: Ledger, board: Noticeboard | None, users: Iterable[str], settings_of: Callable[[str], Settings]
) -> list[Standing]:
    """Return how the users stand, and everybody else whom the ledger knows, in the order of their names."""
    accounts = ledger.accounts()
    known = {user for account in accounts for user in ledger.users(account)}
    found = {user: _standing(settings_of(user), user) for user in sorted({*users, *known})}
    for account in accounts:
        _count(found, ledger.dossiers(account), ledger.touches(account))
    _add_troubles(found, board)
    return list(found.values())


def _standing(settings: Settings, user: str) -> Standing:
    return Standing(user, settings.today, settings.time_zone)


def _count(
    found: Mapping[str, Standing], dossiers: Mapping[str, Dossier], touches: Mapping[str, Sequence[Touch]]
) -> None:
    for key, dossier in dossiers.items():
        standing = found[dossier.user]
        standing.calls_made += sum(_of_this_week(touch, standing) for touch in touches.get(key, ()))
        if dossier.merged_into:
            continue
        standing.applications += 1
        standing.no_next_step += lacks_next_step(dossier)
        standing.asks += asks_for_a_person(dossier)
        task = dossier.course.open_task
        if task is not None:
            sunday = standing.monday + timedelta(days=6)
            standing.overdue += task.day < standing.today
            standing.calls_planned += standing.today <= task.day <= sunday


def _of_this_week(touch: Touch, standing: Standing) -> bool:
    if touch.kind is not TouchKind.CALL:
        return False
    return standing.monday <= touch.at.astimezone(ZoneInfo(standing.zone)).date() <= standing.today


def _add_troubles(found: Mapping[str, Standing], board: Noticeboard | None) -> None:
    """Add what stands on the board; without one, nothing is known of failures."""
    slips: Iterable[Slip] = ()
    if board is not None:
        with suppress(CrmSyncError):
            slips = board.slips([FAILURE, OUTAGE, SYNCED]).values()
    for slip in sorted(slips, key=lambda one: one.since):
        standing = found.get(slip.user)
        if standing is None:
            continue
        if slip.kind == SYNCED:
            standing.synced_at = max(slip.since, standing.synced_at or slip.since)
        else:
            source = slip.subject if slip.kind == OUTAGE else ""
            standing.troubles.append(Trouble(source, slip.since, slip.words))


def totals(found: Iterable[Standing]) -> Counter[str]:
    """Return what all of them have together."""
    counted: Counter[str] = Counter()
    for one in found:
        for name in ("calls_made", "calls_planned", "overdue", "no_next_step", "asks"):
            counted[name] += getattr(one, name)
        counted["failing"] += bool(one.troubles)
    return counted
