"""The brief of a call task: what a caller needs at hand, on one screen (cadence 4.4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from crm_sync.cadence.brief_lines import Private, Section, clean, clip
from crm_sync.cadence.brief_standing import closing, elsewise, questions, reason_to_act, this_call, why_them
from crm_sync.cadence.clocks import local_day, zone_named
from crm_sync.cadence.outcomes import OUTCOME_WORDS, RESULT_WORDS
from crm_sync.cadence.roles import Role, guess_role
from crm_sync.cadence.touches import merge_touches
from crm_sync.cadence.wording import say_day
from crm_sync.domain.dossiers import Preparation
from crm_sync.domain.touches import CallOutcome, Touch, TouchKind
from crm_sync.domain.values import trusted

LONGEST_SUBJECT = 200
_MOST_TOUCHES = 8

FIND_NUMBER = "Find the number of the person this job reports to"
FIND_PERSON = "Find out who this job reports to, and ask for that person"
_ZONE_UNKNOWN = "Their time zone is unknown, yours is assumed: look where they are before you call"
_RESUME = "Have your résumé at hand: offer to send it again while you speak"
_MANNERS = "Be pleasant and enthusiastic; give your reason in ten seconds, then listen"


@trusted
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


@trusted
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
    company, job_title = clean(facts.company), clean(facts.job_title)
    sections = [
        Section("Who", tuple(_who(facts))),
        Section("What was sent", tuple(_sent(facts, job_title, company))),
    ]
    if so_far := _so_far(facts):
        sections.append(Section("So far", tuple(so_far)))
    sections += [
        why_them(prepared.why, prepared.facts),
        reason_to_act(prepared.reason),
        Section("Opener", (_opener(facts, job_title, company), _MANNERS)),
        questions(attempt, _spoke_on(facts)),
        closing(facts.propose_on),
        elsewise(leaves_message=final and facts.message_on_last_call),
        this_call(attempt, facts.max_calls, final=final, undated="applied_date_unknown" in facts.flags),
    ]
    if notes := clean(facts.notes):
        sections.append(Section("Your notes", (Private(notes),)))
    return Brief(facts.key, tuple(sections), facts.time_zone, facts.propose_on)


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


def _who(facts: BriefFacts) -> list[str]:
    lines = []
    role, phone = role_of(facts), clean(facts.phone)
    if not phone:
        lines.append(FIND_NUMBER)
    name, title = clean(facts.callee_name), clean(facts.callee_title)
    person = f"{name}, {title}" if name and title else name or title
    if person:
        lines.append(person if role is Role.UNKNOWN else f"{person} ({role})")
    if phone and (not person or role in (Role.HR, Role.GATEKEEPER)):
        lines.append(FIND_PERSON)
    if phone:
        lines.append(f"Phone: {phone}")
    if email := clean(facts.email):
        lines.append(f"E-mail: {email}")
    lines.append(_ZONE_UNKNOWN if facts.time_zone is None else f"Time zone: {facts.time_zone}")
    return lines


def _sent(facts: BriefFacts, title: str, company: str) -> list[str]:
    lines = []
    if title or company:
        lines.append(f"{title} at {company}" if title and company else title or company)
    if facts.applied_on is not None:
        lines.append(f"{'Told of it' if facts.told_by_phone else 'Applied'} on {say_day(facts.applied_on)}")
    if source := clean(facts.source):
        lines.append(f"Source: {source}")
    if requisition := clean(facts.external_id):
        lines.append(f"Requisition: {requisition}")
    if place := clean(facts.location):
        lines.append(f"Place: {place}")
    if salary := clean(facts.salary):
        lines.append(f"Salary: {salary}")
    if posting := clean(facts.job_url):
        lines.append(f"Posting: {posting}")
    lines.append(_RESUME)
    return lines


def _so_far(facts: BriefFacts) -> list[str]:
    lines = _told_of_touches(facts.touches, _zone(facts)) if facts.touches else []
    if facts.promised_on is not None:
        lines.append(f"They asked to be called on {say_day(facts.promised_on)}")
    return lines


def _told_of_touches(touches: tuple[Touch, ...], zone: ZoneInfo) -> list[str]:
    lines: list[str] = []
    for touch in merge_touches(touches, zone)[-_MOST_TOUCHES:]:
        lines.append(_touch_words(touch, local_day(touch.at, zone)))
        if note := clean(touch.note):
            lines.append(Private(f"Noted: {note}"))
        if referred_to := clean(touch.referred_to):
            lines.append(Private(f"Referred to {referred_to}"))
    return lines


def _opener(facts: BriefFacts, title: str, company: str) -> str:
    job = f"the {title} role" if title else "the role"
    where = f" at {company}" if company else ""
    if facts.promised_on is not None:
        return f"Say your name, then: “You suggested that I call about {job}{where}.”"
    if facts.attempt != 1:
        return f"Say your name, then: “I am calling about {job}{where}: it is the one I want.”"
    sent = f" on {say_day(facts.applied_on)}" if facts.applied_on is not None else ""
    how = "was told of" if facts.told_by_phone else "applied for"
    return f"Say your name, then: “I {how} {job}{where}{sent}, and it is the one I want.”"


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
