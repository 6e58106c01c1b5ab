"""The desk: a working copy of a user's part of the book, on which a run thinks before it writes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache, partial

from crm_sync.app.today import callee_day, made_today
from crm_sync.cadence.calendar import Calendar, calendar_for
from crm_sync.cadence.capacity import decide_all
from crm_sync.config.settings import Settings
from crm_sync.domain.applications import RejectedRow
from crm_sync.domain.decisions import Action, Decision
from crm_sync.domain.dossiers import CallTask, Course, Dossier, TaskState
from crm_sync.domain.keys import Key
from crm_sync.domain.links import UNMARKED, Link, Mark
from crm_sync.domain.stages import TERMINAL
from crm_sync.domain.touches import Touch
from crm_sync.domain.values import replace
from crm_sync.planning.callees import DO_NOT_CALL, asked_not_to_be_called, blocked_in
from crm_sync.planning.deciding import (
    VANISHED_LOOKS,
    cancel,
    case_of,
    dispute,
    follow,
    is_planned,
)
from crm_sync.planning.desired import deal_key, task_key
from crm_sync.planning.families import families, gathered, head_of
from crm_sync.planning.hearing import said_by_touches
from crm_sync.planning.intake import Intake
from crm_sync.planning.staging import enter, stage_in_force, stands, wished_stage
from crm_sync.planning.vanishing import Missing
from crm_sync.ports import Ledger

CalleeDays = Mapping[str, Collection[date]]


@dataclass(slots=True)
class Desk:
    """Dossiers, touches and links of one user, as they would be; ``before`` is how they were found.

    Nothing here is written anywhere: a run takes ``changed_dossiers`` and ``new_touches`` from it.
    ``touches`` stand under the application that speaks for theirs. ``new_links`` are those that a person's
    word changed.
    """

    settings: Settings
    before: Mapping[str, Dossier]
    dossiers: dict[str, Dossier]
    touches: dict[str, tuple[Touch, ...]]
    evidence: dict[str, str]
    account_evidence: dict[str, str]
    links: dict[Key, Link] = field(default_factory=dict)
    new_links: dict[Key, Link] = field(default_factory=dict)
    new_touches: list[Touch] = field(default_factory=list)
    new_evidence: dict[tuple[str, str], str] = field(default_factory=dict)
    rejected: dict[str, tuple[RejectedRow, ...]] = field(default_factory=dict)

    @property
    def changed_dossiers(self) -> tuple[Dossier, ...]:
        """Return the dossiers that differ from what the book holds."""
        return tuple(d for key, d in self.dossiers.items() if d is not self.before.get(key))

    def put(self, dossiers: Iterable[Dossier]) -> None:
        """Lay changed dossiers on the desk."""
        self.dossiers.update((d.key, d) for d in dossiers)

    def change(self, key: str, course: Course) -> None:
        """Replace the course of one dossier."""
        self.dossiers[key] = replace(self.dossiers[key], course=course)

    def relink(self, link: Link) -> None:
        """Replace a link because a person's word changed it."""
        self.links[link.key] = self.new_links[link.key] = link

    def add_touches(self, touches: Iterable[Touch]) -> None:
        """Add touches, each id once (the later word about the same id replaces the earlier)."""
        for touch in touches:
            head = head_of(touch.application, self.dossiers)
            others = [t for t in self.touches.get(head, ()) if t.id != touch.id]
            self.touches[head] = tuple(sorted([*others, touch], key=lambda t: (t.at, t.id)))
            self.new_touches.append(touch)

    def take(self, intake: Intake) -> None:
        """Lay the outcome of reading a source on the desk."""
        self.put(intake.dossiers.values())
        self.new_evidence |= intake.evidence
        for (owner, text), ident in intake.evidence.items():
            (self.evidence if owner else self.account_evidence).setdefault(text, ident)
        self.rejected[intake.source] = intake.rejected

    def let_go(self) -> None:
        """Forget what was written down, which makes room: from here on only the links are needed."""
        self.before, self.dossiers, self.touches = {}, {}, {}
        self.evidence, self.account_evidence, self.new_evidence, self.new_touches = {}, {}, {}, []
        self.new_links = {}

    def look_again(self, source: str, order: Sequence[str] = ()) -> None:
        """Count an unchanged source as a look: what it did not show, it still does not show."""
        kin = families(self.dossiers)
        self.put(list(Missing(source, self.dossiers, kin, order, self.settings.now).looked_again()))


def open_desk(ledger: Ledger, account: str, settings: Settings, shared: dict[str, str] | None = None) -> Desk:
    """Return the desk of the settings' user with everything the book holds of them.

    *shared* is the account's evidence where it was read already: what the run finds out is added to it.
    """
    dossiers = ledger.dossiers(account, settings.user)
    return Desk(
        settings,
        dossiers,
        dict(dossiers),
        gathered(ledger.touches(account, settings.user), dossiers),
        dict(ledger.evidence(account, settings.user)),
        dict(ledger.evidence(account, "")) if shared is None else shared,
    )


def calendar_of(settings: Settings) -> Calendar:
    """Return the owner's calendar of callable days; without a country only weekends are kept free."""
    days_off = frozenset(settings.days_off)
    return _calendar(settings.country, settings.subdivision, settings.now.year, days_off)


@lru_cache(maxsize=16)
def _calendar(country: str | None, subdivision: str | None, year: int, days_off: frozenset[date]) -> Calendar:
    if country is None:
        return Calendar(owner_days_off=days_off)
    try:
        return calendar_for(country, subdivision, [year, year + 1], days_off)
    except ValueError:  # a country of the system's locale that the library does not know
        return Calendar(owner_days_off=days_off)


