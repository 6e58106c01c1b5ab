"""Associations: inline, by type, by default, read, listed, parted."""

from __future__ import annotations

from typing import Any

import pytest
from hubspot import HubSpot
from hubspot.crm.objects import ApiException

from tests.hubspot_simulator.asking import DUE, Bare, deal, made, tie
from tests.hubspot_simulator.simulator import Simulator

V4 = "/crm/v4/associations"


def pair(start: str, end: str, *types: int) -> dict[str, Any]:
    return {"from": {"id": start}, "to": {"id": end}, "types": tie(end, types[0])["types"] if types else []}


def test_a_task_is_made_with_what_it_belongs_to(client: HubSpot, sim: Simulator) -> None:
    number = made(sim)
    new = {"properties": {"hs_timestamp": DUE}, "associations": [tie(number, 216)]}
    task = client.crm.objects.batch_api.create("tasks", {"inputs": [new]}).results[0]
    assert sim.associated("tasks", task.id, "deals") == {number: {216}}
    assert sim.associated("deals", number, "tasks") == {task.id: {215}}


@pytest.mark.parametrize("type_id", [215, 3, 9999])
def test_a_type_in_the_wrong_direction_is_refused(client: HubSpot, sim: Simulator, type_id: int) -> None:
    new = {"properties": {"hs_timestamp": DUE}, "associations": [tie(made(sim), type_id)]}
    with pytest.raises(ApiException) as refused:
        client.crm.objects.batch_api.create("tasks", {"inputs": [new]})
    assert refused.value.status == 400
    assert sim.records("tasks") == []


def test_a_target_that_is_gone_is_refused_alone_with_trace_ids(sim: Simulator, bare: Bare) -> None:
    ties = [tie(made(sim), 216)], [tie("77", 216)]
    inputs = [
        {"properties": {"hs_timestamp": DUE}, "associations": one, "objectWriteTraceId": str(n)}
        for n, one in enumerate(ties)
    ]
    reply = bare.batch("create", "tasks", inputs)
    assert (reply.status, len(reply.body["results"])) == (207, 1)
    assert reply.body["errors"][0]["context"] == {"ids": ["77"], "objectWriteTraceId": ["1"]}


def test_upserts_take_no_associations(sim: Simulator, bare: Bare) -> None:
    company = made(sim, "companies", name="Quince")
    ada = {"id": "ada@quince.example", "idProperty": "email", "properties": {}}
    reply = bare.batch("upsert", "contacts", [{**ada, "associations": [tie(company, 279)]}])
    assert sim.associated("contacts", reply.body["results"][0]["id"], "companies") == {}


def test_the_first_company_is_the_primary_one(client: HubSpot, sim: Simulator) -> None:
    first, second = (made(sim, "companies", name=name) for name in ("Quince", "Medlar"))
    number, contact = made(sim), made(sim, "contacts", email="ada@quince.example")
    batch = client.crm.associations.v4.batch_api
    for company in (first, second):
        batch.create_default("deals", "companies", {"inputs": [pair(number, company)]})
        batch.create_default("companies", "contacts", {"inputs": [pair(company, contact)]})
    assert sim.associated("deals", number, "companies") == {first: {5, 341}, second: {341}}
    assert sim.associated("companies", first, "deals") == {number: {6, 342}}
    assert sim.associated("contacts", contact, "companies") == {first: {1, 279}, second: {279}}


def test_naming_another_primary_company_takes_the_rank_from_the_first(bare: Bare, sim: Simulator) -> None:
    number = made(sim)
    first, second = (made(sim, "companies", name=name) for name in ("Quince", "Medlar"))
    inputs = [pair(number, first, 341), pair(number, second, 5)]
    assert bare.post(f"{V4}/deals/companies/batch/create", {"inputs": inputs}).status == 201
    assert sim.associated("deals", number, "companies") == {first: {341}, second: {5, 341}}


def test_the_default_association_is_told_in_both_directions_and_may_be_repeated(
    client: HubSpot, sim: Simulator
) -> None:
    number, company = made(sim), made(sim, "companies", name="Quince")
    create = client.crm.associations.v4.batch_api.create_default
    for _ in range(2):
        told = create("deals", "companies", {"inputs": [pair(number, company)]}).results
        assert {one.association_spec.association_type_id for one in told} == {341, 342}
    assert sim.associated("deals", number, "companies") == {company: {5, 341}}


