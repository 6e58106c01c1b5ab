"""`forget`: nobody finds a byte of them, the next import brings nothing back, and the others stay."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import JANE, KIM, TRACKER, Shell
from tests.hubspot_simulator.simulator import Simulator

HEAD = "Company,Job Title,Location,Date Applied,Status,Contact,Email,Phone,URL,Notes\n"
MARKED = (
    HEAD
    + "Qzxfirm GmbH,Qzxtitle,Qzxtown,2027-01-28,Applied,Qzxperson,q@qzxmail.example,+49 30 5550177,"
    + "https://jobs.example/postings/qzxlink1,Qzxnotes\n"
    + "Qzxfirm GmbH,Qzxtitle two,Qzxtown,2027-01-28,Purple,Qzxperson,q@qzxmail.example,,,\n"
    + ",,Qzxtown,2027-01-25,Applied,,,,,Qzxnotes of a row without a name\n"
)
SHARED = HEAD + "Qzxfirm GmbH,Baker,Lyon,2027-01-28,Applied,Qzxperson,q@qzxmail.example,,,\n"
OTHERS = HEAD + "Birch,Baker,Lyon,2027-01-28,Applied,Nell Moss,nell@birch.example,,,\n"
TOKEN = "pat-eu1-5ec2e75e-0000-4000-8000-000000000004"


def bytes_in(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file()).lower()


@pytest.fixture
def marked(shell: Shell) -> Shell:
    """A home with one person's marked data, told and changed in every way, and another's."""
    shell("import", shell.put(MARKED, "qzxfile.csv"), "--user", "qzxuser")
    shell("import", shell.put(OTHERS, "others.csv"), "--user", "bob")
    key = key_of(shell, "Qzxtitle")
    shell(
        "log", key, "connected", "--result", "referred", "--referred-to", "Qzxreferred", "--note", "Qzxsaid"
    )
    shell("prepare", key, "--why", "Qzxwhy", "--fact", "Qzxfact")
    shell("number", key, "+49 30 55501777")
    shell("import", shell.put(MARKED.replace("Qzxtown", "Qzxcity"), "qzxfile.csv"), "--user", "qzxuser")
    shell("stage", key, "offer")
    shell("import", shell.put(MARKED.replace("Applied", "Rejected"), "qzxfile.csv"), "--user", "qzxuser")
    assert b"qzx" in bytes_in(shell.folder / "home")
    return shell


def key_of(shell: Shell, title: str) -> str:
    deals = json.loads(shell("deals", "--json").out)
    return str(next(deal["key"] for deal in deals if deal["job_title"] == title))


def test_of_a_forgotten_user_no_byte_is_left(marked: Shell, home: Path) -> None:
    said = marked("forget", "qzxuser", "--crm", "--yes")
    assert (said.code, said.err) == (0, "")
    left = bytes_in(home)
    for word in (b"qzx", b"555017"):
        assert word not in left
    assert b"nell@birch.example" in left
    assert [deal["user"] for deal in json.loads(marked("deals", "--json").out)] == ["bob"]


def test_no_byte_is_left_in_the_log_of_a_book_that_others_hold_open(marked: Shell, home: Path) -> None:
    with closing(sqlite3.connect(home / "ledger.db")) as other:
        other.execute("SELECT count(*) FROM ledger_dossiers").fetchone()
        assert (home / "ledger.db-wal").exists()
        assert marked("forget", "qzxuser", "--crm", "--yes").code == 0
        assert b"qzx" not in bytes_in(home)


def test_the_next_import_brings_nobody_back_and_leaves_no_trace(marked: Shell, home: Path) -> None:
    marked("forget", "qzxuser", "--crm", "--yes")
    said = marked("import", marked.put(MARKED, "qzxfile.csv"), "--user", "qzxuser", "--json")
    told = json.loads(said.out)
    assert (told["forgotten"], told["created"], told["rejected"]) == (2, 0, [])
    assert b"qzx" not in bytes_in(home)
    assert "qzxuser" not in marked("runs").out


def test_a_forgotten_user_is_let_in_again_by_a_persons_word(marked: Shell) -> None:
    marked("forget", "qzxuser", "--crm", "--yes")
    assert marked("forget", "nobody", "--lift").code == 2
    assert "may come in again" in marked("forget", "qzxuser", "--lift").out
    path = marked.put(MARKED, "qzxfile.csv")
    assert json.loads(marked("import", path, "--user", "qzxuser", "--json").out)["created"] == 2


def test_one_application_is_forgotten_and_the_others_stay(filled: Shell, home: Path) -> None:
    key = filled.key(JANE)
    filled("log", key, "no_answer", "--note", "Qzxsaid")
    said = filled("forget", key[:5], "--crm", "--yes")
    assert said.code == 0
    left = bytes_in(home)
    for word in (b"jane roe", b"northwind", b"qzxsaid", b"5550100"):
        assert word not in left
    assert len(json.loads(filled("deals", "--json").out)) == 3
    assert filled("history", key).code == 2
    again = filled("import", filled.put(TRACKER + "Lumen Foods,Cook,,2027-01-29,Applied,,,\n"))
    assert "1 row of those who were forgotten left out." in again.out
    assert "4 applications: 1 new, 0 changed, 3 unchanged." in again.out
    assert b"northwind" not in bytes_in(home)


def test_a_row_that_changed_is_still_known_as_forgotten(filled: Shell) -> None:
    filled("forget", filled.key(JANE), "--crm", "--yes")
    changed = TRACKER.replace("2027-01-28,Applied,Jane Roe", "2027-01-28,Rejected,Jane Roe-Moss")
    told = json.loads(filled("import", filled.put(changed), "--json").out)
    assert (told["forgotten"], told["created"]) == (1, 0)


def test_a_forgotten_application_is_let_in_again_from_an_unchanged_file(filled: Shell) -> None:
    key = filled.key(JANE)
    filled("forget", key, "--crm", "--yes")
    assert filled("forget", key[:6], "--lift").code == 2
    assert filled("forget", key, "--lift").code == 0
    assert "1 new" in filled("import", filled.put()).out
    assert filled.key(JANE) == key


def test_what_two_users_share_stays(marked: Shell, home: Path) -> None:
    marked("import", marked.put(SHARED, "shared.csv"), "--user", "bob")
    assert marked("forget", "qzxuser", "--crm", "--yes").code == 0
    deals = json.loads(marked("deals", "--json").out)
    assert {deal["company"] for deal in deals} == {"Birch", "Qzxfirm GmbH"}
    assert {deal["user"] for deal in deals} == {"bob"}
    assert b"q@qzxmail.example" in bytes_in(home)
    for word in (b"qzxtitle", b"qzxtown", b"qzxsaid", b"qzxuser", b"qzxfile"):
        assert word not in bytes_in(home)


def test_who_asked_not_to_be_called_is_not_called_by_the_others_either(marked: Shell) -> None:
    marked("log", key_of(marked, "Qzxtitle two"), "connected", "--result", "do_not_call")
    marked("forget", "qzxuser", "--crm", "--yes")
    marked("import", marked.put(SHARED, "shared.csv"), "--user", "bob")
    assert "asked not to be called" in marked("explain", key_of(marked, "Baker")).out


def test_without_crm_its_records_stay_and_that_is_said(filled: Shell) -> None:
    said = filled("forget", "me", "--yes")
    assert "the CRM may still hold 10 records, of which the ledger knows nothing any more" in said.out
    assert filled("status").out.startswith("Nothing here yet.")
    again = filled("forget", "me", "--yes", "--crm")
    assert "was forgotten already" in again.out
    assert again.err == (
        "Note: the CRM was not asked: of what may still lie there the ledger knows nothing any more.\n"
    )


def test_older_copies_that_still_hold_it_are_named(filled: Shell, home: Path, tmp_path: Path) -> None:
    filled("backup", str(tmp_path / "kept.zip"))
    filled("restore", str(tmp_path / "kept.zip"), "--yes")
    told = filled("forget", filled.key(JANE), "--yes").err
    assert f"Note: an older copy still holds it: {home}/ledger.db.before-restore-" in told
    said = filled("forget", "me", "--yes", "--json")
    assert len(json.loads(said.out)["copies"]) >= 2
    assert all(path.startswith(str(home)) for path in json.loads(said.out)["copies"])


def test_forgetting_twice_finishes_what_was_cut_off(filled: Shell, home: Path) -> None:
    """Rows that are gone still lie in a file's free pages until it is written anew."""
    key = filled.key(JANE)
    with closing(sqlite3.connect(home / "ledger.db")) as book:
        book.execute("CREATE TABLE free_page (text TEXT)")
        book.execute("INSERT INTO free_page VALUES ('Northwind')")
        book.commit()
    filled("forget", key, "--crm", "--yes")
    with closing(sqlite3.connect(home / "ledger.db")) as book:
        book.execute("PRAGMA secure_delete = OFF")
        book.execute("DROP TABLE free_page")
        book.commit()
    assert b"northwind" in bytes_in(home)
    assert "was forgotten already" in filled("forget", key, "--yes").out
    assert b"northwind" not in bytes_in(home)


