"""A person's words about one application, laid on the desk: calls made, snoozes, numbers, preparation."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from crm_sync.app.desk import Desk
from crm_sync.app.today import callee_day
from crm_sync.cadence.outcomes import ENDING, NEEDED_OUTCOME
from crm_sync.domain.applications import Application
from crm_sync.domain.decisions import Action
from crm_sync.domain.dossiers import Course, Dossier, TaskState
from crm_sync.domain.keys import mint
from crm_sync.domain.links import Link
from crm_sync.domain.stages import TERMINAL, Stage
from crm_sync.domain.touches import CallOutcome, CallResult, Touch, TouchKind
from crm_sync.errors import UsageError
from crm_sync.planning.desired import deal_key
from crm_sync.planning.parties import resolve_company

KEPT = "kept by a person"
"""The origin of an application that goes on although its row left the file: no source can miss it again."""

_NEXT = timedelta(microseconds=1)

LEADS_ELSEWHERE = {
    CallResult.REFERRED: "referral",
    CallResult.ANOTHER_OPENING: "follow-up call",
    CallResult.ROLE_CREATED: "follow-up call",
}
"""Results that begin a new, linked application, and the source it names (cadence 2, 12 to 14)."""


@dataclass(frozen=True, slots=True)
class LoggedCall:
    """A call as a person tells it; ``at`` is aware, ``call_back`` the callee's day."""

    at: datetime
    kind: TouchKind = TouchKind.CALL
    outcome: CallOutcome = CallOutcome.NO_ANSWER
    result: CallResult | None = None
    call_back: date | None = None
    note: str | None = None
    referred_to: str | None = None


def log(desk: Desk, key: str, call: LoggedCall) -> None:
    """Record a call that was made; its open task is done, and the results that lead elsewhere do.

    Raises UsageError where outcome, result and dates contradict each other.
    """
    dossier = desk.dossiers[key]
    check(desk, dossier, call)
    course = dossier.course
    touch = Touch(
        f"log:{uuid.uuid4().hex[:16]}",
        key,
        call.at,
        kind=call.kind,
        outcome=call.outcome,
        result=call.result,
        callback_on=call.call_back,
        round=course.round,
        note=call.note,
        referred_to=call.referred_to,
    )
    desk.add_touches([touch])
    if call.kind is TouchKind.CALL and course.task and course.task.state is TaskState.OPEN:
        course = replace(course, task=replace(course.task, state=TaskState.COMPLETED))
    if call.result is CallResult.DO_NOT_CALL:
        course = replace(course, do_not_call=True)
    desk.change(key, course)
    if call.result in LEADS_ELSEWHERE:
        _lead_elsewhere(desk, dossier, call)


def check(desk: Desk, dossier: Dossier, call: LoggedCall) -> None:
    """Raise UsageError where a logged call cannot have happened as told."""
    if call.at > desk.settings.now:
        raise UsageError("that call lies in the future", "Give --at the time at which the call was made.")
    if (
        call.result is not None
        and call.kind is TouchKind.CALL
        and call.outcome is not NEEDED_OUTCOME[call.result]
    ):
        raise UsageError(
            f"a call with outcome {call.outcome.value} has no result {call.result.value}",
            f"Log it as connected: crm-sync log {dossier.key} connected --result {call.result.value}",
        )
    if call.call_back is not None:
        if call.outcome is not CallOutcome.CONNECTED:
            raise UsageError("nobody promised a day where nobody was spoken to", "Leave --call-back out.")
        if call.result in ENDING:
            raise UsageError(f"{call.result} ends the calls", "Leave --call-back out.")
        if call.call_back < callee_day(desk.settings, dossier, call.at):
            raise UsageError(f"{call.call_back} is before the call", "Give --call-back a later day.")
    if call.result is CallResult.CALL_BACK and call.call_back is None:
        raise UsageError("call_back needs the day they named", "Add --call-back DATE, or use in_process.")
    if call.result is CallResult.REFERRED and not call.referred_to:
        raise UsageError("referred needs a name", "Add --referred-to NAME.")


def _lead_elsewhere(desk: Desk, dossier: Dossier, call: LoggedCall) -> None:
    """Begin the application to which a call led: once per name, linked to the original."""
    assert call.result is not None
    user, old = dossier.user, dossier.application
    same_role = call.result is CallResult.REFERRED
    key = mint(
        "application", user, f"{call.result}:{dossier.key}:{(call.referred_to or call.note or '').casefold()}"
    )
    if key in desk.dossiers:
        return
    day = callee_day(desk.settings, dossier, call.at)
    application = Application(
        row=0,
        sheet=None,
        connector="crm-sync",
        company=old.company,
        job_title=old.job_title if same_role else (call.note or f"Opening at {old.company}"),
        stage=Stage.APPLIED,
        applied_on=day,
        company_domain=old.company_domain,
        location=old.location,
        contact_name=call.referred_to or (None if same_role else old.contact_name),
        source=LEADS_ELSEWHERE[call.result],
    )
    party = resolve_company(application, desk.account_evidence)
    company = dossier.company_key or (party.id if party else None)
    course = Course(Stage.APPLIED, day)
    desk.put([Dossier(key, user, application, course, company, None, dossier.key, f"call on {dossier.key}")])


