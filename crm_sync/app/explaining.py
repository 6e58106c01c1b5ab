"""Why the next call of one application is on that day, rule by rule."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from crm_sync.app.asks import sentence
from crm_sync.app.desk import calendar_of
from crm_sync.app.shelf import Shelf
from crm_sync.app.today import callee_day
from crm_sync.app.twins import told_by
from crm_sync.cadence.capacity import DayBook
from crm_sync.cadence.days import Load
from crm_sync.cadence.explain import Reason, explained
from crm_sync.domain.decisions import Decision
from crm_sync.domain.dossiers import Dossier
from crm_sync.planning.callees import asked_not_to_be_called, blocked_in, days_of_calls, identities
from crm_sync.planning.deciding import is_planned, situation_of


@dataclass(frozen=True, slots=True)
class Explained:
    """The standing decision of an application, the rules that lead to it, and the rows that tell of it."""

    dossier: Dossier
    decision: Decision | None
    reasons: tuple[Reason, ...]
    sources: tuple[dict[str, Any], ...] = ()

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON-able data."""
        application, decision, task = self.dossier.application, self.decision, self.dossier.course.open_task
        reason = decision.reason if decision else ""
        meaning, command = sentence(reason, key=self.dossier.key, word=application.stage_word)
        return {
            "key": self.dossier.key,
            "company": application.company,
            "job_title": application.job_title,
            "stage": self.dossier.course.stage.value,
            "action": decision.action.value if decision else None,
            "reason": reason,
            "meaning": meaning,
            "command": command,
            "due_on": task.day.isoformat() if task else None,
            "due_at": task.due_at.isoformat() if task else None,
            "sources": list(self.sources),
            "rules": [
                {
                    "rule": r.rule,
                    "looked_at": r.looked_at,
                    "concluded": r.concluded,
                    "decides": r.decides,
                }
                for r in self.reasons
            ],
        }


def explain_application(shelf: Shelf, key: str) -> Explained:
    """Return why the application stands as it does.

    An open call is explained by the rules that put it on its day, as long as they still would.

    *shelf* must hold all applications of the owner, since the days' load is part of the reasons.
    """
    dossier, settings = shelf.dossiers[key], shelf.settings
    decision = dossier.course.decision
    sources = tuple(told_by(shelf, dossier))
    if not is_planned(dossier) or dossier.course.stage_disputed:
        return Explained(dossier, decision, (), sources)
    others = [d for d in shelf.dossiers.values() if d.user == dossier.user]
    blocked = asked_not_to_be_called(others, shelf.touches).keys() | blocked_in(
        shelf.ledger.evidence(shelf.account, "")
    )
    situation = situation_of(dossier, shelf.touches.get(key, ()), blocked)
    load = _load(shelf, dossier, [d for d in others if d.key != key])
    calendar = calendar_of(settings)
    told = explained(situation, settings.now, settings.policy, calendar, settings.time_zone, load)
    if situation.open_task is not None and not situation.open_task.is_moved:
        afresh = replace(situation, task=None)
        new = explained(afresh, settings.now, settings.policy, calendar, settings.time_zone, load)
        if new.decision.due_on == situation.open_task.day:
            told = new
    return Explained(dossier, decision, told.reasons, sources)


def _load(shelf: Shelf, dossier: Dossier, others: list[Dossier]) -> Load:
    """Return what the days hold already: the owner's calls, and anybody's calls to the same person."""
    today = callee_day(shelf.settings, dossier, shelf.settings.now)
    tasks = (d.course.open_task for d in others)
    days = (max(task.day, today) for task in tasks if task)
    book = DayBook(Counter(days), shelf.settings.calls_per_day)
    callees = identities(dossier)
    elsewhere = shelf.ledger.calling(shelf.account, callees, dossier.user).values() if callees else ()
    days_of_callees = days_of_calls([*others, *elsewhere], today)
    for callee in callees:
        book.lock(callee, days_of_callees.get(callee, ()))
    return Load(book.planned, book.capacity, book.closed_for(callees))
