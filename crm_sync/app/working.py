"""One run that has something to think about, step by step (design 3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from crm_sync.app.apply import Builder, Progress
from crm_sync.app.briefs import text_maker
from crm_sync.app.closing import closing_entry
from crm_sync.app.desk import decide, open_desk
from crm_sync.app.diary import Diary, told_of
from crm_sync.app.gather import Look, Unchanged, states_after
from crm_sync.app.house import House, Wishes, Words, clock
from crm_sync.app.others import days_of_others, due_now, not_to_be_called_any_more
from crm_sync.app.overheard import overhear
from crm_sync.app.recovery import begin_anew, cursor_after, settle_strays, take_up
from crm_sync.app.report import Outage, Report
from crm_sync.app.sourcing import source_order
from crm_sync.app.telling import tell_asks, tell_plan, tell_sources
from crm_sync.config.settings import Settings
from crm_sync.domain.applications import Snapshot
from crm_sync.domain.items import Item, Remote, RemoteId
from crm_sync.domain.journal import Line
from crm_sync.domain.keys import Key, Kind
from crm_sync.domain.links import Link
from crm_sync.errors import CrmSyncError, UnsafePlan
from crm_sync.planning.chronicle import chronicle, touch_lines
from crm_sync.planning.desired import Basis, days_of_tasks, desired, keys_of
from crm_sync.planning.drafts import Drafts, unheard_of
from crm_sync.planning.forgotten import without_forgotten
from crm_sync.planning.intake import Intake, take_in
from crm_sync.planning.operations import Plan
from crm_sync.planning.plan import digest, needs_a_look, plan, waits_for_its_deal
from crm_sync.planning.safety import guard_cancelled, guard_vanished
from crm_sync.ports import Changes, Entry, Lease, Run


class Working:
    """One run that has something to think about."""

    def __init__(
        self,
        house: House,
        record: Run,
        looks: Sequence[Look],
        words: Words | None,
        wishes: Wishes,
        progress: Progress,
        lease: Lease | None,
        shared: dict[str, str] | None = None,
    ) -> None:
        self.house = house
        self.looks = looks
        self.words = words
        self.wishes = wishes
        self.progress = progress
        self.lease = lease
        self.diary = Diary(record)
        self.lines: list[Line] = []
        self.report = Report(house.settings.user, house.account.name)
        self.joined = 0
        self.fresh: list[str] = []
        self.desk = open_desk(house.ledger, house.account.name, house.settings, shared)
        self.has_written = False
        self.heard_elsewhere: list[str] = []
        self.stopped: CrmSyncError | None = None

    def go(self, changes: Changes, first_look: Changes) -> Report:
        """Carry the run out; *first_look* is all that a new book was told of the CRM."""
        if self.lease is not None:
            self.house.ledger.record(Entry(self.house.account.name, run=self.diary.run), self.lease)
        if changes.anew:
            self.report.notes.append(begin_anew(self.house, self.desk, self.lease))
        self._load_links()
        others = Entry(self.house.account.name) if changes.anew else self._hear(changes)
        self._take_looks()
        tell_sources(self.report, self.desk, self.joined, self.fresh)
        self.report.notes += take_up(self.house, self.desk, first_look)
        if self.words is not None:
            self.words(self.desk)
        self._load_links()
        decide(self.desk, days_of_others(self.house, self.desk))
        self._load_links()
        items, drafts = self._items()
        settle_strays(self.house, self.desk, items, self.lease)
        plan_, looked = self._plan(items)
        self._tell(plan_, drafts)
        self._guard(plan_)
        if self.lease is not None:
            self._write_down(changes, others)
            self.desk.let_go()
            self._build(plan_, drafts, items, looked, self.lease, changes)
        return self.report

    def _hear(self, changes: Changes) -> Entry:
        """Hear what people did; return what it means for other users of the account."""
        told = overhear(self.house, self.desk, changes)
        self.lines += told.journal
        self.report.heard += told.lines
        self.heard_elsewhere = told.elsewhere
        return told.entry

    # --- sources -------------------------------------------------------------------------------------

    def _take_looks(self) -> None:
        settings = self.house.settings
        for look in self.looks:
            match look:
                case Outage():
                    self.report.outages.append(look)
                case Unchanged(state):
                    self.desk.look_again(state.source, source_order(settings))
                    self.report.unchanged += state.applications
                    self.report.rejected += [(state.source, row) for row in state.rejected]
                case Snapshot():
                    self._take(look, settings)

    def _take(self, snapshot: Snapshot, settings: Settings) -> None:
        snapshot, forgotten = without_forgotten(
            settings.user, snapshot, self.house.ledger.forgotten(self.house.account.name)
        )
        self.report.forgotten += forgotten
        intake = take_in(
            settings.user,
            snapshot,
            self.desk.dossiers,
            self.desk.evidence,
            self.desk.account_evidence,
            now=settings.now,
            today=settings.today,
            order=source_order(settings),
        )
        if self._is_set_aside(snapshot.source, intake):
            return
        self.desk.take(intake)
        self.joined += len(intake.joined)
        self.fresh += intake.new
        self.report.created += len(intake.new)
        self.report.updated += len(intake.changed)
        self.report.unchanged += intake.unchanged
        self.report.renamed += len(intake.renamed)
        self.report.vanished += len(intake.vanished)
        self.report.rejected += [(snapshot.source, row) for row in intake.rejected]
        self.report.notes += snapshot.notes

    def _is_set_aside(self, source: str, intake: Intake) -> bool:
        """Set one of several sources aside where a guard refuses it; raise UnsafePlan for the only one."""
        try:
            if not self.wishes.allow_loss:
                guard_vanished(source, intake.shown_before, len(intake.vanished))
        except UnsafePlan as error:
            if len(self.looks) == 1:
                raise
            self.report.outages.append(Outage(source, error.message, error.hint, unsafe=True))
            return True
        return False

    # --- planning ------------------------------------------------------------------------------------

    def _load_links(self) -> None:
        """Load the links of every key that may be wished and is not on the desk yet.

        There are none before the first cursor was written down, which comes before anything is made.
        """
        if self.house.ledger.cursor(self.house.account.name) is None:
            return
        keys = {
            key
            for dossier in self.desk.dossiers.values()
            for key in keys_of(dossier, self.desk.touches.get(dossier.key, ()))
        }
        missing = keys - self.desk.links.keys()
        if missing:
            self.desk.links.update(self.house.ledger.links(self.house.account.name, missing))

    def _items(self) -> tuple[list[Item], Drafts]:
        """Return what should be in the CRM, and apart from it what is new there and written out later.

        In the order of keys, for in that order it will be written. A plan that is shown is whole.
        """
        settings, desk = self.house.settings, self.desk
        owner = settings.user if self.house.account.kind == "local" else settings.owner
        basis = Basis(desk.touches, desk.links, text_maker(desk), owner)
        dossiers = [desk.dossiers[key] for key in sorted(desk.dossiers)]
        is_shown = self.wishes.plan_only or self.wishes.expect is not None
        fresh = [] if is_shown else list(unheard_of(dossiers, desk.touches, desk.links))
        later = {dossier.key for dossier in fresh}
        return list(desired(dossiers, basis, desk.account_evidence, later)), Drafts(fresh, basis)

    def _plan(self, items: Iterable[Item]) -> tuple[Plan, list[Item]]:
        if self.wishes.retry_failed:
            self._forgive()
        known = self.desk.links
        needed = _to_be_looked_at(items, known) if known else list(items)
        tried = [item.key for item in needed if _was_tried(known.get(item.key))]
        wanted = {key: _remote_id(known.get(key)) for key in tried}
        found: dict[Key, Remote] = dict(self.house.crm.look_up(wanted)) if tried else {}
        strangers = [i for i in needed if i.key.kind in _PARTIES and i.key not in found]
        unlinked = [i for i in strangers if _remote_id(known.get(i.key)) is None]
        if unlinked:
            found |= self.house.crm.find(unlinked)
        return plan(needed, known, found), needed

    def _forgive(self) -> None:
        """Forget refusals, so that what the CRM refused is tried again."""
        for key, link in self.desk.links.items():
            if link.refused is not None:
                self.desk.links[key] = replace(link, refused=None, refusal=None)

    def _tell(self, plan_: Plan, drafts: Drafts) -> None:
        standing = {s.conflict for s in self.house.ledger.conflicts(self.house.account.name)}
        if self.wishes.plan_only or self.wishes.expect is not None:
            self.report.digest = digest(plan_, days_of_tasks(self.desk.dossiers.values()))
        tell_plan(self.report, plan_, standing, drafts.counts())
        tell_asks(self.report, self.desk.dossiers)

    def _guard(self, plan_: Plan) -> None:
        open_tasks = sum(d.course.open_task is not None for d in self.desk.before.values())
        if not self.wishes.allow_loss and self.words is None:
            guard_cancelled(plan_, open_tasks)
        if self.wishes.expect is not None and self.wishes.expect != self.report.digest:
            raise UnsafePlan(
                f"the plan is now {self.report.digest}, not {self.wishes.expect} as reviewed",
                "Something changed since the plan was shown. Look at it again with --plan.",
            )

    # --- writing -------------------------------------------------------------------------------------

    def _write_down(self, changes: Changes, others: Entry) -> None:
        """Write what was heard and decided, with a run that has not ended, before the CRM is touched."""
        assert self.lease is not None
        self.lines += touch_lines(self.desk.new_touches, self.desk.dossiers)
        self.lines += chronicle(self.desk.before, self.desk.changed_dossiers)
        told = not_to_be_called_any_more(self.house, self.desk) | {d.key: d for d in others.dossiers}
        entry = replace(
            others,
            links=tuple({**{link.key: link for link in others.links}, **self.desk.new_links}.values()),
            dossiers=(*due_now(told.values()), *self.desk.changed_dossiers),
            touches=(*others.touches, *self.desk.new_touches),
            evidence=self.desk.new_evidence,
            cursor=changes.cursor,
            at=clock(),
            journal=self.diary.pages(self.lines),
        )
        self.house.ledger.record(entry, self.lease)
        self.has_written = True

    def _build(
        self,
        plan_: Plan,
        drafts: Drafts,
        items: list[Item],
        looked: list[Item],
        lease: Lease,
        changes: Changes,
    ) -> None:
        builder = Builder(
            self.house.crm,
            self.house.ledger,
            lease,
            self.desk.links,
            {item.key: item for item in items},
            self.diary,
            self.house.stop,
        )
        built = builder.build(plan_, drafts, self.progress)
        self.report.failures, self.stopped = built.failures, built.stopped
        if built.stopped is not None:
            self.report.stopped = f"{built.stopped.message}. {built.stopped.hint}".strip()
        told = told_of(self.report, self.looks, built)
        entry = closing_entry(self.house, plan_, looked, built, replace(self.diary.run, report=told))
        if built.complete:
            sources = states_after(self.looks, self.desk.rejected, self.house.settings)
            entry = replace(entry, sources=sources)
        cursor = cursor_after(self.house, changes) if built.stopped is None else None
        self.house.ledger.record(replace(entry, cursor=cursor), lease)


_PARTIES = frozenset({Kind.COMPANY, Kind.CONTACT})


def _to_be_looked_at(items: Iterable[Item], known: Mapping[Key, Link]) -> list[Item]:
    moved = [item for item in items if needs_a_look(item, known)]
    asked = {item.key for item in moved}
    return [item for item in moved if not waits_for_its_deal(item, known, asked)]


def _remote_id(link: Link | None) -> RemoteId | None:
    return link.remote_id if link else None


def _was_tried(link: Link | None) -> bool:
    return link is not None and (link.attempted or link.remote_id is not None)
