"""Search: filters, order, pages, limits; and an index that lags."""

from __future__ import annotations

from typing import Any

import pytest
from hubspot import HubSpot

from tests.hubspot_simulator.answers import milliseconds
from tests.hubspot_simulator.asking import Bare, Clock, deal, made
from tests.hubspot_simulator.simulator import Simulator

MODIFIED = {"propertyName": "hs_lastmodifieddate", "direction": "ASCENDING"}


def where(name: str, operator: str, *values: str) -> dict[str, Any]:
    said: dict[str, Any] = {"propertyName": name, "operator": operator}
    if operator in ("IN", "NOT_IN"):
        return said | {"values": list(values)}
    if operator == "BETWEEN":
        return said | {"value": values[0], "highValue": values[1]}
    return said | ({"value": values[0]} if values else {})


def names(reply: Any) -> list[str]:
    return [one["properties"]["dealname"][-1] for one in reply.body["results"]]


@pytest.fixture
def four(sim: Simulator, clock: Clock) -> None:
    """Make four deals, one second apart: A 5, B 50, C 500 and D without amount."""
    for name, amount in (("A", "5"), ("B", "50"), ("C", "500"), ("D", "")):
        made(sim, dealname=f"Deal {name}", amount=amount, description=f"<p>mark:{name.lower()}</p>")
        clock.move(1)


@pytest.mark.usefixtures("four")
@pytest.mark.parametrize(
    ("filter_", "found"),
    [
        (where("dealname", "EQ", "deal b"), "B"),
        (where("dealname", "NEQ", "Deal B"), "ACD"),
        (where("dealname", "IN", "deal a", "DEAL C"), "AC"),
        (where("dealname", "NOT_IN", "deal a", "deal c"), "BD"),
        (where("amount", "GT", "5"), "BC"),
        (where("amount", "GTE", "5"), "ABC"),
        (where("amount", "LT", "50"), "A"),
        (where("amount", "LTE", "50.0"), "AB"),
        (where("amount", "BETWEEN", "6", "500"), "BC"),
        (where("amount", "HAS_PROPERTY"), "ABC"),
        (where("amount", "NOT_HAS_PROPERTY"), "D"),
        (where("dealname", "CONTAINS_TOKEN", "deal"), "ABCD"),
        (where("dealname", "CONTAINS_TOKEN", "dea"), ""),
        (where("dealname", "CONTAINS_TOKEN", "dea*"), "ABCD"),
        (where("description", "CONTAINS_TOKEN", "c"), "C"),
        (where("hs_lastmodifieddate", "GTE", "2031-03-04T09:00:02Z"), "CD"),
        (where("hs_lastmodifieddate", "GT", "2031-03-04T09:00:02Z"), "D"),
        (where("createdate", "LT", "2031-03-04T09:00:01Z"), "A"),
    ],
)
def test_a_filter_finds_what_it_says(bare: Bare, filter_: dict[str, Any], found: str) -> None:
    assert "".join(names(bare.search("deals", filter_))) == found


@pytest.mark.usefixtures("four")
def test_groups_are_alternatives_and_filters_add_up(bare: Bare) -> None:
    groups = [
        {"filters": [where("amount", "GT", "5"), where("amount", "LT", "500")]},
        {"filters": [where("dealname", "EQ", "Deal D")]},
    ]
    reply = bare.post("/crm/v3/objects/deals/search", {"filterGroups": groups})
    assert (names(reply), reply.body["total"]) == (["B", "D"], 2)


@pytest.mark.usefixtures("four")
def test_pages_follow_one_another_in_the_order_asked(client: HubSpot) -> None:
    search = client.crm.objects.search_api.do_search
    wish = {"limit": 3, "sorts": [{"propertyName": "hs_lastmodifieddate", "direction": "DESCENDING"}]}
    first = search("deals", wish)
    rest = search("deals", {**wish, "after": first.paging.next.after})
    told = [one.properties["dealname"][-1] for one in [*first.results, *rest.results]]
    assert (told, first.total, rest.paging) == (list("DCBA"), 4, None)


