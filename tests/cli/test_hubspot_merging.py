"""`merge` and `split` on a simulated HubSpot portal."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.cli.conftest import Shell
from tests.cli.test_two_sources import SHEET, TEAL
from tests.hubspot_simulator.simulator import Simulator

TOKEN = "pat-eu1-5ec2e75e-0000-4000-8000-000000000002"


@pytest.fixture
def portal() -> Iterator[Simulator]:
    with Simulator(tier="starter", token=TOKEN) as simulator:
        yield simulator


@pytest.fixture
def ready(shell: Shell, portal: Simulator) -> Shell:
    """A shell with a portal that holds a sheet and an export of Teal."""
    shell.patch.setenv("HUBSPOT_ACCESS_TOKEN", TOKEN)
    shell.patch.setenv("HUBSPOT_BASE_URL", portal.url)
    files = (shell.put(SHEET, "sheet.csv"), shell.put(TEAL, "teal.csv"))
    assert shell("import", *files, "--crm", "hubspot", "--yes").code == 0
    return shell


def again(shell: Shell, portal: Simulator) -> None:
    """Import everything once more, which must write nothing."""
    files = (str(shell.folder / "sheet.csv"), str(shell.folder / "teal.csv"))
    shell("sync", "--crm", "hubspot")
    before = portal.count(writes=True)
    assert shell("import", *files, "--crm", "hubspot").code == 0
    assert shell("sync", "--crm", "hubspot", "--full").code == 0
    assert portal.count(writes=True) == before


def names(portal: Simulator) -> list[str]:
    return sorted(deal["properties"]["dealname"] for deal in portal.records("deals"))


def test_one_application_of_two_sources_is_one_deal(ready: Shell, portal: Simulator) -> None:
    assert len(portal.records("deals")) == 3
    again(ready, portal)


def test_a_merge_and_a_split_leave_what_should_be_in_the_portal(ready: Shell, portal: Simulator) -> None:
    lumen, orbit = ready.key("Planner"), ready.key("Developer")
    everything = names(portal)
    tasks = len(portal.records("tasks"))
    assert ready("log", orbit, "no_answer").code == 0
    assert ready("merge", lumen, orbit, "--yes").code == 0

    assert names(portal) == [name for name in everything if "Developer" not in name]
    again(ready, portal)

    assert ready("split", orbit).code == 0
    assert names(portal) == everything
    again(ready, portal)
    assert len(portal.records("calls")) == 1
    open_ = [t for t in portal.records("tasks") if t["properties"]["hs_task_status"] == "NOT_STARTED"]
    assert len(open_) == tasks


@pytest.mark.parametrize(
    "change",
    [
        {"dealname": "My favourite"},
        {"amount": "70000"},
        {"hs_next_step": "Ask Jane"},
        {"num_notes": "1"},
        {"description": "They know me from the fair"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_deal_that_somebody_worked_on_in_the_portal_is_left(
    ready: Shell, portal: Simulator, change: dict[str, str]
) -> None:
    lumen, orbit = ready.key("Planner"), ready.key("Developer")
    (deal,) = [d for d in portal.records("deals") if "Developer" in d["properties"]["dealname"]]
    portal.people.edit("deals", deal["id"], **change)
    said = ready("merge", lumen, orbit, "--yes")

    assert said.code == 0
    assert f"The deal of {orbit} stays in the CRM" in said.out
    (left,) = [d for d in portal.records("deals") if d["id"] == deal["id"]]
    assert change.items() <= left["properties"].items()
    again(ready, portal)
    told = json.loads(ready("deals", "--json").out)
    assert orbit not in {row["key"] for row in told}