def say_stage(desk: Desk, key: str, stage: Stage) -> None:
    """Lay a person's word about the stage on the desk.

    The CRM alone cannot tell it where the deal stands in that column already (an unknown word's deal).
    """
    desk.change(key, replace(desk.dossiers[key].course, crm_stage=stage))


def snooze(desk: Desk, key: str, day: date) -> None:
    """Plan nothing before *day*; raise UsageError for a day that is not ahead."""
    dossier = desk.dossiers[key]
    if day <= callee_day(desk.settings, dossier, desk.settings.now):
        raise UsageError(f"{day:%a} {day} is not ahead", "Give a later day.")
    desk.change(key, replace(dossier.course, snooze_until=day))


def set_number(desk: Desk, key: str, number: str) -> None:
    """Remember a new phone number; a call that waited for one is planned again (rule 6)."""
    if sum(character.isdigit() for character in number) < 4:
        raise UsageError(f'"{number}" is no phone number', "Give it with its digits, e.g. +1 555 0100.")
    course = desk.dossiers[key].course
    told = [
        touch.at + _NEXT for touch in desk.touches.get(key, ())
    ]  # on a standing clock, too, it comes after
    changed_at = max([desk.settings.now, *told])
    desk.change(key, replace(course, phone=number.strip(), number_changed_at=changed_at))


def prepare(desk: Desk, key: str, why: str | None, facts: tuple[str, ...], reason: str | None) -> None:
    """Fill in the parts of the brief that only a person knows; facts are added, each once."""
    course = desk.dossiers[key].course
    old = course.preparation
    new = replace(
        old,
        why=why or old.why,
        facts=tuple(dict.fromkeys((*old.facts, *facts))),
        reason=reason or old.reason,
    )
    desk.change(key, replace(course, preparation=new))


def resume_needs_confirmation(dossier: Dossier) -> bool:
    """Tell whether resuming opens a new round of calls (calls used up, or crossed off)."""
    decision = dossier.course.decision
    return decision is not None and decision.action is Action.STOP and _opens_round(decision.reason)


def _opens_round(reason: str) -> bool:
    return reason in {"max_calls_no_response", "hard_total"} or reason.startswith("crossed_off")


_CANNOT_RESUME = {
    "do_not_call": ("they asked not to be called again", "This is for good; the calls stay off."),
    "posting_says_no_calls": ("the posting says no calls", "Write by another way; the calls stay off."),
    "deal_removed": ("the deal was removed from the CRM", "It stays away; the row is still in the file."),
    "employer_contacted_you": (
        "the employer contacted you, and what they said is not logged",
        "Log it: crm-sync log KEY inbound --result RESULT",
    ),
    "need_number": ("there is no number to call", "Give one: crm-sync number KEY NUMBER"),
    "stage_unknown": ("nobody knows its stage", "Say it: crm-sync stage KEY applied"),
    "stage_disputed": ("the file and the CRM dispute its stage", "Say it: crm-sync stage KEY STAGE"),
    "applied_date_in_future": ("its applied date lies ahead", "Correct the date in the file."),
}


def resume(desk: Desk, key: str) -> str:
    """Take up what was stopped, held back or deleted, and return what was done, in words.

    A deleted task gets a new one; an old application starts now; used-up or crossed-off calls begin a new
    round (design 9). Raises UsageError where a person must do something else first, or nothing waits.
    """
    dossier = desk.dossiers[key]
    course, today = dossier.course, callee_day(desk.settings, dossier, desk.settings.now)
    reason = course.decision.reason if course.decision else ""
    if course.stage in TERMINAL:
        raise UsageError(f"its stage is {course.stage}", f"Reopen it: crm-sync stage {key} applied")
    if course.undone:
        return _make_again(desk, dossier)
    if reason in _CANNOT_RESUME:
        message, hint = _CANNOT_RESUME[reason]
        raise UsageError(message, hint.replace("KEY", key))
    if reason == "task_deleted_by_user":
        desk.change(key, replace(course, resumed_after_delete=True))
        return "a new call is planned for the one that was removed"
    if reason == "too_old_to_start":
        desk.change(key, replace(course, manual_start=today))
        return "the calls start now"
    if _opens_round(reason):
        again = replace(
            course, round=course.round + 1, round_started=today, snooze_until=None, manual_start=None
        )
        desk.change(key, again)
        return f"round {again.round} of calls begins"
    if reason == "row_vanished":
        kept = replace(course, vanished_looks=0, vanished_at=None)
        desk.put([replace(dossier, course=kept, origin=KEPT, sayings=())])
        return "the calls go on although the row left the file"
    if course.snooze_until is not None and course.snooze_until > today:
        desk.change(key, replace(course, snooze_until=None))
        return "it is no longer snoozed"
    raise UsageError("nothing is stopped here", f"See why: crm-sync explain {key}")


def _make_again(desk: Desk, dossier: Dossier) -> str:
    """Let the deal be made again that was taken back with the run that had made it."""
    deal = deal_key(dossier)
    desk.links[deal] = Link(deal)
    course = replace(dossier.course, deal_removed=False, undone=False)
    desk.change(dossier.key, course)
    return "its deal is made again, and its calls are planned anew"
