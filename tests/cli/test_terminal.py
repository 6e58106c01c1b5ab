"""What a person at a terminal sees: drawn tables, questions."""

from __future__ import annotations

import json
import os
import sys

import pytest

from tests.cli.conftest import JANE, MARC, ROOT, Shell
from tests.hubspot_simulator.simulator import Simulator

pty = pytest.importorskip("pty", reason="there are no pseudo-terminals on this system")


def at_terminal(*words: str, typed: str = "") -> tuple[int, str]:
    """Run a command on a pseudo-terminal and return its exit code and everything on the screen."""
    child, screen = pty.fork()
    if child == 0:
        os.chdir(ROOT)
        os.execve(
            sys.executable,
            [sys.executable, "-m", "crm_sync.cli.main", *words],
            os.environ | {"TERM": "xterm"},
        )
    os.write(screen, typed.encode())
    shown = b""
    while True:
        try:
            piece = os.read(screen, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    _, status = os.waitpid(child, 0)
    os.close(screen)
    return os.waitstatus_to_exitcode(status), shown.decode("utf-8").replace("\r\n", "\n")


def test_the_deals_are_drawn_as_a_table(filled: Shell) -> None:
    code, shown = at_terminal("deals")
    assert code == 0
    assert "────" in shown
    assert "Northwind Robotics" in shown


def test_a_new_round_is_asked_for(filled: Shell) -> None:
    key = filled.key(JANE)
    filled("log", key, "connected", "--result", "no_interest")
    code, shown = at_terminal("resume", key, typed="n\n")
    assert (code, "Left as it is." in shown) == (0, True)
    code, shown = at_terminal("resume", key, typed="y\n")
    assert (code, "Resumed: round 2 of calls begins" in shown) == (0, True)


def test_a_merge_is_asked_for_where_something_is_removed(filled: Shell) -> None:
    first, other = filled.key(JANE), filled.key(MARC)
    code, shown = at_terminal("merge", first, other, typed="n\n")
    assert (code, "Left as it is." in shown) == (0, True)
    assert "its deal is removed from the CRM, unless somebody worked on it" in shown
    assert "its planned call is cancelled" in shown
    code, shown = at_terminal("merge", first, other, typed="y\n")
    assert (code, f"Merged: {other}" in shown) == (0, True)


def test_a_bar_shows_that_records_are_written(shell: Shell) -> None:
    code, shown = at_terminal("import", shell.put())
    assert code == 0
    assert "4 applications: 4 new" in shown
    assert "Writing to the CRM" in shown
    code, shown = at_terminal("--quiet", "import", shell.put())
    assert "Writing to the CRM" not in shown


def test_no_word_is_broken_at_the_edge_of_a_narrow_screen(filled: Shell) -> None:
    filled.patch.setenv("COLUMNS", "50")
    _, shown = at_terminal("calls", filled.key(JANE))
    lines = shown.splitlines()
    assert all(len(line) <= 50 for line in lines if "crm-sync " not in line)
    assert "    Have your résumé at hand: offer to send it" in lines
    assert "      again while you speak" in lines


def test_a_narrow_screen_shows_deals_one_below_the_other(filled: Shell) -> None:
    key = filled.key(JANE)
    filled.patch.setenv("COLUMNS", "50")
    _, shown = at_terminal("deals")
    assert f"{key}\n  Company: Northwind Robotics\n  Job title: Data Engineer\n  Stage: applied\n" in shown


def test_a_screen_without_typographic_letters_shows_the_nearest(filled: Shell) -> None:
    filled.patch.setenv("PYTHONIOENCODING", "ascii")
    _, shown = at_terminal("calls", filled.key(JANE))
    assert 'Say your name, then: "I applied for the Data Engineer role' in shown
    assert "Have your resume at hand" in shown
    assert "?I" not in shown


def test_the_places_of_the_stages_are_shown_before_setup_asks_and_the_answer_counts(shell: Shell) -> None:
    with Simulator(tier="starter") as portal:
        shell.patch.setenv("HUBSPOT_ACCESS_TOKEN", portal.token)
        shell.patch.setenv("HUBSPOT_BASE_URL", portal.url)
        code, shown = at_terminal("setup", typed="n\n")
        assert (code, portal.count(writes=True)) == (0, 0)
        assert "interviewing  Interviewing" in shown.partition("Set it up like this?")[0]
        code, _ = at_terminal("setup", typed="y\n")
        assert (code, portal.count(writes=True)) == (0, 3)


def test_init_asks_a_few_questions_and_writes_what_works(shell: Shell) -> None:
    to = shell.folder / "crm-sync.yaml"
    answers = ("jane", shell.put(), "jane@roe.example", "Europe/Berlin", "DE", "gentle", "local")
    code, shown = at_terminal("init", "--to", str(to), typed="".join(f"{answer}\n" for answer in answers))
    assert code == 0
    for question in ("Your name", "Where is your list", "Your e-mail", "Your time zone", "How to call"):
        assert question in shown
    assert "schedule install" in shown
    told = json.loads(shell("--config", str(to), "config", "show", "--json").out)["users"]["jane"]
    assert told["cadence"]["value"] == "gentle"
    assert told["owner"]["value"] == "jane@roe.example"
    assert shell("--config", str(to), "config", "check").code == 0
    assert shell("--config", str(to), "sync").out.startswith("4 applications: 4 new")


def test_the_users_are_drawn_as_a_table(filled: Shell) -> None:
    code, shown = at_terminal("status", "--all")
    assert code == 0
    assert "────" in shown
    assert "1 user: 0 calls made this week, 2 planned" in " ".join(shown.split())
