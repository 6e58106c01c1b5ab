"""A person's words about one application: what is recorded, and the next step."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.conftest import JANE, KIM, MARC, Shell


def call_of(shell: Shell, key: str) -> dict[str, Any]:
    """Return the planned call of an application."""
    (call,) = json.loads(shell("calls", key, "--json").out)
    return dict(call)


def test_a_call_without_an_answer_is_recorded_and_the_next_one_planned(filled: Shell) -> None:
    key = filled.key(JANE)
    said = filled("log", key, "no_answer", "--note", "ask for Bob", "--at", "08:55")
    assert (said.code, said.err) == (0, "")
    assert said.out == (
        f"Recorded: no answer, Mon 1 Feb 2027, 08:55 there (Data Engineer at Northwind Robotics, {key}).\n"
        "Next: call 2 of 4 on Thu 4 Feb 2027, 15:00 in Europe/Berlin.\n"
        "Why: last counted call on Mon 1 Feb 2027, 3 to 4 days later is Thu 4 to Fri 5 Feb 2027; "
        "the first day that fits is Thu 4 Feb 2027.\n"
    )
    assert "Noted: ask for Bob" in filled("calls", key).out


def test_a_promised_day_becomes_the_next_call(filled: Shell) -> None:
    key = filled.key(JANE)
    said = filled("log", key, "spoke", "--result", "callback", "--call-back", "friday")
    assert said.out.splitlines()[1:] == [
        "Next: call 2 of 4 on Fri 5 Feb 2027, 15:00 in Europe/Berlin.",
        "Why: the last call promised Fri 5 Feb 2027; the first day that fits is Fri 5 Feb 2027.",
    ]
    assert call_of(filled, key)["flags"] == ["promised_callback"]


def test_a_clear_no_is_told_as_resolved(filled: Shell) -> None:
    said = filled("log", filled.key(JANE), "connected", "--result", "no_interest")
    assert said.out.splitlines()[1] == (
        "Resolved: crossed off: no interest. A clear answer; the day is free for another call."
    )


def test_a_referral_begins_an_application_of_its_own(filled: Shell) -> None:
    key = filled.key(JANE)
    said = filled("log", key, "connected", "--result", "referred", "--referred-to", "Bob Ray")
    *_, begun, then = said.out.splitlines()
    assert begun.startswith("Begun from it: ")
    assert begun.endswith("  Data Engineer at Northwind Robotics, Bob Ray (referral).")
    assert then.startswith("  Next: call 1 of 4 on Thu 4 Feb 2027")


def test_an_employer_who_called_asks_for_the_result(filled: Shell) -> None:
    key = filled.key(JANE)
    said = filled("log", key, "inbound")
    assert said.out.startswith("Recorded: they called, Mon 1 Feb 2027")
    assert "Asks for you: the employer contacted you; what did they say? → crm-sync log" in said.out
    assert filled("log", key, "inbound", "--result", "interview").code == 0
    assert json.loads(filled("status", "--json").out)["stages"]["interviewing"] == 1


def test_an_email_neither_counts_nor_postpones(filled: Shell) -> None:
    key = filled.key(JANE)
    said = filled("log", key, "email", "--note", "sent the portfolio")
    assert said.out.startswith("Recorded: e-mail, ")
    assert (call_of(filled, key)["attempt"], call_of(filled, key)["due_on"]) == (1, "2027-02-01")


def test_an_email_has_no_result_of_a_conversation(filled: Shell) -> None:
    said = filled("log", filled.key(JANE), "email", "--result", "no_interest")
    assert said.code == 2
    assert "crm-sync stage" in said.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("teleported",), "There are no_answer, left_voicemail,"),
        (("connected", "--result", "maybe"), "There are in_process, call_back,"),
        (
            ("no_answer", "--result", "no_interest"),
            "a call with outcome no_answer has no result no_interest.\n  Log it as connected",
        ),
        (
            ("no_answer", "--call-back", "friday"),
            "nobody promised a day where nobody was spoken to.\n  Leave --call-back out.",
        ),
        (("connected", "--result", "no_interest", "--call-back", "friday"), "no_interest ends the calls."),
        (("connected", "--call-back", "2027-01-31"), "2027-01-31 is before the call."),
        (
            ("connected", "--result", "call_back"),
            "call_back needs the day they named.\n  Add --call-back DATE",
        ),
        (("connected", "--result", "referred"), "referred needs a name.\n  Add --referred-to NAME."),
        (("no_answer", "--at", "noon"), '"noon" is no time.\n  Write 14:30 or 2027-02-01T14:30.'),
        (("no_answer", "--at", "23:59"), "that call lies in the future."),
        (("connected", "--call-back", "someday"), '"someday" is no day.'),
    ],
)
def test_words_that_make_no_sense_are_explained_and_record_nothing(
    filled: Shell, words: tuple[str, ...], told: str
) -> None:
    key = filled.key(JANE)
    said = filled("log", key, *words)
    assert (said.code, said.out) == (2, "")
    assert told in said.err
    assert json.loads(filled("status", "--json").out)["calls_made"] == 0


def test_a_snooze_moves_the_call_and_uses_none_up(filled: Shell) -> None:
    key = filled.key(JANE)
    said = filled("snooze", key, "2027-02-22")
    assert said.out == (
        f"Snoozed until Mon 22 Feb 2027 (Data Engineer at Northwind Robotics, {key}).\n"
        "Next: call 1 of 4 on Mon 22 Feb 2027, 10:00 in Europe/Berlin.\n"
        "Why: applied on Thu 28 Jan 2027, 3 to 4 days later is Sun 31 Jan to Mon 1 Feb 2027; "
        "snoozed until Mon 22 Feb 2027; the first day that fits is Mon 22 Feb 2027 (later than wished).\n"
    )
    late = filled("snooze", key, "2027-01-15")
    assert (late.code, late.err) == (2, "crm-sync: Fri 2027-01-15 is not ahead.\n  Give a later day.\n")


def test_a_skipped_call_stays_away_until_it_is_resumed(filled: Shell) -> None:
    key = filled.key(JANE)
    skipped = filled("skip", key)
    assert skipped.out == (
        f"Skipped: the planned call is removed (Data Engineer at Northwind Robotics, {key}).\n"
        "Asks for you: its call was removed or skipped; plan a new one, or end it. "
        f"→ crm-sync resume {key}, or crm-sync stage {key} withdrawn\n"
    )
    assert json.loads(filled("calls", "--json").out) == []
    assert filled("resume", key).out.splitlines()[:2] == [
        "Resumed: a new call is planned for the one that was removed "
        f"(Data Engineer at Northwind Robotics, {key}).",
        "Next: call 1 of 4 on Mon 1 Feb 2027, 10:00 in Europe/Berlin.",
    ]


def test_a_new_round_needs_a_person_s_word(filled: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    key = filled.key(JANE)
    filled("log", key, "connected", "--result", "position_filled")
    said = filled("resume", key)
    assert said.code == 2
    assert (
        said.err == f"crm-sync: a new round of calls for {key} needs your word.\n  Add --yes to begin it.\n"
    )
    assert filled("resume", key, "--yes").out.startswith("Resumed: round 2 of calls begins (")


def test_what_rests_nowhere_cannot_be_resumed(filled: Shell) -> None:
    said = filled("resume", filled.key(JANE))
    assert (said.code, said.err.partition("\n")[0]) == (2, "crm-sync: nothing is stopped here.")


def test_a_ticked_call_counts_but_tells_no_outcome(filled: Shell) -> None:
    key = filled.key(JANE)
    said = filled("done", key)
    assert said.out.startswith("Ticked off, outcome not told (")
    assert call_of(filled, key)["attempt"] == 2
    told = json.loads(filled("status", "--json").out)
    assert (told["calls_made"], told["calls_unknown"]) == (0, 1)


def test_a_call_can_be_moved_and_the_day_stands(filled: Shell) -> None:
    key = filled.key(JANE)
    said = filled("move", key, "wed")
    assert said.out.splitlines()[:2] == [
        f"Moved to Wed 3 Feb 2027 (Data Engineer at Northwind Robotics, {key}).",
        "Next: call 1 of 4 on Wed 3 Feb 2027, 10:00 in Europe/Berlin.",
    ]
    filled("import", filled.put())
    assert call_of(filled, key)["due_on"] == "2027-02-03"
    assert "user_rescheduled" in call_of(filled, key)["flags"]
    late = filled("move", key, "2027-01-05")
    assert (late.code, late.err) == (2, "crm-sync: Tue 2027-01-05 is over.\n  Give today or a later day.\n")


def test_only_a_planned_call_can_be_done_skipped_or_moved(filled: Shell) -> None:
    key = filled.key(KIM)
    for words in (("done", key), ("skip", key), ("move", key, "friday")):
        said = filled(*words)
        assert (said.code, said.err) == (
            2,
            f"crm-sync: no call is planned here.\n  See why: crm-sync explain {key}\n",
        )


def test_a_stage_given_here_reaches_the_deal(filled: Shell) -> None:
    key = filled.key(JANE)
    said = filled("stage", key, "on-hold")
    assert said.out == (f"Stage: on hold (Data Engineer at Northwind Robotics, {key}).\nWaits: on hold.\n")
    stages = {deal["key"]: deal["stage"] for deal in json.loads(filled("deals", "--json").out)}
    assert stages[key] == "on_hold"


def test_a_stage_that_there_is_not_is_answered_with_those_there_are(filled: Shell) -> None:
    said = filled("stage", filled.key(JANE), "purple")
    assert said.code == 2
    assert said.err.startswith('crm-sync: there is no stage "purple".\n  There are saved, applied, ')
    assert "unknown" not in said.err


def test_a_number_told_later_stands_in_the_call(filled: Shell) -> None:
    key = filled.key(MARC)
    assert filled("number", key, "+33 4 55500109").out.startswith("Number: +33 4 55500109 (")
    assert call_of(filled, key)["number"] == "+33 4 55500109"
    said = filled("number", key, "soon")
    assert (said.code, said.err.partition("\n")[0]) == (2, 'crm-sync: "soon" is no phone number.')


def test_what_only_a_person_knows_stands_in_the_brief(filled: Shell) -> None:
    key = filled.key(JANE)
    words = (
        "--why",
        "They build robots",
        "--fact",
        "new plant",
        "--fact",
        "new CEO",
        "--reason",
        "I cut costs",
    )
    said = filled("prepare", key, *words)
    assert said.out.startswith(f"Prepared; the whole brief: crm-sync calls {key} (")
    brief = filled("calls", key).out
    for line in ("They build robots", "Fact: new plant", "Fact: new CEO", "I cut costs"):
        assert f"\n    {line}\n" in brief
    assert call_of(filled, key)["prepared"] is True
    assert filled("prepare", key).code == 2


def test_a_key_that_is_too_short_or_names_nothing_is_explained(filled: Shell) -> None:
    assert filled("done", "abc").err.startswith('crm-sync: "abc" is no key.\n')
    assert filled("done", "zzzz").err.startswith(
        'crm-sync: no application has a key beginning with "zzzz".\n'
    )


@pytest.mark.parametrize(
    "words",
    [
        ("log", "no_answer", "--user"), ("snooze", "friday", "--user"), ("skip", "--user"),
        ("done", "--user"), ("move", "friday", "--user"), ("stage", "applied", "--user"),
        ("number", "+49 30 5550100", "--user"), ("prepare", "--why", "x", "--user"),
        ("explain", "--user"), ("calls", "--user"),
    ],
    ids=lambda words: words[0],
)  # fmt: skip
def test_every_word_about_one_application_takes_a_user(filled: Shell, words: tuple[str, ...]) -> None:
    key = filled.key(JANE)
    command, *rest = words
    assert filled(command, key, *rest, "somebody-else").code == 2
    assert filled(command, key, *rest, "me").code == 0


def test_resume_takes_a_user(filled: Shell) -> None:
    key = filled.key(JANE)
    filled("skip", key)
    assert filled("resume", key, "--user", "somebody-else").code == 2
    assert filled("resume", key, "--user", "me").code == 0


def test_a_new_number_answers_a_wrong_one_even_where_the_clock_stands(filled: Shell) -> None:
    key = filled.key(JANE)
    filled("log", key, "wrong_number")
    said = filled("number", key, "+49 30 5550199")
    assert said.out.splitlines()[1] == "Next: call 1 of 4 on Mon 1 Feb 2027, 10:00 in Europe/Berlin."


def test_nobody_claims_to_have_sent_what_a_colleague_told_of(filled: Shell) -> None:
    key = filled.key(JANE)
    said = filled("log", key, "connected", "--result", "referred", "--referred-to", "Bob Ray").out
    begun = said.partition("Begun from it: ")[2][:12]
    brief = filled("calls", begun).out
    assert "I was told of the Data Engineer role at Northwind Robotics on Mon 1 Feb 2027" in brief
    assert "Told of it on Mon 1 Feb 2027" in brief
    assert "I applied" not in brief
