"""The sentences of an explanation: what each rule looked at, and what it concluded."""

from __future__ import annotations

from datetime import date

from crm_sync.cadence.calendar import ONE_DAY, Calendar
from crm_sync.cadence.days import Choice
from crm_sync.cadence.outcomes import OUTCOME_WORDS, RESULT_WORDS
from crm_sync.cadence.policy import Policy, Unit
from crm_sync.cadence.reckoning import Rule, Verdict, Wish
from crm_sync.cadence.situation import Situation
from crm_sync.cadence.tally import Tally
from crm_sync.cadence.windows import Anchor, AnchorReason, CallReason, Window
from crm_sync.cadence.wording import say_count, say_day, say_days, say_list
from crm_sync.domain.decisions import Action, Decision
from crm_sync.domain.dossiers import TaskState
from crm_sync.domain.stages import Stage
from crm_sync.domain.touches import Touch, TouchKind

_REASONS = {
    "do_not_call": "they asked not to be called again",
    "crossed_off:no_interest": "they said that there is no interest, so it is crossed off",
    "crossed_off:position_filled": "the position is filled, so it is crossed off",
    "posting_says_no_calls": "the posting says no calls",
    "hard_total": "that is as many days of calling as anybody should get",
    "max_calls_no_response": "all calls of the policy are used up: not noticed, which is not rejected",
    "in_interview": "an interview is under way, so the calls wait",
    "not_applied_yet": "there is nothing to follow up before the application is sent",
    "on_hold": "it is on hold, so the calls wait",
    "capacity_full": "every day that could be taken is full, so it waits for room",
    "task_deleted_by_user": "a person deleted the call task, so it stays away until you resume",
    "stage_unknown": "nobody knows what the stage means; say it, it is never guessed",
    "employer_contacted_you": "the employer called and the result is not told yet; log it",
    "need_number": "a telephone number is needed first",
    "applied_date_in_future": "the day of application lies in the future; correct it",
    "too_old_to_start": "it is too old to start without asking; resume starts it now",
    "task_exists": "the open call task is the next step",
    "cadence": "call",
    "callback": "call as promised",
    "busy_retry": "call again after the busy line",
}
_ANCHORS = {
    AnchorReason.APPLIED: "applied on",
    AnchorReason.LAST_CALL: "last counted call on",
    AnchorReason.STAGE_CHANGE: "back from another stage on",
    AnchorReason.ROUND_START: "a new round began on",
}
_TASKS = {
    TaskState.OPEN: "the last call task is open",
    TaskState.COMPLETED: "the last call task was completed",
    TaskState.DELETED_BY_USER: "a person deleted the last call task",
    TaskState.CANCELLED_BY_US: "the last call task was cancelled by crm-sync",
}
_PASSED = {
    Rule.TERMINAL_STAGE: "that does not end the calls",
    Rule.DO_NOT_CALL: "calling is allowed",
    Rule.CROSSED_OFF: "nobody said no",
    Rule.NO_CALLS_POSTING: "nothing speaks against a call",
    Rule.DELETED_TASK: "nothing to ask about",
    Rule.WAITING: "nothing has to come first",
    Rule.TOO_OLD: "it may be called",
}


def looked_at(rule: Rule, situation: Situation, facts: Verdict | Wish, policy: Policy) -> str:
    """Return what the rule looked at, as a clause without a full stop."""
    if rule <= Rule.WAITING:
        return _gate_facts(rule, situation, facts)
    if rule is Rule.APPLIED_DATE:
        return _applied_facts(situation)
    if rule is Rule.OPEN_TASK:
        task = situation.open_task
        return "no call task is open" if task is None else f"a call task is open for {say_day(task.day)}"
    if rule is Rule.COUNT and facts.tally is not None:
        return _count_facts(facts.tally, policy)
    if rule is Rule.WINDOW and facts.tally is not None and facts.window is not None:
        return _window_facts(facts.window, facts.tally)
    age = (facts.here.today - facts.applied).days if facts.applied is not None else 0
    return f"applied {say_count(age, 'day')} ago, {_dialled(situation)}"


def passed(rule: Rule, situation: Situation, facts: Verdict | Wish, policy: Policy) -> str:
    """Return what a rule concluded that let the next one speak."""
    if rule is Rule.APPLIED_DATE:
        return f"counted from {say_day(facts.applied)}" if facts.applied is not None else "no day is known"
    if rule is Rule.OPEN_TASK:
        moves = situation.open_task is not None
        return "it is snoozed past that day, so it moves" if moves else "a new one may be planned"
    if rule is Rule.COUNT and facts.tally is not None:
        return f"the next one is call {facts.tally.attempt}"
    if rule is Rule.WINDOW and facts.window is not None:
        return _window_conclusion(facts.window, facts.tally, policy)
    return _PASSED[rule]


def conclusion(decision: Decision) -> str:
    """Return what the decision says."""
    words = _REASONS.get(decision.reason, f"the stage {decision.reason} ends the calls")
    tail = "; the open call task is cancelled" if decision.cancel_open_task else ""
    if decision.action is Action.SCHEDULE and decision.due_on is not None:
        last = ", the last call" if decision.final else ""
        return f"{words} on {say_day(decision.due_on)}{last}"
    return words + tail


def days_looked_at(wish: Wish, choice: Choice, policy: Policy, calendar: Calendar) -> str:
    """Return from which day on was looked, and which days were passed over and why."""
    clauses = [f"today is {say_day(wish.here.today)}, looked from {say_day(choice.start)} on"]
    if wish.window.start <= wish.here.today < choice.start and wish.snoozed_until is None:
        clauses.append(f"no call starts after {policy.last_start:%H:%M} there")
    if wish.snoozed_until is not None:
        clauses.append(f"snoozed until {say_day(wish.snoozed_until)}")
    closed = _closed_days(choice, calendar)
    if closed:
        clauses.append(f"no calls on {say_list(closed)}")
    if choice.full:
        clauses.append(f"full: {_some(choice.full)}")
    if choice.busy:
        clauses.append(f"the same person is due another call around {_some(choice.busy)}")
    return "; ".join(clauses)


