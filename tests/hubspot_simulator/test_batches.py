"""Batches: all or none, or each for itself; in no order; counted."""

from __future__ import annotations

from typing import Any

import pytest
from hubspot import HubSpot
from hubspot.crm.objects import ApiException

from tests.hubspot_simulator.asking import Bare, deal, keyed, made
from tests.hubspot_simulator.simulator import Simulator

pytestmark = pytest.mark.usefixtures("keyed_deals")


def untraced(inputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in one.items() if name != "objectWriteTraceId"} for one in inputs]


def test_an_upsert_says_what_is_new(client: HubSpot) -> None:
    upsert = client.crm.objects.batch_api.upsert
    first = upsert("deals", {"inputs": [keyed(1)]}).results[0]
    again = upsert("deals", {"inputs": [keyed(1, amount="24.00")]}).results[0]
    assert (first.new, again.new, again.id == first.id) == (True, False, True)
    assert again.properties["amount"] == "24.00"


def test_results_are_told_by_trace_id_and_not_in_order(bare: Bare) -> None:
    inputs = [keyed(n) for n in range(50)]
    results = bare.batch("upsert", "deals", inputs).body["results"]
    told = [(one["objectWriteTraceId"], one["properties"]["crm_sync_key"]) for one in results]
    wanted = [(one["objectWriteTraceId"], one["id"]) for one in inputs]
    assert sorted(told) == sorted(wanted)
    assert told != wanted


def test_one_bad_record_refuses_all_without_trace_ids(sim: Simulator, bare: Bare) -> None:
    inputs = untraced([keyed(1), keyed(2, dealstage="nowhere")])
    reply = bare.batch("upsert", "deals", inputs)
    assert (reply.status, reply.body["category"]) == (400, "VALIDATION_ERROR")
    assert reply.body["message"].startswith('Property values were not valid: [{"isValid":false')
    assert sim.records("deals") == []


def test_one_bad_record_is_refused_alone_with_trace_ids(client: HubSpot, sim: Simulator) -> None:
    inputs = [keyed(1), keyed(2, dealstage="nowhere"), keyed(3, amount="much")]
    reply = client.crm.objects.batch_api.upsert("deals", {"inputs": inputs})
    assert (reply.status, reply.num_errors) == ("COMPLETE", 2)
    assert sorted(error.context["objectWriteTraceId"][0] for error in reply.errors) == ["trace-2", "trace-3"]
    assert {error.category for error in reply.errors} == {"VALIDATION_ERROR"}
    assert len(sim.records("deals")) == 1


def test_trace_ids_that_are_not_unique_do_not_count(sim: Simulator, bare: Bare) -> None:
    inputs = [{**keyed(n), "objectWriteTraceId": "same"} for n in (1, 2)]
    inputs[1]["properties"]["dealstage"] = "nowhere"
    assert bare.batch("upsert", "deals", inputs).status == 400
    assert sim.records("deals") == []


@pytest.mark.parametrize("echoed", [False, True])
def test_creates_tell_their_trace_ids_only_where_chosen(sim: Simulator, bare: Bare, echoed: bool) -> None:
    sim.options.traced_creates = echoed
    reply = bare.batch("create", "deals", [{"properties": deal(), "objectWriteTraceId": "mine"}])
    assert reply.status == 201
    assert ("objectWriteTraceId" in reply.body["results"][0]) is echoed


@pytest.mark.parametrize("verb", ["create", "read", "update", "upsert", "archive"])
def test_a_hundred_and_one_are_too_many(bare: Bare, verb: str) -> None:
    reply = bare.batch(verb, "deals", [{**keyed(n), "id": str(n)} for n in range(101)])
    assert reply.status == 400


