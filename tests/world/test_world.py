"""A small world: files that change, people who edit and remove, a sync that may die at any step."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from crm_sync.app.desk import Desk
from crm_sync.app.gather import Look, Unchanged
from crm_sync.app.report import Report
from crm_sync.app.sync import House, Wishes, run
from crm_sync.app.words import LoggedCall, log, resume, snooze
from crm_sync.cadence.policy import named
from crm_sync.config.settings import Settings
from crm_sync.crms.local import LocalCrm
from crm_sync.domain.applications import Application, Snapshot
from crm_sync.domain.dossiers import TaskState
from crm_sync.domain.items import Change, Remote
from crm_sync.domain.keys import Key, Kind
from crm_sync.domain.links import Mark, fingerprint
from crm_sync.domain.stages import TERMINAL, Stage
from crm_sync.domain.touches import CallOutcome, CallResult
from crm_sync.errors import CrmUnavailable, UsageError
from crm_sync.ledger.memory import MemoryLedger
from crm_sync.ledger.sql import open_ledger
from tests.world.faults import Crash, FaultyCrm, FaultyLedger, Fuse, TwinningCrm

USER, SOURCE = "me", "tracker.csv"
START = datetime(2027, 2, 1, 14, 0, tzinfo=UTC)

ROWS = st.sampled_from(["a", "b", "c"])
STAGES = st.sampled_from([Stage.APPLIED, Stage.INTERVIEWING, Stage.REJECTED, Stage.UNKNOWN, Stage.SAVED])
CRM_STAGES = st.sampled_from([Stage.APPLIED, Stage.INTERVIEWING, Stage.REJECTED, Stage.OFFER])
FAULTS = st.sampled_from(["crash", "crash", "outage", "lost", "refusal"])
OUTCOMES = st.sampled_from([CallOutcome.NO_ANSWER, CallOutcome.BUSY, CallOutcome.CONNECTED])
RESULTS = st.sampled_from([CallResult.IN_PROCESS, CallResult.INTERVIEW, CallResult.NO_INTEREST])


def row(ident: str, stage: Stage = Stage.APPLIED, **more: Any) -> Application:
    """Return one row: two of the three rows are at the same company, and two share a contact."""
    company = "Acme" if ident in "ab" else "Bolt"
    email = "jane@acme.example" if ident in "ab" else None
    return Application(
        row=ord(ident),
        sheet=None,
        connector="spreadsheet",
        company=company,
        job_title=f"Engineer {ident}",
        stage=stage,
        applied_on=date(2027, 1, 28),
        external_id=f"id-{ident}",
        contact_email=email,
        contact_name="Jane Roe" if email else None,
        cells=(company, f"Engineer {ident}", f"id-{ident}"),
        **more,
    )


def settings_at(now: datetime, calls_per_day: int | None = 2) -> Settings:
    return Settings(
        user=USER,
        home=Path(),
        database="",
        now=now,
        rehearsal=True,
        time_zone="America/New_York",
        country=None,
        subdivision=None,
        locale=None,
        days_off=frozenset(),
        calls_per_day=calls_per_day,
        policy=named("steady"),
        policy_name="steady",
    )


class World(RuleBasedStateMachine):
    """Everything that may happen, in any order; the invariants are the promises."""

    account = "memory"

    def make_crm(self) -> Any:
        return TwinningCrm(clock=lambda: self.now)

    def make_ledger(self) -> Any:
        return MemoryLedger()

    @initialize()
    def open_for_business(self) -> None:
        self.now = START
        self.fuse = Fuse()
        self.real_crm = self.make_crm()
        self.real_ledger = self.make_ledger()
        self.crm = FaultyCrm(self.real_crm, self.fuse)
        self.ledger = FaultyLedger(self.real_ledger, self.fuse)
        self.file: dict[str, Application] = {}
        self.buried: set[str] = set()
        self.discarded: set[str] = set()
        self.silent: set[str] = set()
        self.moved_stage: dict[str, str] = {}
        self.moved_task: dict[str, str] = {}
        self.closed_task: set[str] = set()

    # --- what a file does -----------------------------------------------------------------------------

    @rule(ident=ROWS, stage=STAGES)
    def file_says(self, ident: str, stage: Stage) -> None:
        self.file[ident] = row(ident, stage)

    @rule(ident=ROWS)
    def file_drops(self, ident: str) -> None:
        self.file.pop(ident, None)

    @rule(ident=ROWS)
    def file_renames(self, ident: str) -> None:
        if ident in self.file:
            self.file[ident] = replace(self.file[ident], salary=" 50k ")

    @rule(hours=st.sampled_from([2, 13, 30, 100]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    # --- what people do in the CRM --------------------------------------------------------------------

    def live(self, kind: Kind) -> list[Remote]:
        return list(self.real_crm.records(kind))

    def pick(self, data: st.DataObject, kind: Kind) -> Remote | None:
        records = sorted((r for r in self.live(kind) if r.key), key=lambda r: str(r.key))
        return data.draw(st.sampled_from(records)) if records else None

    @rule(data=st.data(), stage=CRM_STAGES)
    def person_moves_a_deal(self, data: st.DataObject, stage: Stage) -> None:
        deal = self.pick(data, Kind.DEAL)
        if deal and deal.key and deal.fields["stage"] != stage.value:
            self.real_crm.edit(Change(deal.key, deal.id, {"stage": stage.value}))
            if self._leaves_a_trace(deal.key, "stage", stage.value):
                self.moved_stage[str(deal.key)] = stage.value
            else:
                self.moved_stage.pop(str(deal.key), None)

    def _leaves_a_trace(self, key: Key, name: str, value: str) -> bool:
        """A person who sets a field to what we last saw, or have in the air, cannot be told from us."""
        link = self.real_ledger.links(self.account).get(key)
        mark = link.mark(name) if link else Mark()
        return fingerprint(value) not in {mark.seen, mark.pending}

    @rule(data=st.data(), days=st.integers(1, 20))
    def person_moves_a_call(self, data: st.DataObject, days: int) -> None:
        task = self.pick(data, Kind.TASK)
        if task and task.key and task.fields["open"]:
            due = (self.now + timedelta(days=days)).replace(hour=15, minute=0, second=0).isoformat()
            self.real_crm.edit(Change(task.key, task.id, {"due_at": due}))
            self.moved_task[str(task.key)] = due

    @rule(data=st.data())
    def person_ticks_a_call(self, data: st.DataObject) -> None:
        task = self.pick(data, Kind.TASK)
        if task and task.key and task.fields["open"]:
            self.real_crm.edit(Change(task.key, task.id, {"open": False}))
            self.closed_task.add(str(task.key))

    @rule(data=st.data(), kind=st.sampled_from([Kind.TASK, Kind.TASK, Kind.DEAL]), deaf=st.booleans())
    def person_removes(self, data: st.DataObject, kind: Kind, deaf: bool) -> None:
        record = self.pick(data, kind)
        if record and record.key:
            self.real_crm.discard(record.key, record.id)
            self.discarded.add(str(record.key))
            if deaf:
                self.crm.unheard.add(record.id)
                self.silent.add(str(record.key))
            self.moved_stage.pop(str(record.key), None)
            self.moved_task.pop(str(record.key), None)
            link = self.real_ledger.links(self.account).get(record.key)
            if link and link.remote_id:
                self.buried.add(str(record.key))

    @rule(data=st.data(), outcome=OUTCOMES)
    def person_logs_a_call_in_the_crm(self, data: st.DataObject, outcome: CallOutcome) -> None:
        deal = self.pick(data, Kind.DEAL)
        if deal:
            fields = {"at": self.now.isoformat(), "outcome": outcome.value}
            self.real_crm.add(Kind.CALL, fields, [deal.id])

    # --- what people say through us -------------------------------------------------------------------

    def say(self, words: Any) -> None:
        with suppress(UsageError, Crash, CrmUnavailable):
            self.sync(words=words)
        self.fuse.left = None
        self.look_what_stands()

    def some_key(self, data: st.DataObject) -> str | None:
        keys = sorted(self.real_ledger.dossiers(self.account, USER))
        return data.draw(st.sampled_from(keys)) if keys else None

    @rule(data=st.data(), outcome=OUTCOMES, result=RESULTS, left=st.integers(1, 14), kind=FAULTS)
    def person_logs(
        self, data: st.DataObject, outcome: CallOutcome, result: CallResult, left: int, kind: str
    ) -> None:
        key = self.some_key(data)
        if key:
            self.fuse.set(left, kind, after=bool(left % 2))
            said = result if outcome is CallOutcome.CONNECTED else None
            self.say(lambda desk: log(desk, key, LoggedCall(self.now, outcome=outcome, result=said)))

    @rule(data=st.data(), days=st.integers(1, 12))
    def person_snoozes(self, data: st.DataObject, days: int) -> None:
        key = self.some_key(data)
        if key:
            self.say(lambda desk: snooze(desk, key, (self.now + timedelta(days=days)).date()))

    @rule(data=st.data())
    def person_resumes(self, data: st.DataObject) -> None:
        key = self.some_key(data)

        def words(desk: Desk) -> None:
            resume(desk, key or "")

        if key:
            self.say(words)

    # --- what we do -----------------------------------------------------------------------------------

    def look(self, complete: bool) -> Look:
        """Read the file, or see that it is the same as when it was last read in full."""
        rows = tuple(self.file.values())
        bookmark = repr(rows)
        for state in self.real_ledger.sources(self.account, USER):
            if complete and state.complete and state.bookmark == bookmark:
                return Unchanged(state)
        return Snapshot(SOURCE, "spreadsheet", rows, complete=complete, bookmark=bookmark)

    def sync(self, *, complete: bool = True, words: Any = None, retry: bool = False) -> Report:
        house = House(self.ledger, self.crm, self.real_crm.check(), settings_at(self.now))
        looks = [] if words else [self.look(complete)]
        return run(house, "test", looks, words=words, wishes=Wishes(allow_loss=True, retry_failed=retry))

    @rule(left=st.integers(1, 14), after=st.booleans(), kind=FAULTS, complete=st.booleans())
    def sync_badly(self, left: int, after: bool, kind: str, complete: bool) -> None:
        self.fuse.set(left, kind, after=after)
        with suppress(Crash, CrmUnavailable):
            self.sync(complete=complete)
        self.fuse.left = None
        self.look_what_stands()

    @rule(complete=st.booleans())
    def sync_well(self, complete: bool) -> None:
        open_before = {str(t.key) for t in self.live(Kind.TASK) if t.fields["open"]}
        for _ in range(2):  # one pass may leave a retried parent's children for the next one
            report = self.sync(complete=complete, retry=True)
            assert not report.failures, report.failures
            assert not report.stopped
        quiet = self.sync(complete=complete)
        assert quiet.plan is None or not quiet.plan.operations, quiet.plan
        assert {c.field for c in quiet.conflicts} <= {"stage", "due_at", "open"}, quiet.conflicts
        self.look_what_stands()
        self.everything_is_there()
        self.ledger_and_crm_agree()
        if not complete:
            self.nothing_was_closed_unread(open_before)

    def everything_is_there(self) -> None:
        deals = {r.key.id: r for r in self.live(Kind.DEAL) if r.key}
        tasks = {str(r.key): r for r in self.live(Kind.TASK)}
        for key, dossier in self.real_ledger.dossiers(self.account, USER).items():
            if dossier.course.deal_removed or f"deal/{USER}/{key}" in self.unheard():
                continue
            assert key in deals, f"{key} has no deal"
            deal = deals[key]
            assert deal.fields["job_title"] == dossier.application.job_title
            assert deal.fields["salary"] == ((dossier.application.salary or "").strip() or None)
            assert len(deal.relations) >= 1 + bool(dossier.contact_key)
            if not dossier.course.stage_disputed and dossier.course.stage is not Stage.UNKNOWN:
                assert deal.fields["stage"] == dossier.course.stage.value, (deal.fields, dossier.course)
            self.task_is_as_told(dossier, tasks)

    def task_is_as_told(self, dossier: Any, tasks: dict[str, Remote]) -> None:
        task = dossier.course.task
        if task is None:
            return
        name = f"task/{USER}/{dossier.key}:{task.round}:{task.seq}"
        held = tasks.get(name)
        assert held is None or held.fields["subject"], "a stub"
        if name in self.unheard():
            assert held is None
        elif task.state is TaskState.OPEN:
            assert held is not None, task
            assert held.fields["open"] is True, task
            assert len(held.relations) >= 2
            assert dossier.course.stage not in TERMINAL
        else:
            assert held is None or held.fields["open"] is False, task

    def unheard(self) -> set[str]:
        """Return what was removed without the CRM telling us: noticed when it is next looked up."""
        return self.silent

    def ledger_and_crm_agree(self) -> None:
        unsettled = self.real_ledger.unsettled(self.account)
        assert not unsettled, unsettled
        links = self.real_ledger.links(self.account)
        for kind in Kind:
            for record in self.live(kind):
                if record.key:
                    assert links[record.key].remote_id == record.id, record

    def nothing_was_closed_unread(self, before: set[str]) -> None:
        stages = {d.key: d.course for d in self.real_ledger.dossiers(self.account, USER).values()}
        shut = before - {str(t.key) for t in self.live(Kind.TASK) if t.fields["open"]}
        for text in shut:
            application = text.split("/")[2].split(":")[0]
            decision = stages[application].decision
            assert decision is None or decision.reason != "row_vanished" or stages[application].vanished_at

    # --- what must always hold ------------------------------------------------------------------------

    def look_what_stands(self) -> None:
        """Forget the edits on which source and CRM have agreed since: there is no quarrel left."""
        links = self.real_ledger.links(self.account)
        for deal in self.live(Kind.DEAL):
            name = str(deal.key)
            link = links.get(deal.key) if deal.key else None
            if name in self.moved_stage and link is not None:
                dossier = self.real_ledger.dossiers(self.account, USER).get(deal.key.id if deal.key else "")
                agreed = (
                    dossier
                    and dossier.course.crm_stage is None
                    and deal.fields["stage"] == (dossier.course.said_stage or dossier.application.stage)
                )
                if agreed:
                    del self.moved_stage[name]
        self.moved_task = {name: due for name, due in self.moved_task.items() if not self._snoozed(name)}

    def _snoozed(self, name: str) -> bool:
        application = name.split("/")[2].split(":")[0]
        dossier = self.real_ledger.dossiers(self.account, USER).get(application)
        return dossier is not None and dossier.course.snooze_until is not None

    @invariant()
    def nothing_is_made_twice(self) -> None:
        if hasattr(self, "real_crm"):
            for kind in Kind:
                keys = [str(r.key) for r in self.live(kind) if r.key]
                assert len(keys) == len(set(keys)), keys
            names = [r.fields["name"] for r in self.live(Kind.COMPANY)]
            assert len(names) == len(set(names)), names

    @invariant()
    def at_most_one_open_call_each(self) -> None:
        if hasattr(self, "real_crm"):
            open_ = [str(t.key).split(":")[0] for t in self.live(Kind.TASK) if t.fields["open"] and t.key]
            assert len(open_) == len(set(open_)), open_

    @invariant()
    def every_call_task_is_whole_and_has_its_deal(self) -> None:
        if hasattr(self, "real_crm"):
            for task in self.live(Kind.TASK):
                assert task.fields["subject"], "a stub"
                deal = f"deal/{USER}/{str(task.key).split('/')[2].split(':')[0]}"
                related = any(relation.startswith("deal") for relation in task.relations)
                assert related or deal in self.discarded, task

    @invariant()
    def what_a_person_removed_stays_away(self) -> None:
        if hasattr(self, "real_crm"):
            there = {str(r.key) for kind in Kind for r in self.live(kind)}
            assert not self.buried & there

    @invariant()
    def what_a_person_wrote_stands(self) -> None:
        if hasattr(self, "real_crm"):
            deals = {str(r.key): r for r in self.live(Kind.DEAL)}
            for name, stage in self.moved_stage.items():
                if name in deals:
                    assert deals[name].fields["stage"] == stage, (name, stage)
            tasks = {str(r.key): r for r in self.live(Kind.TASK)}
            for name, due in self.moved_task.items():
                if name in tasks:
                    assert tasks[name].fields["due_at"] == due, (name, due)
            for name in self.closed_task:
                assert name not in tasks or tasks[name].fields["open"] is False, name


class LocalWorld(World):
    """The same world on the embedded CRM and the SQL ledger, in files."""

    account = "local"

    def make_crm(self) -> Any:
        self.folder = tempfile.TemporaryDirectory()
        return LocalCrm(f"sqlite:///{self.folder.name}/crm.db", clock=lambda: self.now)

    def make_ledger(self) -> Any:
        return open_ledger(f"sqlite:///{self.folder.name}/ledger.db")

    def teardown(self) -> None:
        if hasattr(self, "real_crm"):
            self.real_crm.close()
            self.real_ledger.close()
            self.folder.cleanup()


def profile(examples: int) -> settings:
    return settings(max_examples=examples, stateful_step_count=25, deadline=None)


TestWorld = World.TestCase
TestWorld.settings = profile(300)

TestLocalWorld = LocalWorld.TestCase
TestLocalWorld.settings = settings(profile(12), phases=[Phase.explicit, Phase.generate])


@pytest.mark.slow
@pytest.mark.parametrize(("world", "examples"), [(World, 10_000), (LocalWorld, 400)])
def test_the_world_holds_for_long(world: type[World], examples: int) -> None:
    run_state_machine_as_test(world, settings=profile(examples))
