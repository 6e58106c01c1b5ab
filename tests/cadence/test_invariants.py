"""The invariants of the rule set, held against situations of every kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from crm_sync.cadence.calendar import Calendar
from crm_sync.cadence.decide import decide
from crm_sync.cadence.policy import Policy
from crm_sync.cadence.situation import Situation, TaskView
from crm_sync.domain.decisions import Action, Decision
from crm_sync.domain.stages import TERMINAL
from crm_sync.domain.touches import CallOutcome, CallResult, Touch, TouchKind
from tests.cadence import strategies as some


@st.composite
def settings(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "now": draw(some.instants),
        "policy": draw(some.policies),
        "calendar": draw(some.calendars),
        "planned_calls": draw(some.loads),
        "daily_capacity": draw(some.capacities),
        "owner_time_zone": some.OWNER_ZONE,
        "busy_days": draw(st.frozensets(some.near_days, max_size=5)),
    }


def call_planned(situation: Situation, inputs: Mapping[str, Any]) -> tuple[Decision, date]:
    decision = decide(situation, **inputs)
    assume(decision.action is Action.SCHEDULE)
    assert decision.due_on is not None
    return decision, decision.due_on


@given(some.situations, settings())
def test_the_same_input_gives_the_same_decision(situation: Situation, inputs: dict[str, Any]) -> None:
    assert decide(situation, **inputs) == decide(situation, **inputs)


@given(some.callable_situations, settings())
def test_a_call_is_never_planned_on_a_day_without_calls(situation: Situation, inputs: dict[str, Any]) -> None:
    _, day = call_planned(situation, inputs)
    assert day.weekday() not in inputs["calendar"].weekend
    assert day not in inputs["calendar"].holidays
    assert day not in inputs["calendar"].owner_days_off


@given(some.kept_situations, settings())
def test_a_kept_day_without_calls_was_chosen_by_a_person_and_is_flagged(
    situation: Situation, inputs: dict[str, Any]
) -> None:
    decision = decide(situation, **inputs)
    assume(decision.action is Action.KEEP and decision.due_on is not None)
    task = situation.task
    assert task is not None
    moved = task.crm_due is not None and task.crm_due != task.pushed_due
    assert decision.due_on == (task.crm_due if moved else task.pushed_due)
    unfit = moved and not inputs["calendar"].is_callable(task.crm_due)
    assert ("user_date_not_callable" in decision.flags) is unfit


@given(some.callable_situations, settings())
def test_cadence_calls_keep_the_gap_to_the_last_counted_call(
    situation: Situation, inputs: dict[str, Any]
) -> None:
    situation = replace(
        situation, touches=tuple(replace(touch, callback_on=None) for touch in situation.touches)
    )
    decision, day = call_planned(situation, inputs)
    assume(decision.reason == "cadence")
    zone = ZoneInfo(situation.time_zone or some.OWNER_ZONE)
    answered = [touch for touch in situation.touches if _surely_counts(touch, situation.round)]
    for touch in answered:
        assert day >= touch.at.astimezone(zone).date() + timedelta(days=inputs["policy"].gap_min)


def _surely_counts(touch: Touch, number: int) -> bool:
    """Busy, wrong numbers and ticks (which a logged call may swallow) are left aside."""
    uncertain = (CallOutcome.BUSY, CallOutcome.WRONG_NUMBER, CallOutcome.UNKNOWN)
    return touch.kind is TouchKind.CALL and touch.round == number and touch.outcome not in uncertain


@given(some.situations, st.sampled_from(sorted(TERMINAL)), settings())
def test_a_terminal_stage_never_plans_or_keeps_a_call(
    situation: Situation, stage: Any, inputs: dict[str, Any]
) -> None:
    decision = decide(replace(situation, stage=stage), **inputs)
    assert (decision.action, decision.reason) == (Action.STOP, stage)
    assert decision.flags == ()


@given(some.callable_situations, settings())
def test_a_call_starts_on_its_day_for_the_callee_and_not_in_the_past(
    situation: Situation, inputs: dict[str, Any]
) -> None:
    decision, day = call_planned(situation, inputs)
    assert decision.due_at is not None
    assert decision.due_at.tzinfo is UTC
    assert decision.due_at.astimezone(ZoneInfo(situation.time_zone or some.OWNER_ZONE)).date() == day
    assert decision.due_at >= inputs["now"]


@given(some.callable_situations, settings())
def test_a_full_day_takes_promised_calls_only(situation: Situation, inputs: dict[str, Any]) -> None:
    decision, day = call_planned(situation, inputs)
    full = inputs["daily_capacity"] is not None and (
        inputs["planned_calls"].get(day, 0) >= inputs["daily_capacity"]
    )
    assert decision.reason == "callback" or not full


@given(some.callable_situations, settings())
def test_a_day_on_which_the_person_is_called_takes_promised_calls_only(
    situation: Situation, inputs: dict[str, Any]
) -> None:
    decision, day = call_planned(situation, inputs)
    assert decision.reason == "callback" or day not in inputs["busy_days"]


@given(some.callable_situations, settings())
def test_a_holiday_on_the_chosen_day_only_moves_the_call_later(
    situation: Situation, inputs: dict[str, Any]
) -> None:
    decision, day = call_planned(situation, inputs)
    old = inputs["calendar"]
    closed = Calendar(old.weekend, {*old.holidays, day}, old.owner_days_off)
    moved = decide(situation, **{**inputs, "calendar": closed})
    if moved.action is Action.HOLD:
        assert moved.reason == "capacity_full"
    else:
        assert moved.due_on is not None
        assert moved.due_on > day
        assert moved.attempt == decision.attempt


@given(some.callable_situations, settings())
def test_once_the_task_is_pushed_it_is_kept(situation: Situation, inputs: dict[str, Any]) -> None:
    _, day = call_planned(situation, inputs)
    pushed = replace(situation, task=TaskView(pushed_due=day, seq=9, round=situation.round))
    after = decide(pushed, **inputs)
    assert (after.action, after.due_on) == (Action.KEEP, day)
    assert not after.cancel_open_task


@given(some.situations, settings())
def test_fields_that_do_not_apply_are_empty(situation: Situation, inputs: dict[str, Any]) -> None:
    decision = decide(situation, **inputs)
    plans = decision.action is Action.SCHEDULE
    assert (decision.due_at is not None) is plans
    assert (decision.attempt is not None) is plans
    assert (decision.due_on is not None) is (decision.action in (Action.SCHEDULE, Action.KEEP))
    assert plans or not decision.final
    assert list(decision.flags) == sorted(set(decision.flags))
    if decision.action not in (Action.SCHEDULE, Action.KEEP):
        assert decision.flags == ()
    ends = decision.action in (Action.HOLD, Action.STOP)
    assert decision.cancel_open_task is (ends and situation.open_task is not None)


@given(some.situations, settings(), st.permutations(range(6)))
def test_the_order_in_which_touches_are_listed_means_nothing(
    situation: Situation, inputs: dict[str, Any], order: list[int]
) -> None:
    shuffled = tuple(situation.touches[n] for n in order if n < len(situation.touches))
    assert decide(replace(situation, touches=shuffled), **inputs) == decide(situation, **inputs)


@given(some.situations, some.recent, settings())
def test_an_email_neither_counts_nor_postpones_a_call(
    situation: Situation, at: datetime, inputs: dict[str, Any]
) -> None:
    email = Touch("mail", "", at, TouchKind.EMAIL, round=situation.round)
    with_email = replace(situation, touches=(*situation.touches, email))
    assert decide(with_email, **inputs) == decide(situation, **inputs)


@given(some.situations, settings())
def test_do_not_call_in_any_round_ends_everything(situation: Situation, inputs: dict[str, Any]) -> None:
    said = Touch("dnc", "", datetime(2027, 1, 5, 15, tzinfo=UTC), outcome=CallOutcome.CONNECTED)
    said = replace(said, result=CallResult.DO_NOT_CALL, round=7)
    assert decide(replace(situation, touches=(said,)), **inputs).action is Action.STOP


@given(some.callable_situations, settings())
def test_no_more_calls_than_the_policy_allows_unless_promised(
    situation: Situation, inputs: dict[str, Any]
) -> None:
    decision, _ = call_planned(situation, inputs)
    policy: Policy = inputs["policy"]
    assert decision.attempt is not None
    assert decision.reason == "callback" or decision.attempt <= policy.max_calls
    assert decision.final is (decision.reason != "callback" and decision.attempt == policy.max_calls)
