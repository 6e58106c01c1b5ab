"""Every fault at every door, one by one: one run later all is as if nothing had happened."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from crm_sync.app.house import House
from crm_sync.errors import CrmUnavailable
from crm_sync.ledger.memory import MemoryLedger
from tests.world.faults import Crash, FaultyCrm, FaultyLedger, Fuse, TwinningCrm
from tests.world.test_kill import LATER, STORIES, records_of
from tests.world.test_world import START, settings_at

FAULTS = ("crash", "outage", "lost")
MOST_DOORS = 60


class Town:
    """One CRM without unique keys and one ledger, in memory."""

    def __init__(self) -> None:
        self.now = START
        self.fuse = Fuse()
        self.crm = TwinningCrm(clock=lambda: self.now, name="local")
        self.ledger = MemoryLedger()

    def house(self) -> House:
        faulty = FaultyLedger(self.ledger, self.fuse), FaultyCrm(self.crm, self.fuse)
        return House(*faulty, self.crm.check(), settings_at(self.now))  # type: ignore[arg-type]

    def play(self, steps: list[Any]) -> None:
        for number, step in enumerate(steps):
            self.now = START if number == 0 else LATER
            step(self.house())


def calm(steps: list[Any]) -> Any:
    town = Town()
    town.play(steps)
    return records_of(town.crm)


@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("story", STORIES)
def test_one_run_after_any_fault_at_any_door_all_is_as_it_should_be(story: str, kind: str) -> None:
    *before, last = STORIES[story]
    wanted = calm([*before, last])
    for door in range(1, MOST_DOORS):
        reached = False
        for after in (False, True):
            town = Town()
            town.play(before)
            town.now = LATER if before else START
            town.fuse.set(door, kind, after=after)
            with suppress(Crash, CrmUnavailable):
                last(town.house())
            reached = reached or town.fuse.left is None
            town.fuse.left = None
            last(town.house())
            assert not town.ledger.unsettled("local"), (door, after)
            assert records_of(town.crm) == wanted, (door, after)
        if not reached:
            break
    assert door > 4, "the doors were not reached"


@pytest.mark.parametrize("story", STORIES)
def test_what_the_crm_refused_for_once_is_written_when_it_is_tried_again(story: str) -> None:
    *before, last = STORIES[story]
    wanted = calm([*before, last])
    for door in range(1, MOST_DOORS):
        town = Town()
        town.play(before)
        town.now = LATER if before else START
        town.fuse.set(door, "refusal", after=False)
        with suppress(CrmUnavailable):
            last(town.house())
        reached = town.fuse.left is None
        town.fuse.left = None
        house = town.house()
        for _ in range(2):
            last(replace(house, ledger=house.ledger), retry=True)
        assert records_of(town.crm) == wanted, door
        if not reached:
            break
