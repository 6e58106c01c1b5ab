"""One touch, not two: what was said twice about one call counts once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given

from crm_sync.cadence.calendar import Calendar
from crm_sync.cadence.decide import decide
from crm_sync.cadence.policy import STEADY
from crm_sync.cadence.situation import Situation
from crm_sync.cadence.tally import count_calls
from crm_sync.cadence.touches import calls_of_round, merge_touches
from crm_sync.domain.touches import CallOutcome, CallResult, Touch, TouchKind
from tests.cadence import strategies as some
from tests.cadence.test_chains import next_step

ZONE = ZoneInfo("America/New_York")


def call(hour: int, outcome: CallOutcome = CallOutcome.NO_ANSWER, day: int = 4, **more: object) -> Touch:
    at = datetime(2027, 2, day, hour, tzinfo=UTC)
    return replace(Touch(f"{day}-{hour}", "", at, outcome=outcome), **more)  # type: ignore[arg-type]


def tick(hour: int, day: int = 4, **more: object) -> Touch:
    return call(hour, CallOutcome.UNKNOWN, day, **more)


def test_a_tick_on_the_day_of_a_logged_call_is_that_call() -> None:
    logged = call(15, CallOutcome.CONNECTED, result=CallResult.IN_PROCESS)
    assert merge_touches([tick(20), logged], ZONE) == (logged,)


def test_a_tick_after_a_promise_does_not_take_the_promise_back() -> None:
    said = call(15, CallOutcome.CONNECTED, result=CallResult.CALL_BACK, callback_on=date(2027, 2, 18))
    situation = Situation(time_zone="America/New_York", applied_on=date(2027, 2, 1), touches=(said, tick(20)))
    decision = next_step(situation, datetime(2027, 2, 4, 21, tzinfo=UTC))
    assert (decision.reason, decision.due_on) == ("callback", date(2027, 2, 18))


def test_a_tick_beside_a_busy_line_is_no_counted_call() -> None:
    situation = Situation(
        time_zone="America/New_York",
        applied_on=date(2027, 2, 1),
        touches=(call(15, CallOutcome.BUSY), tick(15)),
    )
    decision = next_step(situation, datetime(2027, 2, 4, 21, tzinfo=UTC))
    assert (decision.reason, decision.attempt) == ("busy_retry", 1)


def test_the_touch_with_a_result_wins_whichever_it_is() -> None:
    merged = merge_touches([call(15, CallOutcome.CONNECTED), tick(16, result=CallResult.NO_INTEREST)], ZONE)
    assert [(touch.outcome, touch.result) for touch in merged] == [
        (CallOutcome.CONNECTED, CallResult.NO_INTEREST)
    ]


def test_ticks_and_calls_of_different_days_or_rounds_stay_two() -> None:
    others = (call(15), tick(15, day=5), tick(16, round=2))
    assert len(merge_touches(others, ZONE)) == 3


def test_the_day_is_the_callees_not_that_of_utc() -> None:
    late_call, tick_at_night = call(23, day=4), tick(2, day=5)
    assert merge_touches([late_call, tick_at_night], ZONE) == (late_call,)


def test_two_dials_of_one_day_stay_two_touches() -> None:
    assert len(merge_touches([call(15), call(20)], ZONE)) == 2


@given(some.histories(6))
def test_merging_twice_changes_nothing(touches: tuple[Touch, ...]) -> None:
    merged = merge_touches(touches, ZONE)
    assert merge_touches(merged, ZONE) == merged


@given(some.histories(6))
def test_merging_keeps_everything_that_is_no_tick(touches: tuple[Touch, ...]) -> None:
    kept = {touch.id for touch in merge_touches(touches, ZONE)}
    telling = {t.id for t in touches if t.kind is not TouchKind.CALL}
    assert telling <= kept


@given(some.histories(5))
def test_every_result_is_still_told_after_merging(touches: tuple[Touch, ...]) -> None:
    before = {touch.result for touch in touches}
    assert before - {None} <= {touch.result for touch in merge_touches(touches, ZONE)}


def test_an_inbound_call_with_a_result_may_promise_a_day_but_is_no_dial() -> None:
    rang = call(15, kind=TouchKind.INBOUND, result=CallResult.CALL_BACK, callback_on=date(2027, 2, 18))
    tally = count_calls(calls_of_round((rang,), 1, ZONE), STEADY)
    assert (tally.count, tally.promised) == (0, date(2027, 2, 18))


def test_an_employer_who_rings_to_say_no_ends_the_calls() -> None:
    rang = call(15, kind=TouchKind.INBOUND, result=CallResult.NO_INTEREST)
    situation = Situation(time_zone="America/New_York", applied_on=date(2027, 2, 1), touches=(rang,))
    assert next_step(situation, datetime(2027, 2, 4, 21, tzinfo=UTC)).reason == "crossed_off:no_interest"


def test_the_third_busy_line_in_a_row_counts() -> None:
    busy = tuple(call(15, CallOutcome.BUSY, day) for day in (1, 2, 3))
    tally = count_calls(calls_of_round(busy, 1, ZONE), STEADY)
    assert tally.counted == {date(2027, 2, 3)}
    assert tally.dialled == frozenset()


def test_a_dial_on_or_after_the_promised_day_is_invited_and_not_counted() -> None:
    said = call(15, CallOutcome.CONNECTED, result=CallResult.CALL_BACK, callback_on=date(2027, 2, 10))
    tally = count_calls(calls_of_round((said, call(15, day=11)), 1, ZONE), STEADY)
    assert tally.counted == {date(2027, 2, 4)}
    assert tally.invited == {date(2027, 2, 11)}
    assert tally.last_day == date(2027, 2, 11)


def test_eight_days_of_dialling_are_the_hard_end_though_all_were_invited() -> None:
    days = range(2, 10)
    touches = tuple(
        call(15, CallOutcome.CONNECTED, day, result=CallResult.CALL_BACK, callback_on=date(2027, 2, day + 1))
        for day in days
    )
    situation = Situation(time_zone="America/New_York", applied_on=date(2027, 2, 1), touches=touches)
    decision = decide(
        situation,
        now=datetime(2027, 2, 9, 21, tzinfo=UTC),
        policy=STEADY,
        calendar=Calendar(),
        planned_calls={},
        daily_capacity=None,
        owner_time_zone="UTC",
    )
    assert decision.reason == "hard_total"


def test_two_ticks_of_a_day_are_one() -> None:
    first, second = tick(15), tick(20)
    assert merge_touches([second, first], ZONE) == (first,)
