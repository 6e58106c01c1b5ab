"""Commands with a configuration: `config`, `init`, `sync` for many users, and who is meant without --user."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from crm_sync.cli.failures import worst
from tests.cli.conftest import ROOT, TRACKER, Process, Said, Shell
from tests.hubspot_simulator.simulator import Simulator

TWO = "users:\n  ana: {sources: [ana.csv]}\n  ben: {sources: [ben.csv]}\n"
SECRET = "pat-na1-12345678-aaaa-bbbb"


@pytest.fixture
def office(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell in a folder with a configuration for two users, each with a list."""
    monkeypatch.chdir(shell.folder)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(shell.folder / "config"))
    for name in ("CRM_SYNC_TIME_ZONE", "CRM_SYNC_COUNTRY", "CRM_SYNC_HOME"):
        monkeypatch.delenv(name)
    configure(shell)
    shell.put(TRACKER, "ana.csv")
    shell.put("Company,Job Title,Date Applied,Status\nOrbit Games,Tester,2027-01-28,Applied\n", "ben.csv")
    return shell


def configure(shell: Shell, users: str = TWO, more: str = "") -> None:
    """Write the configuration."""
    head = "state: {home: home}\ndefaults: {time_zone: Europe/Berlin, country: DE}\n"
    shell.put(head + users + more, "crm-sync.yaml")


def test_sync_reads_every_users_sources_and_ends_with_a_summary(office: Shell) -> None:
    said = office("sync")
    assert said == Said(
        0,
        "ana: 4 new, 2 calls planned, 1 to be decided by a person\nben: 1 new, 1 call planned\n"
        "2 users: 2 synced.\n",
        "",
    )
    assert office("sync") == Said(0, "2 users: 2 with nothing new.\n", "")


def test_sync_for_one_user_tells_it_at_length(office: Shell) -> None:
    said = office("sync", "--user", "ben")
    assert said.out.startswith("1 application: 1 new, 0 changed, 0 unchanged.\n1 call planned.\n")
    assert office("sync", "--user", "ben").out.startswith("Nothing new: 1 application unchanged.\n")
    assert office("deals", "--user", "ana").out.startswith("No deals")


def test_sync_with_plan_writes_nothing(office: Shell) -> None:
    assert "ben: 1 new, 1 call would be planned, plan " in office("sync", "--plan").out
    assert office("deals", "--json").out == "[]\n"


def test_quiet_leaves_only_what_needs_a_person(office: Shell) -> None:
    assert office("sync", "--quiet").out == "ana: 4 new, 2 calls planned, 1 to be decided by a person\n"
    assert office("sync", "--quiet").out == ""


def test_sync_as_data_holds_a_report_for_every_user(office: Shell) -> None:
    reports = json.loads(office("sync", "--json").out)["users"]
    assert [(r["user"], r["created"], r["exit_code"]) for r in reports] == [("ana", 4, 0), ("ben", 1, 0)]
    assert json.loads(office("sync", "--json", "--user", "ana").out)["user"] == "ana"


def test_a_broken_source_stops_no_other_source_and_no_other_user(office: Shell) -> None:
    configure(office, TWO.replace("[ana.csv]", "[missing.csv, ana.csv]"))
    said = office("sync")
    assert said.code == 4
    assert "ana: 4 new, 2 calls planned, 1 to be decided by a person, 1 source not read\n" in said.out
    assert "ben: 1 new" in said.out
    assert said.err == "ana: missing.csv: there is no such file.\n  Check the path.\n"


def test_a_token_that_is_missing_stops_only_the_users_of_that_crm(office: Shell) -> None:
    configure(
        office,
        TWO.replace("ana: {", "ana: {crm: agency, ").replace("ben: {", "ben: {crm: local, "),
        "crms: {agency: {kind: hubspot, token: {env: NOT_THERE}}}\n",
    )
    said = office("sync")
    assert said.code == 2
    assert said.out.startswith(
        "ben: 1 new, 1 call planned\nagency: 1 user: 1 failed.\nlocal: 1 user: 1 synced.\n"
    )
    assert said.out.endswith("2 users: 1 synced, 1 failed.\n")
    assert said.err.startswith("ana: crm-sync.yaml:6: crms.agency.token: the environment variable NOT_THERE")
    failed = json.loads(office("sync", "--json").out)["users"]
    assert {user["user"]: user["exit_code"] for user in failed} == {"ana": 2, "ben": 0}


