"""HubSpot through the commands, on a simulated portal: setup, import, calls, bad records, tokens, secrets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import TRACKER, Shell
from tests.hubspot_simulator.options import SYNC_SCOPES
from tests.hubspot_simulator.simulator import Simulator

TOKEN = "pat-eu1-5ec2e75e-0000-4000-8000-000000000001"


@pytest.fixture
def portal() -> Iterator[Simulator]:
    with Simulator(tier="starter", token=TOKEN) as simulator:
        yield simulator


@pytest.fixture
def hubspot(shell: Shell, portal: Simulator) -> Shell:
    """A shell with a token of a portal that was never set up."""
    shell.patch.setenv("HUBSPOT_ACCESS_TOKEN", TOKEN)
    shell.patch.setenv("HUBSPOT_BASE_URL", portal.url)
    return shell


@pytest.fixture
def ready(hubspot: Shell) -> Shell:
    """A shell with a portal that is set up and holds the tracker."""
    assert hubspot("import", hubspot.put(), "--crm", "hubspot", "--yes").code == 0
    return hubspot


def test_a_portal_that_is_not_set_up_says_so(hubspot: Shell, portal: Simulator) -> None:
    said = hubspot("import", hubspot.put(), "--crm", "hubspot")
    assert said.code == 2
    assert "the HubSpot portal 4242424 is not set up for crm-sync." in said.err
    assert "crm-sync setup --crm hubspot" in said.err
    assert not portal.count(writes=True)


def test_without_a_terminal_setup_never_waits_for_an_answer(hubspot: Shell, portal: Simulator) -> None:
    said = hubspot("setup")
    assert said.code == 2
    assert said.err == (
        "crm-sync: setup changes the account, and there is no terminal to ask on.\n"
        "  Look with --plan, then run again with --yes.\n"
    )
    assert not portal.count(writes=True)


def test_a_look_before_setup_writes_nothing(hubspot: Shell, portal: Simulator) -> None:
    told = json.loads(hubspot("setup", "--plan", "--json").out)
    assert [step["needed"] for step in told["steps"]] == [True, True, True]
    assert not portal.count(writes=True)


def test_setup_makes_two_properties_and_a_pipeline_once(hubspot: Shell, portal: Simulator) -> None:
    assert hubspot("setup", "--yes").code == 0
    made = portal.count(writes=True)
    told = json.loads(hubspot("setup", "--yes", "--json").out)
    assert made == 3
    assert portal.count(writes=True) == made
    assert told["stages"]["interviewing"] == "Interviewing"
    assert told["outcomes"]["No answer"] == "no_answer"


def test_a_free_account_keeps_its_pipeline(shell: Shell) -> None:
    with Simulator(tier="free", token=TOKEN) as portal:
        shell.patch.setenv("HUBSPOT_ACCESS_TOKEN", TOKEN)
        shell.patch.setenv("HUBSPOT_BASE_URL", portal.url)
        assert shell("import", shell.put(), "--crm", "hubspot", "--yes").code == 0
        assert {deal["properties"]["pipeline"] for deal in portal.records("deals")} == {"default"}


@pytest.mark.parametrize(("tells_limits", "refused"), [(True, 0), (False, 1)])
def test_a_free_account_is_not_asked_twice_for_a_pipeline(
    shell: Shell, *, tells_limits: bool, refused: int
) -> None:
    with Simulator(tier="free", token=TOKEN, tells_limits=tells_limits) as portal:
        shell.patch.setenv("HUBSPOT_ACCESS_TOKEN", TOKEN)
        shell.patch.setenv("HUBSPOT_BASE_URL", portal.url)
        assert shell("setup", "--yes").code == 0
        again = shell("setup", "--yes", "--json")
        assert again.code == 0
        assert portal.count("/pipelines", "POST") == refused
        told = {step["name"]: step for step in json.loads(again.out)["steps"]}["pipeline"]
        assert '"Sales Pipeline" is mapped' in told["told"]
        assert not told["needed"]


def test_a_setup_that_would_change_nothing_asks_nothing(hubspot: Shell, portal: Simulator) -> None:
    assert hubspot("setup", "--yes").code == 0
    written = portal.count(writes=True)
    again = hubspot("setup")
    assert again.code == 0
    assert "Interviewing" in again.out
    assert portal.count(writes=True) == written
    stage = next(s["id"] for s in _stages(portal) if s["label"] == "Interviewing")
    portal.people.rename_stage(_own(portal)["id"], stage, "Talking")
    assert hubspot("setup").code == 2  # another mapping is to be confirmed


def test_a_missing_scope_is_named_with_the_place_where_to_add_it(shell: Shell) -> None:
    scopes = frozenset(SYNC_SCOPES - {"crm.objects.deals.read"})
    with Simulator(token=TOKEN, scopes=scopes) as portal:
        shell.patch.setenv("HUBSPOT_ACCESS_TOKEN", TOKEN)
        shell.patch.setenv("HUBSPOT_BASE_URL", portal.url)
        said = shell("setup", "--yes")
    assert said.code == 2
    assert "crm.objects.deals.read" in said.err
    assert "Service keys" in said.err


def test_setup_without_schema_scopes_tells_what_to_do_by_hand(shell: Shell) -> None:
    with Simulator(token=TOKEN, scopes=SYNC_SCOPES) as portal:
        shell.patch.setenv("HUBSPOT_ACCESS_TOKEN", TOKEN)
        shell.patch.setenv("HUBSPOT_BASE_URL", portal.url)
        said = shell("setup", "--yes")
    assert said.code == 2
    assert "Create property" in said.err


def test_an_import_makes_deals_with_calls_and_the_second_changes_nothing(
    ready: Shell, portal: Simulator
) -> None:
    assert len(portal.records("deals")) == 4
    assert len(portal.records("tasks")) == 2
    written = portal.count(writes=True)
    said = ready("import", ready.put(), "--crm", "hubspot")
    assert said.code == 0
    assert "up to date" in said.out
    assert portal.count(writes=True) == written


def test_a_call_logged_here_stands_there_and_completes_its_task(ready: Shell, portal: Simulator) -> None:
    said = ready("log", ready.key("Data Engineer"), "connected", "--result", "in_process")
    assert said.code == 0
    (call,) = portal.records("calls")
    assert "Result: in_process" in call["properties"]["hs_call_body"]
    statuses = sorted(task["properties"]["hs_task_status"] for task in portal.records("tasks"))
    assert statuses == ["COMPLETED", "NOT_STARTED", "NOT_STARTED"]


def test_what_a_person_does_there_is_heard(ready: Shell, portal: Simulator) -> None:
    deals = {deal["properties"]["dealname"]: deal["id"] for deal in portal.records("deals")}
    closed = next(s["id"] for s in _stages(portal) if s["label"] == "Rejected")
    portal.people.move(deals["Data Engineer at Northwind Robotics"], closed)
    ties = [("deals", deals["Analyst at Bluebird Analytics"])]
    portal.people.log_call(ties, "No answer", body="They were out.")
    said = ready("sync", "--crm", "hubspot")
    assert said.code == 0
    assert "1 call cancelled" in said.out
    told = json.loads(ready("deals", "--json").out)
    assert {deal["stage"] for deal in told if deal["job_title"] == "Data Engineer"} == {"rejected"}
    explained = ready("explain", ready.key("Analyst")).out
    assert "call 2" in explained


def test_a_task_that_a_person_deleted_is_found_by_a_full_look(ready: Shell, portal: Simulator) -> None:
    for task in portal.records("tasks"):
        portal.people.delete("tasks", task["id"])
    assert ready("sync", "--crm", "hubspot", "--full").code == 0
    assert not portal.records("tasks")
    assert not [deal for deal in json.loads(ready("deals", "--json").out) if deal["next_call_at"]]


def test_a_task_that_a_person_deleted_is_noticed_when_it_is_due(ready: Shell, portal: Simulator) -> None:
    tasks = portal.records("tasks")
    for task in tasks:
        portal.people.delete("tasks", task["id"])
    last = max(task["properties"]["hs_timestamp"] for task in tasks)
    ready.at(last)
    said = ready("sync", "--crm", "hubspot")
    assert said.code == 0
    assert said.out.count("call task removed") == len(tasks) == 2
    assert not portal.records("tasks")
    assert not [deal for deal in json.loads(ready("deals", "--json").out) if deal["next_call_at"]]


def test_two_deals_that_a_person_merged_go_on_as_one(ready: Shell, portal: Simulator) -> None:
    deals = {deal["properties"]["dealname"]: deal["id"] for deal in portal.records("deals")}
    winner, loser = deals["Data Engineer at Northwind Robotics"], deals["Analyst at Bluebird Analytics"]
    portal.people.merge("deals", winner, loser)
    said = ready("sync", "--crm", "hubspot")
    assert said.code == 0, said.err
    titles = {deal["job_title"] for deal in json.loads(ready("deals", "--json").out)}
    assert titles == {"Data Engineer", "Writer", "Planner"}
    written = portal.count(writes=True)
    assert ready("sync", "--crm", "hubspot").code == 0
    assert portal.count(writes=True) == written


def test_a_company_is_known_by_its_peoples_address_too(hubspot: Shell, portal: Simulator) -> None:
    theirs = portal.people.create("companies", {"name": "Northwind Ltd.", "domain": "northwind.example"})
    rows = "Northwind Robotics,Data Engineer,2027-01-28,Applied,Jane Roe,jane@northwind.example"
    said = hubspot("import", hubspot.put(f"{HEAD}\n{rows}\n"), "--crm", "hubspot", "--yes")
    assert said.code == 0
    (company,) = portal.records("companies")
    assert company["id"] == theirs
    assert company["properties"]["name"] == "Northwind Ltd."


def test_hubspot_makes_no_twin_of_a_company_from_the_address_of_its_people(shell: Shell) -> None:
    rows = "Northwind Robotics,Data Engineer,2027-01-28,Applied,Jane Roe,jane@northwind.example"
    with Simulator(tier="starter", token=TOKEN, auto_companies=True) as portal:
        shell.patch.setenv("HUBSPOT_ACCESS_TOKEN", TOKEN)
        shell.patch.setenv("HUBSPOT_BASE_URL", portal.url)
        said = shell("import", shell.put(f"{HEAD}\n{rows}\n"), "--crm", "hubspot", "--yes")
        assert said.code == 0
        assert [one["properties"]["domain"] for one in portal.records("companies")] == ["northwind.example"]
        assert len(portal.records("contacts")) == 1


def test_bad_records_are_listed_and_the_others_written(shell: Shell) -> None:
    bad = [7, 103, 250, 251, 499]
    lines = [_line(n, without=n in bad) for n in range(500)]
    path = shell.put("\n".join([HEAD, *lines]) + "\n", "many.csv")
    with Simulator(tier="starter", token=TOKEN, required={"deals": ("description",)}) as portal:
        shell.patch.setenv("HUBSPOT_ACCESS_TOKEN", TOKEN)
        shell.patch.setenv("HUBSPOT_BASE_URL", portal.url)
        said = shell("import", path, "--crm", "hubspot", "--yes", "--json")
        assert said.code == 1
        assert len(portal.records("deals")) == 495
        failures = [f for f in json.loads(said.out)["failures"] if f["key"].startswith("deal/")]
        assert sorted(f["origin"] for f in failures) == sorted(f"{path}, row {n + 2}" for n in bad)
        assert all("description" in f["reason"] for f in failures)
        written = portal.count(writes=True)
        assert shell("import", path, "--crm", "hubspot").code == 0
        assert portal.count(writes=True) == written
        repaired = shell.put("\n".join([HEAD, *(_line(n, without=False) for n in range(500))]), "many.csv")
        assert shell("import", repaired, "--crm", "hubspot").code == 0
        assert len(portal.records("deals")) == 500


def test_where_only_the_contact_is_bad_the_deal_is_written_without_it(shell: Shell) -> None:
    path = shell.put("\n".join([HEAD, _line(1, without=False), _line(2, without=False)]) + "\n", "two.csv")
    with Simulator(tier="starter", token=TOKEN, required={"contacts": ("phone",)}) as portal:
        shell.patch.setenv("HUBSPOT_ACCESS_TOKEN", TOKEN)
        shell.patch.setenv("HUBSPOT_BASE_URL", portal.url)
        said = shell("import", path, "--crm", "hubspot", "--yes")
        assert said.code == 1
        assert "phone" in said.out
        assert len(portal.records("deals")) == 2
        assert not portal.records("contacts")
        assert len(portal.records("tasks")) == 2


HEAD = "Company,Job Title,Date Applied,Status,Contact,Email"


def _line(number: int, *, without: bool) -> str:
    company = f"Company {number} of Invention"
    if without:
        return f"{company},,,Applied,,"
    person = f"Person {number},person{number}@company{number}.example"
    return f"{company},Job {number},2027-01-28,Applied,{person}"


def test_the_token_of_another_portal_changes_nothing(ready: Shell, portal: Simulator) -> None:
    with Simulator(portal=999, token=TOKEN, tier="starter") as other:
        ready.patch.setenv("HUBSPOT_BASE_URL", other.url)
        said = ready("log", "--user", "me", ready.key("Data Engineer"), "no_answer")
        assert said.code == 2
        assert not other.count(writes=True)


@pytest.mark.parametrize("fault", ["proxy", "500", "401"])
def test_the_token_appears_nowhere(hubspot: Shell, portal: Simulator, fault: str, home: Path) -> None:
    assert hubspot("import", hubspot.put(), "--crm", "hubspot", "--yes").code == 0
    if fault == "401":
        hubspot.patch.setenv("HUBSPOT_ACCESS_TOKEN", TOKEN + "x")
    else:
        portal.fail(fault, on=3)
    said = hubspot(
        "--debug", "import", hubspot.put(TRACKER.replace("Analyst", "Chief Analyst")), "--crm", "hubspot"
    )
    assert said.code in {0, 2, 4}
    assert TOKEN not in said.out + said.err
    for path in home.rglob("*"):
        if path.is_file():
            assert TOKEN.encode() not in path.read_bytes(), path


def _stages(portal: Simulator) -> list[dict[str, str]]:
    return list(_own(portal)["stages"])


def _own(portal: Simulator) -> dict[str, Any]:
    import urllib.request

    request = urllib.request.Request(
        f"{portal.url}/crm/v3/pipelines/deals", headers={"Authorization": f"Bearer {TOKEN}"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        pipelines = json.load(answer)["results"]
    return dict(next(p for p in pipelines if p["label"] == "Job applications"))


def test_an_account_that_does_not_tell_its_call_outcomes_is_set_up_all_the_same(
    hubspot: Shell, portal: Simulator
) -> None:
    portal.portal.dispositions.clear()

    said = hubspot("setup", "--yes", "--json")

    told = json.loads(said.out)
    assert said.code == 0
    assert told["outcomes"] == {}
    assert any(step["name"] == "call outcomes" for step in told["steps"])
