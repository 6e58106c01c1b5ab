"""Values that are taken, refused, or given back otherwise; what HubSpot adds by itself."""

from __future__ import annotations

from typing import Any

import pytest

from tests.hubspot_simulator.asking import DUE, Bare, Clock, deal, made
from tests.hubspot_simulator.simulator import Simulator

NOW = "2031-03-04T09:00:00Z"


def create(bare: Bare, kind: str, properties: dict[str, Any]) -> Any:
    return bare.post(f"/crm/v3/objects/{kind}", {"properties": properties})


@pytest.mark.parametrize(
    ("kind", "properties", "code"),
    [
        ("deals", deal(nothing="x"), "PROPERTY_DOESNT_EXIST"),
        ("deals", deal(dealstage="Closed Won"), "INVALID_OPTION"),
        ("deals", deal(pipeline="other"), "INVALID_OPTION"),
        ("deals", deal(amount="much"), "INVALID_LONG"),
        ("deals", deal(closedate="soon"), "INVALID_DATE"),
        ("deals", deal(closedate="2031-03-04T09:30:00"), "INVALID_DATE"),
        ("deals", deal(description="x" * 65_537), "PROPERTY_VALUE_TOO_LONG"),
        ("deals", deal(hubspot_owner_id="7001"), "INVALID_OWNER_ID"),
        ("deals", deal(hubspot_owner_id="51000003"), "INVALID_OWNER_ID"),
        ("deals", deal(hs_is_closed="true"), "READ_ONLY_VALUE"),
        ("contacts", {"email": "ada at quince"}, "INVALID_EMAIL"),
        ("tasks", {"hs_timestamp": DUE, "hs_task_status": "completed"}, "INVALID_OPTION"),
        ("tasks", {"hs_timestamp": DUE, "hs_task_priority": "URGENT"}, "INVALID_OPTION"),
        ("tasks", {"hs_timestamp": DUE, "hs_task_type": "PHONE"}, "INVALID_OPTION"),
        ("calls", {"hs_timestamp": DUE, "hs_call_direction": "UP"}, "INVALID_OPTION"),
    ],
)
def test_a_bad_value_is_refused_by_its_code(
    bare: Bare, kind: str, properties: dict[str, Any], code: str
) -> None:
    reply = create(bare, kind, properties)
    assert (reply.status, [error["code"] for error in reply.body["errors"]]) == (400, [code])


@pytest.mark.parametrize(
    ("kind", "properties", "missing"),
    [
        ("tasks", {"hs_task_subject": "Call"}, ["hs_timestamp"]),
        ("calls", {}, ["hs_timestamp"]),
        ("deals", {}, ["dealname", "dealstage"]),
    ],
)
def test_what_must_be_there_is_named(
    bare: Bare, kind: str, properties: dict[str, Any], missing: list[str]
) -> None:
    reply = create(bare, kind, properties)
    assert (reply.status, reply.body["context"]["properties"]) == (400, missing)


def test_what_an_administrator_demands_is_demanded(sim: Simulator, bare: Bare) -> None:
    sim.options.required = {"deals": ("amount",)}
    reply = create(bare, "deals", deal())
    assert reply.body["errors"][0]["code"] == "MISSING_REQUIRED_PROPERTY"
    assert create(bare, "deals", deal(amount="1")).status == 201


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("2031-03-04T10:30:00+01:00", DUE),
        ("2031-03-04T09:30:00.000Z", DUE),
        ("1930383000000", DUE),
        (1930383000123, "2031-03-04T09:30:00.123Z"),
        ("2031-03-04", "2031-03-04T00:00:00Z"),
        ("", None),
        (None, None),
    ],
)
def test_times_come_back_as_instants(bare: Bare, value: Any, told: str | None) -> None:
    number = create(bare, "deals", deal() | {"closedate": value}).body["id"]
    read = bare.get(f"/crm/v3/objects/deals/{number}?properties=closedate").body
    assert read["properties"]["closedate"] == told


def test_a_date_is_a_day_or_a_midnight(bare: Bare) -> None:
    shape = {"name": "day", "label": "Day", "type": "date", "fieldType": "date"}
    assert (
        bare.post("/crm/v3/properties/deals", {**shape, "groupName": "dealinformation"}).body["type"]
        == "date"
    )
    told = create(bare, "deals", deal() | {"day": 1930348800000}).body
    assert told["properties"]["day"] == "2031-03-04"
    reply = create(bare, "deals", deal(day="1579179660000"))
    assert "1579179660000 is at 13:1:0.0 UTC, not midnight!" in reply.body["message"]


def test_values_are_texts_and_unknown_ones_are_left_out(bare: Bare) -> None:
    number = create(bare, "deals", {**deal(), "amount": 24.5}).body["id"]
    told = bare.get(f"/crm/v3/objects/deals/{number}?properties=amount,description,nothing").body
    assert told["properties"] == {
        "amount": "24.5",
        "description": None,
        "createdate": NOW,
        "hs_lastmodifieddate": NOW,
        "hs_object_id": number,
    }


def test_any_outcome_of_a_call_is_taken(bare: Bare) -> None:
    reply = create(bare, "calls", {"hs_timestamp": DUE, "hs_call_disposition": "of-this-account"})
    assert reply.status == 201


def test_every_write_moves_the_modified_date(sim: Simulator, bare: Bare, clock: Clock) -> None:
    number = made(sim)
    clock.move(1.5)
    told = bare.ask("PATCH", f"/crm/v3/objects/deals/{number}", {"properties": deal()}).body
    assert (told["createdAt"], told["updatedAt"]) == (NOW, "2031-03-04T09:00:01.500Z")
    assert told["properties"]["hs_lastmodifieddate"] == "2031-03-04T09:00:01.500Z"


def test_an_association_does_not_move_the_modified_date(sim: Simulator, clock: Clock) -> None:
    number, company = made(sim), made(sim, "companies", name="Quince")
    clock.move(5)
    sim.people.connect("deals", number, "companies", company)
    assert sim.record("deals", number)["properties"]["hs_lastmodifieddate"] == NOW


def test_contacts_tell_their_own_modified_date(sim: Simulator) -> None:
    number = made(sim, "contacts", email="ada@quince.example")
    assert sim.record("contacts", number)["properties"]["lastmodifieddate"] == NOW


def test_a_task_tells_when_it_was_completed_until_it_is_opened_again(sim: Simulator) -> None:
    number = made(sim, "tasks")
    sim.people.complete(number)
    assert sim.record("tasks", number)["properties"]["hs_task_completion_date"] == NOW
    sim.people.reopen(number)
    assert "hs_task_completion_date" not in sim.record("tasks", number)["properties"]


def test_some_accounts_tell_the_due_date_as_completion_date(sim: Simulator) -> None:
    sim.options.due_as_completion = True
    number = made(sim, "tasks")
    assert sim.record("tasks", number)["properties"]["hs_task_completion_date"] == DUE


@pytest.mark.parametrize(
    ("stage", "told"),
    [
        ("qualifiedtobuy", ("false", "false", "false")),
        ("closedwon", ("true", "true", "false")),
        ("closedlost", ("true", "false", "true")),
    ],
)
def test_a_deal_tells_whether_it_is_closed(sim: Simulator, stage: str, told: tuple[str, ...]) -> None:
    number = made(sim)
    sim.people.move(number, stage)
    properties = sim.record("deals", number)["properties"]
    names = ("hs_is_closed", "hs_is_closed_won", "hs_is_closed_lost")
    assert tuple(properties[name] for name in names) == told
    assert ("closedate" in properties) is (told[0] == "true")
