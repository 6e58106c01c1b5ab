"""The brief of a call task, from its dossier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from crm_sync.app.desk import Desk, calendar_of
from crm_sync.cadence.brief import BriefFacts, subject, write_brief
from crm_sync.cadence.brief_html import as_html
from crm_sync.cadence.brief_text import as_text
from crm_sync.cadence.calendar import Calendar
from crm_sync.config.settings import Settings
from crm_sync.domain.dossiers import CallTask, Dossier, Preparation
from crm_sync.domain.keys import task_id
from crm_sync.domain.touches import Touch, TouchKind
from crm_sync.planning.desired import TextOf
from crm_sync.reading.places import zone_of


def marker_of(dossier: Dossier, task: CallTask) -> str:
    """Return the marker at the end of a task's body, by which the task is found again."""
    return f"[crm-sync:{task_id(dossier.key, task.round, task.seq)}]"


CompanyFacts = Mapping[str, tuple[str, ...]]
"""Facts by company: entered once, they stand in every brief of that company (prescription 19)."""


def company_facts(dossiers: Iterable[Dossier]) -> CompanyFacts:
    """Return the facts that were prepared for any application, by the company it belongs to."""
    found: dict[str, tuple[str, ...]] = {}
    prepared = [dossier for dossier in dossiers if dossier.course.preparation.facts]
    for dossier in sorted(prepared, key=lambda d: d.key):
        facts, company = dossier.course.preparation.facts, dossier.company_key
        if company is not None:
            found[company] = tuple(dict.fromkeys((*found.get(company, ()), *facts)))
    return found


def facts_of(
    settings: Settings,
    dossier: Dossier,
    touches: tuple[Touch, ...],
    task: CallTask,
    shared: CompanyFacts,
    today: date | None = None,
) -> BriefFacts:
    """Return what the brief of *task* is made of; *shared* are the facts by company.

    *today* is the callee's day, told where the brief is read now: an overdue call proposes no past day.
    """
    application, course = dossier.application, dossier.course
    return BriefFacts(
        key=dossier.key,
        attempt=task.attempt,
        max_calls=settings.policy.max_calls,
        final=task.final,
        flags=task.flags,
        callee_name=application.contact_name,
        callee_title=application.contact_title,
        phone=course.phone or application.contact_phone,
        email=application.contact_email,
        company=application.company,
        job_title=application.job_title,
        told_by_phone=dossier.led_from is not None,
        location=application.location,
        applied_on=application.applied_on,
        source=application.source,
        job_url=application.job_url,
        external_id=application.external_id,
        salary=application.salary,
        touches=touches,
        promised_on=_promised(touches, course.round),
        propose_on=_propose(settings, task.day if today is None else max(task.day, today)),
        preparation=_prepared(dossier, shared),
        notes=application.notes,
        time_zone=zone_of(application.location),
        owner_time_zone=settings.time_zone,
    )


def _propose(settings: Settings, called_on: date) -> date:
    """Return the day to propose for another call: the last of the gap that can be called, else the next."""
    return _day_after(calendar_of(settings), settings.policy.gap_min, settings.policy.gap_max, called_on)


@lru_cache(maxsize=4096)
def _day_after(calendar: Calendar, least: int, most: int, day: date) -> date:
    days = [day + timedelta(days=count) for count in range(most, least - 1, -1)]
    return next(filter(calendar.is_callable, days), calendar.on_or_after(days[0]))


def _prepared(dossier: Dossier, shared: CompanyFacts) -> Preparation:
    """Add what is known of the company from its other applications, one's own facts first."""
    own = dossier.course.preparation
    others = shared.get(dossier.company_key or "", ())
    return replace(own, facts=tuple(dict.fromkeys((*own.facts, *others)))) if others else own


def _promised(touches: tuple[Touch, ...], round_: int) -> date | None:
    """Return the day that the last call of the round promised."""
    if not touches:
        return None
    calls = [t for t in touches if t.kind is TouchKind.CALL and t.round == round_]
    return calls[-1].callback_on if calls else None


def brief_text(
    settings: Settings,
    dossier: Dossier,
    touches: tuple[Touch, ...],
    task: CallTask,
    shared: CompanyFacts,
    callee_now: datetime | None = None,
) -> str:
    """Return the brief for a terminal, with the callee's time of day."""
    today = callee_now.date() if callee_now else None
    facts = facts_of(settings, dossier, touches, task, shared, today)
    return as_text(write_brief(facts), callee_now=callee_now)


def text_maker(desk: Desk) -> TextOf:
    """Return how subject and body of a call task are written for the CRM."""
    settings, touches, shared = desk.settings, desk.touches, company_facts(desk.dossiers.values())

    def text_of(dossier: Dossier, task: CallTask) -> tuple[str, str]:
        facts = facts_of(settings, dossier, touches.get(dossier.key, ()), task, shared)
        return subject(facts), as_html(write_brief(facts), marker_of(dossier, task))

    return text_of
