"""Chains of calls from each weekday, and where the days fall: the table of the domain, computed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm_sync.cadence.calendar import Calendar
from crm_sync.cadence.decide import decide
from crm_sync.cadence.policy import STEADY, Policy, Unit
from crm_sync.cadence.situation import Situation
from crm_sync.domain.decisions import Action, Decision
from crm_sync.domain.touches import CallOutcome, Touch

ZONE = "America/New_York"
BUSINESS = replace(STEADY, unit=Unit.BUSINESS)
MONDAY = date(2027, 3, 1)
NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def next_step(situation: Situation, now: datetime, policy: Policy = STEADY) -> Decision:
    return decide(
        situation,
        now=now,
        policy=policy,
        calendar=Calendar(),
        planned_calls={},
        daily_capacity=None,
        owner_time_zone=ZONE,
    )


def chain(applied: date, policy: Policy) -> list[date]:
    """Make every call on its day, without an answer, until nothing more is planned."""
    situation = Situation(time_zone=ZONE, applied_on=applied)
    now = datetime(applied.year, applied.month, applied.day, 17, tzinfo=UTC)
    days: list[date] = []
    while (decision := next_step(situation, now, policy)).action is Action.SCHEDULE:
        assert decision.due_on is not None
        assert decision.due_at is not None
        days.append(decision.due_on)
        touch = Touch(str(len(days)), "", decision.due_at)
        situation = replace(situation, touches=(*situation.touches, touch))
        now = decision.due_at + timedelta(minutes=5)
    assert decision.reason == "max_calls_no_response"
    return days


@pytest.mark.parametrize(
    ("weekday", "policy", "calls", "gaps"),
    [
        ("Mon", STEADY, "Thu Mon Thu Mon", "3 4 3 4"),
        ("Tue", STEADY, "Fri Mon Thu Mon", "3 3 3 4"),
        ("Wed", STEADY, "Mon Thu Mon Thu", "5 3 4 3"),
        ("Thu", STEADY, "Mon Thu Mon Thu", "4 3 4 3"),
        ("Fri", STEADY, "Mon Thu Mon Thu", "3 3 4 3"),
        ("Mon", BUSINESS, "Thu Tue Fri Wed", "3 5 3 5"),
        ("Tue", BUSINESS, "Fri Wed Mon Thu", "3 5 5 3"),
        ("Wed", BUSINESS, "Mon Thu Tue Fri", "5 3 5 3"),
        ("Thu", BUSINESS, "Tue Fri Wed Mon", "5 3 5 5"),
        ("Fri", BUSINESS, "Wed Mon Thu Tue", "5 5 3 5"),
    ],
)
def test_four_unanswered_calls_fall_on_the_days_of_the_table(
    weekday: str, policy: Policy, calls: str, gaps: str
) -> None:
    applied = MONDAY + timedelta(days=NAMES.index(weekday))
    days = chain(applied, policy)
    assert " ".join(NAMES[day.weekday()] for day in days) == calls
    steps = zip([applied, *days], days, strict=False)
    assert " ".join(str((later - earlier).days) for earlier, later in steps) == gaps


def test_attempts_alternate_between_morning_and_afternoon() -> None:
    situation = Situation(time_zone=ZONE, applied_on=MONDAY)
    hours = []
    now = datetime(2027, 3, 1, 17, tzinfo=UTC)
    while (decision := next_step(situation, now)).action is Action.SCHEDULE:
        assert decision.due_at is not None
        hours.append(f"{decision.due_at.astimezone(ZoneInfo(ZONE)):%H:%M}")
        situation = replace(
            situation, touches=(*situation.touches, Touch(str(len(hours)), "", decision.due_at))
        )
        now = decision.due_at + timedelta(minutes=5)
    assert hours == ["10:00", "15:00", "10:00", "15:00"]


def test_a_voicemail_never_pauses_the_cadence() -> None:
    left = Touch("v", "", datetime(2027, 3, 4, 15, tzinfo=UTC), outcome=CallOutcome.LEFT_VOICEMAIL)
    situation = Situation(time_zone=ZONE, applied_on=MONDAY, touches=(left,))
    decision = next_step(situation, datetime(2027, 3, 4, 16, tzinfo=UTC))
    assert (decision.action, decision.due_on) == (Action.SCHEDULE, date(2027, 3, 8))


def test_four_unanswered_calls_leave_the_stage_alone_and_mean_not_noticed() -> None:
    last = chain(MONDAY, STEADY)[-1]
    calls = tuple(Touch(str(n), "", datetime(2027, 3, 4 + 3 * n, 15, tzinfo=UTC)) for n in range(4))
    decision = next_step(
        Situation(time_zone=ZONE, applied_on=MONDAY, touches=calls),
        datetime(last.year, last.month, last.day, 20, tzinfo=UTC),
    )
    assert (decision.action, decision.reason) == (Action.STOP, "max_calls_no_response")


def test_an_overdue_task_is_kept_through_five_looks_as_one_and_the_same() -> None:
    from crm_sync.cadence.situation import TaskView

    situation = Situation(time_zone=ZONE, applied_on=MONDAY, task=TaskView(date(2027, 3, 4)))
    for day in range(5, 10):
        decision = next_step(situation, datetime(2027, 3, day, 15, tzinfo=UTC))
        assert (decision.action, decision.due_on) == (Action.KEEP, date(2027, 3, 4))
        assert decision.flags == (f"overdue_{day - 4}",)