def decide(desk: Desk, callee_days: CalleeDays) -> None:
    """Let the stages come into force and decide all of the user's applications in one pass.

    *callee_days* are the days on which other users of the account are due to call a person.
    """
    _notice_removals(desk)
    _prune_ended(desk)
    _bring_stages_into_force(desk)
    settings, today = desk.settings, desk.settings.today
    blocked = _blocked(desk)
    cases = {}
    elsewhere: dict[date, int] = {
        day: made for (_, day), made in made_today(lambda _: settings, desk.dossiers, desk.touches).items()
    }
    for key, dossier in desk.dossiers.items():
        if dossier.merged_into:
            continue
        if is_planned(dossier) and not dossier.course.stage_disputed:
            cases[key] = case_of(dossier, desk.touches.get(key, ()), blocked, settings.policy)
        else:
            _rest(desk, dossier)
            _count_open(elsewhere, desk.dossiers[key], callee_day(settings, dossier, settings.now))
    decisions = decide_all(
        cases,
        now=settings.now,
        calendar=calendar_of(settings),
        daily_capacity=settings.calls_per_day,
        owner_time_zone=settings.time_zone,
        elsewhere=elsewhere,
        callee_days=callee_days,
    )
    follow_once = lru_cache(maxsize=4096)(partial(follow, today=today))  # those alike share their course
    for key, decision in decisions.items():
        course = desk.dossiers[key].course
        followed = follow_once(course, decision)
        if course.decision is None or followed != course:
            desk.change(key, followed)


def _rest(desk: Desk, dossier: Dossier) -> None:
    """Deal with what the cadence has no say about: removed, vanished, or in dispute."""
    course = dossier.course
    if course.deal_removed or course.vanished_looks >= VANISHED_LOOKS:
        removed = "undone" if course.undone else "deal_removed"
        reason = removed if course.deal_removed else "row_vanished"
        rested = replace(cancel(course), decision=Decision(Action.STOP, reason), decide_on=None)
    else:
        ended = cancel(course) if {wished_stage(dossier), course.stage} & TERMINAL else course
        rested = dispute(ended)
    if rested != course:
        desk.change(dossier.key, rested)


def _blocked(desk: Desk) -> frozenset[str]:
    """Return who is not to be called, and lay on the desk what the other users do not know of yet."""
    for identity, key in asked_not_to_be_called(desk.dossiers.values(), desk.touches).items():
        text = f"{DO_NOT_CALL}{identity}"
        if text not in desk.account_evidence:
            desk.account_evidence[text] = desk.new_evidence["", text] = key
    return blocked_in(desk.account_evidence)


def _count_open(load: dict[date, int], dossier: Dossier, today: date) -> None:
    """Count an open call that stays; an overdue one counts into today."""
    task = dossier.course.open_task
    if task is not None:
        day = max(task.day, today)
        load[day] = load.get(day, 0) + 1


def _bring_stages_into_force(desk: Desk) -> None:
    settings = desk.settings
    today, undo = settings.today, timedelta(hours=settings.policy.undo_hours)
    for key, dossier in list(desk.dossiers.items()):
        if dossier.merged_into:
            continue
        touches = desk.touches.get(key)
        if not touches and stands(dossier):
            continue
        course = said_by_touches(dossier, touches) if touches else dossier.course
        if course is not dossier.course:
            dossier = replace(dossier, course=course)
        force = stage_in_force(dossier, _stage_mark(desk, dossier))
        course = enter(course, force.stage, at=settings.now, today=today, undo=undo)
        if course.stage_disputed != force.disputed:
            course = replace(course, stage_disputed=force.disputed)
        if course.crm_stage is not None and not force.by_person:
            course = replace(course, crm_stage=None)
        if course is not desk.dossiers[key].course:
            desk.change(key, course)


def _stage_mark(desk: Desk, dossier: Dossier) -> Mark:
    """Return the deal's mark for its stage, which only matters where a person set one in the CRM."""
    link = desk.links.get(deal_key(dossier)) if dossier.course.crm_stage is not None else None
    return link.mark("stage") if link else UNMARKED


def _notice_removals(desk: Desk) -> None:
    """Draw the conclusions where a look-up, and no word of the CRM, showed that a person removed a record."""
    for key, dossier in list(desk.dossiers.items()) if desk.links else ():
        if dossier.merged_into:
            continue
        course, task = dossier.course, dossier.course.task
        link = desk.links.get(deal_key(dossier))
        if link is not None and link.retired and not course.deal_removed:
            course = replace(course, deal_removed=True)
        elif task is not None and task.state is TaskState.OPEN:
            held = desk.links.get(task_key(dossier, task))
            if held is not None and held.retired:
                gone = replace(task, state=TaskState.DELETED_BY_USER)
                course = replace(course, task=gone, resumed_after_delete=False)
        if course is not dossier.course:
            desk.change(key, course)


def _prune_ended(desk: Desk) -> None:
    """Forget the earlier tasks whose end has reached the CRM (or which never got there)."""
    for dossier in [d for d in desk.dossiers.values() if d.course.earlier]:
        waiting = tuple(t for t in dossier.course.earlier if not _end_settled(desk, dossier, t))
        if len(waiting) != len(dossier.course.earlier):
            desk.change(dossier.key, replace(dossier.course, earlier=waiting))


def _end_settled(desk: Desk, dossier: Dossier, task: CallTask) -> bool:
    link = desk.links.get(task_key(dossier, task))
    return link is None or link.is_over
