"""From dossiers to the cadence and back: what it looks at, and what its word does to a course."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, timedelta
from functools import lru_cache

from crm_sync.cadence.capacity import Case
from crm_sync.cadence.policy import Policy
from crm_sync.cadence.situation import Situation, TaskView
from crm_sync.domain.decisions import Action, Decision
from crm_sync.domain.dossiers import CallTask, Course, Dossier, TaskState
from crm_sync.domain.touches import Touch
from crm_sync.domain.values import replace
from crm_sync.planning.callees import identities, is_blocked
from crm_sync.reading.places import zone_of

VANISHED_LOOKS = 2
VANISHED_AFTER = timedelta(hours=12)

_ANOTHER_TOMORROW = frozenset({"capacity_full", "applied_date_in_future"})
"""Reasons for which a decision is another one the next day, by itself."""

_OF_CALLS = ("call", "phone", "anruf", "telefon", "appel", "llamada", "电")
"""One of these stands in all that ``_NO_CALLS`` finds: most notes need no search."""

_NO_CALLS = re.compile(
    r"\bno (?:phone |telephone )?calls\b|\bdo(?:n't| not) (?:call|phone)\b"
    r"|\bkeine (?:anrufe|telefonischen? r)"
    r"|\bpas d'appels?\b|\bno (?:se admiten )?llamadas\b|勿电话|谢绝来电",
    re.IGNORECASE,
)


def is_planned(dossier: Dossier) -> bool:
    """Tell whether the cadence has a say: not where the deal was removed or the row vanished for good."""
    return not dossier.course.deal_removed and dossier.course.vanished_looks < VANISHED_LOOKS


def situation_of(dossier: Dossier, touches: tuple[Touch, ...], blocked: Collection[str]) -> Situation:
    """Return what the rules look at (the table "application" of cadence section 6)."""
    application, course = dossier.application, dossier.course
    situation = _situation if touches or course.task is not None else _situation_once
    return situation(
        course,
        touches,
        zone_of(application.location),
        application.applied_on,
        bool(course.phone or application.contact_phone),
        posting_says_no_calls(application.notes),
        course.do_not_call or (bool(blocked) and is_blocked(dossier, blocked)),
    )


def _situation(
    course: Course,
    touches: tuple[Touch, ...],
    time_zone: str | None,
    applied_on: date | None,
    has_phone: bool,
    no_calls: bool,
    do_not_call: bool,
) -> Situation:
    task = course.task
    return Situation(
        time_zone=time_zone,
        stage=course.stage,
        previous_stage=course.previous_stage,
        stage_changed_at=course.stage_changed_at,
        terminal_since=course.terminal_since,
        applied_on=applied_on,
        first_seen=course.first_seen,
        has_phone=has_phone,
        number_changed_at=course.number_changed_at,
        no_calls=no_calls,
        do_not_call=do_not_call,
        snooze_until=course.snooze_until,
        manual_start=course.manual_start,
        resumed_after_delete=course.resumed_after_delete,
        round=course.round,
        round_started=course.round_started,
        touches=touches,
        task=TaskView(task.pushed_due, task.crm_due, task.state, task.seq, task.round) if task else None,
    )


_situation_once = lru_cache(maxsize=4096)(_situation)
"""Applications that wait for their first call alike share their situation."""


def case_of(dossier: Dossier, touches: tuple[Touch, ...], blocked: Collection[str], policy: Policy) -> Case:
    """Return the case to be decided together with all others of its owner."""
    return Case(situation_of(dossier, touches, blocked), policy, identities(dossier))


def posting_says_no_calls(notes: str | None) -> bool:
    """Tell whether the notes say that the posting wants no calls (a hard limit, cadence 2.29)."""
    if not notes:
        return False
    words = notes.lower()
    return any(map(words.__contains__, _OF_CALLS)) and _NO_CALLS.search(notes) is not None


def follow(course: Course, decision: Decision, today: date) -> Course:
    """Return the course after *decision*: its task planned, moved or cancelled, and when to decide again."""
    look = _next_look(course, decision, today)
    if decision.action is Action.SCHEDULE:
        return _schedule(course, decision, look)
    decided = replace(course, decision=decision, decide_on=look)
    return cancel(decided) if decision.cancel_open_task else decided


def cancel(course: Course) -> Course:
    """Return the course with its open task cancelled by us, which never counts as a call."""
    if course.task is None or course.task.state is not TaskState.OPEN:
        return course
    return replace(course, task=replace(course.task, state=TaskState.CANCELLED_BY_US))


def dispute(course: Course) -> Course:
    """Return the course while its stage is in dispute: what is planned stays, nothing new is planned."""
    asked = Decision(Action.ASK, "stage_disputed")
    return replace(course, decision=asked, decide_on=_second_look(course))


def _schedule(course: Course, decision: Decision, look: date | None) -> Course:
    if decision.due_on is None or decision.due_at is None or decision.attempt is None:
        raise ValueError("a planned call has a day, an instant and a number")
    if "moves_open_task" in decision.flags and course.task is not None:
        moved = replace(
            course.task,
            pushed_due=decision.due_on,
            due_at=decision.due_at,
            crm_due=None,
            flags=decision.flags,
        )
        return replace(course, task=moved, decision=decision, decide_on=look)
    task = CallTask(
        seq=course.last_seq + 1,
        round=course.round,
        state=TaskState.OPEN,
        pushed_due=decision.due_on,
        due_at=decision.due_at,
        attempt=decision.attempt,
        final=decision.final,
        flags=decision.flags,
    )
    ended = course.task is not None and course.task.state is not TaskState.DELETED_BY_USER
    earlier = (*course.earlier, course.task) if ended and course.task else course.earlier
    return replace(course, task=task, earlier=earlier, last_seq=task.seq, decision=decision, decide_on=look)


def _next_look(course: Course, decision: Decision, today: date) -> date | None:
    """Return the day on which the decision may change by itself; None where only an event changes it."""
    look = _second_look(course)
    if decision.reason not in _ANOTHER_TOMORROW:
        return look
    tomorrow = today + timedelta(days=1)
    return tomorrow if look is None else min(look, tomorrow)


def _second_look(course: Course) -> date | None:
    """Return the day on which a row that was missed once may count as gone."""
    if course.vanished_at is None or course.vanished_looks >= VANISHED_LOOKS:
        return None
    return (course.vanished_at + VANISHED_AFTER).date()