@pytest.fixture
def portal(office: Shell) -> Iterator[Simulator]:
    """A simulated portal in which ana's calls are kept, and whose token is in TOKEN."""
    with Simulator(tier="starter", token=SECRET) as simulator:
        office.patch.setenv("TOKEN", SECRET)
        use_portal(office, simulator)
        yield simulator


def use_portal(office: Shell, portal: Simulator, more: str = "") -> None:
    """Write a configuration in which ana works in the portal and ben in the embedded CRM."""
    users = TWO.replace("ana: {", "ana: {crm: agency, ").replace("ben: {", "ben: {crm: here, ")
    hubspot = f"{{kind: hubspot, token: {{env: TOKEN}}, base_url: '{portal.url}'{more}}}"
    configure(office, users, f"crms:\n  agency: {hubspot}\n  here: {{kind: local}}\n")


def test_each_user_is_synced_with_a_crm_of_ones_own(office: Shell, portal: Simulator) -> None:
    assert office("setup", "--crm", "agency", "--yes").code == 0
    said = office("sync")
    assert (said.code, said.err) == (0, "")
    assert said.out.endswith("2 users: 2 synced.\n")
    written = portal.count(writes=True)
    assert office("sync").code == 0
    assert portal.count(writes=True) == written
    accounts = {user["user"]: user["account"] for user in json.loads(office("sync", "--json").out)["users"]}
    assert accounts["ana"].startswith("hubspot-")
    assert accounts["ben"] == "local"


def test_a_revoked_token_stops_only_the_users_of_that_crm(office: Shell, portal: Simulator) -> None:
    office.patch.setenv("TOKEN", SECRET.replace("1234", "4321"))
    said = office("sync")
    assert said.code == 2
    assert said.out.startswith(
        "ben: 1 new, 1 call planned\nagency: 1 user: 1 failed.\nhere: 1 user: 1 synced.\n"
    )
    assert said.out.endswith("2 users: 1 synced, 1 failed.\n")
    assert said.err.startswith("ana: ")
    assert "pat-na1" not in said.err


def test_check_online_asks_every_crm(office: Shell, portal: Simulator) -> None:
    said = office("config", "check", "--online")
    assert "ok  CRM here: answers as local\n" in said.out
    assert "!!  CRM agency: the HubSpot portal" in said.out
    assert "    Run once: crm-sync setup --crm agency\n" in said.out
    assert office("setup", "--crm", "agency", "--yes").code == 0
    said = office("config", "check", "--online")
    assert (said.code, said.err) == (0, "")
    assert "ok  CRM agency: answers as hubspot-" in said.out


def test_check_online_finds_a_token_of_another_portal(office: Shell, portal: Simulator) -> None:
    use_portal(office, portal, ", portal: 4711")
    said = office("config", "check", "--online")
    assert said.code == 2
    assert "not to 4711" in said.out
    assert SECRET not in said.out + said.err


def test_the_gravest_exit_code_wins() -> None:
    assert worst([0, 1, 4]) == 4
    assert worst([1, 3, 4]) == 3
    assert worst([3, 2]) == 2
    assert worst([2, 5, 3]) == 5
    assert worst([0, 1]) == 1
    assert worst([]) == 0


def test_a_changed_configuration_of_a_source_means_a_fresh_look(office: Shell) -> None:
    office("sync")
    configure(office, TWO.replace("[ben.csv]", "[{path: ben.csv, columns: {location: Zzz}}]"))
    assert office("sync", "--user", "ben").out.startswith("1 application: 0 new, 0 changed, 1 unchanged.")


def test_two_sheets_of_one_workbook_are_two_sources(office: Shell) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(office.folder / "both.xlsx")) as book:
        for sheet, company in (("First", "Acme"), ("Second", "Orbit Games")):
            table = book.add_worksheet(sheet)
            table.write_row(0, 0, ["Company", "Job Title", "Status"])
            table.write_row(1, 0, [company, "Tester", "Applied"])
    sources = "[{path: both.xlsx, sheet: First}, {path: both.xlsx, sheet: Second}]"
    configure(office, f"users: {{ana: {{sources: {sources}}}}}\n")
    assert office("sync").out.startswith("2 applications: 2 new")
    assert office("sync").out.startswith("Nothing new: 2 applications unchanged.")


