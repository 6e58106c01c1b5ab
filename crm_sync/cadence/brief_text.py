"""A brief as plain text: for terminals, and for CRMs that show no HTML."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from crm_sync.cadence.brief import Brief
from crm_sync.cadence.brief_lines import Private, Section
from crm_sync.cadence.wording import say_day


def as_text(brief: Brief, *, callee_now: datetime | None = None) -> str:
    """Return the brief for a terminal, private lines and the commands to log with included.

    *callee_now* is the present time on the callee's clock; it is told with the first section.
    """
    blocks = []
    for place, section in enumerate(brief.sections):
        lines = [f"  {line}" for line in section.lines]
        if place == 0 and callee_now is not None:
            lines.append(f"  Their time now: {say_day(callee_now.date())}, {callee_now:%H:%M}")
        blocks.append("\n".join([section.title, *lines]))
    blocks.append("\n".join(["To log it", *(f"  {command}" for command in _commands(brief))]))
    return "\n\n".join(blocks) + "\n"


def as_plain(brief: Brief, marker: str, *, with_private: bool = False) -> str:
    """Return the brief for a CRM that shows plain text, ending with the marker; no time of day in it."""
    text = told(brief, with_private)
    return f"{text}\n\n{marker}" if text else marker


def told(brief: Brief, with_private: bool) -> str:
    """Return the sections with the lines that may leave the house; empty sections are left out."""
    blocks = [section_text(section, with_private) for section in brief.sections]
    return "\n\n".join(filter(None, blocks))


def section_text(section: Section, with_private: bool) -> str:
    """Return a section's heading and those of its lines that may be told; nothing where there is no line."""
    lines = section.lines if with_private else [line for line in section.lines if type(line) is not Private]
    return "\n".join([section.title, *lines]) if lines else ""


def _commands(brief: Brief) -> Iterator[str]:
    yield f"crm-sync log {brief.key} no_answer"
    yield f"crm-sync log {brief.key} connected --result in_process"
    if brief.propose_on is not None:
        yield f"crm-sync log {brief.key} connected --result call_back --call-back {_iso(brief.propose_on)}"
    yield f"crm-sync log {brief.key} connected --result no_interest"


def _iso(day: date) -> str:
    return day.isoformat()
