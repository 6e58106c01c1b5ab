"""Options that decide how a list is read, how a run goes on, and whose application is meant."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from crm_sync.app.wiring import open_book
from crm_sync.config.settings import load
from tests.cli.conftest import JANE, MARC, ODD, TRACKER, Shell
from tests.cli.test_connectors import GREENHOUSE
from tests.cli.test_two_sources import TEAL_HEAD, teal
from tests.containers.building import xlsx
from tests.hubspot_simulator.simulator import Simulator

TOKEN = "pat-eu1-5ec2e75e-0000-4000-8000-000000000006"
EITHER = "Company,Job Title,Date Applied,Status\nBirch,Cook,02/01/2027,Applied\n"
FIRM_ALONE = "Company,Job Title,Date Applied,Status\nBirch,Cook,2027-01-28,Applied\nElm,,,Applied\n"
FIRMS = "Firm name,Role,Date Applied,Status\nBirch,Cook,2027-01-28,Applied\n"


@pytest.mark.parametrize(
    ("words", "day"),
    [
        (("read", "--day-first"), "2027-01-02"),
        (("read", "--month-first"), "2027-02-01"),
        (("inspect", "--json", "--day-first"), "2027-01-02"),
        (("inspect", "--json", "--month-first"), "2027-02-01"),
    ],
)
def test_a_date_that_could_be_two_days_is_read_as_told(
    shell: Shell, words: tuple[str, ...], day: str
) -> None:
    said = shell(*words, shell.put(EITHER))
    assert said.code == 0
    assert f'"applied_on": "{day}"' in said.out


def test_what_inspect_is_told_of_columns_and_of_the_employer_is_shown(shell: Shell) -> None:
    path = shell.put(FIRMS)
    said = shell("inspect", path, "--column", "company=Firm name", "--json")
    (column,) = [one for one in json.loads(said.out)["tables"][0]["columns"] if one["header"] == "Firm name"]
    assert column["field"] == "company"
    path = shell.put(TEAL_HEAD + teal(1, "Birch", "Cook"), "teal.csv")
    assert json.loads(shell("inspect", path, "--json").out)["connector"] == "teal"
    said = shell("inspect", path, "--connector", "spreadsheet", "--json")
    assert json.loads(said.out)["connector"] == "spreadsheet"
    assert "Own House" not in shell("inspect", GREENHOUSE, "--json").out
    assert "Own House" in shell("inspect", GREENHOUSE, "--employer", "Own House", "--json").out
    path = str(xlsx(shell.folder / "two.xlsx", _two_sheets))
    said = shell("inspect", path, "--sheet", "Old")
    assert "Oak" in said.out
    assert "Elm" not in said.out


def _two_sheets(book: Any) -> None:
    for name, company in (("Old", "Oak"), ("New", "Elm")):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, ["Company", "Job Title", "Date Applied"])
        sheet.write_row(1, 0, [company, "Baker", "2027-01-28"])


def test_an_import_reads_with_the_connector_that_it_is_told(shell: Shell) -> None:
    path = shell.put(TEAL_HEAD + teal(1, "Birch", "Cook"), "teal.csv")
    said = shell("import", path, "--connector", "nosuch")
    assert (said.code, said.err.partition(".")[0]) == (2, 'crm-sync: there is no connector "nosuch"')
    assert shell("import", path, "--connector", "teal").code == 0


@pytest.mark.parametrize("words", [("import", "--retry-failed"), ("sync", "--retry-failed")])
def test_what_was_refused_is_tried_again_where_that_is_said(shell: Shell, words: tuple[str, ...]) -> None:
    shell.patch.chdir(shell.folder)
    shell.put("users: {jane: {sources: [jobs.csv], crm: hubspot}}\n", "crm-sync.yaml")
    path, (command, option) = shell.put(FIRM_ALONE), words
    told = (command, path, "--crm", "hubspot") if command == "import" else (command,)
    with Simulator(tier="starter", token=TOKEN, required={"deals": ("description",)}) as portal:
        shell.patch.setenv("HUBSPOT_ACCESS_TOKEN", TOKEN)
        shell.patch.setenv("HUBSPOT_BASE_URL", portal.url)
        assert shell(*told, "--yes").code == 1
        portal.options.required = {}
        before = len(portal.records("deals"))
        shell(*told)
        assert len(portal.records("deals")) == before == 1
        assert shell(*told, option).code == 0
        assert len(portal.records("deals")) == 2


@contextmanager
def worked_on_for_a_moment() -> Iterator[None]:
    """Hold the account as another run would, and give it back while the next one waits."""
    with ExitStack() as held:
        ledger = held.enter_context(open_book(load(os.environ)))
        held.enter_context(ledger.exclusive("local"))
        leave = threading.Timer(1.0, held.pop_all().close)
        leave.start()
        yield
        leave.join(60)


@pytest.mark.parametrize("words", [("import", "--wait"), ("sync", "--wait"), ("undo", "--yes", "--wait")])
def test_a_run_waits_for_another_one_as_long_as_it_is_told(filled: Shell, words: tuple[str, ...]) -> None:
    command, *options = words
    run = str(json.loads(filled("runs", "--json").out)[0]["run"])
    about = {"import": (filled.put(TRACKER + "Elm,Cook,,,,,,\n"),), "sync": (), "undo": (run,)}[command]
    with worked_on_for_a_moment():
        assert filled(command, *about, *options, "0").code == 4
        assert filled(command, *about, *options, "60").code == 0


@pytest.fixture
def office(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell in a folder with a list of twelve and a configuration for one user."""
    monkeypatch.chdir(shell.folder)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(shell.folder / "config"))
    head, *_ = TRACKER.splitlines()
    shell.put("\n".join([head, *(f"Firm {n},Job {n},,2027-01-28,Applied,,," for n in range(12))]), "jane.csv")
    shell.put("users: {jane: {sources: [jane.csv]}}\n", "crm-sync.yaml")
    assert shell("sync", "--jobs", "2").code == 0
    return shell


