"""Prescriptions that show where commands and records meet (docs/prescriptions.md)."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import JANE, ROOT, Shell

ONE_MANAGER = """\
Company,Job Title,Date Applied,Status,Contact,Email
Acme Foods,Cook,2027-01-28,Applied,Ann Lee,ann@acmefoods.example
Acme Foods,Baker,2027-01-29,Applied,Ann Lee,ann@acmefoods.example
"""


def deals(shell: Shell) -> list[dict[str, str | None]]:
    """Return the deals in the CRM."""
    return list(json.loads(shell("deals", "--json").out))


def test_a_referral_told_twice_begins_one_application(filled: Shell) -> None:
    words = ("log", filled.key(JANE), "connected", "--result", "referred", "--referred-to", "Bob Ray")
    filled(*words)
    filled(*words)
    filled("import", filled.put())
    assert [deal["job_title"] for deal in deals(filled)].count(JANE) == 2


@pytest.mark.parametrize("result", ["another_opening", "role_created"])
def test_an_opening_found_on_the_phone_is_an_application_with_that_source(filled: Shell, result: str) -> None:
    said = filled("log", filled.key(JANE), "connected", "--result", result, "--note", "Data Architect")
    assert "  Data Architect at Northwind Robotics, Jane Roe (follow-up call).\n" in said.out
    told = json.loads(filled("status", "--json").out)
    assert told["figures"]["by_source"]["follow-up call"].startswith("0 of 1")


def test_an_interview_after_a_conversation_is_counted_as_after_and_never_as_because(filled: Shell) -> None:
    filled("log", filled.key(JANE), "connected", "--result", "interview")
    text = filled("status").out
    assert "After a conversation 1 of 1 (21-100%), without one 0 of 3 (0-56%)" in text
    assert "because" not in text


def test_do_not_call_ends_the_calls_to_that_person_everywhere(shell: Shell) -> None:
    shell("import", shell.put(ONE_MANAGER))
    shell("log", shell.key("Cook"), "connected", "--result", "do_not_call")
    assert json.loads(shell("calls", "--days", "60", "--json").out) == []
    said = shell("resume", shell.key("Baker"), "--yes")
    assert (said.code, "for good" in said.err) == (2, True)


def test_every_application_has_a_call_a_question_a_reason_to_wait_or_an_end(shell: Shell) -> None:
    shell("import", str(ROOT / "examples" / "my-applications.csv"))
    for deal in deals(shell):
        key = str(deal["key"])
        told = json.loads(shell("explain", key, "--json").out)
        assert told["due_on"] or told["action"] in ("ask", "hold", "stop"), key
    listed = {row["key"] for row in json.loads(shell("status", "--json").out)["no_next_step"]}
    ended = [d["key"] for d in deals(shell) if d["job_title"] == "Teacher, Mathematics"]
    assert listed == set(ended)
