"""What is tried again, after how long, and when it is given up. No test waits: the clock is a number."""

from __future__ import annotations

import pickle
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_sync.crms.patient import Patience
from crm_sync.crms.trouble import Cause, Trouble

PASSING = sorted(set(Cause) - {Cause.DAILY})
MAYBE_DONE = {Cause.SERVER, Cause.LOST}


@dataclass
class World:
    """A clock that only waiting and sending move, and a CRM that answers as it is told."""

    troubles: Sequence[Trouble] = ()
    seconds_per_request: float = 0.0
    now: float = 1000.0
    sent: int = 0
    waits: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    def send(self) -> str:
        self.sent += 1
        self.now += self.seconds_per_request
        if self.sent <= len(self.troubles):
            raise self.troubles[self.sent - 1]
        return "answer"

    def patience(self, **options: Any) -> Patience:
        return Patience(**{"sleep": self.sleep, "clock": lambda: self.now, **options})


def trouble(cause: Cause, retry_after: float | None = None) -> Trouble:
    return Trouble(f"the CRM said {cause}", cause, retry_after)


def waits_after(*troubles: Trouble, seed: int = 1, **options: Any) -> list[float]:
    """Return the waits that lead to an answer after the given troubles."""
    world = World(troubles)
    options = {"total": 1e6, "most": 100, "chance": random.Random(seed), **options}
    assert world.patience(**options)(world.send, repeatable=True) == "answer"
    return world.waits


def test_an_answer_is_returned_without_waiting() -> None:
    assert waits_after() == []


@pytest.mark.parametrize("repeatable", [True, False])
@pytest.mark.parametrize("cause", Cause)
def test_each_cause_is_tried_again_where_that_is_safe(cause: Cause, repeatable: bool) -> None:
    world = World([trouble(cause)])
    is_safe = cause is not Cause.DAILY and (repeatable or cause not in MAYBE_DONE)
    if is_safe:
        assert world.patience()(world.send, repeatable=repeatable) == "answer"
        assert (world.sent, len(world.waits)) == (2, 1)
    else:
        with pytest.raises(Trouble) as failure:
            world.patience()(world.send, repeatable=repeatable)
        assert failure.value is world.troubles[0]
        assert (world.sent, world.waits) == (1, [])


@pytest.mark.parametrize("cause", Cause)
def test_only_what_the_server_broke_or_did_not_answer_may_have_been_done(cause: Cause) -> None:
    assert trouble(cause).maybe_done is (cause in MAYBE_DONE)


def test_a_request_that_may_have_been_done_is_not_repeated_after_an_innocent_trouble() -> None:
    world = World([trouble(Cause.BURST), trouble(Cause.LOST), trouble(Cause.LOST)])
    with pytest.raises(Trouble, match="lost"):
        world.patience()(world.send, repeatable=False)
    assert world.sent == 2


def test_a_doubt_outlives_the_attempts_that_follow() -> None:
    world = World([trouble(Cause.LOST), trouble(Cause.UNREACHABLE), trouble(Cause.BURST)])
    with pytest.raises(Trouble, match="burst") as failure:
        world.patience(most=3)(world.send, repeatable=True)
    assert failure.value.maybe_done


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt()])
def test_other_errors_pass_at_once(error: BaseException) -> None:
    world = World()

    def send() -> None:
        world.sent += 1
        raise error

    with pytest.raises(type(error)):
        world.patience()(send, repeatable=True)
    assert (world.sent, world.waits) == (1, [])


@given(seed=st.integers(0, 10**6))
def test_a_burst_waits_about_the_ten_seconds_that_are_counted(seed: int) -> None:
    waits = waits_after(*[trouble(Cause.BURST)] * 5, seed=seed)
    assert all(10 <= wait <= 12 for wait in waits)


@given(seed=st.integers(0, 10**6))
def test_searches_wait_a_second_more_each_time(seed: int) -> None:
    waits = waits_after(*[trouble(Cause.SEARCH)] * 5, seed=seed)
    assert all(n <= wait <= 1.2 * n for n, wait in enumerate(waits, 1))


@given(seed=st.integers(0, 10**6), told=st.none() | st.floats(0, 5))
def test_a_lock_is_waited_for_two_seconds_at_least(seed: int, told: float | None) -> None:
    waits = waits_after(*[trouble(Cause.LOCKED, told)] * 5, seed=seed)
    assert all(2 <= wait <= 36 for wait in waits)


@given(seed=st.integers(0, 10**6), cause=st.sampled_from([Cause.SERVER, Cause.UNREACHABLE, Cause.LOST]))
def test_faults_wait_longer_each_time_up_to_half_a_minute(seed: int, cause: Cause) -> None:
    waits = waits_after(*[trouble(cause)] * 20, seed=seed)
    assert all(0.5 <= wait <= min(30, 0.5 * 2**n) for n, wait in enumerate(waits, 1))
    assert max(waits) > 8


def test_waits_are_jittered_and_the_same_for_the_same_seed() -> None:
    faults = [trouble(Cause.SERVER)] * 4
    assert waits_after(*faults, seed=1) == waits_after(*faults, seed=1)
    assert waits_after(*faults, seed=1) != waits_after(*faults, seed=2)


