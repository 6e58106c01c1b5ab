"""Before the first call: how many calls a list means, and how many fit into a week (cadence 2.9, 3.3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from crm_sync.app.gather import Look
from crm_sync.cadence.expectations import capacity_advice, count_figures, outlook
from crm_sync.config.settings import Settings
from crm_sync.domain.applications import Snapshot
from crm_sync.domain.stages import Stage
from crm_sync.ports import Ledger

_WEEKS = 4
_OPEN = frozenset({Stage.APPLIED, Stage.UNKNOWN})


def outlook_of(ledger: Ledger, account: str, settings: Settings, looks: Iterable[Look]) -> list[str]:
    """Return what the open applications of the settings' user mean in calls; [] once a call was made.

    Reads no dossier: stages are counted by the ledger, and how many applications a week were sent is told
    by what was just read.
    """
    figures = count_figures(t for group in ledger.touches(account, settings.user).values() for t in group)
    if figures.calls or figures.unknown:
        return []
    counts = ledger.counts(account, settings.user)
    open_ = sum(counts.get(stage.value, 0) for stage in _OPEN)
    if not open_:
        return []
    told = [outlook(open_, figures, settings.policy.max_calls)]
    advice = capacity_advice(_a_week(looks, settings), settings.calls_per_day, settings.policy.max_calls)
    return [*told, *([advice] if advice else [])]


def _a_week(looks: Iterable[Look], settings: Settings) -> float:
    """Return how many applications a week were sent during the last four weeks."""
    since = settings.today - timedelta(weeks=_WEEKS)
    days = (a.applied_on for look in looks if isinstance(look, Snapshot) for a in look.applications)
    return sum(day is not None and since < day <= settings.today for day in days) / _WEEKS
