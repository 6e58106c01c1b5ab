"""Rate limits: the rolling window, the search's second, the day, and what the headers say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.hubspot_simulator.asking import Bare, Clock
from tests.hubspot_simulator.options import Limits
from tests.hubspot_simulator.simulator import Simulator

OWNERS = "/crm/v3/owners/"
LABELS = "/crm/v4/associations/deals/contacts/labels"


@pytest.fixture
def limits() -> Limits:
    return Limits(enforced=True, burst=3, daily=1_000)


@pytest.fixture
def sim(clock: Clock, limits: Limits) -> Iterator[Simulator]:
    with Simulator(clock=clock, limits=limits) as opened:
        yield opened


def statuses(bare: Bare, times: int, path: str = OWNERS) -> list[int]:
    return [bare.get(path).status for _ in range(times)]


def test_the_window_rolls(bare: Bare, clock: Clock) -> None:
    assert statuses(bare, 1) == [200]
    clock.move(6)
    assert statuses(bare, 3) == [200, 200, 429]
    clock.move(4)
    assert statuses(bare, 2) == [200, 429]
    clock.move(6)
    assert statuses(bare, 3) == [200, 200, 429]


def test_a_burst_is_refused_by_name_and_without_retry_after(bare: Bare) -> None:
    statuses(bare, 3)
    reply = bare.get(OWNERS)
    assert (reply.body["policyName"], reply.body["errorType"]) == ("TEN_SECONDLY_ROLLING", "RATE_LIMIT")
    assert reply.body["message"] == "You have reached your ten_secondly_rolling limit."
    assert "Retry-After" not in reply.headers
    assert reply.headers["x-hubspot-ratelimit-remaining"] == "0"


def test_headers_count_down(bare: Bare) -> None:
    told: list[Any] = [bare.get(OWNERS).headers for _ in range(2)]
    assert [one["X-HubSpot-RateLimit-Remaining"] for one in told] == ["2", "1"]
    assert [one["X-HubSpot-RateLimit-Daily-Remaining"] for one in told] == ["999", "998"]
    assert told[0]["X-HubSpot-RateLimit-Max"] == "3"
    assert told[0]["X-HubSpot-RateLimit-Interval-Milliseconds"] == "10000"


def test_searches_have_a_second_of_their_own_and_no_headers(bare: Bare, clock: Clock) -> None:
    replies = [bare.search("deals") for _ in range(6)]
    assert [reply.status for reply in replies] == [200] * 5 + [429]
    assert replies[-1].body["policyName"] == "SECONDLY"
    assert not any("RateLimit" in name for reply in replies for name in reply.headers)
    assert statuses(bare, 1) == [200]
    clock.move(1)
    assert bare.search("deals").status == 200


@pytest.mark.parametrize("limits", [Limits(enforced=True, daily=2)], ids=["two a day"])
def test_the_day_ends_at_midnight_of_the_account(bare: Bare, clock: Clock) -> None:
    assert statuses(bare, 3) == [200, 200, 429]
    assert bare.search("deals").body["policyName"] == "DAILY"
    clock.move(13 * 3600)  # 22:00 UTC, 23:00 in Berlin
    assert statuses(bare, 1) == [429]
    clock.move(3600)
    assert statuses(bare, 1) == [200]


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        (Limits(enforced=True, burst=2), [200, 200, 429, 429]),
        (Limits(enforced=True, burst=2, associations=1), [200, 429, 200, 200]),
    ],
    ids=["together", "apart"],
)
def test_associations_count_with_the_others_or_apart(bare: Bare, told: list[int]) -> None:
    assert statuses(bare, 2, LABELS) + statuses(bare, 2) == told


def test_limits_follow_the_tier_and_are_enforced_only_where_asked() -> None:
    for tier, burst in (("free", "100"), ("professional", "190")):
        with Simulator(tier=tier) as sim:
            bare = Bare(sim)
            replies = [bare.get(OWNERS) for _ in range(101)]
            bare.close()
        assert {reply.status for reply in replies} == {200}
        assert replies[-1].headers["X-HubSpot-RateLimit-Max"] == burst
        assert replies[-1].headers["X-HubSpot-RateLimit-Remaining"] == str(int(burst) - 1)


def test_a_free_account_takes_a_hundred_requests_in_ten_seconds(clock: Clock) -> None:
    with Simulator(clock=clock, rate_limit=True) as sim:
        bare = Bare(sim)
        told = statuses(bare, 101)
        bare.close()
    assert (told.count(200), told[-1], sim.gate.refused) == (100, 429, 1)
