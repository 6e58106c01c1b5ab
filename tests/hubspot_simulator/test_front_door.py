"""Who is let in, which paths there are, and what the account says of itself."""

from __future__ import annotations

import pytest
from hubspot import HubSpot

from tests.hubspot_simulator import SYNC_SCOPES
from tests.hubspot_simulator.asking import KEY, Bare, made
from tests.hubspot_simulator.simulator import Simulator


@pytest.mark.parametrize("headers", [{"Authorization": "Bearer other"}, {"Authorization": ""}])
def test_without_the_token_nobody_is_let_in(bare: Bare, headers: dict[str, str]) -> None:
    reply = bare.ask("GET", "/crm/v3/objects/deals", None, **headers)
    assert (reply.status, reply.body["category"]) == (401, "INVALID_AUTHENTICATION")


def test_a_missing_scope_is_named(sim: Simulator, bare: Bare) -> None:
    sim.options.scopes = SYNC_SCOPES
    reply = bare.post("/crm/v3/properties/deals", KEY)
    assert (reply.status, reply.body["category"]) == (403, "MISSING_SCOPES")
    assert reply.body["errors"][0]["context"]["requiredGranularScopes"] == ["crm.schemas.deals.write"]
    assert bare.get("/crm/v3/properties/deals").status == 200


def test_tasks_need_the_scopes_of_contacts(sim: Simulator, bare: Bare) -> None:
    sim.options.scopes = frozenset({"crm.objects.deals.read", "crm.objects.deals.write"})
    reply = bare.batch("create", "tasks", [{"properties": {"hs_timestamp": "1"}}])
    assert reply.body["errors"][0]["context"]["requiredGranularScopes"] == ["crm.objects.contacts.write"]


@pytest.mark.parametrize(
    "path",
    [
        "/crm/v2/objects/deals",
        "/crm/v4/objects/deals",
        "/crm/objects/2025-01/deals",
        "/crm/v3/associations/deals/contacts/batch/read",
        "/crm/v3/objects/deals/1/associations/contacts",
        "/somewhere",
    ],
)
def test_a_wrong_path_is_not_found(bare: Bare, path: str) -> None:
    assert bare.get(path).status == 404


def test_a_wrong_method_is_refused(bare: Bare) -> None:
    assert bare.get("/crm/v3/objects/deals/batch/create").status == 405


def test_an_unknown_type_of_objects_is_refused(bare: Bare) -> None:
    reply = bare.get("/crm/v3/objects/unicorns")
    assert (reply.status, reply.body["message"]) == (400, "Unable to infer object type from: unicorns")


def test_a_body_that_is_no_json_is_refused(bare: Bare, sim: Simulator) -> None:
    reply = bare.pool.request(
        "POST", sim.url + "/crm/v3/objects/deals", body="{not json", headers=bare.headers
    )
    assert reply.status == 400


@pytest.mark.parametrize(
    "path",
    [
        "/crm/v3/objects/deals/{}",
        "/crm/v3/objects/deals/{}/",
        "/crm/v3/objects/deal/{}?archived=False",
        "/crm/v3/objects/0-3/{}",
        "/crm/objects/2026-03/deals/{}",
        "/crm/objects/2026-09/0-3/{}",
    ],
)
def test_one_record_is_found_by_every_path(sim: Simulator, bare: Bare, path: str) -> None:
    number = made(sim)
    assert bare.get(path.format(number)).body["id"] == number


@pytest.mark.parametrize(
    "path",
    [
        "/crm/associations/2026-09/deals/contacts/labels",
        "/crm/properties/2026-09/deals/dealname",
        "/crm/pipelines/2026-09/deals",
        "/crm/owners/2026-09",
        "/crm/limits/2026-09/custom-properties",
        "/crm/limits/v3/custom-properties",
        "/crm/limits/v3/pipelines",
        "/crm/limits/v3/records",
        "/account-info/2026-09/details",
        "/account-info/v3/details",
    ],
)
def test_dated_paths_lead_everywhere(bare: Bare, path: str) -> None:
    assert bare.get(path).status == 200


def test_repeated_and_joined_query_keys_are_the_same(sim: Simulator, bare: Bare) -> None:
    path = f"/crm/v3/objects/deals/{made(sim)}"
    repeated = bare.get(f"{path}?properties=dealname&properties=amount").body
    assert repeated["properties"] == bare.get(f"{path}?properties=dealname,amount").body["properties"]
    assert repeated["properties"]["amount"] is None


def test_the_account_says_who_it_is(bare: Bare) -> None:
    told = bare.get("/account-info/v3/details").body
    assert (told["portalId"], told["accountType"], told["timeZone"]) == (
        4242424,
        "STANDARD",
        "Europe/Berlin",
    )
    assert told["companyCurrency"] == "EUR"


def test_an_owner_is_found_by_e_mail(client: HubSpot) -> None:
    found = client.crm.owners.owners_api.get_page(email="Ada@quince.example").results
    assert [(owner.id, owner.user_id) for owner in found] == [("51000001", 7001)]


def test_an_archived_owner_is_told_only_where_asked(client: HubSpot) -> None:
    page = client.crm.owners.owners_api.get_page
    assert page(email="gone@quince.example").results == []
    assert [owner.id for owner in page(email="gone@quince.example", archived=True).results] == ["51000003"]


def test_the_outcomes_of_calls_are_told(bare: Bare) -> None:
    told = bare.get("/calling/v1/dispositions").body
    assert {"Busy", "Connected", "No answer"} < {outcome["label"] for outcome in told}


def test_answers_are_dated_by_the_given_clock_and_packed_where_asked(bare: Bare) -> None:
    reply = bare.ask("GET", "/crm/v3/properties/deals", None, **{"Accept-Encoding": "gzip"})
    assert reply.headers["Date"] == "Tue, 04 Mar 2031 09:00:00 GMT"
    assert reply.headers["Content-Encoding"] == "gzip"
    assert reply.body["results"]
