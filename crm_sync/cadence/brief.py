"""The brief of a call task: what a caller needs at hand, on one screen (cadence 4.4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from crm_sync.cadence.clocks import local_day, zone_named
from crm_sync.cadence.outcomes import OUTCOME_WORDS, RESULT_WORDS
from crm_sync.cadence.questions import closing_question, questions_for
from crm_sync.cadence.roles import Role, guess_role
from crm_sync.cadence.touches import merge_touches
from crm_sync.cadence.wording import say_day
from crm_sync.domain.dossiers import Preparation
from crm_sync.domain.touches import CallOutcome, Touch, TouchKind
from crm_sync.domain.values import light

LONGEST_LINE = 300
LONGEST_SUBJECT = 200
_MOST_TOUCHES = 8
_MOST_FACTS = 5

FIND_NUMBER = "Find the number of the person this job reports to"
FIND_PERSON = "Find out who this job reports to, and ask for that person"


@light
@dataclass(frozen=True, slots=True)
class BriefFacts:
    """What is known about a call: facts are None (or empty) where nobody knows them.

    Days are the callee's, ``time_zone`` is the callee's IANA zone (None: unknown, then the owner's counts).
    ``role`` None is guessed from the title. ``propose_on`` is the day to propose for the next call.
    ``notes`` are the applicant's own and private; so are the notes of the touches.
    ``told_by_phone``: it began with a call on another application, so nothing was sent for it yet.
    ``message_on_last_call`` says whether a voicemail is left at the last attempt.
    """

    key: str
    attempt: int
    max_calls: int
    final: bool = False
    flags: tuple[str, ...] = ()
    callee_name: str | None = None
    callee_title: str | None = None
    phone: str | None = None
    email: str | None = None
    role: Role | None = None
    company: str | None = None
    job_title: str | None = None
    location: str | None = None
    applied_on: date | None = None
    told_by_phone: bool = False
    source: str | None = None
    job_url: str | None = None
    external_id: str | None = None
    salary: str | None = None
    touches: tuple[Touch, ...] = ()
    promised_on: date | None = None
    propose_on: date | None = None
    preparation: Preparation = field(default_factory=Preparation)
    notes: str | None = None
    time_zone: str | None = None
    owner_time_zone: str = "UTC"
    message_on_last_call: bool = True


class Line(NamedTuple):
    """One line of a brief; a ``private`` one never leaves the house."""

    text: str
    private: bool = False


class Section(NamedTuple):
    """A heading and its lines; there is always one line at least."""

    title: str
    lines: tuple[Line, ...]


@light
@dataclass(frozen=True, slots=True)
class Brief:
    """The brief as values: its sections in order, the key to log under, and the callee's zone."""

    key: str
    sections: tuple[Section, ...]
    time_zone: str | None = None
    propose_on: date | None = None


def is_prepared(preparation: Preparation) -> bool:
    """Tell whether the caller wrote why this company, and a reason to act now (prescriptions 18, 22)."""
    return bool(_clean(preparation.why) and _clean(preparation.reason))


def write_brief(facts: BriefFacts) -> Brief:
    """Return the brief: a line without a fact is left out, or says what to find."""
    told = (
        ("Who", _who(facts)),
        ("What was sent", _sent(facts)),
        ("So far", _so_far(facts)),
        ("Why this company", _why(facts)),
        ("Reason to act now", _reason(facts)),
        ("Opener", _opener(facts)),
        ("Ask", _ask(facts.attempt, _spoke_on(facts))),
        ("Close", _close(facts.propose_on)),
        ("If somebody else answers", _elsewise(facts)),
        ("This call", _this_call(facts)),
        ("Your notes", _notes(facts)),
    )
    sections = [Section(title, lines) for title, each in told if (lines := tuple(each))]
    return Brief(facts.key, tuple(sections), facts.time_zone, facts.propose_on)


def subject(facts: BriefFacts) -> str:
    """Return "Call Jane Roe at Acme about Data Engineer: 2 of 4", shorter where a fact is missing."""
    name, company, title = _clean(facts.callee_name), _clean(facts.company), _clean(facts.job_title)
    whom = f" {name} at {company}" if name and company else f" {name or company}" if name or company else ""
    count = f"{facts.attempt} of {facts.max_calls}"
    if facts.attempt > facts.max_calls:
        count = "promised call"
    words = f"Call{whom} about {title or 'your application'}"
    return f"{_clip(words, LONGEST_SUBJECT - len(count) - 2)}: {count}"


def role_of(facts: BriefFacts) -> Role:
    """Return the role of the contact, guessed from the title where nobody told it."""
    return facts.role if facts.role is not None else guess_role(facts.callee_title)


def _who(facts: BriefFacts) -> Iterator[Line]:
    role, phone = role_of(facts), _clean(facts.phone)
    if not phone:
        yield _said(FIND_NUMBER)
    name, title = _clean(facts.callee_name), _clean(facts.callee_title)
    person = ", ".join(part for part in (name, title) if part)
    if person:
        yield Line(person if role is Role.UNKNOWN else f"{person} ({role})")
    if phone and (role in (Role.HR, Role.GATEKEEPER) or not person):
        yield _said(FIND_PERSON)
    yield from _labelled((("Phone", phone), ("E-mail", facts.email), ("Time zone", facts.time_zone)))
    if facts.time_zone is None:
        yield _said("Their time zone is unknown, yours is assumed: look where they are before you call")


def _sent(facts: BriefFacts) -> Iterator[Line]:
    job = " at ".join(part for part in (_clean(facts.job_title), _clean(facts.company)) if part)
    if job:
        yield Line(job)
    if facts.applied_on is not None:
        yield Line(f"{'Told of it' if facts.told_by_phone else 'Applied'} on {say_day(facts.applied_on)}")
    yield from _labelled((("Source", facts.source), ("Requisition", facts.external_id)))
    yield from _labelled((("Place", facts.location), ("Salary", facts.salary), ("Posting", facts.job_url)))
    yield _said("Have your résumé at hand: offer to send it again while you speak")


def _labelled(facts: Iterable[tuple[str, str | None]]) -> Iterator[Line]:
    for label, fact in facts:
        if fact and (words := _clean(fact)):
            yield Line(f"{label}: {words}")


def _so_far(facts: BriefFacts) -> Iterator[Line]:
    zone = _zone(facts)
    for touch in merge_touches(facts.touches, zone)[-_MOST_TOUCHES:] if facts.touches else ():
        yield Line(_touch_words(touch, local_day(touch.at, zone)))
        if _clean(touch.note):
            yield Line(f"Noted: {_clean(touch.note)}", private=True)
        if _clean(touch.referred_to):
            yield Line(f"Referred to {_clean(touch.referred_to)}", private=True)
    if facts.promised_on is not None:
        yield Line(f"They asked to be called on {say_day(facts.promised_on)}")


def _why(facts: BriefFacts) -> Iterator[Line]:
    why = _clean(facts.preparation.why)
    yield (
        Line(why)
        if why
        else _said("Find one reason why you chose this company and nobody else, before you call")
    )
    known = [fact for fact in map(_clean, facts.preparation.facts) if fact][:_MOST_FACTS]
    for fact in known:
        yield Line(f"Fact: {fact}")
    if not known:
        yield _said("Find two facts about them: a product, a customer, a piece of news")


def _reason(facts: BriefFacts) -> Iterator[Line]:
    reason = _clean(facts.preparation.reason)
    yield Line(reason) if reason else _said("Find one result of yours that this team could use now")


def _opener(facts: BriefFacts) -> Iterator[Line]:
    title, company = _clean(facts.job_title), _clean(facts.company)
    job = f"the {title} role" if title else "the role"
    where = f" at {company}" if company else ""
    sent = f" on {say_day(facts.applied_on)}" if facts.applied_on is not None else ""
    if facts.promised_on is not None:
        yield Line(f"Say your name, then: “You suggested that I call about {job}{where}.”")
    elif facts.attempt == 1 and facts.told_by_phone:
        yield Line(f"Say your name, then: “I was told of {job}{where}{sent}, and it is the one I want.”")
    elif facts.attempt == 1:
        yield Line(f"Say your name, then: “I applied for {job}{where}{sent}, and it is the one I want.”")
    else:
        yield Line(f"Say your name, then: “I am calling about {job}{where}: it is the one I want.”")
    yield _said("Be pleasant and enthusiastic; give your reason in ten seconds, then listen")


def _elsewise(facts: BriefFacts) -> Iterator[Line]:
    if facts.final and facts.message_on_last_call:
        yield _said("Voicemail: leave one: name, role, one reason, your number twice")
    else:
        yield _said("Voicemail: hang up without a message; the next call is planned all the same")
    yield _said("Gatekeeper: ask when the person this job reports to can be reached, and note the name")


def _this_call(facts: BriefFacts) -> Iterator[Line]:
    if facts.attempt > facts.max_calls:
        yield _said("A promised call: it comes on top of the planned ones")
    else:
        yield _said(f"Attempt {facts.attempt} of {facts.max_calls}")
    if facts.final:
        yield _said("The last call: without an answer nothing more is planned, and that is no rejection")
    if "applied_date_unknown" in facts.flags:
        yield _said("The day of application is not known: find it in your mail")
    yield _said("Log the outcome, the result, the day they name, a referral, a note")


def _notes(facts: BriefFacts) -> Iterator[Line]:
    notes = _clean(facts.notes)
    if notes:
        yield Line(notes, private=True)


def _touch_words(touch: Touch, day: date) -> str:
    if touch.kind is TouchKind.EMAIL:
        words = "e-mail"
    elif touch.kind is TouchKind.INBOUND:
        words = "they called"
    else:
        words = OUTCOME_WORDS[touch.outcome]
    if touch.result is not None:
        words = f"{words}, {RESULT_WORDS[touch.result]}"
    promise = f", call on {say_day(touch.callback_on)}" if touch.callback_on is not None else ""
    return f"{say_day(day)}: {words}{promise}"


@lru_cache(maxsize=1024)
def _ask(attempt: int, spoke_on: date | None) -> tuple[Line, ...]:
    return tuple(Line(question) for question in questions_for(attempt, spoke_on))


@lru_cache(maxsize=1024)
def _close(propose_on: date | None) -> tuple[Line, ...]:
    return (Line(closing_question(propose_on)),)


_said = lru_cache(maxsize=1024)(Line)
"""Lines that stand in many briefs are made once."""


def _spoke_on(facts: BriefFacts) -> date | None:
    if not facts.touches:
        return None
    zone = _zone(facts)
    spoken = [
        local_day(touch.at, zone)
        for touch in facts.touches
        if touch.kind is TouchKind.CALL and touch.outcome is CallOutcome.CONNECTED
    ]
    return max(spoken, default=None)


def _zone(facts: BriefFacts) -> ZoneInfo:
    return zone_named(facts.time_zone or facts.owner_time_zone)


_UNPRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\s]+")


@lru_cache(maxsize=1024)
def _clean(text: str | None) -> str:
    """Return the text on one line, without control characters, and not too long."""
    if not text:
        return ""
    plain = text.isprintable() and "  " not in text
    return _clip((text if plain else _UNPRINTED.sub(" ", text)).strip(), LONGEST_LINE)


def _clip(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
