"""The arithmetic of the rate limit, for any arrivals, holds and clocks."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_sync.crms.throttle.slots import Limit, Queue

LIMITS = st.builds(Limit, st.integers(1, 8), st.sampled_from([0.5, 1.05, 10.25]))
PAUSES = st.lists(st.sampled_from([0.0, 0.0, 0.0, 0.01, 0.3, 1.0, 5.0, 30.0]), min_size=1, max_size=60)


@dataclass
class Grants:
    """What a queue granted to those who arrived so many seconds after one another."""

    arrivals: list[float]
    slots: list[float]


def granted(queue: Queue, limit: Limit, pauses: list[float], start: float = 1e9) -> Grants:
    now, arrivals, slots = start, [], []
    for pause in pauses:
        now += pause
        arrivals.append(now)
        slots.append(queue.reserve(limit, now))
    return Grants(arrivals, slots)


def most_in_a_window(slots: list[float], window: float) -> int:
    """Return the most grants that any window of so many seconds holds."""
    tolerance = 1e-6  # doubles of today's seconds are that coarse
    return max(sum(1 for at in slots if begin <= at < begin + window - tolerance) for begin in slots)


@given(limit=LIMITS, pauses=PAUSES)
def test_no_window_holds_more_than_the_limit(limit: Limit, pauses: list[float]) -> None:
    slots = granted(Queue(), limit, pauses).slots
    assert most_in_a_window(slots, limit.window) <= limit.count


@given(limit=LIMITS, pauses=PAUSES)
def test_everybody_goes_in_turn_and_as_soon_as_the_limit_allows(limit: Limit, pauses: list[float]) -> None:
    seen = granted(Queue(), limit, pauses)
    for n, (arrival, slot) in enumerate(zip(seen.arrivals, seen.slots, strict=True)):
        ahead = seen.slots[n - 1] if n else arrival
        freed = seen.slots[n - limit.count] + limit.window if n >= limit.count else arrival
        assert slot == max(arrival, ahead, freed)


@given(limit=LIMITS, before=PAUSES, after=PAUSES, hold=st.floats(0, 60))
def test_a_hold_keeps_everybody_back_and_the_limit_holds_after_it(
    limit: Limit, before: list[float], after: list[float], hold: float
) -> None:
    queue = Queue()
    early = granted(queue, limit, before)
    now = early.arrivals[-1]
    queue.hold(hold, now)
    late = granted(queue, limit, after, start=now)
    assert late.slots[0] >= now + hold
    assert most_in_a_window([*early.slots, *late.slots], limit.window) <= limit.count


def test_a_shorter_hold_does_not_end_a_longer_one() -> None:
    queue = Queue()
    queue.hold(60, 1000.0)
    queue.hold(5, 1010.0)
    assert queue.reserve(Limit(5, 1), 1020.0) == 1060.0


@given(limit=LIMITS, before=PAUSES, after=PAUSES, back=st.floats(0, 1e8))
def test_a_clock_set_back_costs_nobody_a_wait(
    limit: Limit, before: list[float], after: list[float], back: float
) -> None:
    steady, stepped = Queue(), Queue()
    for queue in (steady, stepped):
        granted(queue, limit, before)
    now = 1e9 + sum(before)
    plain = granted(steady, limit, [0.0, *after], start=now)
    moved = granted(stepped, limit, [0.0, *after], start=now - back)
    waits = [slot - at for slot, at in zip(plain.slots, plain.arrivals, strict=True)]
    again = [slot - at for slot, at in zip(moved.slots, moved.arrivals, strict=True)]
    assert again == pytest.approx(waits, abs=1e-5)


def test_a_hold_heals_with_the_clock_too() -> None:
    queue = Queue()
    queue.hold(30, 2e9)  # a machine that believes to be in 2033
    assert queue.reserve(Limit(1, 1), 1e9) == 1e9 + 30


def test_the_row_of_a_queue_does_not_grow_with_those_who_wait() -> None:
    queue, limit = Queue(), Limit(3, 10)
    granted(queue, limit, [0.0] * 1500)
    assert len(queue.grants) == 1000
    assert queue.reserve(limit, 1e9) == 1e9 + 500 * 10


def test_what_no_limit_counts_any_more_is_forgotten() -> None:
    queue = Queue()
    granted(queue, Limit(5, 1), [0.0, 0.1, 0.1, 60.0])
    assert len(queue.grants) == 1


@given(st.lists(st.floats(0, 4e9), max_size=300))
def test_grants_are_kept_exactly(grants: list[float]) -> None:
    assert Queue.unpacked(Queue(grants).packed()) == grants


def test_half_a_grant_is_noticed() -> None:
    with pytest.raises(struct.error):
        Queue.unpacked(b"12345")


@pytest.mark.parametrize(("count", "window"), [(0, 1.0), (-1, 1.0), (1, 0.0), (1, -1.0)])
def test_a_limit_that_would_let_nobody_pass_is_refused(count: int, window: float) -> None:
    with pytest.raises(ValueError, match="above zero"):
        Limit(count, window)
