"""Contacts by e-mail, unique values, companies that come by themselves, merges."""

from __future__ import annotations

from typing import Any

import pytest
from hubspot import HubSpot

from tests.hubspot_simulator.asking import Bare, deal, keyed, made
from tests.hubspot_simulator.simulator import Simulator

ADA = {"email": "Ada@Quince.example", "firstname": "Ada"}


def by_email(email: str, trace: str = "t", **more: str) -> dict[str, Any]:
    return {
        "id": email,
        "idProperty": "email",
        "objectWriteTraceId": trace,
        "properties": {"email": email, **more},
    }


def test_e_mails_come_back_in_small_letters(client: HubSpot) -> None:
    told = client.crm.objects.batch_api.create("contacts", {"inputs": [{"properties": ADA}]}).results[0]
    assert told.properties["email"] == "ada@quince.example"


def test_a_contact_of_the_same_e_mail_is_a_conflict_that_names_the_other(sim: Simulator, bare: Bare) -> None:
    number = made(sim, "contacts", **ADA)
    reply = bare.batch("create", "contacts", [{"properties": {"email": "ADA@quince.example"}}])
    assert (reply.status, reply.body["category"]) == (409, "CONFLICT")
    assert reply.body["message"] == f"Contact already exists. Existing ID: {number}"


def test_the_other_answer_to_the_same_tells_coordinates(sim: Simulator, bare: Bare) -> None:
    sim.options.email_clash = "coordinates"
    number = made(sim, "contacts", **ADA)
    reply = bare.batch("create", "contacts", [{"properties": ADA}])
    assert (reply.status, reply.body["category"]) == (400, "VALIDATION_ERROR")
    assert "PropertyValueCoordinates{portalId=4242424" in reply.body["message"]
    assert reply.body["message"].endswith(f"{number} already has that value.")


def test_two_creates_of_one_e_mail_in_a_batch_refuse_the_second(sim: Simulator, bare: Bare) -> None:
    inputs = [{"properties": ADA, "objectWriteTraceId": str(n)} for n in range(2)]
    reply = bare.batch("create", "contacts", inputs)
    assert (reply.status, reply.body["errors"][0]["category"]) == (207, "CONFLICT")
    assert reply.body["errors"][0]["context"]["objectWriteTraceId"] == ["1"]
    assert len(sim.records("contacts")) == 1


def test_contacts_are_upserted_by_e_mail_in_any_case(sim: Simulator, bare: Bare) -> None:
    first = bare.batch("upsert", "contacts", [by_email("Ada@quince.example")])
    again = bare.batch("upsert", "contacts", [by_email("ADA@quince.example", firstname="Ada")])
    assert [reply.body["results"][0]["new"] for reply in (first, again)] == [True, False]
    assert len(sim.records("contacts")) == 1


def test_the_same_e_mail_in_two_cases_is_a_twin_in_a_batch(bare: Bare) -> None:
    inputs = [by_email("ada@quince.example", "a"), by_email("ADA@quince.example", "b")]
    assert bare.batch("upsert", "contacts", inputs).status == 400


@pytest.mark.parametrize(("partial", "status", "left"), [(True, 207, 1), (False, 400, 0)])
def test_upserts_by_e_mail_may_be_partial_or_not(
    sim: Simulator, bare: Bare, partial: bool, status: int, left: int
) -> None:
    sim.options.partial_email_upserts = partial
    inputs = [by_email("ada@quince.example", "a"), by_email("ben@quince", "b")]
    assert bare.batch("upsert", "contacts", inputs).status == status
    assert len(sim.records("contacts")) == left


@pytest.mark.usefixtures("keyed_deals")
def test_a_unique_value_is_held_by_one_and_free_after_its_deletion(sim: Simulator, bare: Bare) -> None:
    number = made(sim, crm_sync_key="mine")
    reply = bare.post("/crm/v3/objects/deals", {"properties": deal(crm_sync_key="mine")})
    assert (reply.status, reply.body["errors"][0]["code"]) == (400, "CONFLICTING_UNIQUE_VALUE")
    assert f"{number} already has that value" in reply.body["message"]
    sim.people.delete("deals", number)
    assert bare.post("/crm/v3/objects/deals", {"properties": deal(crm_sync_key="mine")}).status == 201


def test_two_companies_may_have_one_domain(sim: Simulator) -> None:
    numbers = {made(sim, "companies", name="Quince", domain="quince.example") for _ in range(2)}
    assert len(numbers) == 2


