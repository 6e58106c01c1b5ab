"""`import`: what is told before, during and after."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import JANE, ODD, TRACKER, Shell

PLAN = """\
create company Quill & Co
create company Kestrel Air
create company Bluebird Analytics
create company Northwind Robotics
create deal Analyst at Bluebird Analytics (applied)
create deal Writer at Quill & Co (screening)
create deal Planner at Kestrel Air (applied)
create deal Data Engineer at Northwind Robotics (applied)
plan call Thu 4 Feb 2027, 10:00 (your time): Call Bluebird Analytics about Analyst: 1 of 4
plan call Mon 1 Feb 2027, 10:00 (your time): Call Jane Roe at Northwind Robotics about Data Engineer: 1 of 4

4 applications: 4 new, 0 changed, 0 unchanged.
2 calls would be planned.

1 application asks for you
  julgf6r25wuz Planner at Kestrel Air: nobody could map its status word "Purple"
    → crm-sync stage julgf6r25wuz STAGE

Plan DIGEST. Nothing was written. To apply exactly this, add: --expect DIGEST
"""
FIRST = """\
4 applications: 4 new, 0 changed, 0 unchanged.
2 calls planned.

1 application asks for you
  julgf6r25wuz Planner at Kestrel Air: nobody could map its status word "Purple"
    → crm-sync stage julgf6r25wuz STAGE

