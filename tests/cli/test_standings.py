"""`status --all`: a line for each user, and the same as figures."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.cli.conftest import TRACKER, Shell

TWO = (
    "state: {home: home}\ndefaults: {time_zone: Europe/Berlin, country: DE}\n"
    'users:\n  jane: {sources: [jane.csv]}\n  "ben+1": {sources: [ben.csv], time_zone: Pacific/Auckland}\n'
)
BEN = "Company,Job Title,Date Applied,Status\nOrbit Games,Tester,2027-01-28,Applied\n"


@pytest.fixture
def office(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell in a folder with a configuration for two users, synced once."""
    monkeypatch.chdir(shell.folder)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(shell.folder / "config"))
    for name in ("CRM_SYNC_TIME_ZONE", "CRM_SYNC_COUNTRY", "CRM_SYNC_HOME"):
        monkeypatch.delenv(name)
    shell.put(TWO, "crm-sync.yaml")
    shell.put(TRACKER, "jane.csv")
    shell.put(BEN, "ben.csv")
    assert shell("sync").code == 0
    return shell


def rows(office: Shell) -> dict[str, dict[str, object]]:
    told = json.loads(office("status", "--all", "--json").out)
    return {row["user"]: row for row in told}


def test_every_user_has_a_line_and_a_last_line_counts_them_together(office: Shell) -> None:
    said = office("status", "--all")
    assert (said.code, said.err) == (0, "")
    head, ben, jane, last = said.out.splitlines()
    assert head.split("  ")[0] == "User"
    assert re.match(r"ben\+1 +0 +1 +0 +0 +0 +\w{3} \d+ \w{3}, \d\d:\d\d$", ben)
    assert re.match(r"jane +0 +2 +0 +0 +1 +\w{3} \d+ \w{3}, \d\d:\d\d$", jane)
    assert last == (
        "2 users: 0 calls made this week, 3 planned, 0 overdue, 0 without a next step, "
        "1 to be decided by a person, 0 failing."
    )


def test_calls_that_were_made_and_those_that_are_late_are_counted_in_the_users_week(office: Shell) -> None:
    assert office("log", office.key("Data Engineer"), "no_answer").code == 0
    row = rows(office)["jane"]
    assert (row["calls_made"], row["calls_planned"], row["overdue"]) == (1, 2, 0)
    office.at("2027-02-05T09:00:00+01:00")
    row = rows(office)["jane"]
    assert (row["calls_made"], row["calls_planned"], row["overdue"]) == (1, 0, 2)
    office.at("2027-02-07T23:30:00+01:00")
    assert rows(office)["jane"]["calls_made"] == 1
    office.at("2027-02-08T00:30:00+01:00")
    row = rows(office)["jane"]
    assert (row["week_of"], row["calls_made"]) == ("2027-02-08", 0)


def test_the_week_begins_for_each_user_on_their_own_clock(office: Shell) -> None:
    office.at("2027-02-07T20:00:00+01:00")
    assert {user: row["week_of"] for user, row in rows(office).items()} == {
        "jane": "2027-02-01",
        "ben+1": "2027-02-08",
    }


def test_a_source_that_fails_is_named_with_since_when(office: Shell) -> None:
    before = rows(office)["jane"]["synced_at"]
    (office.folder / "jane.csv").rename(office.folder / "away.csv")
    assert office("sync").code == 4
    first = rows(office)["jane"]["failing"]
    office("sync")
    row = rows(office)["jane"]
    assert row["failing"] == first
    assert [(f["source"], f["told"]) for f in first] == [  # type: ignore[index, union-attr]
        (str(office.folder / "jane.csv"), "jane.csv: there is no such file. Check the path.")
    ]
    assert row["synced_at"] == before
    assert "jane.csv since " in office("status", "--all").out
    (office.folder / "away.csv").rename(office.folder / "jane.csv")
    office("sync")
    assert rows(office)["jane"]["failing"] == []


def test_a_token_that_is_missing_fails_the_whole_sync_of_a_user(office: Shell) -> None:
    crm = "crms: {agency: {kind: hubspot, token: {env: NOT_THERE}}, here: {kind: local}}\n"
    office.put(TWO.replace("jane: {", "jane: {crm: agency, ") + crm, "crm-sync.yaml")
    assert office("sync").code == 2
    assert "  sync since " in office("status", "--all").out
    assert "NOT_THERE is not set" in str(rows(office)["jane"]["failing"])