def test_to_forget_needs_a_word(filled: Shell) -> None:
    said = filled("forget", "me")
    assert said.code == 2
    assert "Add --yes, and --crm where what lies in the CRM shall go, too" in said.err
    assert len(json.loads(filled("deals", "--json").out)) == 4


def test_who_is_not_there_cannot_be_forgotten(filled: Shell) -> None:
    assert filled("forget", "stranger", "--yes").code == 2
    assert filled("forget", "zzzz", "--yes").code == 2


def test_of_a_user_of_the_configuration_nothing_may_be_known_yet(filled: Shell) -> None:
    config = filled.put("users: {zoe: {}}\n", "zoe.yaml")
    said = filled("--config", config, "forget", "zoe", "--yes")
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        "crm-sync: the book holds nothing of zoe.\n  See who it knows: crm-sync status --json\n"
    )


@pytest.fixture
def portal() -> Iterator[Simulator]:
    with Simulator(tier="starter", token=TOKEN) as simulator:
        yield simulator


def test_in_a_portal_only_what_is_theirs_alone_is_removed(
    shell: Shell, portal: Simulator, home: Path
) -> None:
    shell.patch.setenv("HUBSPOT_ACCESS_TOKEN", TOKEN)
    shell.patch.setenv("HUBSPOT_BASE_URL", portal.url)
    hubspot = ("--crm", "hubspot", "--yes")
    shell("import", shell.put(MARKED, "qzxfile.csv"), *hubspot, "--user", "qzxuser")
    shell("import", shell.put(SHARED, "shared.csv"), *hubspot, "--user", "bob")
    (deal,) = [d["id"] for d in portal.records("deals") if "Qzxtitle at" in d["properties"]["dealname"]]
    portal.people.log_call([("deals", deal)], "No answer", "Qzxsaid")
    shell("sync", "--crm", "hubspot", "--user", "qzxuser")
    assert len(portal.records("calls")) == 1
    assert shell("forget", "qzxuser", "--crm", "--yes").code == 0
    assert [each["properties"]["dealname"] for each in portal.records("deals")] == ["Baker at Qzxfirm GmbH"]
    assert [len(portal.records(kind)) for kind in ("companies", "contacts", "calls")] == [1, 1, 0]
    assert b"qzxtitle" not in bytes_in(home)
    again = shell("import", shell.put(MARKED, "qzxfile.csv"), *hubspot, "--user", "qzxuser", "--json")
    assert json.loads(again.out)["forgotten"] == 2
    assert len(portal.records("deals")) == 1


def test_a_portal_that_goes_away_keeps_the_book_from_forgetting(
    shell: Shell, portal: Simulator, home: Path
) -> None:
    shell.patch.setenv("HUBSPOT_ACCESS_TOKEN", TOKEN)
    shell.patch.setenv("HUBSPOT_BASE_URL", portal.url)
    shell("import", shell.put(), "--crm", "hubspot", "--yes")
    shell.patch.setenv("HUBSPOT_ACCESS_TOKEN", "pat-eu1-0000000-revoked")
    assert shell("forget", "me", "--crm", "--yes").code == 2
    assert b"northwind" in bytes_in(home)
    shell.patch.setenv("HUBSPOT_ACCESS_TOKEN", TOKEN)
    assert shell("forget", "me", "--crm", "--yes").code == 0
    assert portal.records("deals") == []
    assert b"northwind" not in bytes_in(home)
    assert KIM not in shell("deals").out
