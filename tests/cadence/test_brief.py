"""The brief: all that is known on one screen, nothing to fill in, open questions only."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_sync.cadence.brief import (
    FIND_NUMBER,
    FIND_PERSON,
    BriefFacts,
    is_prepared,
    subject,
    write_brief,
)
from crm_sync.cadence.brief_html import as_html
from crm_sync.cadence.brief_lines import LONGEST_LINE
from crm_sync.cadence.brief_text import as_plain, as_text
from crm_sync.cadence.questions import OPENINGS, closing_question, questions_for
from crm_sync.cadence.roles import Role, guess_role
from crm_sync.domain.dossiers import Preparation
from crm_sync.domain.touches import CallOutcome, CallResult, Touch

MARKER = "[crm-sync:k7x2abcdefgh:1:2]"
FULL = BriefFacts(
    key="k7x2abcdefgh",
    attempt=2,
    max_calls=4,
    callee_name="Jane Roe",
    callee_title="Director of Data",
    phone="+1 555 0100",
    email="jane@acme.example",
    company="Acme",
    job_title="Data Engineer",
    location="Denver",
    applied_on=date(2027, 2, 1),
    source="LinkedIn",
    job_url="https://acme.example/jobs/7",
    external_id="REQ-7",
    salary="90k",
    touches=(
        Touch(
            "t",
            "",
            datetime(2027, 2, 4, 15, tzinfo=UTC),
            outcome=CallOutcome.CONNECTED,
            result=CallResult.IN_PROCESS,
            note="Bob decides with her",
        ),
    ),
    propose_on=date(2027, 2, 11),
    preparation=Preparation(
        "Their open data work", ("200 stations", "New office"), "I cut a load from 9 h to 1"
    ),
    notes="Ask about relocation",
    time_zone="America/New_York",
)
BARE = BriefFacts(key="k", attempt=1, max_calls=4)

texts = st.one_of(
    st.none(),
    st.text("abc é<>&\"'\n\x00\u202e漢", max_size=8),
    st.sampled_from(["<script>", "A & B", '"><b>', "\n\x00 "]),
)
any_facts = st.builds(
    BriefFacts,
    key=st.just("k7x2abcdefgh"),
    attempt=st.integers(1, 6),
    max_calls=st.integers(1, 4),
    final=st.booleans(),
    callee_name=texts,
    callee_title=texts,
    phone=texts,
    email=texts,
    company=texts,
    job_title=texts,
    location=texts,
    source=texts,
    job_url=texts,
    external_id=texts,
    salary=texts,
    notes=texts,
    applied_on=st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2030, 1, 1))),
    preparation=st.builds(
        Preparation, texts, st.lists(texts.map(lambda t: t or ""), max_size=9).map(tuple), texts
    ),
    time_zone=st.sampled_from((None, "Europe/Berlin")),
)


def lines_of(facts: BriefFacts, title: str) -> list[str]:
    return [
        line for section in write_brief(facts).sections if section.title == title for line in section.lines
    ]


@given(any_facts)
def test_no_line_is_blank_or_a_field_to_fill(facts: BriefFacts) -> None:
    brief = write_brief(facts)
    for section in brief.sections:
        assert section.lines
        for line in section.lines:
            assert line == line.strip() != ""
            assert not re.search(r"None|[{}]", line)
            assert not line.endswith(":")
            assert "\n" not in line


@given(any_facts)
def test_every_fact_is_escaped_in_html(facts: BriefFacts) -> None:
    html = as_html(write_brief(facts), MARKER)
    assert set(re.findall(r"<[^>]*>", html)) <= {"<p>", "</p>", "<br>"}
    assert "<" not in re.sub(r"</?p>|<br>", "", html)
    assert html.endswith(f"<p>{MARKER}</p>")


def test_a_hostile_company_name_stays_a_name() -> None:
    name = '<img src=x onerror=alert(1)> & "Sons"'
    html = as_html(write_brief(replace(FULL, company=name)), MARKER)
    assert "<img" not in html
    assert name in unescape(html)


@given(any_facts)
def test_the_body_stays_far_below_what_a_crm_can_hold(facts: BriefFacts) -> None:
    huge = replace(facts, company="<" * 10_000, notes="&" * 10_000, callee_name='"' * 10_000)
    assert len(as_html(write_brief(huge), MARKER, with_private=True)) < 65_536
    assert all(len(text) <= 2 * LONGEST_LINE + 150 for text in as_plain(write_brief(huge), "").split("\n"))


def test_a_full_brief_has_all_its_parts_in_order() -> None:
    assert [section.title for section in write_brief(FULL).sections] == [
        "Who",
        "What was sent",
        "So far",
        "Why this company",
        "Reason to act now",
        "Opener",
        "Ask",
        "Close",
        "If somebody else answers",
        "This call",
        "Your notes",
    ]


def test_every_part_holds_this_applications_facts() -> None:
    text = as_text(write_brief(FULL))
    for fact in (
        "Jane Roe, Director of Data (hiring authority)",
        "+1 555 0100",
        "Applied on Mon 1 Feb 2027",
        "LinkedIn",
        "REQ-7",
        "https://acme.example/jobs/7",
        "Thu 4 Feb 2027: spoke, still deciding",
        "Their open data work",
        "Fact: 200 stations",
        "I cut a load from 9 h to 1",
        "Attempt 2 of 4",
        "crm-sync log k7x2abcdefgh no_answer",
    ):
        assert fact in text


def test_what_was_sent_can_be_sent_again_during_the_call() -> None:
    sent = lines_of(FULL, "What was sent")
    assert sent[:3] == ["Data Engineer at Acme", "Applied on Mon 1 Feb 2027", "Source: LinkedIn"]
    assert "send it again" in sent[-1]


def test_without_a_number_the_first_line_says_to_find_it() -> None:
    assert lines_of(replace(FULL, phone=None), "Who")[0] == FIND_NUMBER
    assert lines_of(BARE, "Who")[0] == FIND_NUMBER


def test_when_only_hr_is_known_the_brief_says_to_find_who_decides() -> None:
    hr = replace(FULL, callee_title="HR Manager")
    assert FIND_PERSON in lines_of(hr, "Who")
    assert FIND_PERSON not in lines_of(FULL, "Who")


def test_an_unprepared_call_says_what_to_find_and_is_flagged() -> None:
    assert lines_of(BARE, "Why this company")[0].startswith("Find one reason")
    assert lines_of(BARE, "Reason to act now")[0].startswith("Find one result")
    assert not is_prepared(BARE.preparation)
    assert not is_prepared(Preparation(why="  ", reason="x"))
    assert is_prepared(FULL.preparation)


def test_the_opener_names_role_and_company() -> None:
    for facts in (FULL, replace(FULL, attempt=1), replace(FULL, promised_on=date(2027, 2, 8))):
        opener = lines_of(facts, "Opener")[0]
        assert "Data Engineer" in opener
        assert "Acme" in opener


@pytest.mark.parametrize("attempt", range(1, 7))
@pytest.mark.parametrize("spoke_on", [None, date(2027, 2, 4)])
def test_all_questions_are_open(attempt: int, spoke_on: date | None) -> None:
    questions = questions_for(attempt, spoke_on)
    assert 3 <= len(questions) <= 5
    for question in (*questions, closing_question(spoke_on)):
        assert question.startswith(OPENINGS)
        assert question.endswith("?")


def test_questions_differ_from_attempt_to_attempt() -> None:
    asked = [questions_for(attempt) for attempt in range(1, 5)]
    assert len(set(asked)) == 4


@given(any_facts)
def test_nobody_is_asked_whether_the_resume_arrived(facts: BriefFacts) -> None:
    words = as_text(write_brief(replace(facts, notes=None))).lower()
    assert "did you get" not in words
    assert "did you receive" not in words


def test_the_call_ends_with_a_question_that_holds_a_day() -> None:
    assert lines_of(FULL, "Close") == [
        "When should I call again: Thu 11 Feb 2027, or which day suits you better?"
    ]


def test_a_message_is_left_on_the_last_call_only() -> None:
    assert "hang up" in lines_of(FULL, "If somebody else answers")[0]
    last = replace(FULL, attempt=4, final=True)
    assert "leave one" in lines_of(last, "If somebody else answers")[0]
    assert any("last call" in line for line in lines_of(last, "This call"))
    never = replace(last, message_on_last_call=False)
    assert "hang up" in lines_of(never, "If somebody else answers")[0]


def test_notes_stay_in_the_house_unless_they_are_let_out() -> None:
    brief = write_brief(FULL)
    for private in ("Bob decides with her", "Ask about relocation", "Your notes"):
        assert private in as_text(brief)
        assert private not in as_html(brief, MARKER)
        assert private not in as_plain(brief, MARKER)
        assert private in as_html(brief, MARKER, with_private=True)


def test_what_goes_to_a_crm_holds_no_time_of_day_but_the_terminal_tells_theirs() -> None:
    brief = write_brief(FULL)
    assert not re.search(r"\d\d:\d\d", as_html(brief, "") + as_plain(brief, ""))
    told = as_text(brief, callee_now=datetime(2027, 2, 8, 15, 5))  # noqa: DTZ001
    assert "Their time now: Mon 8 Feb 2027, 15:05" in told


def test_plain_text_for_a_crm_ends_with_the_marker() -> None:
    assert as_plain(write_brief(FULL), MARKER).endswith(f"\n\n{MARKER}")


@pytest.mark.parametrize(
    ("missing", "line"),
    [
        ({}, "Call Jane Roe at Acme about Data Engineer: 2 of 4"),
        ({"callee_name": None}, "Call Acme about Data Engineer: 2 of 4"),
        ({"company": None}, "Call Jane Roe about Data Engineer: 2 of 4"),
        ({"job_title": None}, "Call Jane Roe at Acme about your application: 2 of 4"),
        ({"callee_name": None, "company": None, "job_title": ""}, "Call about your application: 2 of 4"),
        ({"attempt": 5}, "Call Jane Roe at Acme about Data Engineer: promised call"),
        ({"company": "Acme\n\tInc"}, "Call Jane Roe at Acme Inc about Data Engineer: 2 of 4"),
    ],
)
def test_the_subject_is_sensible_whatever_is_missing(missing: dict[str, object], line: str) -> None:
    assert subject(replace(FULL, **missing)) == line  # type: ignore[arg-type]


def test_a_long_subject_keeps_its_count() -> None:
    line = subject(replace(FULL, job_title="x" * 500))
    assert len(line) <= 200
    assert line.endswith("…: 2 of 4")


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Hiring Manager", Role.HIRING_AUTHORITY),
        ("VP Engineering", Role.HIRING_AUTHORITY),
        ("Head of Design", Role.HIRING_AUTHORITY),
        ("Chief Technology Officer", Role.HIRING_AUTHORITY),
        ("Director of Talent Acquisition", Role.HR),
        ("Senior Recruiter", Role.HR),
        ("HR Director", Role.HR),
        ("Executive Assistant to the CEO", Role.GATEKEEPER),
        ("Receptionist", Role.GATEKEEPER),
        ("Assistant Director", Role.UNKNOWN),
        ("Product Manager", Role.UNKNOWN),
        ("Software Engineer", Role.UNKNOWN),
        ("Threat hunter", Role.UNKNOWN),
        ("", Role.UNKNOWN),
        (None, Role.UNKNOWN),
    ],
)
def test_a_role_is_guessed_only_where_the_title_says_so(title: str | None, role: Role) -> None:
    assert guess_role(title) is role
