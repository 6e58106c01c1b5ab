"""Mishaps: each happens as planned, and the write was applied or not, as its name says."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import urllib3
from hubspot import HubSpot
from hubspot.crm.objects import ApiException

from tests.hubspot_simulator import Fault, at_random, fault_named, never, nth, script
from tests.hubspot_simulator.asking import Bare, deal, keyed
from tests.hubspot_simulator.faults import every_name
from tests.hubspot_simulator.front import Request
from tests.hubspot_simulator.simulator import Simulator

NEW = {"properties": deal()}
DEALS = "/crm/v3/objects/deals"


@pytest.mark.parametrize(
    ("name", "status", "kept"),
    [
        ("429", 429, 0),
        ("429-daily", 429, 0),
        ("423", 423, 0),
        ("477", 477, 0),
        ("500", 500, 0),
        ("502", 502, 0),
        ("503", 503, 0),
        ("504", 504, 0),
        ("502-after", 502, 1),
        ("504-after", 504, 1),
    ],
)
def test_a_status_comes_instead_of_the_answer(
    sim: Simulator, client: HubSpot, name: str, status: int, kept: int
) -> None:
    sim.fail(name, method="POST")
    with pytest.raises(ApiException) as failed:
        client.crm.objects.basic_api.create("deals", NEW)
    assert failed.value.status == status
    assert len(sim.records("deals")) == kept
    assert client.crm.objects.basic_api.create("deals", NEW).id


@pytest.mark.parametrize(
    ("name", "policy"),
    [("429", "TEN_SECONDLY_ROLLING"), ("429-search", "SECONDLY"), ("429-daily", "DAILY")],
)
def test_too_many_requests_name_their_policy(sim: Simulator, bare: Bare, name: str, policy: str) -> None:
    sim.fail(name)
    assert bare.search("deals").body["policyName"] == policy


@pytest.mark.parametrize(("name", "kept"), [("drop", 0), ("drop-after", 1), ("half", 1)])
def test_an_answer_is_lost_before_or_after_the_write(
    sim: Simulator, bare: Bare, name: str, kept: int
) -> None:
    sim.fail(name)
    with pytest.raises(urllib3.exceptions.ProtocolError):
        bare.post(DEALS, NEW)
    assert len(sim.records("deals")) == kept
    assert bare.post(DEALS, NEW).status == 201


@pytest.mark.parametrize(("name", "kept"), [("proxy", 0), ("proxy-after", 1)])
def test_a_page_of_somebody_else_comes_as_success(sim: Simulator, bare: Bare, name: str, kept: int) -> None:
    sim.fail(name)
    reply = bare.post(DEALS, NEW)
    assert (reply.status, reply.headers["Content-Type"]) == (200, "text/html;charset=utf-8")
    assert len(sim.records("deals")) == kept


@pytest.mark.parametrize(("seconds", "told"), [(None, None), (2.0, "2"), (0.5, "0.5")])
def test_how_long_to_wait_is_told_where_chosen(
    sim: Simulator, bare: Bare, seconds: float | None, told: str | None
) -> None:
    sim.faults = nth(1, Fault("429", seconds=seconds))
    assert bare.get(DEALS).headers.get("Retry-After") == told


def test_a_migration_always_tells_how_long(sim: Simulator, bare: Bare) -> None:
    sim.fail("477")
    assert bare.get(DEALS).headers["Retry-After"] == "1"


def test_a_slow_answer_is_right_and_late(sim: Simulator, bare: Bare) -> None:
    sim.faults = nth(1, Fault("slow", seconds=0.01))
    assert bare.post(DEALS, NEW).status == 201
    assert (sim.lines()[0].fault, sim.lines()[0].took >= 10) == ("slow", True)


def test_faults_befall_the_requests_that_are_meant(sim: Simulator, bare: Bare) -> None:
    sim.faults = script({2: fault_named("502"), 3: fault_named("503")}, "/search$", "POST")
    told = [reply.status for _ in range(4) for reply in (bare.get(DEALS), bare.search("deals"))]
    assert told == [200, 200, 200, 502, 200, 503, 200, 200]


def test_two_faults_planned_one_after_the_other_both_happen(sim: Simulator, bare: Bare) -> None:
    sim.fail("502")
    sim.fail("503")
    assert [bare.get(DEALS).status for _ in range(3)] == [503, 502, 200]


def test_chance_is_the_same_for_the_same_seed() -> None:
    def told(seed: int) -> list[str | None]:
        plan = at_random(0.3, seed)
        found = [plan(Request("POST", "/crm/v3/objects/deals/search", None)) for _ in range(2_000)]
        return [None if fault is None else fault.name for fault in found]

    assert told(1) == told(1) != told(2)
    assert 500 < sum(name is not None for name in told(1)) < 700
    assert set(told(1)) == {*every_name(), None}


def test_only_searches_are_refused_for_a_second() -> None:
    plan = at_random(1, 1, ["429-search", "502"])
    asked = [plan(Request("GET", DEALS, None)) for _ in range(50)]
    assert {fault.name for fault in asked if fault} == {"502"}


def test_an_unknown_fault_is_said_so() -> None:
    with pytest.raises(ValueError, match="no fault is called '418'"):
        fault_named("418")


@pytest.mark.usefixtures("keyed_deals")
def test_upserts_repeated_through_all_faults_end_as_without(sim: Simulator, bare: Bare) -> None:
    sim.faults = at_random(0.5, 3)
    failed = 0
    for number in range(20):
        while True:
            try:
                reply = bare.batch("upsert", "deals", [keyed(number)])
                if reply.status == 200 and isinstance(reply.body, dict):
                    break
            except urllib3.exceptions.HTTPError:
                pass
            failed += 1
    sim.faults = never
    assert failed > 5
    assert len({one["properties"]["crm_sync_key"] for one in sim.records("deals")}) == 20
    assert len(sim.records("deals")) == 20


def test_the_log_tells_what_was_asked_and_what_came_of_it(sim: Simulator, bare: Bare) -> None:
    sim.fail("drop", on=2)
    bare.batch("create", "deals", [NEW, NEW])
    with pytest.raises(urllib3.exceptions.ProtocolError):
        bare.get(f"{DEALS}/31000000001")
    lines = sim.lines()
    assert [(one.number, one.method, one.status, one.inputs, one.write, one.applied) for one in lines] == [
        (1, "POST", 201, 2, True, True),
        (2, "GET", None, 0, False, False),
    ]
    assert (sim.count("batch/create"), sim.count(method="GET"), sim.count(writes=True)) == (1, 1, 1)
    assert sim.log.counts()["GET", f"{DEALS}/{{id}}"] == 1


def test_many_threads_write_one_after_the_other(sim: Simulator, bare: Bare) -> None:
    def write(number: int) -> int:
        own = Bare(sim)
        status = own.batch("create", "deals", [{"properties": deal(number)}] * 10).status
        own.close()
        return status

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(write, range(40))) == {201}
    assert len({one["id"] for one in sim.records("deals")}) == 400
