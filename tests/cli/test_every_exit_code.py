"""Every command of the unattended part ends with each exit code that it can end with."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest

from crm_sync.app.wiring import open_book
from crm_sync.config.settings import load
from tests.cli.conftest import JANE, ODD, TRACKER, Process, Shell
from tests.cli.test_docs import options_that_exist
from tests.cli.test_exit_codes import stranger
from tests.cli.test_schedule import CRONTAB
from tests.cli.test_terminal import at_terminal
from tests.notices.posts import web_office

__all__ = ["stranger"]
GROUPS = {"config", "init", "sync", "schedule", "notify", "runs", "history", "undo", "forget", "status"}
GROUPS |= {"backup", "restore"}

COMMANDS = {
    "config check": ("config", "check"),
    "config show": ("config", "show"),
    "config schema": ("config", "schema"),
    "init": ("init", "--to", "new.yaml", "--name", "ana", "--source", "jobs.csv"),
    "sync": ("sync",),
    "schedule install": ("schedule", "install", "--cron"),
    "schedule show": ("schedule", "show"),
    "schedule remove": ("schedule", "remove"),
    "notify test": ("notify", "test"),
    "runs": ("runs",),
    "history": ("history", "KEY"),
    "undo": ("undo", "RUN", "--yes"),
    "forget": ("forget", "KEY", "--yes"),
    "status": ("status", "--all"),
    "backup": ("backup", "new.zip"),
    "restore": ("restore", "kept.zip", "--yes"),
}
READS_NO_CONFIGURATION = {"config schema", "init"}
OPENS_NO_LEDGER = READS_NO_CONFIGURATION | {
    "config show",
    "schedule install",
    "schedule show",
    "schedule remove",
    "notify test",
}


@pytest.fixture
def office(filled: Shell) -> Shell:
    """A folder with a list that was synced, a backup of it, a crontab, and an address to tell things to."""
    filled.patch.chdir(filled.folder)
    filled.patch.setenv("XDG_CONFIG_HOME", str(filled.folder / "config"))
    tools = filled.folder / "tools"
    tools.mkdir()
    (tools / "crontab").write_text(CRONTAB, encoding="utf-8")
    (tools / "crontab").chmod(0o755)
    filled.patch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    filled.patch.setenv("BOOK", str(filled.folder / "book"))
    filled.put("users: {me: {sources: [jobs.csv]}}\n", "crm-sync.yaml")
    assert filled("backup", "kept.zip").code == 0
    return filled


def words_of(office: Shell, command: str) -> list[str]:
    """Return the words of a command, with a key and a run that there are."""
    told = {"KEY": lambda: office.key(JANE), "RUN": lambda: first_run(office)}
    return [told[word]() if word in told else word for word in COMMANDS[command]]


def first_run(office: Shell) -> str:
    return str(json.loads(office("runs", "--json").out)[-1]["run"])


def test_the_commands_are_those_that_there_are() -> None:
    groups = {"config", "schedule", "notify"}  # by themselves they only show their help
    there = {name for name in options_that_exist() if name.partition(" ")[0] in GROUPS} - groups
    assert set(COMMANDS) == there


@pytest.mark.parametrize("command", COMMANDS)
def test_0_where_all_is_well(office: Shell, command: str) -> None:
    words = words_of(office, command)
    with web_office() as post:
        office.patch.setenv("HOOK", post.url)
        office.put("users: {me: {sources: [jobs.csv]}}\nnotify: {webhook: {env: HOOK}}\n", "crm-sync.yaml")
        said = office(*words)
    assert said.code == 0, said.err


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - READS_NO_CONFIGURATION))
def test_2_where_the_configuration_is_wrong(office: Shell, command: str) -> None:
    words = words_of(office, command)
    office.put("usrs: {}\n", "crm-sync.yaml")
    said = office(*words)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("crm-sync: crm-sync.yaml:1:1: usrs: there is no such key.")


@pytest.mark.parametrize("command", COMMANDS)
def test_2_where_an_option_is_not_known(office: Shell, command: str) -> None:
    said = office(*words_of(office, command), "--nosuch")
    assert (said.code, said.out) == (2, "")
    assert "No such option: --nosuch" in said.err


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - OPENS_NO_LEDGER - {"restore"}))
def test_4_where_the_ledger_is_damaged(office: Shell, command: str) -> None:
    words = words_of(office, command)
    with closing(sqlite3.connect(office.folder / "home" / "ledger.db")) as book:
        book.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (office.folder / "home" / "ledger.db").write_bytes(b"no database at all" * 500)
    said = office(*words)
    assert said.code == 4
    assert "ledger.db is damaged or is no book of crm-sync (" in said.out + said.err


@pytest.mark.parametrize("command", ["sync", "undo", "forget", "restore"])
def test_4_where_another_run_is_at_work(office: Shell, command: str) -> None:
    words = words_of(office, command)
    with open_book(load(os.environ)) as ledger, ledger.exclusive("local"):
        said = office(*words)
    assert (said.code, said.out) == (4, "")
    assert "another run works on the account 'local'" in said.err


@pytest.mark.parametrize("command", ["schedule install", "notify test"])
def test_4_where_what_is_outside_does_not_answer(office: Shell, command: str) -> None:
    office.patch.setenv("HOOK", "http://127.0.0.1:1/nobody")
    office.put("users: {me: {sources: [jobs.csv]}}\nnotify: {webhook: {env: HOOK}}\n", "crm-sync.yaml")
    office.patch.setenv("PATH", str(office.folder / "nothing"))
    said = office(*words_of(office, command))
    assert said.code == 4
    assert "this machine has no crontab" in said.err or "!!  notify.webhook: no answer" in said.out


def reject_a_row(office: Shell) -> None:
    office.put(TRACKER + ",,,2027-01-25,Applied,,,\n")


def touch_what_was_made(office: Shell) -> None:
    office("stage", office.key(ODD), "offer")


PARTLY: list[tuple[str, Callable[[Shell], None]]] = [("sync", reject_a_row), ("undo", touch_what_was_made)]


@pytest.mark.parametrize(("command", "happen"), PARTLY, ids=[command for command, _ in PARTLY])
def test_1_where_something_is_left_to_a_person(
    office: Shell, command: str, happen: Callable[[Shell], None]
) -> None:
    words = words_of(office, command)
    happen(office)
    assert office(*words).code == 1


def test_3_where_a_sync_would_end_too_much(office: Shell) -> None:
    head, *_ = TRACKER.splitlines()
    rows = [f"Firm {n},Job {n},,2027-01-28,Applied,,," for n in range(12)]
    office.put("\n".join([head, *rows]))
    assert office("sync", "--allow-loss").code == 0
    office.put("\n".join([head, *rows[:3]]))
    said = office("sync")
    assert said.code == 3
    assert "lost 9 of the 12 applications it showed before" in said.err


@pytest.mark.parametrize("command", ["sync", "config check"])
def test_5_where_a_connector_has_a_bug_and_the_others_are_served(
    office: Shell, process: Process, stranger: str, command: str
) -> None:
    users = "users:\n  me: {sources: [jobs.csv]}\n  zoe: {sources: [{path: jobs.csv, connector: stranger}]}\n"
    config = office.put(users, "two.yaml")
    run = process("--config", config, *COMMANDS[command], PYTHONPATH=stranger)
    assert run.returncode == 5, run.stderr
    assert "a bug in crm-sync (RuntimeError)" in run.stdout + run.stderr
    assert "me: " in run.stdout


@pytest.mark.parametrize("words", [("undo", "RUN"), ("forget", "KEY"), ("restore", "kept.zip")])
def test_130_where_a_person_ends_the_question(office: Shell, words: tuple[str, ...]) -> None:
    told = {"RUN": first_run(office), "KEY": office.key(JANE), "kept.zip": str(office.folder / "kept.zip")}
    code, shown = at_terminal(*(told.get(word, word) for word in words), typed="\x04")
    assert code == 130, shown
    assert "crm-sync: interrupted." in shown
    assert len(json.loads(office("deals", "--json").out)) == 4