def test_with_several_users_a_command_that_writes_names_them(office: Shell) -> None:
    said = office("import", "ana.csv")
    assert (said.code, said.out) == (2, "")
    assert said.err == "crm-sync: there are several users: ana, ben.\n  Say which one with --user NAME.\n"
    assert office("import", "ana.csv", "--user", "ana").code == 0


def test_with_several_users_looking_shows_all(office: Shell) -> None:
    office("sync")
    users = {deal["user"] for deal in json.loads(office("deals", "--json").out)}
    assert users == {"ana", "ben"}
    assert {deal["user"] for deal in json.loads(office("deals", "--json", "--user", "ben").out)} == {"ben"}


def test_with_several_users_each_call_stands_in_its_users_zone_and_cadence(office: Shell) -> None:
    configure(office, TWO.replace("ben: {", "ben: {time_zone: America/New_York, cadence: gentle, "))
    office("sync")

    rows = json.loads(office("calls", "--days", "14", "--json").out)

    told = {(row["user"], row["time_zone"], row["max_calls"]) for row in rows}
    assert {("ben", "America/New_York", 2), ("ana", "Europe/Berlin", 4)} <= told


def test_a_user_who_is_not_there_is_told_the_nearest(office: Shell) -> None:
    said = office("calls", "--user", "anna")
    assert said.code == 2
    assert said.err == 'crm-sync: there is no user "anna" in crm-sync.yaml.\n  Did you mean ana?\n'


def test_words_about_an_application_use_its_users_settings(office: Shell) -> None:
    office("sync")
    configure(office, TWO.replace("ben: {", "ben: {days_off: 2027-02-02..2027-02-12, "))
    key = next(d["key"] for d in json.loads(office("deals", "--json").out) if d["user"] == "ben")
    said = office("log", key, "no_answer")
    assert said.code == 0
    assert "15 Feb 2027" in said.out


def test_a_variable_that_overrides_the_configuration_is_told(office: Shell) -> None:
    office.patch.setenv("CRM_SYNC_TIME_ZONE", "Europe/Paris")
    assert office("sync").err == "Note: CRM_SYNC_TIME_ZONE overrides time_zone of the configuration.\n"
    assert office("sync", "--quiet").err == ""


def test_the_configuration_can_be_named_before_and_behind_the_command(office: Shell, tmp_path: Path) -> None:
    os.chdir("/")
    path = str(tmp_path / "crm-sync.yaml")
    for words in (
        ("--config", path, "config", "show"),
        ("config", "show", "--config", path),
        ("config", "show", f"--config={path}"),
    ):
        assert "ana\n" in office(*words).out
    assert office("config", "show").out.startswith("Configuration: none")
    assert office("--config", "/nothing.yaml", "status").code == 2


@pytest.mark.parametrize(("name", "users"), [("crm-sync.yaml", 1), ("coach", 2)])
def test_the_examples_can_be_synced(office: Shell, name: str, users: int) -> None:
    examples = office.folder / "work" / "examples"
    copytree(ROOT / "examples", examples)
    said = office("--config", str(examples / name), "sync", "--json")
    assert (said.code, said.err) == (0, "")
    told = json.loads(said.out)
    assert len(told.get("users", [told])) == users
    assert {report["outages"] == [] for report in told.get("users", [told])} == {True}
    assert (office.folder / "work" / ".rehearsal").is_dir()


def test_all_mistakes_are_told_and_nothing_is_run(office: Shell) -> None:
    office.put(f"usrs: 1\ncrms: {{a: {{kind: hubspot, token: {SECRET}}}}}\n", "crm-sync.yaml")
    for words in (("sync",), ("config", "check"), ("status",), ("--debug", "sync")):
        said = office(*words)
        assert said.code == 2
        assert "crm-sync: crm-sync.yaml has 2 mistakes.\n" in said.err
        assert "crm-sync.yaml:1:1: usrs: there is no such key.\n  Did you mean users?\n" in said.err
        assert "crm-sync.yaml:2:27: crms.a.token: a secret never stands in this file.\n" in said.err
        assert SECRET not in said.err


def test_check_tries_everything_that_a_run_needs(office: Shell) -> None:
    said = office("config", "check")
    assert said.code == 0
    assert f"ok  ana: {office.folder}/ana.csv: 4 applications, read by spreadsheet\n" in said.out
    assert said.out.endswith("checks passed.\n")
    assert not (office.folder / "home" / "crm.db").exists()


