"""The brief of a call task: what a caller needs at hand, on one screen (cadence 4.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from crm_sync.cadence.brief_lines import Line, Section, clean, clip
from crm_sync.cadence.brief_standing import closing, elsewise, questions, reason_to_act, this_call, why_them
from crm_sync.cadence.clocks import local_day, zone_named
from crm_sync.cadence.outcomes import OUTCOME_WORDS, RESULT_WORDS
from crm_sync.cadence.roles import Role, guess_role
from crm_sync.cadence.touches import merge_touches
from crm_sync.cadence.wording import say_day
from crm_sync.domain.dossiers import Preparation
from crm_sync.domain.touches import CallOutcome, Touch, TouchKind
from crm_sync.domain.values import light

LONGEST_SUBJECT = 200
_MOST_TOUCHES = 8

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
    return bool(clean(preparation.why) and clean(preparation.reason))


def write_brief(facts: BriefFacts) -> Brief:
    """Return the brief: a line without a fact is left out, or says what to find."""
    prepared, attempt, final = facts.preparation, facts.attempt, facts.final
    undated = "applied_date_unknown" in facts.flags
    told = (
        Section("Who", tuple(_who(facts))),
        Section("What was sent", tuple(_sent(facts))),
        Section("So far", tuple(_so_far(facts))),
        why_them(prepared.why, prepared.facts),
        reason_to_act(prepared.reason),
        Section("Opener", tuple(_opener(facts))),
        questions(attempt, _spoke_on(facts)),
        closing(facts.propose_on),
        elsewise(leaves_message=final and facts.message_on_last_call),
        this_call(attempt, facts.max_calls, final=final, undated=undated),
        Section("Your notes", tuple(_notes(facts))),
    )
    sections = tuple([section for section in told if section.lines])
    return Brief(facts.key, sections, facts.time_zone, facts.propose_on)


def subject(facts: BriefFacts) -> str:
    """Return "Call Jane Roe at Acme about Data Engineer: 2 of 4", shorter where a fact is missing."""
    name, company, title = clean(facts.callee_name), clean(facts.company), clean(facts.job_title)
    whom = f" {name} at {company}" if name and company else f" {name or company}" if name or company else ""
    count = f"{facts.attempt} of {facts.max_calls}"
    if facts.attempt > facts.max_calls:
        count = "promised call"
    words = f"Call{whom} about {title or 'your application'}"
    return f"{clip(words, LONGEST_SUBJECT - len(count) - 2)}: {count}"


def role_of(facts: BriefFacts) -> Role:
    """Return the role of the contact, guessed from the title where nobody told it."""
    return facts.role if facts.role is not None else guess_role(facts.callee_title)


def _who(facts: BriefFacts) -> Iterator[Line]:
    role, phone = role_of(facts), clean(facts.phone)
    if not phone:
        yield _said(FIND_NUMBER)
    name, title = clean(facts.callee_name), clean(facts.callee_title)
    person = f"{name}, {title}" if name and title else name or title
    if person:
        yield Line(person if role is Role.UNKNOWN else f"{person} ({role})")
    if phone and (role in (Role.HR, Role.GATEKEEPER) or not person):
        yield _said(FIND_PERSON)
    if phone:
        yield Line(f"Phone: {phone}")
    if email := clean(facts.email):
        yield Line(f"E-mail: {email}")
    if facts.time_zone is not None:
        yield _said(f"Time zone: {facts.time_zone}")
    else:
        yield _said("Their time zone is unknown, yours is assumed: look where they are before you call")


def _sent(facts: BriefFacts) -> Iterator[Line]:
    title, company = clean(facts.job_title), clean(facts.company)
    if title or company:
        yield Line(f"{title} at {company}" if title and company else title or company)
    if facts.applied_on is not None:
        yield _said(f"{'Told of it' if facts.told_by_phone else 'Applied'} on {say_day(facts.applied_on)}")
    for label, fact in (
        ("Source", facts.source),
        ("Requisition", facts.external_id),
        ("Place", facts.location),
        ("Salary", facts.salary),
        ("Posting", facts.job_url),
    ):
        if fact and (words := clean(fact)):
            yield Line(f"{label}: {words}")
    yield _said("Have your résumé at hand: offer to send it again while you speak")


def _so_far(facts: BriefFacts) -> Iterator[Line]:
    zone = _zone(facts)
    for touch in merge_touches(facts.touches, zone)[-_MOST_TOUCHES:] if facts.touches else ():
        yield Line(_touch_words(touch, local_day(touch.at, zone)))
        if clean(touch.note):
            yield Line(f"Noted: {clean(touch.note)}", private=True)
        if clean(touch.referred_to):
            yield Line(f"Referred to {clean(touch.referred_to)}", private=True)
    if facts.promised_on is not None:
        yield Line(f"They asked to be called on {say_day(facts.promised_on)}")


def _opener(facts: BriefFacts) -> Iterator[Line]:
    title, company = clean(facts.job_title), clean(facts.company)
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


def _notes(facts: BriefFacts) -> Iterator[Line]:
    notes = clean(facts.notes)
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
