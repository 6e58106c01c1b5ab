"""Rules 1 to 11: who may be called at all, and between which days (cadence section 6).

Each step returns the decision it makes, or None to let the next one speak; the first match wins.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from crm_sync.cadence.calendar import Calendar
from crm_sync.cadence.clocks import LocalNow, local_now
from crm_sync.cadence.outcomes import CROSSING_OFF
from crm_sync.cadence.policy import Policy
from crm_sync.cadence.reckoning import Rule, Verdict, Wish
from crm_sync.cadence.situation import Situation, TaskView
from crm_sync.cadence.tally import Tally, count_calls
from crm_sync.cadence.touches import calls_of_round, merge_touches
from crm_sync.cadence.windows import CallReason, comes_back_from_hold, window_of
from crm_sync.domain.decisions import Action, Decision
from crm_sync.domain.dossiers import TaskState
from crm_sync.domain.stages import TERMINAL, Stage
from crm_sync.domain.touches import CallOutcome, CallResult, Touch, TouchKind

Touches = tuple[Touch, ...]
Gate = Callable[[Situation, Touches, Policy], Decision | None]

_HOLDS = {
    Stage.SCREENING: "in_interview",
    Stage.INTERVIEWING: "in_interview",
    Stage.SAVED: "not_applied_yet",
    Stage.ON_HOLD: "on_hold",
}


def judge(
    situation: Situation, *, now: datetime, policy: Policy, calendar: Calendar, owner_time_zone: str
) -> Verdict | Wish:
    """Return what rules 1 to 11 say: a verdict, or the wish for a call whose day the load decides."""
    here = local_now(now, situation.time_zone or owner_time_zone)
    touches = merge_touches(situation.touches, here.zone) if situation.touches else ()
    for rule, gate in _GATES:
        decision = gate(situation, touches, policy)
        if decision is not None:
            return Verdict(rule, decision, here, touches)
    applied, flags, wrong_date = read_applied(situation, here)
    assumed = (*_assumptions(situation), *flags)
    if wrong_date is not None:
        return Verdict(Rule.APPLIED_DATE, wrong_date, here, touches, applied)
    task = situation.open_task
    if task is not None:
        if not _is_snoozed_past(situation, task):
            return Verdict(Rule.OPEN_TASK, _keep(task, here, assumed, calendar), here, touches, applied)
        assumed = (*assumed, "moves_open_task")
    tally = count_calls(calls_of_round(touches, situation.round, here.zone), policy)
    used_up = _used_up(situation, tally, policy)
    if used_up is not None:
        return Verdict(Rule.COUNT, used_up, here, touches, applied, tally)
    window = window_of(situation, applied, tally, here.zone, policy, calendar)
    if _is_too_old(situation, applied, here, policy):
        return Verdict(Rule.TOO_OLD, _ask("too_old_to_start"), here, touches, applied, tally, window)
    return Wish(situation, here, applied, tally, window, assumed, touches)


def stop(situation: Situation, reason: str) -> Decision:
    """Return the end of the calls; an open task is cancelled."""
    return Decision(Action.STOP, reason, cancel_open_task=situation.open_task is not None)


def hold(situation: Situation, reason: str) -> Decision:
    """Return that something must come by itself first; an open task is cancelled."""
    return Decision(Action.HOLD, reason, cancel_open_task=situation.open_task is not None)


def _ask(reason: str) -> Decision:
    return Decision(Action.ASK, reason)


def _terminal(situation: Situation, _: Touches, __: Policy) -> Decision | None:
    return stop(situation, situation.stage.value) if situation.stage in TERMINAL else None


def _do_not_call(situation: Situation, touches: Touches, _: Policy) -> Decision | None:
    if situation.do_not_call or (touches and any(t.result is CallResult.DO_NOT_CALL for t in touches)):
        return stop(situation, "do_not_call")
    return None


def _crossed_off(situation: Situation, touches: Touches, _: Policy) -> Decision | None:
    for touch in reversed(touches):
        if (
            touch.round == situation.round
            and touch.kind is not TouchKind.EMAIL
            and touch.result in CROSSING_OFF
        ):
            return stop(situation, f"crossed_off:{touch.result}")
    return None


def _no_calls(situation: Situation, _: Touches, __: Policy) -> Decision | None:
    return stop(situation, "posting_says_no_calls") if situation.no_calls else None


def _deleted(situation: Situation, _: Touches, __: Policy) -> Decision | None:
    task = situation.task
    if task is None or task.round != situation.round or situation.resumed_after_delete:
        return None
    return _ask("task_deleted_by_user") if task.state is TaskState.DELETED_BY_USER else None


def _waiting_stage(situation: Situation, _: Touches, __: Policy) -> Decision | None:
    if situation.stage is Stage.UNKNOWN:
        return _ask("stage_unknown")
    reason = _HOLDS.get(situation.stage)
    return hold(situation, reason) if reason is not None else None


def _waiting_answer(situation: Situation, touches: Touches, _: Policy) -> Decision | None:
    if not touches:
        return None
    spoken = [t for t in touches if t.round == situation.round and t.kind is not TouchKind.EMAIL]
    if spoken and spoken[-1].kind is TouchKind.INBOUND and spoken[-1].result is None:
        return _ask("employer_contacted_you")
    dials = [touch for touch in spoken if touch.kind is TouchKind.CALL]
    if not dials or dials[-1].outcome is not CallOutcome.WRONG_NUMBER:
        return None
    changed = situation.number_changed_at
    return _ask("need_number") if changed is None or changed <= dials[-1].at else None


def _waiting_number(situation: Situation, _: Touches, policy: Policy) -> Decision | None:
    return _ask("need_number") if policy.require_phone and not situation.has_phone else None


_GATES: tuple[tuple[Rule, Gate], ...] = (
    (Rule.TERMINAL_STAGE, _terminal),
    (Rule.DO_NOT_CALL, _do_not_call),
    (Rule.CROSSED_OFF, _crossed_off),
    (Rule.NO_CALLS_POSTING, _no_calls),
    (Rule.DELETED_TASK, _deleted),
    (Rule.WAITING, _waiting_stage),
    (Rule.WAITING, _waiting_answer),
    (Rule.WAITING, _waiting_number),
)


def _assumptions(situation: Situation) -> tuple[str, ...]:
    flags = () if situation.time_zone is not None else ("tz_assumed_owner",)
    return flags if situation.has_phone else (*flags, "number_unknown")


def read_applied(situation: Situation, here: LocalNow) -> tuple[date, tuple[str, ...], Decision | None]:
    """Return the day of application, its flags, and the question where it lies in the future (rule 7)."""
    stated = situation.applied_on
    if stated is None:
        return situation.first_seen or here.today, ("applied_date_unknown",), None
    ahead = stated - here.today
    if ahead > timedelta(days=1):
        return stated, (), _ask("applied_date_in_future")
    return stated, ("applied_date_tomorrow",) if ahead == timedelta(days=1) else (), None


def _is_snoozed_past(situation: Situation, task: TaskView) -> bool:
    return situation.snooze_until is not None and situation.snooze_until > task.day


def _keep(task: TaskView, here: LocalNow, flags: tuple[str, ...], calendar: Calendar) -> Decision:
    told = list(flags)
    if task.is_moved:
        told.append("user_rescheduled")
        if not calendar.is_callable(task.day):
            told.append("user_date_not_callable")
    if task.day < here.today:
        told.append(f"overdue_{(here.today - task.day).days}")
    return Decision(Action.KEEP, "task_exists", due_on=task.day, flags=tuple(sorted(told)))


def _used_up(situation: Situation, tally: Tally, policy: Policy) -> Decision | None:
    if len(tally.dialled) >= policy.hard_total:
        return stop(situation, "hard_total")
    if tally.count >= policy.max_calls and tally.promised is None:
        return stop(situation, "max_calls_no_response")
    return None


def _is_too_old(situation: Situation, applied: date, here: LocalNow, policy: Policy) -> bool:
    """Tell whether an old application was never called, and nobody said to start (rule 11)."""
    if (here.today - applied).days <= policy.start_max_age:
        return False
    if situation.manual_start is not None or situation.round_started is not None:
        return False
    if comes_back_from_hold(situation):
        return False
    return not any(touch.kind is TouchKind.CALL for touch in situation.touches)


def is_promise(wish: Wish) -> bool:
    """Tell whether the call was promised: then it needs no room and no other call stands in its way."""
    return wish.window.reason is CallReason.CALLBACK
