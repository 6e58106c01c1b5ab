"""What a snapshot changes in the dossiers of its user: new, changed, renamed, vanished (design 4)."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from crm_sync.domain.applications import Application, RejectedRow, Snapshot
from crm_sync.domain.dossiers import Course, Dossier, Saying
from crm_sync.domain.values import replace
from crm_sync.planning.families import families, head_of, standing, words_of_all
from crm_sync.planning.matching import Matched, match
from crm_sync.planning.parties import belonging
from crm_sync.planning.sayings import News, by_order, facts, told_together, word_of, words_of
from crm_sync.planning.vanishing import Missing, misses, told_by


@dataclass(slots=True)
class Intake:
    """The outcome of taking one snapshot in. ``dossiers`` holds those that changed, by key.

    ``vanished`` are those of ``shown_before`` that the source does not show for the first time. ``joined``
    are those that another source had told of, and this one now tells of for the first time.
    """

    source: str
    dossiers: dict[str, Dossier] = field(default_factory=dict)
    evidence: dict[tuple[str, str], str] = field(default_factory=dict)
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)
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
    order: Sequence[str] = (),
) -> Intake:
    """Return what the snapshot changes for *user*; *evidence* is the user's, *account_evidence* all's.

    *order* names the sources of the configuration, the one that is asked first first.
    """
    matching = match(user, snapshot.applications, known, evidence, snapshot.source)
    repeats = tuple(
        RejectedRow(a.row, a.sheet, f"duplicate of row {row}", a.cells) for a, row in matching.duplicates
    )
    intake = Intake(snapshot.source, rejected=(*snapshot.rejected, *repeats))
    table = _Table(intake, user, known, account_evidence, order, now, today)
    for matched in matching.matched:
        table.meet(matched)
        key = matched.key
        for text in matched.evidence:
            if evidence.get(text) != key:
                intake.evidence[user, text] = key
    table.miss({m.key for m in matching.matched}, complete=snapshot.complete)
    return intake


class _Table:
    """The rows of one look beside what is known, one after the other."""

    def __init__(
        self,
        intake: Intake,
        user: str,
        known: Mapping[str, Dossier],
        account_evidence: Mapping[str, str],
        order: Sequence[str],
        now: datetime,
        today: date,
    ) -> None:
        self._intake = intake
        self._user = user
        self._known = known
        self._parties = dict(account_evidence)
        self._order = order
        self._now, self._today = now, today
        self._kin = families(known)
        self._all: Mapping[str, Dossier] = ChainMap(intake.dossiers, known)  # type: ignore[arg-type]

    def meet(self, matched: Matched) -> None:
        """Take one row in."""
        old = self._known.get(matched.key)
        if old is None:
            self._begin(matched)
        elif old.sayings or old.merged_into or old.origin != self._intake.source:
            self._hear_one_of_several(matched, self._all[matched.key])
        else:
            course = old.course
            if course.vanished_looks:
                course = replace(course, vanished_looks=0, vanished_at=None)
            self._update(matched, old, course, old.origin, matched.application)

    def miss(self, seen: set[str], *, complete: bool) -> None:
        """Note which rows a complete look did not show any more; an incomplete look misses nothing."""
        intake, source = self._intake, self._intake.source
        mine = told_by(source, self._known)
        shown = {dossier.key for dossier in mine if not misses(dossier, source)}
        intake.shown_before = len(shown)
        if complete:
            unseen = [self._all[dossier.key] for dossier in mine if dossier.key not in seen]
            missing = Missing(source, self._all, self._kin, self._order, self._now)
            intake.dossiers.update((dossier.key, dossier) for dossier in list(missing.missed(unseen)))
            intake.vanished += [dossier.key for dossier in unseen if dossier.key in shown]

    def _begin(self, matched: Matched) -> None:
        application, source = matched.application, self._intake.source
        company, contact = self._parties_of(application, None)
        course = _beginning(application.stage, self._today)
        dossier = Dossier(matched.key, self._user, application, course, company, contact, origin=source)
        self._intake.new.append(matched.key)
        self._intake.dossiers[matched.key] = dossier

    def _hear_one_of_several(self, matched: Matched, old: Dossier) -> None:
        """Let one source of several speak, and the application be told by all of them together."""
        source, order = self._intake.source, self._order
        said, before = Saying(source, matched.application), word_of(old, source)
        if before is None:
            self._intake.joined.append(matched.key)
        words = tuple([said if word.source == source else word for word in words_of(old)])
        own = replace(old, sayings=words if before is not None else (*words, said))
        if own.merged_into:
            own = replace(own, application=told_together(own.sayings, order))
        if own != old:
            self._intake.dossiers[own.key] = own
        head = self._all[head_of(own.key, self._all)]
        told = words_of_all(head.key, self._kin, self._all)
        application = told_together(told, order, head.application, News(before, matched.application))
        origin = by_order(words_of(head), order)[0].source
        self._update(matched, head, standing(head.course, told), origin, application)

    def _update(
        self, matched: Matched, old: Dossier, course: Course, origin: str, application: Application
    ) -> None:
        """Lay the application down as it is told now, where that changes anything."""
        company, contact = self._parties_of(application, old)
        dossier = replace(
            old,
            application=application,
            course=_course(old, course, application, self._now),
            company_key=company,
            contact_key=contact,
            origin=origin,
        )
        self._count(matched, old.application, application)
        if dossier != old:
            self._intake.dossiers[dossier.key] = dossier

    def _count(self, matched: Matched, old: Application, new: Application) -> None:
        if matched.renamed:
            self._intake.renamed.append(matched.key)
        if facts(old) != facts(new):
            self._intake.changed.append(matched.key)
        else:
            self._intake.unchanged += 1

    def _parties_of(self, application: Application, old: Dossier | None) -> tuple[str | None, str | None]:
        company, contact, news = belonging(application, old, self._parties)
        for text, ident in news.items():
            self._parties[text] = self._intake.evidence["", text] = ident
        return company, contact


_beginning = lru_cache(maxsize=64)(Course)
"""Applications that begin alike share their course."""


def _course(old: Dossier, course: Course, application: Application, now: datetime) -> Course:
    number = application.contact_phone
    if number is not None and number != old.application.contact_phone:
        course = replace(course, phone=None, number_changed_at=now)
    if course.said_stage is not None and application.stage is not old.application.stage:
        course = replace(course, said_stage=None)
    return course
