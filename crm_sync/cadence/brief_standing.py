"""Sections that stand in many briefs as they are: each is written once."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from crm_sync.cadence.brief_lines import Section, clean
from crm_sync.cadence.questions import closing_question, questions_for

_MOST_FACTS = 5
_PROMISED = "A promised call: it comes on top of the planned ones"


@lru_cache(maxsize=1024)
def why_them(why: str | None, facts: tuple[str, ...]) -> Section:
    """Return why this company, and what is known of it: the caller's own words, else what to find."""
    lines = [clean(why) or "Find one reason why you chose this company and nobody else, before you call"]
    known = [fact for fact in map(clean, facts) if fact][:_MOST_FACTS]
    lines += [f"Fact: {fact}" for fact in known]
    if not known:
        lines.append("Find two facts about them: a product, a customer, a piece of news")
    return Section("Why this company", tuple(lines), standing=True)


@lru_cache(maxsize=1024)
def reason_to_act(reason: str | None) -> Section:
    """Return the reason to act now in the caller's own words, else what to find."""
    words = clean(reason) or "Find one result of yours that this team could use now"
    return Section("Reason to act now", (words,), standing=True)


@lru_cache(maxsize=2)
def elsewise(*, leaves_message: bool) -> Section:
    """Return what to do where somebody else, or nobody, answers."""
    voicemail = (
        "Voicemail: leave one: name, role, one reason, your number twice"
        if leaves_message
        else "Voicemail: hang up without a message; the next call is planned all the same"
    )
    gatekeeper = "Gatekeeper: ask when the person this job reports to can be reached, and note the name"
    return Section("If somebody else answers", (voicemail, gatekeeper), standing=True)


@lru_cache(maxsize=1024)
def this_call(attempt: int, max_calls: int, *, final: bool, undated: bool) -> Section:
    """Return which call this is, and what to log; *undated*: the day of application is not known."""
    planned = attempt <= max_calls
    lines = [f"Attempt {attempt} of {max_calls}" if planned else _PROMISED]
    if final:
        lines.append("The last call: without an answer nothing more is planned, and that is no rejection")
    if undated:
        lines.append("The day of application is not known: find it in your mail")
    lines.append("Log the outcome, the result, the day they name, a referral, a note")
    return Section("This call", tuple(lines), standing=True)


@lru_cache(maxsize=1024)
def questions(attempt: int, spoke_on: date | None) -> Section:
    """Return the open questions of this attempt."""
    return Section("Ask", questions_for(attempt, spoke_on), standing=True)


@lru_cache(maxsize=1024)
def closing(propose_on: date | None) -> Section:
    """Return the question that ends the call."""
    return Section("Close", (closing_question(propose_on),), standing=True)
