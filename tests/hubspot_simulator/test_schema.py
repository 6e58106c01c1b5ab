"""Properties and pipelines: what can be made, and what the tier refuses."""

from __future__ import annotations

from typing import Any

import pytest
from hubspot import HubSpot
from hubspot.crm.properties import ApiException

from tests.hubspot_simulator.asking import KEY, Bare, keyed, made
from tests.hubspot_simulator.simulator import Simulator

LINE: dict[str, Any] = {
    "label": "Job applications",
    "displayOrder": 1,
    "stages": [
        {"label": "Applied", "displayOrder": 0, "metadata": {"probability": "0.2"}},
        {"label": "Rejected", "displayOrder": 1, "metadata": {"probability": "0.0"}},
    ],
}


def test_a_unique_property_is_made_and_read_back(client: HubSpot) -> None:
    made_now = client.crm.properties.core_api.create("deals", KEY)
    read = client.crm.properties.core_api.get_by_name("deals", "crm_sync_key")
    assert made_now.has_unique_value
    assert (read.type, read.hubspot_defined) == ("string", False)


def test_a_property_that_exists_is_a_conflict(client: HubSpot) -> None:
    client.crm.properties.core_api.create("deals", KEY)
    with pytest.raises(ApiException) as refused:
        client.crm.properties.core_api.create("deals", KEY)
    assert refused.value.status == 409
    assert "Properties.PROPERTY_WITH_NAME_EXISTS" in refused.value.body


def test_an_unknown_property_is_not_found(client: HubSpot) -> None:
    with pytest.raises(ApiException) as refused:
        client.crm.properties.core_api.get_by_name("deals", "nothing")
    assert refused.value.status == 404


def test_an_archived_name_is_restored_as_it_was(client: HubSpot) -> None:
    client.crm.properties.core_api.create("deals", KEY)
    client.crm.properties.core_api.archive("deals", "crm_sync_key")
    again = client.crm.properties.core_api.create("deals", {**KEY, "label": "Other", "hasUniqueValue": False})
    assert (again.label, again.has_unique_value) == ("Key", True)


def test_free_accounts_have_ten_custom_properties(bare: Bare) -> None:
    path = "/crm/v3/properties/companies"
    plain = {**KEY, "groupName": "companyinformation", "hasUniqueValue": False}
    statuses = [bare.post(path, {**plain, "name": f"own_{n}"}).status for n in range(11)]
    assert statuses == [201] * 10 + [400]
    told = bare.get("/crm/limits/2026-09/custom-properties").body
    assert (told["overallLimit"], told["overallUsage"]) == (10, 10)


def test_what_is_unique_stays_unique(bare: Bare) -> None:
    bare.post("/crm/v3/properties/deals", KEY)
    reply = bare.ask("PATCH", "/crm/v3/properties/deals/crm_sync_key", {"hasUniqueValue": False})
    assert reply.status == 400


def test_free_accounts_have_one_pipeline(sim: Simulator, bare: Bare) -> None:
    for status in (400, 402, 403):
        sim.options.no_pipeline = status
        assert bare.post("/crm/v3/pipelines/deals", LINE).status == status


def test_other_accounts_make_pipelines(sim: Simulator, client: HubSpot) -> None:
    sim.options.tier = "starter"
    new = client.crm.pipelines.pipelines_api.create("deals", LINE)
    read = client.crm.pipelines.pipelines_api.get_by_id("deals", new.id)
    assert [(stage.label, stage.metadata["isClosed"]) for stage in read.stages] == [
        ("Applied", "false"),
        ("Rejected", "true"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"stages": []},
        {"label": "sales pipeline"},
        {"stages": [{"label": "A", "displayOrder": 0, "metadata": {}}]},
        {"stages": [LINE["stages"][0], LINE["stages"][0]]},
    ],
)
def test_a_pipeline_that_is_not_valid_is_refused(sim: Simulator, bare: Bare, change: dict[str, Any]) -> None:
    sim.options.tier = "starter"
    assert bare.post("/crm/v3/pipelines/deals", {**LINE, **change}).status == 400
    assert len(bare.get("/crm/v3/pipelines/deals").body["results"]) == 1


def test_a_stage_in_use_is_not_deleted(sim: Simulator, bare: Bare) -> None:
    made(sim)
    path = "/crm/v3/pipelines/deals/default/stages"
    refused = bare.ask("DELETE", f"{path}/appointmentscheduled")
    assert (refused.status, refused.body["subCategory"]) == (400, "PipelineError.STAGE_ID_IN_USE")
    assert bare.ask("DELETE", f"{path}/contractsent").status == 204


def test_a_stage_keeps_its_id_when_a_person_renames_it(sim: Simulator, client: HubSpot) -> None:
    sim.people.rename_stage("default", "closedlost", "Turned down")
    stages = client.crm.pipelines.pipelines_api.get_all("deals").results[0].stages
    assert {stage.id: stage.label for stage in stages}["closedlost"] == "Turned down"


@pytest.mark.usefixtures("keyed_deals")
def test_a_deal_needs_its_pipeline_where_there_are_two(sim: Simulator, bare: Bare) -> None:
    sim.options.tier = "starter"
    line = bare.post("/crm/v3/pipelines/deals", LINE).body
    assert bare.batch("upsert", "deals", [keyed(1)]).body["errors"][0]["context"]["properties"] == [
        "pipeline"
    ]
    wrong = keyed(2, pipeline=line["id"])
    right = keyed(3, pipeline=line["id"], dealstage=line["stages"][0]["id"])
    reply = bare.batch("upsert", "deals", [wrong, right])
    assert (reply.status, len(reply.body["results"])) == (207, 1)
