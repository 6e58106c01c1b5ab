"""Words about a portal's records with another portal's token, and words that the portal does not take."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.cli.conftest import JANE, Shell
from tests.hubspot_simulator.simulator import Simulator

TOKEN = "pat-eu1-5ec2e75e-0000-4000-8000-000000000005"


@pytest.fixture
def portal() -> Iterator[Simulator]:
    with Simulator(tier="starter", token=TOKEN) as simulator:
        yield simulator


def use(shell: Shell, portal: Simulator) -> None:
    shell.patch.setenv("HUBSPOT_ACCESS_TOKEN", TOKEN)
    shell.patch.setenv("HUBSPOT_BASE_URL", portal.url)


@pytest.fixture
def ready(shell: Shell, portal: Simulator) -> Shell:
    """A shell with a portal that holds the tracker."""
    use(shell, portal)
    assert shell("import", shell.put(), "--crm", "hubspot", "--yes").code == 0
    return shell


def test_the_token_of_another_portal_reaches_no_record_of_this_one(ready: Shell, portal: Simulator) -> None:
    key, run = ready.key(JANE), json.loads(ready("runs", "--json").out)[0]["run"]
    with Simulator(tier="starter", token=TOKEN, portal=777) as stranger:
        use(ready, stranger)
        assert ready("setup", "--yes").code == 0
        before = stranger.count(writes=True)
        for words, told in (
            (
                ("done", key),
                f"{key} is kept in hubspot-4242424, the token belongs to hubspot-777.\n"
                "  Give the token of its account.",
            ),
            (
                ("forget", "me", "--crm", "--yes"),
                "the records lie in hubspot-4242424, the token belongs to hubspot-777.\n"
                "  Give the token of its account, or leave --crm out.",
            ),
            (
                ("undo", run, "--yes"),
                f"run {run} worked on hubspot-4242424, the token belongs to hubspot-777.\n"
                "  Give the token of its account.",
            ),
        ):
            said = ready(*words)
            assert (said.code, said.out, said.err) == (2, "", f"crm-sync: {told}\n")
        assert stranger.count(writes=True) == before
    use(ready, portal)
    assert ready("done", key).code == 0


def test_a_call_that_is_gone_from_the_portal_cannot_be_ticked_off(ready: Shell, portal: Simulator) -> None:
    for task in portal.records("tasks"):
        portal.people.delete("tasks", task["id"])
    said = ready("done", ready.key(JANE))
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("crm-sync: the CRM refused it: there is no record ")
