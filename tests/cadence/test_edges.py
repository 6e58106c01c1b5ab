"""Edges of single rules that the worked cases do not reach."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from crm_sync.cadence.calendar import Calendar
from crm_sync.cadence.decide import decide
from crm_sync.cadence.policy import STEADY
from crm_sync.cadence.situation import Situation, TaskView
from crm_sync.domain.decisions import Action, Decision
from crm_sync.domain.dossiers import TaskState
from crm_sync.domain.stages import Stage
from crm_sync.domain.touches import CallOutcome, CallResult, Touch

ZONE = "America/New_York"
APPLIED = Situation(time_zone=ZONE, applied_on=date(2027, 2, 1))


def said(situation: Situation, now: datetime, **more: Any) -> Decision:
    inputs: dict[str, Any] = {
        "policy": STEADY,
        "calendar": Calendar(),
        "planned_calls": {},
        "daily_capacity": None,
        "owner_time_zone": ZONE,
    }
    return decide(situation, now=now, **{**inputs, **more})


def noon(day: int, month: int = 2) -> datetime:
    return datetime(2027, month, day, 17, tzinfo=UTC)


def back_from_rejection(hours: int, **more: Any) -> Situation:
    changed = datetime(2027, 2, 9, 15, tzinfo=UTC)
    since = datetime.fromtimestamp(changed.timestamp() - 3600 * hours, UTC)
    return replace(
        APPLIED, previous_stage=Stage.REJECTED, stage_changed_at=changed, terminal_since=since, **more
    )


def test_a_rejection_taken_back_within_a_day_changes_nothing() -> None:
    assert said(back_from_rejection(24), noon(9)).due_on == date(2027, 2, 9)
    assert said(back_from_rejection(25), noon(9)).due_on == date(2027, 2, 12)


def test_a_round_that_began_with_a_slip_is_no_new_start() -> None:
    began: dict[str, Any] = {"round_started": date(2027, 2, 9)}
    assert said(back_from_rejection(2, **began), noon(9)).due_on == date(2027, 2, 9)
    assert said(replace(APPLIED, **began), noon(9)).due_on == date(2027, 2, 12)


def test_the_day_of_an_invited_dial_is_not_counted_whatever_else_was_dialled_on_it() -> None:
    touches = (
        Touch(
            "1",
            "",
            noon(4),
            outcome=CallOutcome.CONNECTED,
            result=CallResult.CALL_BACK,
            callback_on=date(2027, 2, 8),
        ),
        Touch("2", "", datetime(2027, 2, 8, 15, tzinfo=UTC)),
        Touch("3", "", datetime(2027, 2, 8, 19, tzinfo=UTC)),
    )
    assert said(replace(APPLIED, touches=touches), noon(9)).attempt == 2


def test_no_call_starts_in_the_last_quarter_of_a_day() -> None:
    night = replace(STEADY, last_start=time(23, 59))
    late = said(APPLIED, datetime(2027, 2, 6, 4, 50, tzinfo=UTC), policy=night)
    assert late.due_on == date(2027, 2, 8)
    earlier = said(APPLIED, datetime(2027, 2, 6, 4, 44, tzinfo=UTC), policy=night)
    assert earlier.due_at == datetime(2027, 2, 6, 4, 45, tzinfo=UTC)


def test_a_day_of_application_two_days_ahead_is_asked_about() -> None:
    ahead = replace(APPLIED, applied_on=date(2027, 2, 3))
    assert said(ahead, noon(1)).reason == "applied_date_in_future"
    assert "applied_date_tomorrow" in said(ahead, noon(2)).flags


def test_a_number_that_became_known_with_the_wrong_call_is_not_a_new_one() -> None:
    wrong = Touch("1", "", noon(4), outcome=CallOutcome.WRONG_NUMBER)
    same = replace(APPLIED, touches=(wrong,), number_changed_at=noon(4))
    assert said(same, noon(5)).reason == "need_number"


def test_thirty_days_are_not_too_old_and_thirty_one_are() -> None:
    assert said(APPLIED, noon(3, month=3)).action is Action.SCHEDULE
    assert said(APPLIED, noon(4, month=3)).reason == "too_old_to_start"


def test_a_task_deleted_in_an_earlier_round_is_not_asked_about_again() -> None:
    gone = TaskView(date(2027, 2, 4), state=TaskState.DELETED_BY_USER, round=1)
    again = replace(APPLIED, round=2, round_started=date(2027, 2, 9), task=gone)
    assert said(again, noon(9)).due_on == date(2027, 2, 12)


def test_a_snooze_to_today_or_to_the_windows_start_is_no_snooze() -> None:
    assert said(replace(APPLIED, snooze_until=date(2027, 2, 4)), noon(1)).flags == ()
    assert said(replace(APPLIED, snooze_until=date(2027, 2, 5)), noon(1)).flags == ("snoozed",)
    assert said(replace(APPLIED, snooze_until=date(2027, 2, 9)), noon(9)).flags == ("late",)


def test_a_promised_day_that_is_snoozed_is_not_called_impossible() -> None:
    touch = Touch("1", "", noon(4), outcome=CallOutcome.CONNECTED, callback_on=date(2027, 2, 8))
    snoozed = replace(APPLIED, touches=(touch,), snooze_until=date(2027, 2, 10))
    assert said(snoozed, noon(5)).flags == ("promised_callback", "snoozed")


def test_a_person_who_is_busy_moves_the_call_and_is_the_reason_told() -> None:
    days = {date(2027, 2, 4), date(2027, 2, 5)}
    moved = said(APPLIED, noon(1), busy_days=days)
    assert (moved.due_on, moved.flags) == (date(2027, 2, 8), ("person_busy",))
    within = said(APPLIED, noon(1), busy_days={date(2027, 2, 4)})
    assert (within.due_on, within.flags) == (date(2027, 2, 5), ("person_busy",))


def test_busy_days_of_a_person_use_up_none_of_the_days_looked_at() -> None:
    policy = replace(STEADY, spill_days=1)
    full = {date(2027, 2, 4): 1, date(2027, 2, 5): 1}
    busy = {date(2027, 2, day) for day in range(8, 12)}
    moved = said(APPLIED, noon(1), policy=policy, planned_calls=full, daily_capacity=1, busy_days=busy)
    assert moved.due_on == date(2027, 2, 12)
    assert moved.flags == ("capacity_delayed", "person_busy")


def test_gaps_differ_from_the_days_before_the_first_call() -> None:
    policy = replace(STEADY, first_min=1, first_max=1, gap_min=8, gap_max=9)
    assert said(APPLIED, noon(1), policy=policy).due_on == date(2027, 2, 2)
    called = replace(APPLIED, touches=(Touch("1", "", noon(2)),))
    assert said(called, noon(2), policy=policy).due_on == date(2027, 2, 10)


def test_a_start_by_hand_is_over_once_a_call_was_made() -> None:
    called = replace(APPLIED, manual_start=date(2027, 2, 2), touches=(Touch("1", "", noon(2)),))
    decision = said(called, noon(2))
    assert (decision.due_on, decision.flags) == (date(2027, 2, 5), ())