@given(told=st.floats(0, 250), seed=st.integers(0, 10**6), cause=st.sampled_from(PASSING))
def test_a_retry_after_is_obeyed_and_hardly_exceeded(told: float, seed: int, cause: Cause) -> None:
    (wait,) = waits_after(trouble(cause, told), seed=seed)
    least = 2.0 if cause is Cause.LOCKED else 0.0
    assert max(told, least) <= wait <= max(told, least) + 1


@pytest.mark.parametrize("cause", PASSING)
def test_a_retry_after_beyond_the_total_is_not_waited_for(cause: Cause) -> None:
    world = World([trouble(cause, 86_400.0)])
    with pytest.raises(Trouble) as failure:
        world.patience(total=300)(world.send, repeatable=True)
    assert failure.value.retry_after == 86_400
    assert (world.sent, world.waits) == (1, [])


def test_what_is_left_of_the_total_counts_and_not_the_total() -> None:
    world = World([trouble(Cause.MIGRATING, 200.0), trouble(Cause.MIGRATING, 200.0)])
    with pytest.raises(Trouble) as failure:
        world.patience(total=300)(world.send, repeatable=True)
    assert failure.value is world.troubles[1]
    assert (world.sent, len(world.waits)) == (2, 1)


def test_the_time_of_the_attempts_counts() -> None:
    world = World([trouble(Cause.LOST)] * 50, seconds_per_request=30)
    with pytest.raises(Trouble, match="lost"):
        world.patience(total=100, most=50)(world.send, repeatable=True)
    assert world.sent == 4


@given(
    causes=st.lists(st.sampled_from(PASSING), min_size=40, max_size=40),
    total=st.floats(0, 600),
    seed=st.integers(0, 10**6),
)
def test_waiting_never_passes_the_total(causes: list[Cause], total: float, seed: int) -> None:
    world = World([trouble(cause) for cause in causes])
    patience = world.patience(total=total, most=40, chance=random.Random(seed))
    with pytest.raises(Trouble) as failure:
        patience(world.send, repeatable=True)
    assert sum(world.waits) <= total + 1e-6
    assert failure.value is world.troubles[world.sent - 1]


def test_the_last_trouble_is_raised_when_the_attempts_are_used_up() -> None:
    world = World([trouble(Cause.UNREACHABLE)] * 9)
    with pytest.raises(Trouble) as failure:
        world.patience(total=1e6, most=5)(world.send, repeatable=True)
    assert failure.value is world.troubles[4]
    assert (world.sent, len(world.waits)) == (5, 4)


def test_three_faults_in_ten_do_not_end_twelve_attempts() -> None:
    chance = random.Random(7)
    for _ in range(2000):
        faults = [trouble(Cause.SERVER) for _ in iter(lambda: chance.random() < 0.3, False)]
        world = World(faults)
        assert world.patience()(world.send, repeatable=True) == "answer"


def test_each_pause_is_told_before_it_begins() -> None:
    heard: list[tuple[Cause, float]] = []
    world = World([trouble(Cause.SEARCH), trouble(Cause.LOCKED)])
    world.patience(on_pause=lambda what, wait: heard.append((what.cause, wait)))(world.send, repeatable=True)
    assert heard == list(zip([Cause.SEARCH, Cause.LOCKED], world.waits, strict=True))


def test_giving_up_is_not_told_as_a_pause() -> None:
    heard: list[Trouble] = []
    world = World([trouble(Cause.MIGRATING, 999.0)])
    with pytest.raises(Trouble):
        world.patience(on_pause=lambda what, _: heard.append(what))(world.send, repeatable=True)
    assert heard == []


def test_nothing_is_tried_again_once_stopped() -> None:
    stop = threading.Event()
    stop.set()
    world = World([trouble(Cause.BURST)])
    with pytest.raises(Trouble, match="burst"):
        world.patience(stop=stop)(world.send, repeatable=True)
    assert (world.sent, world.waits) == (1, [])


def test_a_stop_ends_the_wait_and_nothing_more_is_sent() -> None:
    stop = threading.Event()
    world = World([trouble(Cause.MIGRATING, 299.0)])
    setting: Callable[[Trouble, float], None] = lambda _trouble, _seconds: stop.set()  # noqa: E731
    patience = Patience(total=1000, stop=stop, on_pause=setting)  # waits really, but for the event
    with pytest.raises(Trouble) as failure:
        patience(world.send, repeatable=True)
    assert failure.value is world.troubles[0]
    assert world.sent == 1


def test_many_threads_may_share_one_patience() -> None:
    patience = Patience(sleep=lambda _seconds: None, total=1e6)
    worlds = [World([trouble(Cause.SERVER)] * (n % 5)) for n in range(50)]
    answers: list[str] = []
    threads = [
        threading.Thread(target=lambda w=world: answers.append(patience(w.send, repeatable=True)))
        for world in worlds
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == ["answer"] * 50
    assert [world.sent for world in worlds] == [n % 5 + 1 for n in range(50)]


def test_a_trouble_reads_as_its_message_and_survives_a_pipe() -> None:
    told = trouble(Cause.MIGRATING, 5.0)
    copy = pickle.loads(pickle.dumps(told))
    assert str(copy) == copy.message == "the CRM said migrating"
    assert (copy.cause, copy.retry_after) == (Cause.MIGRATING, 5.0)
