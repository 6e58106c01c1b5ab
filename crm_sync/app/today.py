"""Today where the callee is, and how much of its room is used up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from crm_sync.config.settings import Settings
from crm_sync.domain.dossiers import Dossier
from crm_sync.domain.touches import Touch, TouchKind
from crm_sync.reading.places import zone_of

_A_DAY = timedelta(days=1)


def zone_for(settings: Settings, dossier: Dossier) -> ZoneInfo:
    """Return the callee's zone: the location's where its country has one, else the owner's."""
    return ZoneInfo(zone_of(dossier.application.location) or settings.time_zone)


def callee_day(settings: Settings, dossier: Dossier, moment: datetime) -> date:
    """Return the callee's day of a moment."""
    return moment.astimezone(zone_for(settings, dossier)).date()


def made_today(
    settings_for: Callable[[str], Settings],
    dossiers: Mapping[str, Dossier],
    touches: Mapping[str, tuple[Touch, ...]],
) -> Counter[tuple[str, date]]:
    """Return how many applications were called today, by user and callee's day: that room is used up."""
    made: Counter[tuple[str, date]] = Counter()
    for key, group in touches.items():
        dossier = dossiers.get(key)
        if dossier is None:
            continue
        settings = settings_for(dossier.user)
        recent = settings.now - _A_DAY
        calls = [t.at for t in group if t.kind is TouchKind.CALL and t.at > recent]
        if calls:
            today = callee_day(settings, dossier, settings.now)
            made[dossier.user, today] += any(callee_day(settings, dossier, at) == today for at in calls)
    return made