def test_a_list_that_lost_much_is_believed_where_that_is_said(office: Shell) -> None:
    lines = (office.folder / "jane.csv").read_text(encoding="utf-8").splitlines()
    office.put("\n".join(lines[:4]), "jane.csv")
    said = office("sync")
    assert (said.code, said.out) == (3, "")
    assert "jane.csv lost 9 of the 12 applications it showed before" in said.err
    assert office("sync", "--allow-loss").code == 0
    assert office("sync").code == 0


def test_jobs_are_one_or_more(office: Shell) -> None:
    said = office("sync", "--jobs", "0")
    assert (said.code, said.out) == (2, "")
    assert "Invalid value for '--jobs'" in said.err


def test_sync_sets_a_portal_up_where_that_is_said(office: Shell) -> None:
    with Simulator(tier="starter", token=TOKEN) as portal:
        office.patch.setenv("HUBSPOT_ACCESS_TOKEN", TOKEN)
        office.patch.setenv("HUBSPOT_BASE_URL", portal.url)
        office.put("users: {jane: {sources: [jane.csv], crm: hubspot}}\n", "crm-sync.yaml")
        assert office("sync").code == 2
        assert portal.count(writes=True) == 0
        assert office("sync", "--yes").code == 0
        assert len(portal.records("deals")) == 12


def test_the_calls_of_another_day_are_shown(filled: Shell) -> None:
    assert [call["job_title"] for call in json.loads(filled("calls", "--json").out)] == [JANE]
    later = json.loads(filled("calls", "--on", "2027-02-04", "--json").out)
    assert [call["job_title"] for call in later] == [JANE, MARC]
    assert filled("calls", "--on", "someday").code == 2


@pytest.mark.parametrize(
    "words",
    [("explain", "--user"), ("history", "--user"), ("forget", "--yes", "--user")],
    ids=lambda words: words[0],
)
def test_an_application_is_looked_for_among_those_of_the_user(filled: Shell, words: tuple[str, ...]) -> None:
    key, (command, *options) = filled.key(JANE), words
    said = filled(command, key, *options, "somebody-else")
    assert (said.code, said.out) == (2, "")
    assert f'no application has a key beginning with "{key}"' in said.err
    assert filled(command, key, *options, "me").code == 0


def test_a_merge_and_a_split_are_about_a_users_own(filled: Shell) -> None:
    one, other = filled.key(JANE), filled.key(MARC)
    assert filled("merge", one, other, "--yes", "--user", "somebody-else").code == 2
    assert filled("merge", one, other, "--yes", "--user", "me").code == 0
    assert filled("split", one, "--yes", "--user", "somebody-else").code == 2
    assert filled("split", one, "--yes", "--user", "me").code == 0


def test_two_rows_of_one_application_are_told_to_be_split_from_it_first(filled: Shell) -> None:
    whole, one, two = (filled.key(title) for title in (JANE, MARC, ODD))
    for other in (one, two):
        assert filled("merge", whole, other, "--yes").code == 0
    said = filled("split", one, two, "--yes")
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        f"crm-sync: {one} and {two} are one application.\n  Split it first: crm-sync split {whole}\n"
    )


def test_init_writes_down_what_it_is_told(shell: Shell, tmp_path: Path) -> None:
    path = shell.put()
    to = str(tmp_path / "own.yaml")
    words = ("--name", "ana", "--source", path, "--time-zone", "Europe/Paris", "--country", "FR")
    assert shell("init", "--to", to, *words, "--cadence", "gentle").code == 0
    for name in ("CRM_SYNC_TIME_ZONE", "CRM_SYNC_COUNTRY"):
        shell.patch.delenv(name)
    told = json.loads(shell("--config", to, "config", "show", "--json").out)["users"]["ana"]
    assert [told[name]["value"] for name in ("time_zone", "country", "cadence")] == [
        "Europe/Paris",
        "FR",
        "gentle",
    ]
    assert shell("init", "--to", to, "--cadence", "furious", "--force", *words[:4]).code == 2
    assert shell("init", "--to", to, "--country", "Atlantis", "--force", *words[:4]).code == 2
    assert shell("init", "--to", to, "--time-zone", "Moon/Crater", "--force", *words[:4]).code == 2
