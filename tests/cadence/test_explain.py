"""An explanation agrees with the decision it explains."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given

from crm_sync.cadence.calendar import Calendar
from crm_sync.cadence.days import Load
from crm_sync.cadence.decide import decide
from crm_sync.cadence.explain import Explanation, explain, explained
from crm_sync.cadence.policy import STEADY
from crm_sync.cadence.situation import Situation
from crm_sync.cadence.wording import say_day
from crm_sync.domain.decisions import Action
from crm_sync.domain.touches import Touch
from tests.cadence import strategies as some
from tests.cadence.cases import WorkedCase, read_cases
from tests.cadence.test_invariants import settings


def explanation_of(situation: Situation, inputs: dict[str, Any]) -> Explanation:
    load = Load(inputs["planned_calls"], inputs["daily_capacity"], inputs.get("busy_days", ()))
    return explained(
        situation, inputs["now"], inputs["policy"], inputs["calendar"], inputs["owner_time_zone"], load
    )


@given(some.situations, settings())
def test_what_is_explained_is_what_is_decided(situation: Situation, inputs: dict[str, Any]) -> None:
    assert explanation_of(situation, inputs).decision == decide(situation, **inputs)


@given(some.situations, settings())
def test_rules_are_told_in_order_and_the_last_one_decides(
    situation: Situation, inputs: dict[str, Any]
) -> None:
    reasons = explain(situation, **inputs)
    rules = [reason.rule for reason in reasons]
    assert rules == list(range(1, len(rules) + 1))
    assert [reason.decides for reason in reasons] == [False] * (len(reasons) - 1) + [True]


@given(some.situations, settings())
def test_the_last_reason_names_the_day_exactly_when_a_call_is_planned(
    situation: Situation, inputs: dict[str, Any]
) -> None:
    decision = decide(situation, **inputs)
    last = explain(situation, **inputs)[-1]
    if decision.action is Action.SCHEDULE and decision.due_on is not None:
        assert say_day(decision.due_on) in last.concluded
        assert ("last call" in last.concluded) is decision.final
    elif decision.action is Action.KEEP and decision.due_on is not None:
        assert say_day(decision.due_on) in last.looked_at
    assert ("cancelled" in last.concluded) is decision.cancel_open_task


@pytest.mark.parametrize("case", read_cases(), ids=lambda case: case.name)
def test_every_worked_case_can_be_explained(case: WorkedCase) -> None:
    told = [str(reason) for reason in explain(case.situation, **case.inputs)]
    assert all(text.endswith(".") and "None" not in text and "_" not in text for text in map(_bare, told))


def _bare(text: str) -> str:
    """Leave out the names of time zones: they hold underscores."""
    return text.replace("America/New_York", "")


def test_the_window_is_explained_with_its_weekdays() -> None:
    touch = Touch("1", "", datetime(2027, 2, 4, 15, tzinfo=UTC))
    situation = Situation(time_zone="America/New_York", applied_on=date(2027, 2, 1), touches=(touch,))
    reasons = explain(
        situation,
        now=datetime(2027, 2, 4, 16, tzinfo=UTC),
        policy=STEADY,
        calendar=Calendar(),
        planned_calls={},
        daily_capacity=None,
        owner_time_zone="UTC",
    )
    assert str(reasons[9]) == (
        "Rule 10: last counted call on Thu 4 Feb 2027; 3 to 4 days later is Sun 7 to Mon 8 Feb 2027."
    )
    assert str(reasons[11]) == (
        "Rule 12: today is Thu 4 Feb 2027, looked from Sun 7 Feb 2027 on; "
        "no calls on Sun 7 Feb 2027 (weekend); the first day that fits is Mon 8 Feb 2027."
    )
    assert str(reasons[13]) == "Rule 14: attempt 2 of 4; call on Mon 8 Feb 2027."