@pytest.mark.parametrize("verb", ["read", "update", "upsert"])
def test_twins_in_a_batch_refuse_all_of_it(sim: Simulator, bare: Bare, verb: str) -> None:
    twin = {**keyed(1), "objectWriteTraceId": "other"}
    reply = bare.batch(verb, "deals", [keyed(1), keyed(2), twin], idProperty="crm_sync_key")
    assert reply.status == 400
    assert reply.body["message"].startswith("Duplicate IDs found in batch input: [key-1]")
    assert reply.body["context"] == {"ids": ["key-1"]}
    assert sim.records("deals") == []


def test_a_property_that_is_not_unique_identifies_nothing(client: HubSpot) -> None:
    with pytest.raises(ApiException) as refused:
        client.crm.objects.batch_api.upsert("deals", {"inputs": [{**keyed(1), "idProperty": "dealname"}]})
    assert "Unable to perform update/upsert by non-unique 0-3 property dealname" in refused.value.body


def test_the_domain_of_a_company_identifies_nothing(bare: Bare) -> None:
    one = {"id": "quince.example", "idProperty": "domain", "properties": {"name": "Quince"}}
    reply = bare.batch("upsert", "companies", [one])
    assert (reply.status, "non-unique 0-2 property domain" in reply.body["message"]) == (400, True)


def test_lost_ids_of_a_read_are_one_error(client: HubSpot, sim: Simulator) -> None:
    number = made(sim)
    inputs = [{"id": number}, {"id": "77"}, {"id": "78"}]
    reply = client.crm.objects.batch_api.read("deals", {"inputs": inputs})
    assert [one.id for one in reply.results] == [number]
    assert (reply.num_errors, reply.errors[0].context) == (1, {"ids": ["77", "78"]})


def test_lost_ids_of_an_update_do_not_hold_up_the_others(sim: Simulator, bare: Bare) -> None:
    number = made(sim)
    inputs = [{"id": one, "properties": {"amount": "7"}} for one in (number, "77")]
    reply = bare.batch("update", "deals", inputs)
    assert (reply.status, reply.body["errors"][0]["context"]["ids"]) == (207, ["77"])
    assert sim.record("deals", number)["properties"]["amount"] == "7"


def test_an_update_by_key_tells_key_and_trace(bare: Bare) -> None:
    bare.batch("upsert", "deals", [keyed(1)])
    one = {**keyed(1), "properties": {"amount": "5"}}
    told = bare.batch("update", "deals", [one]).body["results"][0]
    assert (told["objectWriteTraceId"], told["properties"]["crm_sync_key"]) == ("trace-1", "key-1")


def test_deleting_twice_is_no_error(sim: Simulator, bare: Bare) -> None:
    inputs = [{"id": made(sim)}]
    assert [bare.batch("archive", "deals", inputs).status for _ in range(2)] == [204, 204]
    assert sim.records("deals") == []


def test_a_deleted_record_is_read_only_where_asked(sim: Simulator, bare: Bare) -> None:
    number = made(sim)
    sim.people.delete("deals", number)
    assert bare.get(f"/crm/v3/objects/deals/{number}").status == 404
    assert bare.get(f"/crm/v3/objects/deals/{number}?archived=True").body["archived"] is True


def test_records_are_listed_by_pages(sim: Simulator, client: HubSpot) -> None:
    wanted = [made(sim) for _ in range(5)]
    page = client.crm.objects.basic_api.get_page("deals", limit=3)
    rest = client.crm.objects.basic_api.get_page("deals", limit=3, after=page.paging.next.after)
    assert [one.id for one in [*page.results, *rest.results]] == wanted
    assert rest.paging is None


def test_one_record_is_made_read_changed_and_deleted(client: HubSpot, sim: Simulator) -> None:
    basic = client.crm.objects.basic_api
    number = basic.create("deals", {"properties": deal(crm_sync_key="mine")}).id
    basic.update("deals", "mine", {"properties": {"amount": "3"}}, id_property="crm_sync_key")
    assert basic.get_by_id("deals", number, properties=["amount"]).properties["amount"] == "3"
    basic.archive("deals", number)
    assert sim.records("deals") == []