def test_check_tells_every_failure_and_the_gravest_code(office: Shell) -> None:
    blocked = office.put("not a folder", "blocked")
    configure(
        office,
        TWO.replace("ben.csv", "gone.csv"),
        "crms: {a: {kind: hubspot, token: {file: token}}, b: {kind: local}}\n",
    )
    path = office.folder / "crm-sync.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("home: home", f"home: {blocked}/x"), "utf-8")
    office.put(SECRET, "token")
    (office.folder / "token").chmod(0o644)
    said = office("config", "check")
    assert said.code == 2
    assert "can be read by others" in said.out
    assert "cannot be written" in said.out
    assert "gone.csv: there is no such file" in said.out
    assert "3 of 8 checks failed." in said.out
    assert SECRET not in said.out + said.err
    told = json.loads(office("config", "check", "--json").out)
    assert [check["ok"] for check in told].count(False) == 3


def test_show_tells_each_setting_and_where_it_comes_from_and_no_secret(office: Shell) -> None:
    office.patch.setenv("TOKEN", SECRET)
    office.patch.setenv("CRM_SYNC_CALLS_PER_DAY", "3")
    configure(office, more="crms: {a: {kind: hubspot, token: {env: TOKEN}}, b: {kind: local}}\n")
    said = office("config", "show", "--user", "ana")
    assert "  time_zone: Europe/Berlin  (crm-sync.yaml:2)\n" in said.out
    assert "  calls_per_day: 3  (CRM_SYNC_CALLS_PER_DAY)\n" in said.out
    assert "  token: {env: TOKEN}\n" in said.out
    assert "ben" not in said.out
    told = json.loads(office("config", "show", "--json").out)
    assert list(told["users"]) == ["ana", "ben"]
    assert SECRET not in said.out + json.dumps(told)


def test_the_schema_is_printed(shell: Shell) -> None:
    assert json.loads(shell("config", "schema").out)["properties"]["users"]


def test_init_writes_a_configuration_that_works(office: Shell) -> None:
    (office.folder / "crm-sync.yaml").unlink()
    words = ("--name", "ana", "--source", "ana.csv", "--time-zone", "Europe/Berlin", "--country", "DE")
    said = office("init", *words, "--owner", "ana@acme.example")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("Written: crm-sync.yaml\n")
    office.patch.setenv("CRM_SYNC_HOME", str(office.folder / "home"))
    assert office("config", "check").code == 0
    assert office("sync").out.startswith("4 applications: 4 new")
    again = office("init", *words)
    assert again.code == 2
    assert "is there already" in again.err
    assert office("init", *words, "--force", "--crm", "hubspot").out.endswith("then crm-sync setup\n")


def test_init_without_a_terminal_names_the_option_that_is_missing(process: Process, tmp_path: Path) -> None:
    to = str(tmp_path / "new.yaml")
    run = process("init", "--to", to, "--name", "ana")
    assert run.returncode == 2
    assert run.stderr.startswith("crm-sync: --source is missing, and there is no terminal to ask on.\n")
    assert process("init", "--to", to, "--source", "x").stderr.startswith("crm-sync: --name is missing")
    assert not Path(to).exists()


def test_init_tells_where_it_may_not_write(shell: Shell) -> None:
    blocked = shell.put("no folder", "blocked")
    said = shell("init", "--to", f"{blocked}/new.yaml", "--name", "ana", "--source", "x.csv")
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        f"crm-sync: {blocked}/new.yaml cannot be written: File exists.\n  Give --to another file.\n"
    )


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--time-zone", "Mars", '"Mars" is no time zone'),
        ("--country", "Atlantis", "no country is called"),
        ("--cadence", "furious", 'there is no cadence "furious"'),
        ("--crm", "salesforce", 'there is no kind of CRM "salesforce"'),
        ("--owner", "nobody", '"nobody" is no e-mail address'),
    ],
)
def test_init_refuses_what_a_run_would_refuse(shell: Shell, option: str, value: str, told: str) -> None:
    to = shell.folder / "new.yaml"
    said = shell("init", "--to", str(to), "--name", "a: b", "--source", "x: y.csv", option, value)
    assert said.code == 2
    assert told in said.err or "is no name" in said.err
    said = shell("init", "--to", str(to), "--name", "ana", "--source", "x: y.csv", option, value)
    assert told in said.err
    assert list(shell.folder.iterdir()) == []
