"""What a sync hears of people in HubSpot although the list of changes does not tell it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crm_sync.app.sync import House, run
from crm_sync.crms.hubspot import HubSpotCrm
from crm_sync.domain.applications import Snapshot
from crm_sync.domain.items import Item, RemoteId
from crm_sync.domain.keys import Key
from crm_sync.domain.stages import Stage
from crm_sync.ledger.sql import open_ledger
from crm_sync.ports import Outcome
from tests.crms.hubspot_places import crm_on
from tests.crms.test_hubspot_costs import NOW, applications
from tests.hubspot_simulator.simulator import Simulator
from tests.world.test_world import settings_at

MOVED = "2027-02-17T10:00:00Z"
ROWS = applications(3, 3, 0)
LATER_ROWS = tuple(replace(row, applied_on=NOW.date()) for row in ROWS)
"""Whose first calls are not due yet."""


class Clock:
    """The portal's time: a moment goes by with every look at it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=2)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def simulator(clock: Clock) -> Iterator[Simulator]:
    with Simulator(tier="starter", clock=clock) as portal:
        yield portal


class OneByOne(HubSpotCrm):
    """Writes record by record; a person moves the first call while the others are still written."""

    batch_size = in_flight = 1
    simulator: Simulator

    def create(self, items: Sequence[Item], ids: Mapping[Key, RemoteId]) -> Iterator[Outcome]:
        tasks = self.simulator.records("tasks")
        if len(tasks) == 1:
            self.simulator.people.reschedule(tasks[0]["id"], MOVED)
        return super().create(items, ids)


@contextmanager
def house_on(simulator: Simulator, folder: Path, now: datetime = NOW) -> Iterator[House]:
    ready = crm_on(simulator)
    crm = OneByOne(ready.api, ready.portal)
    crm.simulator = simulator
    ledger = open_ledger(f"sqlite:///{folder}/ledger.db")
    try:
        yield House(ledger, crm, crm.check(), settings_at(now))
    finally:
        ledger.close()


def test_a_call_that_is_moved_while_the_others_are_still_written_is_heard(
    simulator: Simulator, tmp_path: Path
) -> None:
    with house_on(simulator, tmp_path) as house:
        run(house, "import", [Snapshot("list", "spreadsheet", LATER_ROWS)])
    with house_on(simulator, tmp_path) as house:
        report = run(house, "sync")
        moved = [line for line in report.heard if "call moved" in line]
        assert len(moved) == 1
        assert MOVED in {task["properties"]["hs_timestamp"] for task in simulator.records("tasks")}
        assert not run(house, "sync").heard


@pytest.mark.parametrize(("act", "line"), [("complete", "completed"), ("delete", "removed")])
def test_what_happened_to_a_due_call_is_noticed_however_far_the_index_is_behind(
    simulator: Simulator, tmp_path: Path, act: str, line: str
) -> None:
    with house_on(simulator, tmp_path) as house:
        run(house, "import", [Snapshot("list", "spreadsheet", ROWS)])
        run(house, "sync")
    tasks = simulator.records("tasks")
    due = max(datetime.fromisoformat(task["properties"]["hs_timestamp"]) for task in tasks)
    simulator.options.index_lag = 1e6
    for task in tasks:
        simulator.people.complete(task["id"]) if act == "complete" else simulator.people.delete(
            "tasks", task["id"]
        )
    with house_on(simulator, tmp_path, due) as house:
        heard = run(house, "sync").heard
        assert sum(f"call task {line}" in each for each in heard) == len(tasks)
        assert not [each for each in run(house, "sync").heard if line in each]


def test_at_most_one_request_is_spent_on_due_calls(simulator: Simulator, tmp_path: Path) -> None:
    rows = applications(120, 120, 0)
    with house_on(simulator, tmp_path) as house:
        everyday = replace(house, settings=settings_at(NOW, calls_per_day=None))
        run(everyday, "import", [Snapshot("list", "spreadsheet", rows)])
        run(everyday, "sync")
        before = simulator.count("/tasks/batch/read")
        run(everyday, "sync")
        assert len(simulator.records("tasks")) == 120
        assert simulator.count("/tasks/batch/read") == before + 1


def test_an_old_version_that_the_index_still_shows_is_no_persons_word(
    simulator: Simulator, tmp_path: Path, clock: Clock
) -> None:
    simulator.options.index_lag = 20
    moved = tuple(replace(row, stage=Stage.INTERVIEWING) for row in LATER_ROWS[:1])
    with house_on(simulator, tmp_path) as house:
        run(house, "import", [Snapshot("list", "spreadsheet", LATER_ROWS)])
        other = simulator.records("deals")[1]["id"]
        clock.now += timedelta(seconds=20)
        run(house, "sync")
        simulator.people.edit("deals", other, amount="10")
        clock.now += timedelta(seconds=18)
        run(house, "import", [Snapshot("list", "spreadsheet", (*moved, *LATER_ROWS[1:]))])
        clock.now += timedelta(seconds=3)
        heard = run(house, "sync").heard
    assert not heard
