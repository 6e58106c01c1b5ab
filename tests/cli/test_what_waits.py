"""What waits for a person: `status` asks it in words, and `resume` says what to do first."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from crm_sync.app.wiring import open_house
from crm_sync.config.settings import load
from crm_sync.domain.keys import Kind
from tests.cli.conftest import JANE, MARC, ODD, TRACKER, Shell

HEAD = "Company,Job Title,Location,Date Applied,Status,Contact,Phone,Notes\n"


def import_cook(shell: Shell, applied: str = "2027-01-28", notes: str = "") -> str:
    """Import one more application, alone in its file, and return its key."""
    assert (
        shell("import", shell.put(f"{HEAD}Birch,Cook,,{applied},Applied,,,{notes}\n", "more.csv")).code == 0
    )
    return shell.key("Cook")


def remove_deal(shell: Shell) -> str:
    """Remove a deal as a person would in the CRM, and let it be heard."""
    key = shell.key(JANE)
    with open_house(load(os.environ)) as house:
        links = house.ledger.links(house.account.name)
        (link,) = [one for k, one in links.items() if k.kind is Kind.DEAL and k.id == key]
        assert link.remote_id is not None
        house.crm.discard(link.key, link.remote_id)
    shell("import", shell.put())
    return key


def dispute_stage(shell: Shell) -> str:
    """Let the file and the CRM each tell another stage."""
    key = shell.key(JANE)
    shell("stage", key, "interviewing")
    shell("import", shell.put(TRACKER.replace("2027-01-28,Applied", "2027-01-28,Withdrawn")))
    return key


def log(shell: Shell, *words: str) -> str:
    """Log what happened on a call and return the application's key."""
    key = shell.key(JANE)
    assert shell("log", key, *words).code == 0
    return key


WAITING: list[tuple[str, Callable[[Shell], str], str, str]] = [
    (
        "no_calls_any_more",
        lambda shell: log(shell, "connected", "--result", "do_not_call"),
        "they asked not to be called again.\n  This is for good; the calls stay off.",
        "they asked not to be called again",
    ),
    (
        "posting",
        lambda shell: import_cook(shell, notes="No phone calls please"),
        "the posting says no calls.\n  Write by another way; the calls stay off.",
        "the posting says no calls",
    ),
    (
        "removed",
        remove_deal,
        "the deal was removed from the CRM.\n  It stays away; the row is still in the file.",
        "",
    ),
    (
        "inbound",
        lambda shell: log(shell, "inbound"),
        "the employer contacted you, and what they said is not logged.\n  Log it: crm-sync log KEY inbound",
        "the employer contacted you; what did they say?",
    ),
    (
        "number",
        lambda shell: log(shell, "wrong_number"),
        "there is no number to call.\n  Give one: crm-sync number KEY NUMBER",
        "the number is wrong or missing\n    → crm-sync number KEY NUMBER",
    ),
    (
        "stage",
        lambda shell: shell.key(ODD),
        "nobody knows its stage.\n  Say it: crm-sync stage KEY applied",
        'nobody could map its status word "Purple"\n    → crm-sync stage KEY STAGE',
    ),
    (
        "dispute",
        dispute_stage,
        "the file and the CRM dispute its stage.\n  Say it: crm-sync stage KEY STAGE",
        "file and CRM dispute its stage\n    → crm-sync stage KEY STAGE, or correct the file",
    ),
    (
        "future",
        lambda shell: import_cook(shell, "2027-03-10"),
        "its applied date lies ahead.\n  Correct the date in the file.",
        "its applied date lies ahead\n    → correct the date in the file",
    ),
]


@pytest.mark.parametrize(
    ("happen", "refused", "asked"), [case[1:] for case in WAITING], ids=[case[0] for case in WAITING]
)
def test_what_a_person_must_do_first_is_asked_and_nothing_is_resumed_before(
    filled: Shell, happen: Callable[[Shell], str], refused: str, asked: str
) -> None:
    key = happen(filled)
    assert asked.replace("KEY", key) in filled("status").out
    said = filled("resume", key)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"crm-sync: {refused.replace('KEY', key)}")


def test_what_is_too_old_is_asked_and_starts_at_a_word(filled: Shell) -> None:
    key = import_cook(filled, "2026-08-10")
    asked = "it is too old to begin by itself; start the calls now, or let it rest\n    → crm-sync resume KEY"
    assert asked.replace("KEY", key) in filled("status").out
    assert filled("resume", key).out.startswith("Resumed: the calls start now (")


def test_what_ended_is_reopened_before_it_goes_on(filled: Shell) -> None:
    key = filled.key(JANE)
    filled("stage", key, "rejected")
    said = filled("resume", key)
    assert (said.code, said.out) == (2, "")
    assert said.err == (f"crm-sync: its stage is rejected.\n  Reopen it: crm-sync stage {key} applied\n")


def test_a_deal_that_was_removed_goes_on_for_no_other(filled: Shell) -> None:
    gone, there = remove_deal(filled), filled.key(MARC)
    said = filled("merge", gone, there, "--yes")
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        f"crm-sync: the deal of {gone} was removed from the CRM, and stays away.\n"
        f"  Let the other one go on: crm-sync merge {there} {gone}\n"
    )
