"""A process that writes to HubSpot is killed with SIGKILL at every door, and run again as if it had not been.

The simulated portal lives in a process of its own, so that it survives its clients.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from crm_sync.app.sync import House
from crm_sync.crms.hubspot import Api, HubSpotCrm, Portal, PortalSetup, Wire
from crm_sync.crms.patient import Patience
from crm_sync.ledger.sql import open_ledger
from tests.crms.hubspot_places import NoPace
from tests.world.test_kill import LATER, Guillotine, first, house_with, second
from tests.world.test_world import START

MOST_DOORS, FEWEST_DOORS = 70, 8
KINDS = ("companies", "contacts", "deals", "tasks", "calls")
ENDS = ("companies", "contacts", "deals")
LAG = 0.5
"""Seconds of the index, in which the process dies and is run again."""

_TIMES = re.compile(r"date$|timestamp$|_object_id$|closed|completion")

Step = Callable[[House], None]


class Remote:
    """A simulated portal in a process of its own."""

    def __init__(self) -> None:
        words = [sys.executable, "-m", "tests.hubspot_simulator", "--control", "--tier", "starter"]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        told = [self.process.stdout.readline() for _ in range(2)]
        found = dict(line.removeprefix("export ").strip().split("=", 1) for line in told)
        self.url, self.token = found["HUBSPOT_BASE_URL"], found["HUBSPOT_ACCESS_TOKEN"]

    def ask(self, path: str, body: Any = None) -> Any:
        """Use the side door."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/simulator/{path}", data=data)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def state(self) -> list[Any]:
        """Return every record and what it is joined with, without ids and times."""
        records = {kind: self.ask(f"records/{kind}") for kind in KINDS}
        names = {
            record["id"]: record["properties"].get("crm_sync_key") or record["properties"].get("email")
            for kind in ENDS
            for record in records[kind]
        }
        return sorted(
            (kind, self._named(record), self._joined(kind, record, names))
            for kind in KINDS
            for record in records[kind]
        )

    def _named(self, record: Any) -> list[tuple[str, str]]:
        told = record["properties"].items()
        return sorted((n, re.sub(r"log:\w+", "", str(v))) for n, v in told if not _TIMES.search(n))

    def _joined(self, kind: str, record: Any, names: dict[str, str]) -> list[str]:
        far = [self.ask(f"associations/{kind}/{record['id']}/{other}") for other in ENDS if other != kind]
        return sorted(str(names.get(ident)) for found in far for ident in found)

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture(scope="module")
def remote() -> Iterator[Remote]:
    portal = Remote()
    yield portal
    portal.close()


def crm_of(remote: Remote) -> HubSpotCrm:
    """Return the CRM of the portal, set up."""
    patience = Patience(sleep=lambda _: None, most=40)
    api = Api(Wire(remote.token, remote.url, None, patience, NoPace()))
    setup = PortalSetup(api, None, None)
    survey = setup.survey()
    if any(step.needed for step in survey.steps):
        survey = setup.carry_out(survey)
    return HubSpotCrm(api, Portal.from_text(survey.state))


@contextmanager
def house_of(remote: Remote, folder: Path, now: Any, fuse: Guillotine | None = None) -> Iterator[House]:
    crm = crm_of(remote)
    ledger: Any = open_ledger(f"sqlite:///{folder}/ledger.db")
    try:
        yield house_with(crm, ledger, now, fuse)
    finally:
        ledger.close()


def play(remote: Remote, folder: Path, steps: list[Step]) -> None:
    folder.mkdir()
    remote.ask("reset", {})
    for number, step in enumerate(steps):
        with house_of(remote, folder, START if number == 0 else LATER) as house:
            step(house)


def die(
    remote: Remote, folder: Path, step: Step, now: Any, fuse: Guillotine | None, begun: int | None = None
) -> int:
    """Begin a step in a child process; return its id. It writes a byte to *begun* when it begins."""
    child = os.fork()
    if child == 0:
        with house_of(remote, folder, now, fuse) as house:
            if begun is not None:
                os.write(begun, b"!")
            step(house)
        os._exit(0)
    return child


