"""What commands refuse before they do anything: exit code, what is wrong, and what to do."""

from __future__ import annotations

import json
import os
from dataclasses import replace

import pytest

from crm_sync.app.wiring import open_book
from crm_sync.config.settings import load
from crm_sync.ports import Entry
from tests.cli.conftest import JANE, Shell

WORDS = [
    (("forget", "me"), "to forget is for good, so it needs your word.\n  Add --yes"),
    (("forget", "--lift", "nobody"), 'nobody was forgotten as "nobody".\n  Give the user\'s name'),
    (("undo", "nothing"), 'there is no run "nothing".\n  See `crm-sync runs`'),
    (("setup", "--crm", "local"), 'the CRM "local" needs no setup.\n  Import at once'),
    (
        ("schedule", "install", "--cron"),
        "there is no configuration, so a schedule would have nothing to read.",
    ),
    (("import", "x.csv", "--column", "nonsense"), '--column "nonsense" names no field and header.'),
]


@pytest.mark.parametrize(("words", "told"), WORDS, ids=lambda part: " ".join(part)[:30])
def test_what_cannot_be_meant_is_said_with_the_way_out(
    filled: Shell, words: tuple[str, ...], told: str
) -> None:
    filled.patch.chdir(filled.folder)
    filled.patch.setenv("XDG_CONFIG_HOME", str(filled.folder / "config"))
    said = filled(*words)
    assert (said.code, said.out) == (2, "")
    assert f"crm-sync: {told}" in said.err


def test_an_undo_without_a_word_changes_nothing(filled: Shell) -> None:
    (run,) = json.loads(filled("runs", "--json").out)
    said = filled("undo", run["run"])
    assert said.code == 2
    assert said.err == "crm-sync: an undo needs your word.\n  Look with --plan, then add --yes.\n"
    assert len(json.loads(filled("deals", "--json").out)) == 4


def test_a_restore_without_a_word_changes_nothing(filled: Shell) -> None:
    backup = str(filled.folder / "backup.zip")
    assert filled("backup", backup).code == 0
    said = filled("restore", backup)
    assert (said.code, said.err) == (
        2,
        "crm-sync: a restore needs your word.\n  Add --yes to put the backup in place.\n",
    )


def test_nothing_is_backed_up_before_there_is_anything(shell: Shell) -> None:
    said = shell("backup", str(shell.folder / "backup.zip"))
    assert said.code == 2
    assert said.err == "crm-sync: there is no book to back up yet.\n  Begin with: crm-sync import FILE\n"


def test_a_book_in_postgresql_is_backed_up_by_its_own_tools(shell: Shell) -> None:
    shell.patch.setenv("CRM_SYNC_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    said = shell("backup", str(shell.folder / "backup.zip"))
    assert said.code == 2
    assert "the book is in PostgreSQL, which makes backups by itself.\n  Use pg_dump" in said.err


def test_what_begins_several_names_is_answered_with_those_it_could_be(filled: Shell) -> None:
    with open_book(load(os.environ)) as ledger, ledger.exclusive("local") as lease:
        (key, dossier), *_ = ledger.dossiers("local").items()
        (run,) = ledger.runs("local")
        dossiers = [replace(dossier, key=f"{key[:4]}22222222"), dossier]
        for number in (1, 2):
            again = replace(run, id=f"77777{number}222222")
            ledger.record(Entry("local", dossiers=dossiers, run=again), lease)
    said = filled("explain", key[:4])
    assert (said.code, said.out) == (2, "")
    assert f'"{key[:4]}" could be ' in said.err
    assert f"{key[:4]}22222222 (me)" in said.err
    assert "Give more characters of the key, or --user." in said.err
    for words in (("runs", "77777"), ("undo", "77777", "--yes")):
        said = filled(*words)
        assert (said.code, said.out) == (2, "")
        assert 'crm-sync: "77777" could be 77777' in said.err
        assert "\n  Give more characters of the run.\n" in said.err


def test_words_about_an_application_that_say_nothing_are_refused(filled: Shell) -> None:
    key = filled.key(JANE)
    assert "there is nothing to prepare with.\n  Give --why TEXT" in filled("prepare", key).err
    said = filled("log", key, "email", "--result", "call_back")
    assert said.code == 2
    assert "an e-mail has no result of a conversation." in said.err


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("CRM_SYNC_NOW", "2027-02-01T09:00", '"2027-02-01T09:00" has no offset.'),
        ("CRM_SYNC_NOW", "soon", '"soon" is no date and time.'),
        ("CRM_SYNC_COUNTRY", "Atlantis", "no country is called"),
    ],
)
def test_a_variable_that_cannot_be_meant_is_named(shell: Shell, name: str, value: str, told: str) -> None:
    shell.patch.setenv(name, value)
    said = shell("calls")
    assert said.code == 2
    assert f"crm-sync: {name}: {told}" in said.err
