"""The decision about one application (cadence section 6): rules 1 to 11, then its day, time and flags."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from crm_sync.cadence.calendar import Calendar
from crm_sync.cadence.clocks import start_of_call
from crm_sync.cadence.days import Choice, Load, choose_day
from crm_sync.cadence.policy import Policy
from crm_sync.cadence.reckoning import Placement, Verdict, Wish
from crm_sync.cadence.rules import hold, is_promise, judge
from crm_sync.cadence.situation import Situation
from crm_sync.domain.decisions import Action, Decision


def decide(
    situation: Situation,
    *,
    now: datetime,
    policy: Policy,
    calendar: Calendar,
    planned_calls: Mapping[date, int],
    daily_capacity: int | None,
    owner_time_zone: str,
    busy_days: Collection[date] = (),
) -> Decision:
    """Return what to do next about one application (cadence section 6).

    *now* is aware; *planned_calls* counts this owner's calls per callee's day, without this application's;
    *daily_capacity* None is unlimited. On *busy_days* the same person is due a call by another application
    within three days: such days are passed over, flagged ``person_busy``; promises are exempt. Raises
    ValueError for a zone that does not exist.
    """
    judged = judge(situation, now=now, policy=policy, calendar=calendar, owner_time_zone=owner_time_zone)
    if isinstance(judged, Verdict):
        return judged.decision
    return place(judged, policy, calendar, Load(planned_calls, daily_capacity, busy_days)).decision


def place(wish: Wish, policy: Policy, calendar: Calendar, load: Load) -> Placement:
    """Return the decision that a wish comes to under this load (rules 12 to 14)."""
    choice = choose_day(wish.window, wish.here, wish.situation.snooze_until, policy, calendar, load)
    if choice.day is None:
        return Placement(hold(wish.situation, "capacity_full"), choice)
    attempt = wish.tally.attempt
    decision = Decision(
        Action.SCHEDULE,
        wish.window.reason.value,
        due_on=choice.day,
        due_at=start_of_call(choice.day, attempt, wish.here, policy),
        attempt=attempt,
        final=attempt >= policy.max_calls and not is_promise(wish),
        flags=tuple(sorted((*wish.flags, *_flags(wish, choice, choice.day)))),
    )
    return Placement(decision, choice)


def _flags(wish: Wish, choice: Choice, day: date) -> list[str]:
    flags = []
    if wish.window.is_manual:
        flags.append("manual_start")
    if wish.snoozed_until is not None:
        flags.append("snoozed")
    if choice.busy:
        flags.append("person_busy")
    if is_promise(wish):
        flags.extend(_promise_flags(wish, day))
    elif day > wish.window.end:
        flags.extend(_delay_flags(wish, choice))
    return flags


def _promise_flags(wish: Wish, day: date) -> list[str]:
    if wish.window.end < wish.here.today:
        return ["promised_callback", "late"]
    if day > wish.window.end and wish.snoozed_until is None:
        return ["promised_callback", "promised_day_not_callable"]
    return ["promised_callback"]


def _delay_flags(wish: Wish, choice: Choice) -> list[str]:
    """Tell why the day lies after the window."""
    flags = []
    if wish.window.end < wish.here.today:
        flags.append("late")
    if choice.full:
        flags.append("capacity_delayed")
    if flags or wish.snoozed_until is not None or choice.busy:
        return flags
    return ["window_not_callable"]
