"""What a list of applications means in calls, and how sure a share is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_sync.cadence.expectations import (
    CallFigures,
    capacity_advice,
    count_figures,
    expected_calls,
    likely_range,
    outlook,
    settled_share,
    share_text,
    weekly_room,
)
from crm_sync.domain.touches import CallOutcome, CallResult, Touch, TouchKind


@pytest.mark.parametrize(("settled", "calls"), [(0, 4.0), (0.1, 3.4), (0.15, 3.2), (0.2, 3.0), (0.3, 2.5)])
def test_expected_calls_are_those_of_the_table(settled: float, calls: float) -> None:
    assert round(expected_calls(settled), 1) == calls


def test_ten_open_applications_mean_about_thirty_two_calls() -> None:
    assert outlook(10, CallFigures()).startswith("10 open applications mean about 32 calls")
    assert "without interest" in outlook(10, CallFigures())


def test_ones_own_share_is_used_once_there_are_enough_calls() -> None:
    assert settled_share(CallFigures(calls=19, settled=19)) == 0.15
    assert settled_share(CallFigures(calls=20, settled=6)) == 0.3


def test_more_applications_than_room_are_told_early() -> None:
    assert capacity_advice(25, 8) == (
        "you apply to 25 a week; at 8 calls a day you can follow up on about 10"
    )
    assert capacity_advice(10, 8) is None
    assert capacity_advice(500, None) is None
    assert weekly_room(8, max_calls=2) == 20


def test_a_small_share_is_told_with_its_range() -> None:
    assert share_text(2, 20) == "2 of 20 (3-30%)"
    assert share_text(0, 0) == "0 of 0"
    assert share_text(30, 300) == "30 of 300 (10%)"


@given(st.integers(1, 500).flatmap(lambda tries: st.tuples(st.integers(0, tries), st.just(tries))))
def test_a_range_holds_its_share_and_stays_between_nothing_and_all(numbers: tuple[int, int]) -> None:
    hits, tries = numbers
    low, high = likely_range(hits, tries)
    assert 0 <= low <= hits / tries + 1e-12
    assert hits / tries - 1e-12 <= high <= 1


def test_shares_that_are_none_are_refused() -> None:
    for numbers in ((1, 0), (3, 2), (-1, 5)):
        with pytest.raises(ValueError, match="share"):
            likely_range(*numbers)
    with pytest.raises(ValueError, match="between 0 and 1"):
        expected_calls(1.5)


def touch(**more: Any) -> Touch:
    return Touch("t", "", datetime(2027, 2, 4, 15, tzinfo=UTC), **more)


def test_a_tick_is_no_call_that_was_logged() -> None:
    assert count_figures([touch(outcome=CallOutcome.UNKNOWN)]) == CallFigures(calls=0, settled=0, unknown=1)


def test_a_clear_no_settles_a_call_as_much_as_an_interview() -> None:
    told = [
        touch(outcome=CallOutcome.CONNECTED, result=CallResult.NO_INTEREST),
        touch(outcome=CallOutcome.CONNECTED, result=CallResult.INTERVIEW),
        touch(),
        touch(kind=TouchKind.EMAIL),
    ]
    assert count_figures(told) == CallFigures(calls=3, settled=2)
