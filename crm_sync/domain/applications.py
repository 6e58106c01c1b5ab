"""What a connector hands over: applications, rejected rows, and a snapshot of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crm_sync.domain.stages import Stage
from crm_sync.domain.values import light

CANDIDATE = "candidate"
"""Flag of a row of an employer's own export: its contact is the candidate, not somebody at the employer."""


@light
@dataclass(frozen=True, slots=True)
class Application:
    """One job application by one person, in canonical form.

    Texts are the source's own, trimmed; an absent fact is None, never "". ``row`` is the physical line
    on which the record starts (text files, from 1), the sheet's row (workbooks, from 1) or the index in
    the list (JSON, from 0); ``sheet`` is the sheet's name or the member's path, None for one-table files.
    ``stage_word`` is the source's own word for the stage; ``cells`` are short prints of the row's raw
    cells, by which a renamed row is recognised. ``contact_*`` is the person at the employer (or, in an
    employer's own export, the candidate), never the applicant.
    """

    row: int
    sheet: str | None
    connector: str
    company: str | None
    job_title: str | None
    stage: Stage
    applied_on: date | None = None
    external_id: str | None = None
    company_domain: str | None = None
    job_url: str | None = None
    location: str | None = None
    contact_name: str | None = None
    contact_title: str | None = None
    contact_email: str | None = None
    contact_phone: str | None = None
    salary: str | None = None
    source: str | None = None
    notes: str | None = None
    next_action_on: date | None = None
    flags: tuple[str, ...] = ()
    stage_word: str | None = None
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that is no application: kept with its number, the reason, and its raw cells."""

    row: int
    sheet: str | None
    reason: str
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one source saw this time.

    ``complete`` is False where the look stopped early: then nothing may be concluded from a row's absence.
    ``bookmark`` names the content (for example a digest of the bytes): the same bookmark means the same
    content. ``notes`` are remarks for the person who reads the report.
    """

    source: str
    connector: str
    applications: Sequence[Application]
    rejected: Sequence[RejectedRow] = ()
    complete: bool = True
    bookmark: str | None = None
    notes: tuple[str, ...] = ()
