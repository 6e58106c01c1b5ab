"""What a sync of many users tells: in a pipe, on a terminal, quietly, as data, and as logs for machines."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.conftest import TRACKER, Process, Shell
from tests.cli.test_configuration import configure
from tests.cli.test_terminal import at_terminal

SECRET = "pat-na1-33333333-cccc"
THREE = "users:\n  ana: {sources: [ana.csv]}\n  ben: {sources: [ben.csv]}\n  cid: {sources: [cid.csv]}\n"
CALM = "Company,Job Title,Date Applied,Status\nOrbit Games,Tester,2027-01-28,Applied\n"


@pytest.fixture
def office(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell in a folder with a configuration for three users: ana has something to decide, cid no file."""
    monkeypatch.chdir(shell.folder)
    for name in ("CRM_SYNC_TIME_ZONE", "CRM_SYNC_COUNTRY", "CRM_SYNC_HOME"):
        monkeypatch.delenv(name)
    configure(shell, THREE)
    shell.put(TRACKER, "ana.csv")
    shell.put(CALM, "ben.csv")
    return shell


def logged(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_logs_for_machines_tell_run_user_account_and_what_it_is_about(office: Shell) -> None:
    office.put(TRACKER.replace("2027-01-28", "2027-01-29") + ",,,,,,,\n,,,Applied,,,,\n", "ana.csv")
    said = office("sync", "--log-format", "json")
    events = logged(said.err)
    assert {event["user"] for event in events if event["event"] == "run ended"} == {"ana", "ben", "cid"}
    of_ana = [event for event in events if event.get("user") == "ana"]
    assert len({event["run"] for event in of_ana if "run" in event}) == 1
    assert {event["account"] for event in of_ana if "account" in event} == {"local"}
    (missing,) = [event for event in events if event["event"] == "source not read"]
    assert (missing["user"], missing["level"]) == ("cid", "warning")
    assert missing["source"].endswith("cid.csv")
    assert all({"at", "level", "event"} <= event.keys() for event in events)
    runs = json.loads(office("runs", "--json").out)
    assert {event["run"] for event in of_ana if "run" in event} <= set(str(runs).replace("'", " ").split())


def test_the_account_and_key_of_a_refused_record_stand_in_the_log(office: Shell) -> None:
    office("sync")
    office("--log-format=json", "stage", office.key("Tester"), "interviewing", "--user", "ben")
    office.put(CALM.replace("Applied\n", "Rejected\n"), "ben.csv")
    conflicts = [e for e in logged(office("sync", "--log-format", "json").err) if e["event"] == "conflict"]
    assert [(each["user"], each["field"]) for each in conflicts] == [("ben", "stage")]
    assert conflicts[0]["key"].startswith("deal:ben:") or "ben" in conflicts[0]["key"]


def test_what_a_log_tells_of_one_user_holds_nothing_of_another(office: Shell) -> None:
    rows = "Company,Job Title,Date Applied,Status,Notes\n"
    for user in ("ana", "ben", "cid"):
        mark = f"mark-of-{user}"
        office.put(f"{rows}{mark} Ltd,{mark},2027-01-28,Purple,{mark}\n,,,Applied,{mark}\n", f"{user}.csv")
    events = logged(office("sync", "--log-format", "json").err)
    assert {"run began", "run ended", "row left out"} <= {event["event"] for event in events}
    for event in events:
        others = {"ana", "ben", "cid"} - {event["user"]}
        assert not [other for other in others if f"mark-of-{other}" in str(event)], event
    assert "mark-of" not in str([event for event in events if event["event"] == "run ended"])


def test_no_secret_stands_in_a_log(office: Shell) -> None:
    office.patch.setenv("TOKEN", SECRET)
    far = "{crm: far, sources: [{url: 'https://127.0.0.1:9/x?key=hush-hush'}]}"
    users = THREE.replace("cid: {sources: [cid.csv]}", f"cid: {far}")
    users = users.replace("ana: {", "ana: {crm: here, ").replace("ben: {", "ben: {crm: here, ")
    token = "{kind: hubspot, token: {env: TOKEN}, base_url: 'http://127.0.0.1:9'}"
    configure(office, users, f"crms: {{far: {token}, here: {{kind: local}}}}\n")
    for words in (("config", "check"), ("sync", "--user", "ana"), ("--debug", "sync", "--crm", "here")):
        said = office(*words, "--log-format", "json")
        assert SECRET not in said.out + said.err
        assert "hush-hush" not in said.out + said.err
    assert "source not read" in {event["event"] for event in logged(said.err)}


def test_in_a_pipe_there_are_no_colours_and_no_bars(office: Shell, process: Process) -> None:
    told = process("sync", CRM_SYNC_CONFIG=str(office.folder / "crm-sync.yaml"), FORCE_COLOR="1")
    assert told.returncode == 4
    assert told.stdout.splitlines()[0].startswith("ana: 4 new")
    assert told.stdout.splitlines()[-1] == "3 users: 2 synced, 1 with a source that was not read."
    assert "\x1b" not in told.stdout + told.stderr
    assert "Reading" not in told.stderr


def test_on_a_terminal_many_users_are_drawn_as_a_table_with_bars_before_it(office: Shell) -> None:
    office.patch.setenv("CRM_SYNC_CONFIG", str(office.folder / "crm-sync.yaml"))
    code, shown = at_terminal("sync")
    assert code == 4
    assert "Reading" in shown
    assert "Writing to the CRM" in shown
    lines = [line.split() for line in shown.splitlines()]
    assert ["ana", "4", "2", "1"] in lines
    assert ["cid", "1", "source", "not", "read"] in lines
    assert shown.splitlines()[-1].endswith("3 users: 2 synced, 1 with a source that was not read.")


def test_a_user_whose_source_was_not_read_does_not_count_as_synced(office: Shell) -> None:
    for quiet in (0, 2):
        (account,) = json.loads(office("sync", "--json").out)["accounts"]
        assert (account["users"], account["unread"], account["failed"]) == (3, 1, 0)
        assert (account["synced"], account["nothing_new"]) == (2 - quiet, quiet)


def test_an_import_shows_that_it_reads(shell: Shell) -> None:
    _, shown = at_terminal("import", shell.put())
    assert "Reading" in shown


def test_quiet_tells_only_what_needs_a_person(office: Shell) -> None:
    said = office("sync", "--quiet")
    assert [line.partition(":")[0] for line in said.out.splitlines()] == ["ana", "cid"]
    assert said.err == "cid: cid.csv: there is no such file.\n  Check the path.\n"


def test_what_stops_an_account_is_told_once_for_all_its_users(office: Shell) -> None:
    crms = "crms: {agency: {kind: hubspot, token: {env: NOT_THERE}}, here: {kind: local}}\n"
    users = THREE.replace("ben: {", "ben: {crm: agency, ").replace("cid: {", "cid: {crm: agency, ")
    configure(office, users.replace("ana: {", "ana: {crm: here, "), crms)
    said = office("sync")
    assert said.code == 2
    assert said.err.startswith("agency (2 users): crm-sync.yaml:")
    assert len(said.err.splitlines()) == 2
    assert said.out.splitlines()[-3:] == [
        "here: 1 user: 1 synced.",
        "agency: 2 users: 2 failed.",
        "3 users: 1 synced, 2 failed.",
    ]
    accounts = {each["crm"]: each for each in json.loads(office("sync", "--json").out)["accounts"]}
    assert (accounts["agency"]["failed"], accounts["agency"]["exit_code"]) == (2, 2)
    assert "NOT_THERE" in accounts["agency"]["failure"]
    assert (accounts["here"]["account"], accounts["here"]["nothing_new"]) == ("local", 1)


def test_accounts_that_failed_the_last_time_have_their_turn_last(office: Shell) -> None:
    crms = "crms:\n  away: {kind: hubspot, token: {env: TOKEN}}\n  here: {kind: local}\n"
    users = (
        "users:\n  ana: {sources: [ana.csv], crm: away}\n  ben: {sources: [ben.csv], crm: here}\n"
        "  cid: {crm: away}\n"
    )

    def turns() -> list[str]:
        return [row["user"] for row in json.loads(office("sync", "--json").out)["users"]]

    configure(office, crms + users)
    assert turns() == ["ana", "cid", "ben"]
    assert turns() == ["ben", "ana", "cid"]
    configure(office, crms + users.replace("cid: {crm: away}", "cid: {crm: here}"))
    assert turns() == ["ben", "cid", "ana"]
    configure(office, crms + users.replace("away", "here"))
    assert turns() == ["ana", "ben", "cid"]


def test_a_conflict_is_news_once(office: Shell) -> None:
    configure(office, "users:\n  ben: {sources: [ben.csv]}\n")
    office("sync")
    office("stage", office.key("Tester"), "interviewing")
    office.put(CALM.replace("Applied\n", "Rejected\n"), "ben.csv")
    assert office("sync").code == 1
    assert office("sync").code == 0


def test_a_sync_that_finds_no_configuration_says_that_it_read_no_file(filled: Shell) -> None:
    said = filled("sync")
    assert said.code == 0
    assert said.err.startswith("Note: no configuration names any users, so no file is read")
    assert "--config FILE" in said.err
    assert filled("--quiet", "sync").err == ""
