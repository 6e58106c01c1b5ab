"""What a snapshot changes in the dossiers of its user: new, changed, renamed, vanished (design 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from crm_sync.domain.applications import Application, RejectedRow, Snapshot
from crm_sync.domain.dossiers import Course, Dossier, Saying
from crm_sync.domain.values import replace
from crm_sync.planning.deciding import VANISHED_AFTER, VANISHED_LOOKS
from crm_sync.planning.matching import Matched, match
from crm_sync.planning.parties import resolve_company, resolve_contact
from crm_sync.planning.sayings import facts, hear_source, sources_of, without_source


@dataclass(slots=True)
class Intake:
    """The outcome of taking one snapshot in. ``dossiers`` holds those that changed, by key.

    ``vanished`` are those of ``shown_before`` that the source does not show for the first time.
    """

    source: str
    dossiers: dict[str, Dossier] = field(default_factory=dict)
    evidence: dict[tuple[str, str], str] = field(default_factory=dict)
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)
    unchanged: int = 0
    vanished: list[str] = field(default_factory=list)
    shown_before: int = 0
    rejected: tuple[RejectedRow, ...] = ()


def take_in(
    user: str,
    snapshot: Snapshot,
    known: Mapping[str, Dossier],
    evidence: Mapping[str, str],
    account_evidence: Mapping[str, str],
    *,
    now: datetime,
    today: date,
) -> Intake:
    """Return what the snapshot changes for *user*; *evidence* is the user's, *account_evidence* all's."""
    matching = match(user, snapshot.applications, known, evidence, snapshot.source)
    repeats = tuple(
        RejectedRow(a.row, a.sheet, f"duplicate of row {row}", a.cells) for a, row in matching.duplicates
    )
    intake = Intake(snapshot.source, rejected=(*snapshot.rejected, *repeats))
    parties = dict(account_evidence)
    for matched in matching.matched:
        _meet(intake, user, matched, known.get(matched.key), parties, now, today)
        intake.evidence |= {
            (user, e): matched.key for e in matched.evidence if evidence.get(e) != matched.key
        }
    _miss(intake, {m.key for m in matching.matched}, known, snapshot, now)
    return intake


def _meet(
    intake: Intake,
    user: str,
    matched: Matched,
    old: Dossier | None,
    parties: dict[str, str],
    now: datetime,
    today: date,
) -> None:
    application = matched.application
    sayings: tuple[Saying, ...] = ()
    if old is not None:
        application, sayings = hear_source(old, intake.source, application)
    company, contact = _parties(intake, application, old, parties)
    if old is None:
        course = Course(application.stage, today)
        dossier = Dossier(matched.key, user, application, course, company, contact, origin=intake.source)
        intake.new.append(matched.key)
    else:
        dossier = replace(
            old,
            application=application,
            course=_course(old, application, now),
            company_key=company,
            contact_key=contact,
            origin=intake.source,
            sayings=sayings,
        )
        _count(intake, matched, old, dossier)
    if dossier != old:
        intake.dossiers[matched.key] = dossier


def _count(intake: Intake, matched: Matched, old: Dossier, dossier: Dossier) -> None:
    if matched.renamed:
        intake.renamed.append(matched.key)
    if facts(old.application) != facts(dossier.application):
        intake.changed.append(matched.key)
    else:
        intake.unchanged += 1


def _course(old: Dossier, application: Application, now: datetime) -> Course:
    course = old.course
    number = application.contact_phone
    if number is not None and number != old.application.contact_phone:
        course = replace(course, phone=None, number_changed_at=now)
    if course.said_stage is not None and application.stage is not old.application.stage:
        course = replace(course, said_stage=None)
    if course.vanished_looks:
        course = replace(course, vanished_looks=0, vanished_at=None)
    return course


def _parties(
    intake: Intake, application: Application, old: Dossier | None, parties: dict[str, str]
) -> tuple[str | None, str | None]:
    found = []
    for resolve, held in (
        (
            resolve_company,
            old.company_key if old and old.application.company == application.company else None,
        ),
        (resolve_contact, None),
    ):
        party = resolve(application, parties)
        if party is None:
            found.append(held)
            continue
        for text in party.evidence:
            if text not in parties:
                parties[text] = held or party.id
                intake.evidence["", text] = held or party.id
        found.append(held or party.id)
    return found[0], found[1]


def _miss(
    intake: Intake, seen: set[str], known: Mapping[str, Dossier], snapshot: Snapshot, now: datetime
) -> None:
    """Note which rows a complete look did not show any more; an incomplete look misses nothing."""
    source = snapshot.source
    mine = [d for d in known.values() if source in sources_of(d)]
    intake.shown_before = sum(not d.course.vanished_looks for d in mine)
    if not snapshot.complete:
        return
    for dossier in mine:
        if dossier.key not in seen:
            _miss_one(intake, dossier, now)


def _miss_one(intake: Intake, dossier: Dossier, now: datetime) -> None:
    """A row that another source still shows has not vanished: this source only speaks of it no more."""
    if len(sources_of(dossier)) > 1:
        missed = without_source(dossier, intake.source)
    else:
        course = miss(dossier.course, now)
        missed = dossier if course is dossier.course else replace(dossier, course=course)
    if missed is not dossier:
        intake.dossiers[dossier.key] = missed
        if not dossier.course.vanished_looks:
            intake.vanished.append(dossier.key)


def miss(course: Course, now: datetime) -> Course:
    """Return the course after a complete look that did not show its row (the second counts after 12 h)."""
    if course.vanished_at is None:
        return replace(course, vanished_looks=1, vanished_at=now)
    if course.vanished_looks < VANISHED_LOOKS and now - course.vanished_at >= VANISHED_AFTER:
        return replace(course, vanished_looks=VANISHED_LOOKS)
    return course
