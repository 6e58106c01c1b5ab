"""`config check`: everything that a run would need, found out before the run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.conftest import TRACKER, Shell
from tests.hubspot_simulator.simulator import Simulator

TOKEN = "pat-na1-12345678-aaaa-bbbb"
ONE = "users:\n  jane: {sources: [jane.csv]}\n"


@pytest.fixture
def office(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell in a folder with a list and a configuration for one user."""
    monkeypatch.chdir(shell.folder)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(shell.folder / "config"))
    shell.put(TRACKER, "jane.csv")
    shell.put(ONE, "crm-sync.yaml")
    return shell


@pytest.fixture
def portal(office: Shell) -> Iterator[Simulator]:
    """A simulated portal that was set up and in which jane's calls are kept."""
    with Simulator(tier="starter", token=TOKEN) as simulator:
        use(office, simulator)
        yield simulator


def use(office: Shell, portal: Simulator) -> None:
    """Write a configuration in which jane works in the portal, and set it up."""
    office.patch.setenv("TOKEN", TOKEN)
    crm = f"crms: {{agency: {{kind: hubspot, token: {{env: TOKEN}}, base_url: '{portal.url}'}}}}\n"
    office.put(ONE + crm, "crm-sync.yaml")
    assert office("setup", "--crm", "agency", "--yes").code == 0


def test_a_portal_that_would_work_is_told_with_its_stages_and_outcomes(
    office: Shell, portal: Simulator
) -> None:
    written = portal.count(writes=True)
    said = office("config", "check", "--online")
    assert (said.code, said.err) == (0, "")
    assert "ok  CRM agency: answers as hubspot-4242424, time zone Europe/Berlin\n" in said.out
    assert "ok  CRM agency, setup: 10 stages have a place, " in said.out
    assert portal.count(writes=True) == written


def test_a_scope_that_was_taken_away_is_named(office: Shell, portal: Simulator) -> None:
    portal.options.scopes = frozenset(s for s in portal.options.scopes if "contacts" not in s)
    said = office("config", "check", "--online")
    assert said.code == 2
    assert "!!  CRM agency, setup: scope for contacts: " in said.out
    assert "crm.objects.contacts" in said.out


def test_another_pipeline_than_the_one_that_was_set_up_is_told(office: Shell, portal: Simulator) -> None:
    office.put(
        (office.folder / "crm-sync.yaml").read_text(encoding="utf-8").replace("}}\n", ", pipeline: Gone}}\n"),
        "crm-sync.yaml",
    )
    said = office("config", "check", "--online")
    assert said.code == 2
    assert "Run once: crm-sync setup --crm agency" in said.out


@pytest.mark.parametrize(("minutes", "side"), [(12, "behind"), (-12, "ahead of")])
def test_clocks_that_differ_are_told(office: Shell, minutes: int, side: str) -> None:
    clock = lambda: datetime.now(UTC) + timedelta(minutes=minutes)  # noqa: E731
    with Simulator(tier="starter", token=TOKEN, clock=clock) as portal:
        use(office, portal)
        said = office("config", "check", "--online")
    assert said.code == 2
    assert (
        f"!!  CRM agency: the clock of this machine is 12 minutes {side} that of hubspot-4242424" in said.out
    )


def test_a_column_that_is_not_in_the_file_is_named_by_check_and_by_sync(office: Shell) -> None:
    office.put("users:\n  jane: {sources: [{path: jane.csv, columns: {salary: Pay}}]}\n", "crm-sync.yaml")
    said = office("config", "check")
    assert said.code == 4
    assert 'there is no column "Pay" for salary (crm-sync.yaml:2)' in said.out
    assert "The columns are: Company, Job Title, Location, Date Applied, Status" in said.out
    assert 'Note: no column "Pay" was found for salary' in office("sync").out


def test_a_column_that_may_be_a_status_is_told_by_sync_until_the_configuration_says_what_it_is(
    office: Shell,
) -> None:
    rows = "".join(f"Acme {at},Cook,2027-01-{at:02},{'gar' if at % 2 else 'roh'}\n" for at in range(1, 9))
    office.put(f"Company,Job Title,Date Applied,Topf\n{rows}", "jane.csv")
    assert 'Note: the column "Topf" may be a status' in office("sync").out
    office.put("users:\n  jane: {sources: [{path: jane.csv, columns: {notes: Topf}}]}\n", "crm-sync.yaml")
    assert "may be a status" not in office("sync").out


def test_a_column_that_is_in_the_file_is_fine(office: Shell) -> None:
    office.put(
        "users:\n  jane: {sources: [{path: jane.csv, columns: {salary: notes, company: Company}}]}\n",
        "crm-sync.yaml",
    )
    assert office("config", "check").code == 0
    assert "Note: no column" not in office("sync").out


def test_a_field_that_there_is_not_is_a_mistake_with_the_nearest(office: Shell) -> None:
    office.put("users:\n  jane: {sources: [{path: jane.csv, columns: {comapny: Firm}}]}\n", "crm-sync.yaml")
    said = office("config", "check")
    assert said.code == 2
    assert 'sources.1.columns: there is no field "comapny".\n  Did you mean company?\n' in said.err


def test_a_state_folder_that_cannot_be_written_is_told(office: Shell) -> None:
    office.patch.setenv("CRM_SYNC_HOME", f"{office.put('a file', 'blocked')}/home")
    said = office("config", "check")
    assert said.code == 4
    assert "cannot be written: not a directory" in said.out


def test_a_time_zone_that_there_is_not_is_told(office: Shell) -> None:
    office.put("users:\n  jane: {sources: [jane.csv], time_zone: Mars/Base}\n", "crm-sync.yaml")
    assert 'time_zone: "Mars/Base" is no time zone' in office("config", "check").err
