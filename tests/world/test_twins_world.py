"""The small world with two sources of the same applications, and people who merge and split them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from crm_sync.app.desk import Desk
from crm_sync.app.gather import Unchanged
from crm_sync.app.joining import keep_apart, merge, split
from crm_sync.app.report import Report
from crm_sync.app.sync import House, Wishes, run
from crm_sync.config.told import Source
from crm_sync.domain.applications import Application, Snapshot
from crm_sync.domain.dossiers import Dossier
from crm_sync.domain.keys import Kind
from crm_sync.domain.stages import Stage
from crm_sync.planning.families import head_of
from crm_sync.planning.sayings import words_of
from tests.world.test_world import FAULTS, ROWS, STAGES, USER, LocalWorld, World, profile, row, settings_at

ONE, TWO = "/lists/one.csv", "/lists/two.csv"
DAY = date(2027, 1, 28)
ORDERS = st.sampled_from([(), (ONE, TWO), (TWO, ONE)])
GAPS = st.sampled_from([0, 0, 0, 3, 7, 20])
NAMES = st.sampled_from(["Engineer", "Engineer", "Engineer", "Senior Engineer"])
BEGINNINGS = st.sampled_from(["", "ab", "abc"])


def other_row(ident: str, stage: Stage, gap: int, name: str) -> Application:
    """Return what the second source tells of an application of the first one."""
    first = row(ident)
    title = f"{name} {ident}"
    return replace(
        first,
        row=100 + ord(ident),
        connector="teal",
        job_title=title,
        stage=stage,
        applied_on=DAY + timedelta(days=gap),
        external_id=None,
        contact_email=None,
        contact_name=None,
        location="Bonn",
        cells=(str(first.company), title, "from the fair", "applied by post", f"ref {ident}"),
    )


class TwinsWorld(World):
    """Two sources: what the first is called is the base's ``file``."""

    @initialize(mine=BEGINNINGS, theirs=BEGINNINGS)
    def open_for_business(self, mine: str = "", theirs: str = "") -> None:
        """Begin with what the lists hold, read already."""
        super().open_for_business()
        self.other: dict[str, Application] = {}
        self.order: tuple[str, ...] = ()
        self.backwards = False
        self.unclear: set[str] = set()
        self.merged: dict[str, str] = {}
        self.apart: set[frozenset[str]] = set()
        self.complete = True

        self.file |= {ident: row(ident) for ident in mine}
        self.other |= {ident: other_row(ident, Stage.APPLIED, 3, "Engineer") for ident in theirs}
        for _ in range(2 if mine or theirs else 0):
            self.sync()

    # --- what the second source does ------------------------------------------------------------------

    @rule(ident=ROWS, stage=STAGES, gap=GAPS, name=NAMES)
    def other_says(self, ident: str, stage: Stage, gap: int, name: str) -> None:
        new = other_row(ident, stage, gap, name)
        old = self.other.get(ident, new)
        if (
            gap > 7
            or name != "Engineer"
            or (old.applied_on, old.job_title) != (new.applied_on, new.job_title)
        ):
            self.unclear.add(ident)
        self.other[ident] = new

    @rule(ident=ROWS)
    def other_drops(self, ident: str) -> None:
        self.other.pop(ident, None)

    @rule(ident=ROWS, name=st.sampled_from(["Platform", "Engineer"]))
    def file_changes_a_title(self, ident: str, name: str) -> None:
        if ident in self.file:
            self.unclear.add(ident)
            self.file[ident] = replace(self.file[ident], job_title=f"{name} {ident}")

    @rule(order=ORDERS, backwards=st.booleans())
    def configuration_says(self, order: tuple[str, ...], backwards: bool) -> None:
        self.order, self.backwards = order, backwards

    # --- what people say about applications -----------------------------------------------------------

    def some_key(self, data: st.DataObject) -> str | None:
        keys = sorted(key for key, dossier in self.known().items() if not dossier.merged_into)
        return data.draw(st.sampled_from(keys)) if keys else None

    def known(self) -> dict[str, Dossier]:
        return self.real_ledger.dossiers(self.account, USER)

    def any_key(self, data: st.DataObject) -> str | None:
        keys = sorted(self.known())
        return data.draw(st.sampled_from(keys)) if keys else None

    @rule(data=st.data(), left=st.integers(1, 20), kind=FAULTS)
    def person_merges(self, data: st.DataObject, left: int, kind: str) -> None:
        one, two = self.any_key(data), self.any_key(data)
        if one is None or two is None:
            return
        heads = {key: head_of(key, self.known()) for key in (one, two)}

        def words(desk: Desk) -> None:
            merge(desk, heads[one], heads[two])

        self.fuse.set(left, kind, after=bool(left % 2))
        self.say(words)
        if self.known()[heads[two]].merged_into == heads[one] != heads[two]:
            self.merged[heads[two]] = heads[one]
            self._are_spoken_of(heads.values())

    @rule(data=st.data(), left=st.integers(1, 20), kind=FAULTS)
    def person_splits(self, data: st.DataObject, left: int, kind: str) -> None:
        key = self.any_key(data)
        before = self.known()

        def words(desk: Desk) -> None:
            split(desk, key or "")

        if key is not None:
            self.fuse.set(left, kind, after=bool(left % 2))
            self.say(words)
            self._learn_splits(before)

    @rule(data=st.data())
    def person_keeps_apart(self, data: st.DataObject) -> None:
        one, two = self.any_key(data), self.any_key(data)
        before = self.known()

        def words(desk: Desk) -> None:
            keep_apart(desk, one or "", two or "")

        if one is not None and two is not None and one != two:
            self.say(words)
            self._learn_splits(before)
            self._are_spoken_of([one, two])

    def _learn_splits(self, before: dict[str, Dossier]) -> None:
        """Note what stands alone now: what was merged before, and what is new."""
        after = self.known()
        for key, dossier in after.items():
            was = before[key].merged_into if key in before else ""
            if was and not dossier.merged_into:
                del self.merged[key]
                self.apart.add(frozenset({key, was}))
            elif key not in before:
                self._are_spoken_of([key])

    def _are_spoken_of(self, keys: Any) -> None:
        told = [word.application for key in keys for word in words_of(self.known()[key])]
        self.unclear |= {str(application.job_title)[-1] for application in told}

    # --- what we do -----------------------------------------------------------------------------------

    def sync(self, *, complete: bool = True, words: Any = None, retry: bool = False) -> Report:
        self.complete = complete
        told = replace(settings_at(self.now), sources=tuple(map(Source, self.order)))
        house = House(self.ledger, self.crm, self.real_crm.check(), told)
        looks = [] if words else [self.see(ONE, self.file, complete), self.see(TWO, self.other, complete)]
        return run(house, "test", looks, words=words, wishes=Wishes(allow_loss=True, retry_failed=retry))

    def see(self, source: str, rows: dict[str, Application], complete: bool) -> Any:
        """Read a list, or see that it is the same, and read by the same settings, as before."""
        told = tuple(reversed(rows.values())) if self.backwards else tuple(rows.values())
        bookmark = repr((told, self.order))
        for state in self.real_ledger.sources(self.account, USER):
            if complete and state.source == source and state.complete and state.bookmark == bookmark:
                return Unchanged(state)
        return Snapshot(source, "spreadsheet", told, complete=complete, bookmark=bookmark)

    def everything_is_there(self) -> None:
        self.every_row_is_told_once()
        self.rows_that_are_one_are_one_deal()
        heads = {key: dossier for key, dossier in self.known().items() if not dossier.merged_into}
        deals = {r.key.id: r for r in self.live(Kind.DEAL) if r.key}
        tasks = {str(r.key): r for r in self.live(Kind.TASK)}
        for key, dossier in heads.items():
            if dossier.course.deal_removed or f"deal/{USER}/{key}" in self.unheard():
                continue
            assert key in deals, f"{key} has no deal"
            assert deals[key].fields["job_title"] == dossier.application.job_title
            assert deals[key].fields["location"] == dossier.application.location
            if not dossier.course.stage_disputed and dossier.course.stage is not Stage.UNKNOWN:
                assert deals[key].fields["stage"] == dossier.course.stage.value, dossier.course
            self.task_is_as_told(dossier, tasks)

    def every_row_is_told_once(self) -> None:
        """No row is lost, and none tells of two applications."""
        words = [word for dossier in self.known().values() for word in words_of(dossier)]
        for source, rows in ((ONE, self.file), (TWO, self.other)):
            standing = [w for w in words if w.source == source and not w.missed_looks]
            told = Counter(word.application.row for word in standing)
            there = {application.row for application in rows.values()}
            assert there <= set(told)
            assert not self.complete or told == dict.fromkeys(there, 1), told

    def rows_that_are_one_are_one_deal(self) -> None:
        known = self.known()
        for ident in (self.file.keys() & self.other.keys()) - self.unclear:
            heads = {
                head_of(key, known)
                for key, dossier in known.items()
                for word in words_of(dossier)
                if word.application.row in {self.file[ident].row, self.other[ident].row}
            }
            assert len(heads) == 1, (ident, heads)

    # --- what must always hold ------------------------------------------------------------------------

    @invariant()
    def what_a_person_said_is_one_or_two_stays_so(self) -> None:
        if hasattr(self, "merged"):
            known = self.known()
            for key, other in self.merged.items():
                assert known[key].merged_into == other
            for one, two in self.apart:
                assert known[one].merged_into == two or known[two].merged_into == one or one != two

    @invariant()
    def no_source_has_two_words_about_one_application(self) -> None:
        if hasattr(self, "real_ledger"):
            for dossier in self.known().values():
                sources = [word.source for word in words_of(dossier)]
                assert len(sources) == len(set(sources)), dossier

    @invariant()
    def what_was_merged_has_no_call_of_its_own(self) -> None:
        if hasattr(self, "real_ledger"):
            for dossier in self.known().values():
                assert not (dossier.merged_into and dossier.course.open_task)

    @invariant()
    def every_call_task_is_whole_and_has_its_deal(self) -> None:
        """Calls that are over may outlive the deal of what was merged."""
        if hasattr(self, "real_crm"):
            for task in self.live(Kind.TASK):
                assert task.fields["subject"], "a stub"


class LocalTwinsWorld(TwinsWorld, LocalWorld):
    """The same world on the embedded CRM and the SQL ledger, in files."""


TestTwinsWorld = TwinsWorld.TestCase
TestTwinsWorld.settings = profile(120)

TestLocalTwinsWorld = LocalTwinsWorld.TestCase
TestLocalTwinsWorld.settings = settings(profile(6), phases=[Phase.explicit, Phase.generate])


@pytest.mark.slow
@pytest.mark.parametrize(("world", "examples"), [(TwinsWorld, 5_000), (LocalTwinsWorld, 200)])
def test_the_world_of_two_sources_holds_for_long(world: type[World], examples: int) -> None:
    run_state_machine_as_test(world, settings=profile(examples))
