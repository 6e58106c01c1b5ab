"""One pass over all applications of an owner: order, room, and one planned call per person in three days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_sync.cadence import capacity
from crm_sync.cadence.calendar import Calendar
from crm_sync.cadence.capacity import Case, decide_all
from crm_sync.cadence.decide import decide
from crm_sync.cadence.policy import STEADY
from crm_sync.cadence.rules import judge
from crm_sync.cadence.situation import Situation, TaskView
from crm_sync.domain.decisions import Action, Decision
from crm_sync.domain.touches import CallOutcome, CallResult, Touch, TouchKind
from tests.cadence import strategies as some

ZONE = "America/New_York"
MONDAY = datetime(2027, 2, 1, 17, tzinfo=UTC)
WEEKDAYS = Calendar()


def applied(day: date, **more: Any) -> Situation:
    return Situation(time_zone=ZONE, applied_on=day, **more)


def no_answers(*days: date) -> tuple[Touch, ...]:
    return tuple(Touch(f"t{day}", "", datetime(day.year, day.month, day.day, 15, tzinfo=UTC)) for day in days)


def promised(on: date, said: date) -> tuple[Touch, ...]:
    at = datetime(said.year, said.month, said.day, 15, tzinfo=UTC)
    return (Touch("p", "", at, outcome=CallOutcome.CONNECTED, result=CallResult.CALL_BACK, callback_on=on),)


def run(cases: Mapping[str, Case], capacity: int | None = None, **more: Any) -> dict[str, Decision]:
    inputs = {"now": MONDAY, "calendar": WEEKDAYS, "owner_time_zone": ZONE, **more}
    return decide_all(cases, daily_capacity=capacity, **inputs)


def day_of(decision: Decision) -> date:
    assert decision.due_on is not None
    return decision.due_on


@given(some.batches, some.instants, some.capacities, st.randoms(use_true_random=False))
def test_the_order_of_the_applications_means_nothing(
    cases: dict[str, Case], now: datetime, capacity: int | None, chance: Any
) -> None:
    keys = list(cases)
    chance.shuffle(keys)
    shuffled = {key: cases[key] for key in keys}
    assert run(shuffled, capacity, now=now) == run(cases, capacity, now=now)


@given(some.batches, some.instants, st.integers(1, 3), some.loads)
def test_no_day_is_filled_beyond_capacity_but_by_promises_and_open_tasks(
    cases: dict[str, Case], now: datetime, capacity: int, elsewhere: dict[date, int]
) -> None:
    decisions = run(cases, capacity, now=now, elsewhere=elsewhere)
    due: Counter[date] = Counter(elsewhere)
    due.update(day_of(d) for d in decisions.values() if d.due_on is not None)
    planned = [d for d in decisions.values() if d.action is Action.SCHEDULE and d.reason != "callback"]
    for decision in planned:
        assert due[day_of(decision)] <= capacity


@given(some.batches, some.instants, st.frozensets(some.near_days, max_size=3))
def test_one_person_is_due_one_planned_call_in_three_days(
    cases: dict[str, Case], now: datetime, others: frozenset[date]
) -> None:
    decisions = run(cases, now=now, callee_days={"jane": others})
    for callee in ("jane", "joe"):
        days = [(key, day_of(decisions[key])) for key in _planned(cases, decisions, callee)]
        near = others if callee == "jane" else frozenset()
        for key, day in days:
            if decisions[key].reason == "callback":
                continue
            assert all(abs((day - other).days) >= 3 for other in near)
            assert all(abs((day - other).days) >= 3 for name, other in days if name != key)


def _planned(cases: dict[str, Case], decisions: dict[str, Decision], callee: str) -> list[str]:
    return [
        key
        for key, case in cases.items()
        if callee in case.callees and decisions[key].action is Action.SCHEDULE
    ]


@given(some.situations, some.instants, some.capacities, some.loads)
def test_a_single_application_is_decided_as_by_itself(
    situation: Situation, now: datetime, capacity: int | None, elsewhere: dict[date, int]
) -> None:
    together = run({"a": Case(situation, STEADY, ("jane",))}, capacity, now=now, elsewhere=elsewhere)
    alone = decide(
        situation,
        now=now,
        policy=STEADY,
        calendar=WEEKDAYS,
        planned_calls=elsewhere,
        daily_capacity=capacity,
        owner_time_zone=ZONE,
    )
    assert together == {"a": alone}


@given(some.batches, some.instants, some.capacities)
def test_once_all_tasks_are_pushed_the_next_pass_keeps_them(
    cases: dict[str, Case], now: datetime, capacity: int | None
) -> None:
    first = run(cases, capacity, now=now)
    pushed = {key: _pushed(case, first[key]) for key, case in cases.items()}
    second = run(pushed, capacity, now=now)
    for key, decision in first.items():
        if decision.action is Action.SCHEDULE:
            assert (second[key].action, second[key].due_on) == (Action.KEEP, decision.due_on)


def _pushed(case: Case, decision: Decision) -> Case:
    if decision.due_on is None or decision.action is not Action.SCHEDULE:
        return case
    task = TaskView(pushed_due=decision.due_on, round=case.situation.round)
    return Case(replace(case.situation, task=task), case.policy, case.callees)


def test_final_calls_take_the_room_before_first_calls() -> None:
    last = no_answers(date(2027, 1, 21), date(2027, 1, 25), date(2027, 1, 28))
    cases = {
        "a": Case(applied(date(2027, 1, 28)), STEADY),
        "z": Case(applied(date(2027, 1, 18), touches=last), STEADY),
    }
    decisions = run(cases, 1)
    assert decisions["z"].final
    assert day_of(decisions["z"]) == date(2027, 2, 1)
    assert day_of(decisions["a"]) == date(2027, 2, 2)
    assert decisions["a"].flags == ("capacity_delayed",)


def test_the_window_that_ends_first_then_the_newest_application_then_the_key_goes_first() -> None:
    cases = {
        "late": Case(applied(date(2027, 1, 20)), STEADY),
        "b": Case(applied(date(2027, 1, 29)), STEADY),
        "a": Case(applied(date(2027, 1, 29)), STEADY),
        "back": Case(applied(date(2027, 1, 15), touches=no_answers(date(2027, 1, 29))), STEADY),
    }
    decisions = run(cases, 1)
    assert sorted(decisions, key=lambda key: day_of(decisions[key])) == [
        "late",
        "a",
        "b",
        "back",
    ]


def test_overdue_tasks_count_into_the_load_of_today() -> None:
    cases = {
        "overdue": Case(applied(date(2027, 1, 20), task=TaskView(date(2027, 1, 25))), STEADY),
        "new": Case(applied(date(2027, 1, 28)), STEADY),
    }
    decisions = run(cases, 1)
    assert decisions["overdue"].flags == ("overdue_7",)
    assert day_of(decisions["new"]) == date(2027, 2, 2)


def test_missed_days_do_not_double_the_days_after_them() -> None:
    missed = [
        Case(applied(date(2027, 1, 20), task=TaskView(date(2027, 1, 28 + n % 2))), STEADY) for n in range(4)
    ]
    cases = {f"missed{n}": case for n, case in enumerate(missed)}
    cases["new"] = Case(applied(date(2027, 1, 28)), STEADY)
    decisions = run(cases, 4)
    assert day_of(decisions["new"]) > date(2027, 2, 1)


def test_a_task_whose_stage_asks_stays_and_counts() -> None:
    rang = Touch("i", "", datetime(2027, 1, 29, 15, tzinfo=UTC), kind=TouchKind.INBOUND)
    waiting = applied(date(2027, 1, 20), touches=(rang,), task=TaskView(date(2027, 2, 1)))
    decisions = run({"ask": Case(waiting, STEADY), "new": Case(applied(date(2027, 1, 28)), STEADY)}, 1)
    assert decisions["ask"].reason == "employer_contacted_you"
    assert day_of(decisions["new"]) == date(2027, 2, 2)


def test_no_interest_frees_the_slot_for_a_waiting_application() -> None:
    taken = applied(date(2027, 1, 20), task=TaskView(date(2027, 2, 1)))
    waiting = Case(applied(date(2027, 1, 29)), STEADY)
    policy = replace(STEADY, spill_days=0, first_min=3, first_max=3)
    waiting = Case(waiting.situation, policy)
    assert run({"a": Case(taken, STEADY), "b": waiting}, 1)["b"].reason == "capacity_full"
    said_no = Touch(
        "n",
        "",
        datetime(2027, 2, 1, 15, tzinfo=UTC),
        outcome=CallOutcome.CONNECTED,
        result=CallResult.NO_INTEREST,
    )
    freed = run({"a": Case(replace(taken, touches=(said_no,)), STEADY), "b": waiting}, 1)
    assert freed["a"].reason == "crossed_off:no_interest"
    assert freed["a"].cancel_open_task
    assert day_of(freed["b"]) == date(2027, 2, 1)


def test_a_promised_call_needs_no_room_but_takes_it() -> None:
    cases = {
        "promised": Case(
            applied(date(2027, 1, 10), touches=promised(date(2027, 2, 1), date(2027, 1, 20))), STEADY
        ),
        "new": Case(applied(date(2027, 1, 28)), STEADY),
    }
    decisions = run(cases, 1, elsewhere={date(2027, 2, 1): 1, date(2027, 2, 2): 1})
    assert day_of(decisions["promised"]) == date(2027, 2, 1)
    assert day_of(decisions["new"]) == date(2027, 2, 3)


def test_a_second_application_to_the_same_person_waits_three_days_and_says_why() -> None:
    cases = {
        "first": Case(applied(date(2027, 1, 28)), STEADY, ("jane",)),
        "second": Case(applied(date(2027, 1, 28)), STEADY, ("jane",)),
        "other": Case(applied(date(2027, 1, 28)), STEADY, ("joe",)),
    }
    decisions = run(cases)
    assert day_of(decisions["first"]) == date(2027, 2, 1)
    assert day_of(decisions["second"]) == date(2027, 2, 4)
    assert decisions["second"].flags == ("person_busy",)
    assert day_of(decisions["other"]) == date(2027, 2, 1)


def test_a_person_whom_somebody_else_is_due_to_call_is_left_alone_for_three_days() -> None:
    cases = {"mine": Case(applied(date(2027, 1, 28)), STEADY, ("jane",))}
    decision = run(cases, callee_days={"jane": [date(2027, 2, 2)]})["mine"]
    assert day_of(decision) == date(2027, 2, 5)
    assert decision.flags == ("person_busy",)


def test_a_promise_is_kept_though_the_person_is_due_another_call() -> None:
    situation = applied(date(2027, 1, 10), touches=promised(date(2027, 2, 2), date(2027, 1, 20)))
    cases = {"mine": Case(situation, STEADY, ("jane",))}
    decision = run(cases, callee_days={"jane": [date(2027, 2, 2)]})["mine"]
    assert (decision.reason, decision.due_on) == ("callback", date(2027, 2, 2))
    assert decision.flags == ("promised_callback",)


def test_a_first_sync_of_three_hundred_old_rows_stays_below_capacity() -> None:
    cases = {
        f"row{n:03}": Case(applied(date(2027, 2, 1) - timedelta(days=n % 60)), STEADY) for n in range(300)
    }
    decisions = run(cases, 8)
    load = Counter(day_of(d) for d in decisions.values() if d.action is Action.SCHEDULE)
    assert max(load.values()) <= 8
    assert {d.reason for d in decisions.values()} == {"cadence", "capacity_full", "too_old_to_start"}


@pytest.mark.slow
def test_a_hundred_thousand_applications_are_decided_in_seconds() -> None:
    from time import process_time

    cases = {
        f"k{n:06}": Case(applied(date(2027, 2, 1) - timedelta(days=n % 20)), STEADY, (f"p{n % 40000}",))
        for n in range(100_000)
    }
    began = process_time()
    run(cases)
    assert process_time() - began < 6


def test_a_snooze_until_the_end_of_time_is_no_error() -> None:
    never = applied(date(2027, 1, 28), snooze_until=date(9999, 12, 31))
    decision = run({"a": Case(never, STEADY, ("jane",))}, 1)["a"]
    assert (decision.due_on, decision.flags) == (date(9999, 12, 31), ("snoozed",))


def test_a_person_is_known_by_any_of_the_names_that_two_applications_share() -> None:
    cases = {
        "mail and name": Case(applied(date(2027, 1, 28)), STEADY, ("jane@acme.example", "jane at acme")),
        "name only": Case(applied(date(2027, 1, 28)), STEADY, ("jane at acme",)),
    }
    decisions = run(cases)
    assert [day_of(decisions[key]) for key in cases] == [date(2027, 2, 1), date(2027, 2, 4)]


def test_situations_that_are_alike_are_judged_once_and_policies_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Any] = []

    def judged(*told: Any, **more: Any) -> Any:
        asked.append(told)
        return judge(*told, **more)

    monkeypatch.setattr(capacity, "judge", judged)
    patient = replace(STEADY, first_min=9, first_max=12)
    cases = {f"{n}": Case(applied(date(2027, 1, 28)), STEADY, (f"person {n}",)) for n in range(9)}
    decisions = run({**cases, "patient": Case(applied(date(2027, 1, 28)), patient)})
    assert len(asked) == 2
    assert len({day_of(decision) for decision in decisions.values()}) == 2
