"""`undo` on the command line, on the embedded CRM and on a simulated portal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import JANE, KIM, ODD, TRACKER, Shell
from tests.hubspot_simulator.simulator import Simulator

TOKEN = "pat-eu1-5ec2e75e-0000-4000-8000-000000000003"
SHOWN = """\
Run RUN (import) would be taken back:
  removed from the CRM: 3 companies, 3 deals, 2 planned calls

Applications
  6ib5hlj7c7pr Analyst at Bluebird Analytics
  julgf6r25wuz Planner at Kestrel Air
  xczm2oahfseh Data Engineer at Northwind Robotics

Left as it is
  company COMPANY: others belong to it
  deal of bxgzhujrj2sn Writer at Quill & Co: people did something to it in the CRM

Nothing was written. To take it back: crm-sync undo RUN --yes
"""


def first_run(shell: Shell) -> str:
    return str(json.loads(shell("runs", "--json").out)[-1]["run"])


def test_what_would_be_taken_back_is_shown_first(filled: Shell) -> None:
    run = first_run(filled)
    filled("stage", filled.key(KIM), "offer")
    said = filled("undo", run[:6], "--plan")
    shown = re.sub(r"company [a-z2-7]{12}", "company COMPANY", said.out)
    assert said.code == 0
    assert shown.replace(run, "RUN") == SHOWN
    assert len(json.loads(filled("deals", "--json").out)) == 4


def test_a_run_is_taken_back_stays_away_and_is_resumed(filled: Shell) -> None:
    run, key = first_run(filled), filled.key(JANE)
    said = filled("undo", run, "--yes")
    assert said.code == 0
    assert "removed from the CRM: 4 companies, 4 deals, 2 planned calls" in said.out
    assert json.loads(filled("deals", "--json").out) == []
    assert json.loads(filled("calls", "--days", "30", "--json").out) == []
    assert "Nothing new" in filled("import", filled.put()).out
    assert "1 new" in filled("import", filled.put(TRACKER + "Lumen Foods,Cook,,2027-01-29,Applied,,,\n")).out
    assert [deal["job_title"] for deal in json.loads(filled("deals", "--json").out)] == ["Cook"]
    assert "its deal is made again" in filled("resume", key).out
    assert {deal["job_title"] for deal in json.loads(filled("deals", "--json").out)} == {"Cook", JANE}
    assert f"deal taken back with run {run}" in filled("history", key).out
    assert f"took {run} back (10 records)" in filled("runs").out


def test_what_is_left_is_told_with_exit_code_1(filled: Shell) -> None:
    run = first_run(filled)
    filled("stage", filled.key(ODD), "offer")
    said = filled("undo", run, "--yes", "--json")
    assert said.code == 1
    told = json.loads(said.out)
    assert {left["reason"] for left in told["left"]} == {
        "others belong to it",
        "people did something to it in the CRM",
    }
    assert [deal["job_title"] for deal in json.loads(filled("deals", "--json").out)] == [ODD]
    again = filled("undo", run, "--yes")
    assert (again.code, "removed from the CRM: nothing" in again.out) == (1, True)


def test_what_was_in_the_crm_before_the_book_was_is_left(filled: Shell, home: Path) -> None:
    for name in ("ledger.db", "ledger.db-wal", "ledger.db-shm"):
        (home / name).unlink(missing_ok=True)
    assert filled("import", filled.put()).code in (0, 1)
    said = filled("undo", first_run(filled), "--yes", "--json")
    assert said.code == 1
    told = [left["reason"] for left in json.loads(said.out)["left"] if left["key"].startswith("deal/")]
    assert sorted(told) == ["it was in the CRM before"] * 3 + ["somebody decided about it"]
    assert len(json.loads(filled("deals", "--json").out)) == 4


def test_fields_are_put_back(filled: Shell) -> None:
    filled("import", filled.put(TRACKER.replace("Berlin, Germany", "Potsdam, Germany")))
    run = json.loads(filled("runs", "--json").out)[0]["run"]
    said = filled("undo", run, "--yes")
    assert "Data Engineer at Northwind Robotics: location is Berlin, Germany again" in said.out
    assert said.code == 0
    assert "put back as it was: 1 field" in said.out


def test_a_run_that_found_nothing_new_has_nothing_to_be_taken_back(filled: Shell) -> None:
    filled("import", filled.put())
    run = json.loads(filled("runs", "--json").out)[0]["run"]
    assert filled("undo", run, "--yes").out == f"Nothing of run {run} is left to be taken back.\n"
    assert filled("undo", run).code == 0


def test_a_persons_word_is_taken_back_by_another_word(filled: Shell) -> None:
    filled("snooze", filled.key(JANE), "2027-02-20")
    run = json.loads(filled("runs", "--json").out)[0]["run"]
    said = filled("undo", run, "--yes")
    assert said.code == 2
    assert "was `snooze`, a word about one application" in said.err


def test_without_a_terminal_an_undo_needs_a_word(filled: Shell) -> None:
    said = filled("undo", first_run(filled))
    assert said.code == 2
    assert "--plan" in said.err
    assert len(json.loads(filled("deals", "--json").out)) == 4


def test_a_run_that_is_not_there_is_a_mistake_of_words(filled: Shell) -> None:
    assert filled("undo", "zzzz", "--yes").code == 2


@pytest.fixture
def portal() -> Iterator[Simulator]:
    with Simulator(tier="starter", token=TOKEN) as simulator:
        yield simulator


@pytest.fixture
def ready(shell: Shell, portal: Simulator) -> Shell:
    shell.patch.setenv("HUBSPOT_ACCESS_TOKEN", TOKEN)
    shell.patch.setenv("HUBSPOT_BASE_URL", portal.url)
    assert shell("import", shell.put(), "--crm", "hubspot", "--yes").code == 0
    return shell


KINDS = ("companies", "deals", "tasks")


def test_an_import_into_a_portal_is_taken_back_and_resumed(ready: Shell, portal: Simulator) -> None:
    run = first_run(ready)
    key = next(each["key"] for each in json.loads(ready("deals", "--json").out) if each["job_title"] == JANE)
    assert ready("undo", run, "--yes").code == 0
    assert [len(portal.records(kind)) for kind in KINDS] == [0, 0, 0]
    for words in ((), ("--full",)):
        assert ready("sync", "--crm", "hubspot", *words).code == 0
    ready("import", ready.put(), "--crm", "hubspot")
    assert [len(portal.records(kind)) for kind in KINDS] == [0, 0, 0]
    assert ready("resume", key).code == 0
    assert [len(portal.records(kind)) for kind in KINDS] == [1, 1, 1]


def test_what_somebody_touched_in_a_portal_is_left(ready: Shell, portal: Simulator) -> None:
    deal = next(each for each in portal.records("deals") if "Writer" in each["properties"]["dealname"])
    portal.people.edit("deals", deal["id"], dealname="My own name for it")
    said = ready("undo", first_run(ready), "--yes")
    assert said.code == 1
    assert "deal of bxgzhujrj2sn Writer at Quill & Co: somebody changed" in said.out
    assert [each["id"] for each in portal.records("deals")] == [deal["id"]]


def test_fields_in_a_portal_are_put_back_and_not_written_again(ready: Shell, portal: Simulator) -> None:
    moved = TRACKER.replace("2027-01-28,Applied", "2027-01-28,Rejected")
    ready("import", ready.put(moved), "--crm", "hubspot")
    stages = {each["id"]: each["properties"]["dealstage"] for each in portal.records("deals")}
    run = json.loads(ready("runs", "--json").out)[0]["run"]
    assert ready("undo", run, "--yes").code == 0
    after = {each["id"]: each["properties"]["dealstage"] for each in portal.records("deals")}
    assert len([each for each in stages if stages[each] != after[each]]) == 1
    ready("import", ready.put(moved), "--crm", "hubspot")
    ready("sync", "--crm", "hubspot", "--full")
    assert {each["id"]: each["properties"]["dealstage"] for each in portal.records("deals")} == after