@pytest.mark.usefixtures("four")
def test_amounts_are_sorted_as_numbers_and_empty_ones_last(bare: Bare) -> None:
    for direction, order in (("ASCENDING", "ABCD"), ("DESCENDING", "CBAD")):
        reply = bare.search("deals", sorts=[{"propertyName": "amount", "direction": direction}])
        assert "".join(names(reply)) == order


def test_what_was_changed_last_comes_last(bare: Bare, sim: Simulator, clock: Clock) -> None:
    numbers = [made(sim) for _ in range(3)]
    since = str(milliseconds(clock.now) + 1)
    clock.move(1)
    sim.people.edit("deals", numbers[0], amount="1")
    reply = bare.search("deals", where("hs_lastmodifieddate", "GTE", since), sorts=[MODIFIED])
    assert [one["id"] for one in reply.body["results"]] == [numbers[0]]
    everything = bare.search("deals", sorts=[MODIFIED]).body["results"]
    assert [one["id"] for one in everything] == [*numbers[1:], numbers[0]]


def test_tasks_are_found_by_what_they_belong_to(bare: Bare, sim: Simulator) -> None:
    number, task = made(sim), made(sim, "tasks")
    made(sim, "tasks")
    sim.people.connect("tasks", task, "deals", number)
    reply = bare.search("tasks", where("associations.deal", "EQ", number))
    assert [one["id"] for one in reply.body["results"]] == [task]


def test_search_knows_of_a_write_only_after_the_lag(bare: Bare, sim: Simulator, clock: Clock) -> None:
    number = made(sim, dealname="Before")
    clock.move(60)
    sim.options.index_lag = 5
    sim.people.edit("deals", number, dealname="After")
    other, task = made(sim, dealname="New"), made(sim, "tasks")
    sim.people.connect("tasks", task, "deals", number)
    clock.move(4)
    found = bare.search("deals").body["results"]
    assert [one["properties"]["dealname"] for one in found] == ["Before"]
    assert bare.search("tasks", where("associations.deal", "EQ", number)).body["total"] == 0
    clock.move(1)
    found = bare.search("deals").body["results"]
    assert {one["id"]: one["properties"]["dealname"] for one in found} == {number: "After", other: "New"}
    assert bare.search("tasks", where("associations.deal", "EQ", number)).body["total"] == 1


def test_search_still_shows_what_was_deleted_a_moment_ago(bare: Bare, sim: Simulator, clock: Clock) -> None:
    sim.options.index_lag = 5
    number = made(sim)
    clock.move(5)
    sim.people.delete("deals", number)
    assert bare.search("deals").body["total"] == 1
    clock.move(5)
    assert bare.search("deals").body["total"] == 0


@pytest.mark.parametrize(
    "body",
    [
        {"limit": 201},
        {"after": "9900", "limit": 200},
        {"filterGroups": [{"filters": [where("amount", "GT", "1")] * 7}]},
        {"filterGroups": [{"filters": [where("amount", "GT", "1")]}] * 6},
        {"filterGroups": [{"filters": [where("amount", "GT", "1")] * 4}] * 5},
        {"filterGroups": [{"filters": [where("dealname", "EQ", "x" * 3_000)]}]},
        {"filterGroups": [{"filters": [where("nothing", "EQ", "1")]}]},
        {"filterGroups": [{"filters": [where("lastmodifieddate", "GTE", "1")]}]},
        {"filterGroups": [{"filters": [where("amount", "LIKE", "1")]}]},
        {"filterGroups": [{"filters": [where("amount", "IN")]}]},
        {"sorts": [MODIFIED, MODIFIED]},
    ],
)
def test_a_query_beyond_the_limits_is_refused(bare: Bare, body: dict[str, Any]) -> None:
    assert bare.post("/crm/v3/objects/deals/search", body).status == 400


def test_ten_are_told_unasked_and_two_hundred_at_most(bare: Bare) -> None:
    inputs = [{"properties": deal(n)} for n in range(100)]
    for _ in range(3):
        assert bare.batch("create", "deals", inputs).status == 201
    assert [len(bare.search("deals", **wish).body["results"]) for wish in ({}, {"limit": 200})] == [10, 200]
    last = bare.search("deals", limit=200, after="200").body
    assert (len(last["results"]), last["total"], "paging" in last) == (100, 300, False)