3 open applications mean about 10 calls in all; most of them end without interest, and that is how it goes.
Next: crm-sync calls, and crm-sync status for what asks
"""


def digest_of(shell: Shell, path: str) -> str:
    """Return the digest of the plan for a file."""
    return str(json.loads(shell("import", path, "--plan", "--json").out)["digest"])


def test_the_first_import_tells_what_came_in_what_asks_and_what_comes_next(shell: Shell) -> None:
    said = shell("import", shell.put())
    assert (said.code, said.out, said.err) == (0, FIRST, "")


def test_a_second_import_says_that_nothing_is_new(filled: Shell) -> None:
    said = filled("import", filled.put())
    assert (said.code, said.err) == (0, "")
    assert said.out == "Nothing new: 4 applications unchanged.\n\nNext: crm-sync calls\n"


def test_a_plan_is_shown_with_its_digest_and_writes_nothing(shell: Shell) -> None:
    path = shell.put()
    said = shell("import", path, "--plan")
    assert said.code == 0
    assert said.out == PLAN.replace("DIGEST", digest_of(shell, path))
    assert json.loads(shell("deals", "--json").out) == []


def test_planning_twice_gives_the_same_digest_and_applying_it_works(shell: Shell) -> None:
    path = shell.put()
    digest = digest_of(shell, path)
    assert digest == digest_of(shell, path)
    assert shell("import", path, "--expect", digest).code == 0


def test_another_plan_than_the_reviewed_one_is_refused(shell: Shell) -> None:
    path = shell.put()
    said = shell("import", path, "--expect", "000000000000")
    assert said.code == 3
    assert said.err.startswith(
        f"crm-sync: the plan is now {digest_of(shell, path)}, not 000000000000 as reviewed.\n"
    )


def test_a_changed_row_updates_its_deal_and_the_plan_says_where_it_stands(filled: Shell) -> None:
    path = filled.put(TRACKER.replace('Lyon, France",2027-02-01', 'Nantes, France",2027-02-01'))
    key = filled.key("Analyst")
    plan = filled("import", path, "--plan").out.splitlines()
    assert f"change deal {key}: location Nantes, France (jobs.csv, row 3)" in plan
    assert filled("import", path).out.startswith("4 applications: 0 new, 1 changed, 3 unchanged.\n")


def test_a_rejection_in_the_file_cancels_the_call_in_the_same_run(filled: Shell) -> None:
    key = filled.key(JANE)
    path = filled.put(TRACKER.replace("2027-01-28,Applied", "2027-01-28,Rejected"))
    assert f"cancel call {key}" in filled("import", path, "--plan").out.splitlines()
    assert "1 call cancelled." in filled("import", path).out
    assert filled("calls", key).out == (
        "Data Engineer at Northwind Robotics: no call is planned.\nNo more calls: its stage is rejected.\n"
    )


def test_rejected_rows_are_shown_and_give_exit_code_1(shell: Shell) -> None:
    said = shell("import", shell.put(TRACKER + ",,,2027-01-25,Applied,,,\n"))
    assert said.code == 1
    assert "\n\nRows left out\n  row 6: no company and no title\n\n" in said.out


def test_one_file_that_cannot_be_read_does_not_stop_the_others(shell: Shell) -> None:
    said = shell("import", "missing.csv", shell.put())
    assert said.code == 4
    assert said.out == FIRST
    assert said.err == "crm-sync: missing.csv: there is no such file.\n  Check the path.\n"


def test_the_report_as_data_says_the_same(shell: Shell) -> None:
    told = json.loads(shell("import", shell.put(), "--json").out)
    counts = ("created", "updated", "unchanged", "rejected", "conflicts", "calls_planned")
    assert {name: told[name] for name in counts} == {
        "created": 4,
        "updated": 0,
        "unchanged": 0,
        "rejected": [],
        "conflicts": [],
        "calls_planned": 2,
    }
    assert [ask["reason"] for ask in told["asks"]] == ["stage_unknown"]


def test_the_plan_as_data_has_one_entry_per_operation(shell: Shell) -> None:
    plan = json.loads(shell("import", shell.put(), "--plan", "--json").out)["plan"]
    deals = [step for step in plan if (step["operation"], step["kind"]) == ("create", "deal")]
    assert len(deals) == 4


def test_a_list_that_lost_most_of_its_rows_is_refused_until_a_person_allows_it(shell: Shell) -> None:
    rows = [f"Firm {n},Job {n},,2027-01-28,Applied,,,\n" for n in range(12)]
    head = TRACKER.splitlines(keepends=True)[0]
    shell("import", shell.put(head + "".join(rows)))
    path = shell.put(head + "".join(rows[:4]))
    said = shell("import", path)
    assert said.code == 3
    assert "lost 8 of the 12 applications" in said.err
    assert "--allow-loss" in said.err
    assert shell("import", path, "--allow-loss").code == 0


def test_with_several_users_an_import_must_say_whose_it_is(filled: Shell) -> None:
    path = filled.put()
    assert filled("import", path, "--user", "anna").code == 0
    said = filled("import", path)
    assert said.code == 2
    assert said.err == "crm-sync: there are several users: anna, me.\n  Say which one with --user NAME.\n"
    assert filled("import", path, "--user", "me").code == 0


def test_the_user_of_the_environment_counts_like_the_option(
    filled: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_SYNC_USER", "anna")
    assert filled("import", filled.put()).code == 0
    assert {deal["user"] for deal in json.loads(filled("deals", "--json").out)} == {"anna"}


def test_a_crm_that_there_is_not_is_named(shell: Shell) -> None:
    said = shell("import", shell.put(), "--crm", "paper")
    assert (said.code, said.err) == (2, 'crm-sync: there is no CRM "paper".\n  There are: local, hubspot.\n')


def test_other_options_are_taken(filled: Shell) -> None:
    words = ("--retry-failed", "--wait", "0.5", "--connector", "spreadsheet")
    assert filled("import", filled.put(), *words).code == 0


def test_what_is_not_known_about_the_machine_is_said_once(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CRM_SYNC_COUNTRY")
    monkeypatch.setenv("CRM_SYNC_LOCALE", "C")
    monkeypatch.setenv("LC_ALL", "C")
    path = shell.put()
    first, second = shell("import", path), shell("import", path)
    assert "no public holidays are kept free" in first.err
    assert second.err == ""


def test_quiet_leaves_notes_out_and_keeps_results(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CRM_SYNC_COUNTRY")
    monkeypatch.setenv("LC_ALL", "C")
    said = shell("--quiet", "import", shell.put())
    assert (said.out, said.err) == (FIRST, "")


def test_an_unknown_word_keeps_asking_until_a_person_says_the_stage(filled: Shell) -> None:
    key = filled.key(ODD)
    assert filled("stage", key, "applied").code == 0
    assert json.loads(filled("status", "--json").out)["asks"] == []


def test_who_applies_to_more_than_can_be_called_is_told_so(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_SYNC_CALLS_PER_DAY", "2")
    head = TRACKER.splitlines(keepends=True)[0]
    rows = "".join(f"Firm {n},Job {n},,2027-01-28,Applied,,,\n" for n in range(40))
    assert (
        "\nYou apply to 10 a week; at 2 calls a day you can follow up on about 2.\n"
        in shell("import", shell.put(head + rows)).out
    )


def test_dates_that_can_be_read_in_two_ways_are_told_with_what_decides(shell: Shell) -> None:
    file = shell.put("Company,Job Title,Date Applied\nAcme,Clerk,02/01/2027\nOrbit,Cook,03/01/2027\n")
    said = shell("import", file).out
    assert "Note: jobs.csv: day and month of 2 applied dates are assumed; row 2 is taken for" in said
    assert "CRM_SYNC_LOCALE=de-DE (day first)" in said
    shell.patch.setenv("CRM_SYNC_LOCALE", "de-DE")
    assert shell("import", file).code == 0
    assert {deal["applied_on"] for deal in json.loads(shell("deals", "--json").out)} == {
        "2027-01-02",
        "2027-01-03",
    }


def test_general_options_may_stand_behind_the_command(shell: Shell) -> None:
    said = shell("import", shell.put(), "--quiet")
    assert (said.code, said.err) == (0, "")
    assert shell("calls", "--quiet", "--json").code == 0