def test_a_user_who_was_never_synced_is_there_too(office: Shell) -> None:
    office.put(TWO + "  zoe: {}\n", "crm-sync.yaml")
    row = rows(office)["zoe"]
    assert (row["applications"], row["synced_at"], row["failing"]) == (0, None, [])


def test_an_import_of_all_its_files_counts_as_the_last_time_a_user_was_read(office: Shell) -> None:
    office.put(TWO + "  zoe: {}\n", "crm-sync.yaml")
    assert office("import", "jane.csv", "nosuch.csv", "--user", "zoe").code == 4
    assert office("import", "jane.csv", "--user", "zoe", "--plan").code == 0
    assert rows(office)["zoe"]["synced_at"] is None
    before = rows(office)["jane"]["synced_at"]
    assert office("import", "jane.csv", "--user", "zoe").code == 0
    assert rows(office)["zoe"]["synced_at"] is not None
    assert rows(office)["jane"]["synced_at"] == before


def test_of_who_was_forgotten_no_sync_writes_down_when_it_was(office: Shell) -> None:
    assert office("forget", "jane", "--yes").code == 0
    assert office("sync").code == 0
    assert (rows(office)["jane"]["applications"], rows(office)["jane"]["synced_at"]) == (0, None)
    assert rows(office)["ben+1"]["synced_at"] is not None


def test_nobody_is_said_to_be_nobody(shell: Shell) -> None:
    assert shell("status", "--all").out.startswith("Nobody here yet.")


def figures(path: Path) -> dict[tuple[str, str], float]:
    return {
        (sample.name, sample.labels["user"]): sample.value
        for family in text_string_to_metric_families(path.read_text(encoding="utf-8"))
        for sample in family.samples
    }


def test_figures_can_be_read_by_prometheus(office: Shell) -> None:
    path = office.folder / "crm-sync.prom"
    assert office("status", "--all", "--metrics", str(path)).code == 0
    told = figures(path)
    assert told["crm_sync_applications", "jane"] == 4
    assert told["crm_sync_calls_planned", "ben+1"] == 1
    assert told["crm_sync_last_success_timestamp_seconds", "jane"] > 1_700_000_000
    assert [name for name, _ in told if "failing" in name] == []
    assert [p.name for p in office.folder.glob("crm-sync.prom*")] == ["crm-sync.prom"]


def test_figures_are_written_after_a_sync_and_escape_what_stands_in_them(office: Shell) -> None:
    odd = 'li"st\\x.csv'
    office.put(TWO.replace("jane.csv", f"'{odd}'"), "crm-sync.yaml")
    path = office.folder / "after.prom"
    assert office("sync", "--metrics", str(path)).code == 4
    families = list(text_string_to_metric_families(path.read_text(encoding="utf-8")))
    (failing,) = [f for f in families if f.name == "crm_sync_failing_since_timestamp_seconds"]
    (sample,) = failing.samples
    assert sample.labels == {"user": "jane", "source": str(office.folder / odd)}
    office("sync", "--plan", "--metrics", str(office.folder / "planned.prom"))
    assert not (office.folder / "planned.prom").exists()


def test_a_file_of_figures_that_cannot_be_written_fails_no_sync(office: Shell) -> None:
    path = str(office.folder / "nowhere" / "x.prom")
    said = office("sync", "--metrics", path)
    assert said.code == 0
    assert said.err.startswith(f"Note: {path} cannot be written: no such file or directory.")
    said = office("status", "--all", "--metrics", path)
    assert said.code == 2
    assert said.err.startswith(f"crm-sync: {path} cannot be written")


def test_without_its_library_figures_name_the_extra_and_fail_no_sync(office: Shell) -> None:
    office.patch.setitem(sys.modules, "prometheus_client", None)
    said = office("status", "--all", "--metrics", str(office.folder / "x.prom"))
    assert (said.code, said.out) == (2, "")
    assert said.err == ("crm-sync: --metrics needs an extra.\n  Run: pip install 'crm-sync[metrics]'\n")
    said = office("sync", "--metrics", str(office.folder / "x.prom"))
    assert said.code == 0
    assert "Note: --metrics needs an extra. Run: pip install 'crm-sync[metrics]'\n" in said.err


@pytest.mark.parametrize("words", [("--all", "--user", "jane"), ("--metrics", "x.prom")])
def test_all_is_about_all(office: Shell, words: tuple[str, ...]) -> None:
    said = office("status", *words)
    assert said.code == 2
    assert "--metrics and --all are about all users" in said.err