def day_chosen(decision: Decision, wish: Wish) -> str:
    """Return the chosen day, or that there is none."""
    if decision.due_on is None:
        return conclusion(decision)
    late = " (later than wished)" if decision.due_on > wish.window.end else ""
    return f"the first day that fits is {say_day(decision.due_on)}{late}"


def time_chosen(decision: Decision, wish: Wish, policy: Policy) -> tuple[str, str]:
    """Return which slot belongs to the attempt, and the local time that was taken."""
    slots = say_list([f"{slot:%H:%M}" for slot in policy.slots])
    zone = wish.here.zone.key
    whose = "the callee's" if wish.situation.time_zone is not None else "your own, since theirs is unknown,"
    looked = f"calls alternate between {slots} in {whose} zone {zone}"
    at = decision.due_at.astimezone(wish.here.zone) if decision.due_at is not None else wish.here.wall
    return looked, f"call at {at:%H:%M} there"


def attempt_counted(decision: Decision, policy: Policy) -> str:
    """Return which attempt of how many it is."""
    return f"attempt {decision.attempt} of {policy.max_calls}"


def _gate_facts(rule: Rule, situation: Situation, facts: Verdict | Wish) -> str:
    spoken = [touch for touch in facts.touches if touch.kind is not TouchKind.EMAIL]
    if rule in (Rule.TERMINAL_STAGE, Rule.WAITING):
        number = "" if situation.has_phone else ", no number is known"
        last = f", last: {say_touch(spoken[-1], facts)}" if spoken and rule is Rule.WAITING else ""
        return f"the stage is {_stage(situation.stage)}{last}{number if rule is Rule.WAITING else ''}"
    if rule is Rule.DO_NOT_CALL:
        return "whether they asked not to be called"
    if rule is Rule.CROSSED_OFF:
        return f"the results of {say_count(len(spoken), 'call')}" if spoken else "no calls yet"
    if rule is Rule.NO_CALLS_POSTING:
        return "what the posting says about calls"
    return "no call task yet" if situation.task is None else _TASKS[situation.task.state]


def say_touch(touch: Touch, facts: Verdict | Wish) -> str:
    """Return a touch in words, with the callee's day."""
    day = say_day(touch.at.astimezone(facts.here.zone).date())
    words = "they called" if touch.kind is TouchKind.INBOUND else OUTCOME_WORDS[touch.outcome]
    return f"{words}, {RESULT_WORDS[touch.result]}, {day}" if touch.result is not None else f"{words}, {day}"


def _stage(stage: Stage) -> str:
    return stage.value.replace("_", " ")


def _applied_facts(situation: Situation) -> str:
    if situation.applied_on is not None:
        return f"applied on {say_day(situation.applied_on)}"
    if situation.first_seen is not None:
        return f"no day of application, first seen on {say_day(situation.first_seen)}"
    return "no day of application"


def _count_facts(tally: Tally, policy: Policy) -> str:
    days = [say_day(day) for day in sorted(tally.counted)]
    counted = f"{say_count(tally.count, 'day')} called of {policy.max_calls}"
    clauses = [f"{counted} ({say_list(days)})" if days else counted]
    if tally.invited:
        clauses.append(f"not counted because they had asked: {_some(tuple(sorted(tally.invited)))}")
    return ", ".join(clauses)


def _window_facts(window: Window, tally: Tally) -> str:
    if window.reason is CallReason.CALLBACK:
        return f"the last call promised {say_day(window.start)}"
    if window.reason is CallReason.BUSY_RETRY and tally.last is not None:
        return f"the line was busy on {say_day(tally.last.day)}"
    if window.anchor is None:
        return f"a person said to start on {say_day(window.start)}"
    return _anchored(window.anchor)


def _anchored(anchor: Anchor) -> str:
    return f"{_ANCHORS[anchor.reason]} {say_day(anchor.day)}"


def _window_conclusion(window: Window, tally: Tally | None, policy: Policy) -> str:
    days = say_days(window.start, window.end)
    if window.reason is CallReason.BUSY_RETRY:
        return f"the next callable day is {days}"
    if window.anchor is None:
        return f"that is the day: {days}"
    first = tally is None or not tally.counted
    least, most = (policy.first_min, policy.first_max) if first else (policy.gap_min, policy.gap_max)
    span = say_count(least, "day") if least == most else f"{least} to {most} days"
    unit = span.replace("day", "callable day") if policy.unit is Unit.BUSINESS else span
    return f"{unit} later is {days}"


def _closed_days(choice: Choice, calendar: Calendar) -> list[str]:
    last = choice.day if choice.day is not None else max((choice.start, *choice.full))
    days: list[str] = []
    day = choice.start
    while day < last and len(days) < _MOST:
        why = calendar.why_not(day)
        if why is not None:
            days.append(f"{say_day(day)} ({why})")
        day += ONE_DAY
    return days


def _some(days: tuple[date, ...]) -> str:
    shown = [say_day(day) for day in days[:_MOST]]
    more = len(days) - len(shown)
    return say_list(shown) if not more else f"{', '.join(shown)} and {more} more"


_MOST = 7


def _dialled(situation: Situation) -> str:
    dials = sum(touch.kind is TouchKind.CALL for touch in situation.touches)
    return say_count(dials, "call") + " ever made"