def test_a_lost_record_is_told_with_its_ids(bare: Bare, sim: Simulator) -> None:
    number, company = made(sim), made(sim, "companies", name="Quince")
    inputs = [pair(number, company), pair(number, "77")]
    for path in ("batch/associate/default", "batch/create"):
        reply = bare.post(f"{V4}/deals/companies/{path}", {"inputs": [one | {"types": []} for one in inputs]})
        assert (reply.status, reply.body["errors"][0]["context"]["ids"]) == (207, ["77"])


def test_a_wrong_type_refuses_all(bare: Bare, sim: Simulator) -> None:
    number, company = made(sim), made(sim, "companies", name="Quince")
    inputs = [pair(number, company, 341), pair(number, company, 342)]
    assert bare.post(f"{V4}/deals/companies/batch/create", {"inputs": inputs}).status == 400
    assert sim.associated("deals", number, "companies") == {}


def test_a_record_without_associations_is_an_error_of_a_read(client: HubSpot, sim: Simulator) -> None:
    number, alone, task = made(sim), made(sim), made(sim, "tasks")
    sim.people.connect("tasks", task, "deals", number)
    inputs = {"inputs": [{"id": number}, {"id": alone}]}
    reply = client.crm.associations.v4.batch_api.get_page("deals", "tasks", inputs)
    assert [(one._from.id, one.to[0].to_object_id) for one in reply.results] == [(number, task)]
    assert reply.errors[0].sub_category == "crm.associations.NO_ASSOCIATIONS_FOUND"
    assert reply.errors[0].context["fromObjectId"] == [alone]


@pytest.mark.parametrize(("verb", "most"), [("create", 2_000), ("associate/default", 2_000), ("read", 1_000)])
def test_more_than_the_most_are_refused(bare: Bare, verb: str, most: int) -> None:
    path = f"{V4}/deals/contacts/batch/{verb}"
    one = pair("1", "2", 3) if verb != "read" else {"id": "1"}
    assert bare.post(path, {"inputs": [one] * (most + 1)}).status == 400
    assert bare.post(path, {"inputs": [one] * most}).status == 207


@pytest.mark.parametrize(
    ("path", "status"), [(V4, 204), ("/crm/associations/2026-09", 200)], ids=["v4", "dated"]
)
def test_parting_what_was_not_joined_is_no_error(bare: Bare, sim: Simulator, path: str, status: int) -> None:
    number, company = made(sim), made(sim, "companies", name="Quince")
    sim.people.connect("deals", number, "companies", company)
    inputs = {"inputs": [{"from": {"id": company}, "to": [{"id": number}]}]}
    for _ in range(2):
        assert bare.post(f"{path}/companies/deals/batch/archive", inputs).status == status
    assert sim.associated("deals", number, "companies") == {}


def test_single_associations_are_made_listed_and_parted(client: HubSpot, sim: Simulator) -> None:
    number, contact = made(sim), made(sim, "contacts", email="ada@quince.example")
    basic = client.crm.associations.v4.basic_api
    basic.create_default("deals", number, "contacts", contact)
    basic.create("deals", number, "contacts", contact, tie(contact, 3)["types"])
    listed = basic.get_page("deals", number, "contacts").results
    assert [(one.to_object_id, one.association_types[0].type_id) for one in listed] == [(contact, 3)]
    basic.archive("deals", number, "contacts", contact)
    assert basic.get_page("deals", number, "contacts").results == []


def test_a_record_tells_what_it_is_joined_to(client: HubSpot, sim: Simulator) -> None:
    number, company = made(sim), made(sim, "companies", name="Quince")
    sim.people.connect("deals", number, "companies", company)
    told = client.crm.objects.basic_api.get_by_id("deals", number, associations=["companies", "tasks"])
    types = [(one.id, one.type) for one in told.associations["companies"].results]
    assert types == [(company, "deal_to_company"), (company, "deal_to_company_unlabeled")]
    assert "tasks" not in told.associations


def test_a_deleted_record_leaves_no_associations(sim: Simulator, bare: Bare) -> None:
    number = bare.post("/crm/v3/objects/deals", {"properties": deal()}).body["id"]
    task = made(sim, "tasks")
    sim.people.connect("tasks", task, "deals", number)
    sim.people.delete("deals", number)
    assert sim.associated("tasks", task, "deals") == {}
