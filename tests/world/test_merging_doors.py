"""A fault at every door of a merge and of a split: one run later all is as if nothing had happened."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from crm_sync.app.desk import Desk
from crm_sync.app.house import House
from crm_sync.app.joining import merge, split
from crm_sync.app.sync import run
from crm_sync.app.words import LoggedCall, log
from crm_sync.domain.applications import Snapshot
from crm_sync.domain.keys import Kind
from crm_sync.errors import CrmUnavailable
from tests.world.faults import Crash
from tests.world.test_every_door import FAULTS, MOST_DOORS, Town
from tests.world.test_kill import LATER, die_at, house_in, play, records_of, state_of
from tests.world.test_world import row

Step = Callable[[House], None]
SHEET, TEAL = "sheet.csv", "teal.csv"
ROWS = {SHEET: (row("a"), row("c")), TEAL: (row("b", location="Bonn"),)}


def looks(house: House) -> None:
    """Read both sources, and log a call on the application of the second one."""
    run(house, "import", [Snapshot(source, "spreadsheet", rows) for source, rows in ROWS.items()])
    other = keys(house)["Engineer b"]
    if not house.ledger.touches("local", "me", [other]):
        run(house, "log", words=lambda desk: log(desk, other, LoggedCall(house.settings.now)))


def keys(house: House) -> dict[str | None, str]:
    told = house.ledger.dossiers("local", "me").values()
    return {dossier.application.job_title: dossier.key for dossier in told}


def merging(house: House) -> None:
    one, other = keys(house)["Engineer a"], keys(house)["Engineer b"]
    done = house.ledger.dossiers("local", "me")[other].merged_into
    say(house, None if done else lambda desk: (merge(desk, one, other), None)[1])


def splitting(house: House) -> None:
    other = keys(house)["Engineer b"]
    done = not house.ledger.dossiers("local", "me")[other].merged_into
    say(house, None if done else lambda desk: (split(desk, other), None)[1])


def say(house: House, words: Callable[[Desk], None] | None) -> None:
    """Say it, or go on with what was said before the process was gone."""
    run(house, "words", words=words)


STORIES: dict[str, list[Step]] = {
    "merge": [looks, merging],
    "split": [looks, merging, splitting],
    "merge again": [looks, merging, splitting, merging],
}


@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("story", STORIES)
def test_one_run_after_any_fault_at_any_door_all_is_as_it_should_be(story: str, kind: str) -> None:
    *before, last = STORIES[story]
    calm = Town()
    calm.play([*before, last])
    assert len(list(calm.crm.records(Kind.DEAL))) == (3 if story == "split" else 2)
    for door in range(1, MOST_DOORS):
        reached = False
        for after in (False, True):
            town = Town()
            town.play(before)
            town.now = LATER
            town.fuse.set(door, kind, after=after)
            with suppress(Crash, CrmUnavailable):
                last(town.house())
            reached = reached or town.fuse.left is None
            town.fuse.left = None
            last(town.house())
            assert not town.ledger.unsettled("local"), (door, after)
            assert records_of(town.crm) == records_of(calm.crm), (door, after)
            run(town.house(), "sync", [])  # may draw conclusions from a removal that a look-up showed
            assert run(town.house(), "sync", []).nothing_new, (door, after)
        if not reached:
            break
    assert door > 4, "the doors were not reached"


def test_a_split_that_comes_between_the_death_of_a_merge_and_its_next_run_holds() -> None:
    calm = Town()
    calm.play([looks, merging, splitting])
    for door in range(1, MOST_DOORS):
        for after in (False, True):
            town = Town()
            town.play([looks])
            town.now = LATER
            town.fuse.set(door, "crash", after=after)
            with suppress(Crash):
                merging(town.house())
            town.fuse.left = None
            splitting(town.house())
            run(town.house(), "sync", [])
            deals = list(town.crm.records(Kind.DEAL))
            assert len(deals) == 3, (door, after)
            assert not town.ledger.unsettled("local"), (door, after)
            open_ = [task for task in town.crm.records(Kind.TASK) if task.fields["open"]]
            assert len(open_) == 3, (door, after)


@pytest.mark.slow
@pytest.mark.parametrize("story", STORIES)
def test_killed_at_any_door_and_run_again_all_is_as_if_nothing_had_happened(
    tmp_path: Any, story: str
) -> None:
    *before, last = STORIES[story]
    play(tmp_path / "calm", [*before, last])
    for door in range(1, MOST_DOORS):
        deaths = 0
        for after in (False, True):
            folder = tmp_path / f"{door}-{after}"
            play(folder, before)
            if die_at(folder, last, LATER, door, after=after):
                deaths += 1
                with house_in(folder, LATER) as house:
                    last(house)
                assert state_of(folder) == state_of(tmp_path / "calm"), (door, after)
        if not deaths:
            break
    assert door > 4, "the doors were not reached"
