"""A process killed with SIGKILL at every door, and run again: no twin, nothing lost, nothing half done."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crm_sync.app.desk import Desk
from crm_sync.app.sync import House, Wishes, run
from crm_sync.app.words import LoggedCall, log
from crm_sync.crms.local import LocalCrm
from crm_sync.domain.applications import Application, Snapshot
from crm_sync.domain.keys import Kind
from crm_sync.domain.stages import Stage
from crm_sync.domain.touches import CallOutcome, CallResult
from crm_sync.ledger.sql import open_ledger
from crm_sync.ports import Browsable
from tests.world.faults import FaultyCrm, FaultyLedger, Fuse
from tests.world.test_world import SOURCE, START, row, settings_at

MOST_DOORS, FEWEST_DOORS = 60, 8
LATER = START + timedelta(days=8)

State = list[tuple[Any, ...]]


class Guillotine(Fuse):
    """A fuse that kills the process, before or after the door was gone through."""

    def burns(self) -> bool:
        burns = super().burns()
        if burns and not self.after:
            os.kill(os.getpid(), signal.SIGKILL)
        return burns


class DeadlyCrm(FaultyCrm):
    """A CRM after whose answer, and before it is written down, the process is gone."""

    def _write(self, keys: Any, act: Callable[[], Any]) -> Any:
        if keys and self.fuse.burns():
            list(act())
            os.kill(os.getpid(), signal.SIGKILL)
        return act()

    def _read(self, look: Callable[[], Any]) -> Any:
        if self.fuse.burns():
            os.kill(os.getpid(), signal.SIGKILL)
        return look()


class DeadlyLedger(FaultyLedger):
    """A ledger after whose commit the process is gone."""

    def record(self, entry: Any, lease: Any) -> None:
        burns = self.fuse.burns()
        self.inner.record(entry, lease)
        if burns:
            os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def house_in(folder: Path, now: Any, fuse: Fuse | None = None) -> Any:
    crm = LocalCrm(f"sqlite:///{folder}/crm.db", clock=lambda: now)
    ledger = open_ledger(f"sqlite:///{folder}/ledger.db")
    try:
        yield house_with(crm, ledger, now, fuse)
    finally:
        crm.close()
        ledger.close()


def house_with(crm: Any, ledger: Any, now: Any, fuse: Fuse | None) -> House:
    """Return the house of a CRM and a ledger, behind a fuse where there is one."""
    account = crm.check()
    if fuse is None:
        return House(ledger, crm, account, settings_at(now))
    return House(DeadlyLedger(ledger, fuse), DeadlyCrm(crm, fuse), account, settings_at(now))


def first(house: House, *, retry: bool = False) -> None:
    rows = (row("a"), row("b"), row("c", Stage.UNKNOWN))
    run(house, "import", [Snapshot(SOURCE, "spreadsheet", rows)], wishes=Wishes(retry_failed=retry))


def second(house: House, *, retry: bool = False) -> None:
    """A rejection cancels a call, an interview holds one, a new row makes a new one."""
    rows: tuple[Application, ...] = (row("a", Stage.REJECTED), row("b", salary="50k"), row("c"), row("d"))
    wishes = Wishes(allow_loss=True, retry_failed=retry)
    run(house, "import", [Snapshot(SOURCE, "spreadsheet", rows)], wishes=wishes)


def third(house: House, *, retry: bool = False) -> None:
    """A call is logged: its task is done, the next one is planned."""
    key = next(k for k, d in sorted(house.ledger.dossiers("local", "me").items()) if d.course.task)
    if house.ledger.touches("local", "me", [key]):
        run(house, "sync", [], words=lambda desk: None, wishes=Wishes(retry_failed=retry))
        return
    call = LoggedCall(house.settings.now, outcome=CallOutcome.CONNECTED, result=CallResult.IN_PROCESS)

    def words(desk: Desk) -> None:
        log(desk, key, call)

    run(house, "log", words=words)


STORIES = {"first import": [first], "second import": [first, second], "a logged call": [first, second, third]}


def state_of(folder: Path) -> State:
    """Return everything that the CRM in a folder shows."""
    crm = LocalCrm(f"sqlite:///{folder}/crm.db")
    try:
        return records_of(crm)
    finally:
        crm.close()


def records_of(crm: Browsable) -> State:
    """Return everything the CRM shows, without ids and times of writing."""
    records = {remote.id: remote for kind in Kind for remote in crm.records(kind)}

    def name(remote: Any) -> str:
        key = str(remote.key)
        return key.replace(remote.key.id, "CALL") if remote.kind is Kind.CALL else key

    return sorted(
        (
            name(remote),
            sorted((n, str(v)) for n, v in remote.fields.items() if n != "completed_at"),
            sorted(name(records[related]) for related in remote.relations if related in records),
        )
        for remote in records.values()
    )


def die_at(folder: Path, step: Callable[[House], None], now: Any, door: int, *, after: bool) -> bool:
    """Run *step* in a child that is killed at the door; tell whether it got that far."""
    child = os.fork()
    if child == 0:
        fuse = Guillotine()
        fuse.set(door, "crash", after=after)
        with house_in(folder, now, fuse) as house:
            step(house)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the child broke by itself"
    return os.WIFSIGNALED(status)


def play(folder: Path, steps: list[Callable[[House], None]]) -> None:
    folder.mkdir()
    for number, step in enumerate(steps):
        with house_in(folder, START if number == 0 else LATER) as house:
            step(house)


@pytest.mark.parametrize("story", STORIES)
def test_killed_at_any_door_and_run_again_all_is_as_if_nothing_had_happened(
    tmp_path: Path, story: str
) -> None:
    *before, last = STORIES[story]
    now = LATER if before else START
    play(tmp_path / "calm", [*before, last])
    calm = state_of(tmp_path / "calm")
    play(tmp_path / "begun", before)
    for door in range(1, MOST_DOORS):
        deaths = 0
        for after in (False, True):
            folder = tmp_path / f"{door}-{after}"
            shutil.copytree(tmp_path / "begun", folder)
            if not die_at(folder, last, now, door, after=after):
                continue
            deaths += 1
            with house_in(folder, now) as house:
                last(house)
                assert not house.ledger.unsettled("local")
            assert state_of(folder) == calm, (door, after)
        if not deaths:
            break
    assert door > FEWEST_DOORS, "the doors were not reached"