def test_an_e_mail_domain_makes_a_company_where_that_is_switched_on(sim: Simulator) -> None:
    sim.options.auto_companies = True
    contact = made(sim, "contacts", **ADA)
    made(sim, "contacts", email="someone@gmail.com")
    made(sim, "contacts", email="ben@quince.example")
    companies = sim.records("companies")
    assert [one["properties"]["domain"] for one in companies] == ["quince.example"]
    assert sim.associated("contacts", contact, "companies") == {companies[0]["id"]: {1, 279}}


@pytest.mark.usefixtures("keyed_deals")
def test_both_ids_lead_to_the_record_that_a_merge_makes(sim: Simulator, client: HubSpot) -> None:
    winner, loser = made(sim, amount="5"), made(sim, amount="6", description="only here", crm_sync_key="gone")
    told = client.crm.deals.basic_api.merge({"primaryObjectId": winner, "objectIdToMerge": loser})
    assert told.id not in (winner, loser)
    for number in (winner, loser, told.id):
        assert client.crm.deals.basic_api.get_by_id(number).id == told.id
    kept = sim.record("deals", told.id)["properties"]
    assert (kept["amount"], kept["description"], "crm_sync_key" in kept) == ("5", "only here", False)


def test_the_winner_keeps_its_id_where_that_is_chosen(sim: Simulator, bare: Bare) -> None:
    sim.options.merged_ids = "winner"
    winner, loser = made(sim), made(sim)
    assert sim.people.merge("deals", winner, loser) == winner
    assert bare.get(f"/crm/v3/objects/deals/{loser}").body["id"] == winner


@pytest.mark.parametrize(("how", "found"), [("winner", 1), ("absent", 0)])
def test_a_merged_id_is_read_as_the_winner_or_not_at_all(
    sim: Simulator, bare: Bare, how: str, found: int
) -> None:
    sim.options.merged_read = how
    winner, loser = made(sim), made(sim)
    together = sim.people.merge("deals", winner, loser)
    reply = bare.batch("read", "deals", [{"id": winner}, {"id": loser}])
    assert (reply.status, [one["id"] for one in reply.body["results"]]) == (200, [together] * found)


def test_a_merged_id_is_left_out_of_an_update_in_silence(sim: Simulator, bare: Bare) -> None:
    winner, loser = made(sim), made(sim)
    sim.people.merge("deals", winner, loser)
    reply = bare.batch("update", "deals", [{"id": loser, "properties": {"amount": "9"}}])
    assert (reply.status, reply.body["results"]) == (200, [])


def test_a_merged_contact_is_found_by_either_e_mail(sim: Simulator, bare: Bare) -> None:
    ends = [made(sim, "contacts", email=f"{name}@quince.example") for name in ("ada", "ben")]
    together = sim.people.merge("contacts", *ends)
    for name in ("ada", "ben"):
        reply = bare.batch("read", "contacts", [{"id": f"{name}@quince.example"}], idProperty="email")
        assert [one["id"] for one in reply.body["results"]] == [together]
    again = bare.batch("upsert", "contacts", [by_email("ben@quince.example", firstname="Ben")])
    assert again.body["results"][0]["new"] is False
    assert sim.record("contacts", together)["properties"]["email"] == "ada@quince.example"


def test_what_was_tied_to_the_loser_is_tied_to_the_winner(sim: Simulator) -> None:
    winner, loser, task = made(sim), made(sim), made(sim, "tasks")
    companies = [made(sim, "companies", name=name) for name in ("Quince", "Medlar")]
    for number, company in zip((winner, loser), companies, strict=True):
        sim.people.connect("deals", number, "companies", company)
    sim.people.connect("tasks", task, "deals", loser)
    together = sim.people.merge("deals", winner, loser)
    assert sim.associated("tasks", task, "deals") == {together: {216}}
    assert sim.associated("deals", together, "companies") == {companies[0]: {5, 341}, companies[1]: {341}}


def test_a_record_is_not_merged_into_itself_and_tasks_are_not_merged(sim: Simulator, bare: Bare) -> None:
    number = made(sim)
    body = {"primaryObjectId": number, "objectIdToMerge": number}
    assert bare.post("/crm/v3/objects/deals/merge", body).status == 400
    assert bare.post("/crm/v3/objects/tasks/merge", body).status == 404


@pytest.mark.usefixtures("keyed_deals")
def test_an_upsert_is_seen_by_key_at_once(sim: Simulator, bare: Bare) -> None:
    sim.options.index_lag = 30
    bare.batch("upsert", "deals", [keyed(1)])
    reply = bare.batch("read", "deals", [{"id": "key-1"}], idProperty="crm_sync_key")
    assert (reply.status, len(reply.body["results"])) == (200, 1)