def ended(child: int) -> bool:
    """Wait for a child; tell whether it was killed."""
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the child broke by itself"
    return os.WIFSIGNALED(status)


STORIES: dict[str, list[Step]] = {"first import": [first], "second import": [first, second]}


@pytest.mark.parametrize("story", STORIES)
def test_killed_at_any_door_and_run_again_hubspot_is_as_if_nothing_had_happened(
    tmp_path: Path, remote: Remote, story: str
) -> None:
    *before, last = STORIES[story]
    now = LATER if before else START
    play(remote, tmp_path / "calm", [*before, last])
    calm = remote.state()
    for door in range(1, MOST_DOORS):
        deaths = 0
        for after in (False, True):
            folder = tmp_path / f"{door}-{after}"
            play(remote, folder, before)
            remote.ask("settings", {"index_lag": LAG * (door % 2)})
            fuse = Guillotine()
            fuse.set(door, "crash", after=after)
            if not ended(die(remote, folder, last, now, fuse)):
                continue
            deaths += 1
            with house_of(remote, folder, now) as house:
                last(house)
                assert not house.ledger.unsettled(house.account.name)
            assert remote.state() == calm, (door, after)
        if not deaths:
            break
    remote.ask("settings", {"index_lag": 0})
    assert door > FEWEST_DOORS, "the doors were not reached"


@pytest.mark.slow
def test_killed_at_a_hundred_random_moments_and_run_again(tmp_path: Path, remote: Remote) -> None:
    chance = random.Random(7)
    play(remote, tmp_path / "calm", [first, second])
    calm = remote.state()
    play(remote, tmp_path / "timed", [first])
    killed, span = killed_after(60.0, remote, tmp_path / "timed")
    assert not killed
    spots: list[int] = []
    for number in range(1000):
        folder = tmp_path / str(number)
        play(remote, folder, [first])
        remote.ask("settings", {"index_lag": chance.choice([0.0, 0.3])})
        before = len(remote.ask("log"))
        killed, took = killed_after(chance.uniform(0.0, span), remote, folder)
        if killed:
            spots.append(len(remote.ask("log")) - before)
        else:
            span = 0.5 * (span + took)  # it was quicker than that
        with house_of(remote, folder, LATER) as house:
            second(house)
        assert remote.state() == calm, number
        if len(spots) == 100:
            break
    remote.ask("settings", {"index_lag": 0})
    print(f"{number + 1} runs, killed after so many requests: {sorted(spots)}")  # noqa: T201
    assert len(spots) == 100
    assert len(set(spots)) > 10, "they all died at the same few places"


def killed_after(seconds: float, remote: Remote, folder: Path) -> tuple[bool, float]:
    """Kill a second import so long after it began; tell whether it still ran, and how long it did."""
    read, write = os.pipe()
    child = die(remote, folder, second, LATER, None, write)
    os.close(write)
    os.read(read, 1)
    began = time.perf_counter()
    os.close(read)
    waited, status = 0, 0
    while not waited and time.perf_counter() - began < seconds:
        time.sleep(0.001)
        waited, status = os.waitpid(child, os.WNOHANG)
    took = time.perf_counter() - began
    if waited:
        assert os.WEXITSTATUS(status) == 0, "the child broke by itself"
        return False, took
    os.kill(child, signal.SIGKILL)
    return ended(child), took


def test_two_processes_at_once_write_everything_once(tmp_path: Path, remote: Remote) -> None:
    play(remote, tmp_path / "calm", [first])
    calm = remote.state()
    folder = tmp_path / "both"
    play(remote, folder, [])
    children = [die(remote, folder, _patiently(first), START, None) for _ in range(2)]
    for child in children:
        ended(child)
    assert remote.state() == calm


def _patiently(step: Step) -> Step:
    """Begin again while the other one holds the account."""
    from crm_sync.errors import LedgerBusy

    def again(house: House) -> None:
        for _ in range(200):
            try:
                step(house)
            except LedgerBusy:
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the other one never ended")

    return again
