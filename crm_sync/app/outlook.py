"""Before the first call: how many calls a list means, and how many fit into a week (cadence 2.9, 3.3)."""

from __future__ import annotations

from datetime import timedelta

from crm_sync.cadence.expectations import capacity_advice, count_figures, outlook
from crm_sync.config.settings import Settings
from crm_sync.domain.dossiers import Dossier
from crm_sync.domain.stages import Stage
from crm_sync.ports import Ledger

_WEEKS = 4
_OPEN = frozenset({Stage.APPLIED, Stage.UNKNOWN})


def outlook_of(ledger: Ledger, account: str, settings: Settings) -> list[str]:
    """Return what the open applications of the settings' user mean in calls; [] once a call was made."""
    figures = count_figures(t for group in ledger.touches(account, settings.user).values() for t in group)
    if figures.calls or figures.unknown:
        return []
    dossiers = ledger.dossiers(account, settings.user).values()
    open_ = sum(_waits_for_calls(dossier) for dossier in dossiers)
    if not open_:
        return []
    told = [outlook(open_, figures, settings.policy.max_calls)]
    advice = capacity_advice(
        _a_week(list(dossiers), settings), settings.calls_per_day, settings.policy.max_calls
    )
    return [*told, *([advice] if advice else [])]


def _waits_for_calls(dossier: Dossier) -> bool:
    return dossier.course.stage in _OPEN


def _a_week(dossiers: list[Dossier], settings: Settings) -> float:
    """Return how many applications a week were sent during the last four weeks."""
    since = settings.today - timedelta(weeks=_WEEKS)
    days = (dossier.application.applied_on for dossier in dossiers)
    return sum(day is not None and since < day <= settings.today for day in days) / _WEEKS
