"""Ctrl-C and SIGTERM: what is in the air arrives and is settled; a second one ends at once, and safely."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.clients import write_firm
from benchmarks.generate import write_csv
from crm_sync.ledger.sql import open_ledger
from tests.cli.conftest import ROOT
from tests.hubspot_simulator.faults import Fault, Plan
from tests.hubspot_simulator.front import Request
from tests.hubspot_simulator.simulator import Simulator

PATIENCE = 60.0
TOKEN = "pat-na1-22222222-bbbb"
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(surroundings: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    """Start the real command in a process of its own."""
    begun: list[subprocess.Popen[str]] = []

    def run(*words: str, **variables: str) -> subprocess.Popen[str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("CRM_SYNC_")}
        child = subprocess.Popen(
            [sys.executable, "-m", "crm_sync", *words],
            env=clean | surroundings | {"PYTHONPATH": str(ROOT)} | variables,
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        begun.append(child)
        return child

    yield run
    for child in begun:
        child.kill()
        child.communicate()


def wait_until(is_so: Callable[[], bool], child: subprocess.Popen[str]) -> None:
    """Wait until something is so while the child runs."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, "it never came to that"
        assert child.poll() is None, child.communicate()
        time.sleep(0.01)


def ended(child: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = child.communicate(timeout=PATIENCE)
    return child.returncode, out, err


def records(home: Path) -> int:
    """Return how many records the embedded CRM holds."""
    try:
        with sqlite3.connect(f"file:{home}/crm.db?mode=ro", uri=True) as connection:
            return int(connection.execute("select count(*) from crm_records").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def in_the_air(home: Path, account: str = "local") -> int:
    """Return how many writes the book does not know the end of."""
    ledger = open_ledger(str(home / "ledger.db"))
    try:
        return len(ledger.unsettled(account))
    finally:
        ledger.close()


def test_an_import_ends_when_its_batch_has_arrived(start: Start, tmp_path: Path, home: Path) -> None:
    tracker = str(write_csv(tmp_path / "big.csv", 1500))
    child = start("import", tracker)
    wait_until(lambda: records(home) > 0, child)
    child.send_signal(signal.SIGTERM)
    code, _, err = ended(child)
    assert code == 130
    assert "interrupted. What was done so far is kept; run it again to go on." in err
    assert "Traceback" not in err
    assert in_the_air(home) == 0
    written = records(home)
    assert ended(start("import", tracker))[0] == 0
    assert records(home) > written
    assert records(home) == records_of_an_undisturbed_import(start, tmp_path, tracker)


def records_of_an_undisturbed_import(start: Start, folder: Path, tracker: str) -> int:
    calm = folder / "calm"
    assert ended(start("import", tracker, CRM_SYNC_HOME=str(calm)))[0] == 0
    return records(calm)


def test_a_sync_of_many_tells_who_was_not_begun(start: Start, tmp_path: Path, home: Path) -> None:
    write_firm(tmp_path, 25, 10)
    child = start("sync", CRM_SYNC_HOME=str(home))
    wait_until(lambda: records(home) > 50, child)
    child.send_signal(signal.SIGTERM)
    code, out, err = ended(child)
    assert code == 130
    assert out.splitlines()[-1].endswith(" not begun.")
    assert "client-0024" not in out + err
    assert in_the_air(home) == 0
    assert ended(start("sync", CRM_SYNC_HOME=str(home)))[0] == 0


@pytest.fixture
def portal(start: Start) -> Iterator[Simulator]:
    """A portal that is set up, and slow enough to be interrupted."""
    with Simulator(tier="starter", token=TOKEN) as simulator:
        told = {"HUBSPOT_ACCESS_TOKEN": TOKEN, "HUBSPOT_BASE_URL": simulator.url}
        assert ended(start("setup", "--crm", "hubspot", "--yes", **told))[0] == 0
        simulator.options.latency = 0.1
        yield simulator


def importing(start: Start, portal: Simulator, tracker: str, *more: str) -> subprocess.Popen[str]:
    told = {"HUBSPOT_ACCESS_TOKEN": TOKEN, "HUBSPOT_BASE_URL": portal.url}
    return start("import", tracker, "--crm", "hubspot", *more, **told)


def when_asked(fault: Fault) -> tuple[threading.Event, Plan]:
    """Return a plan by which the first write of companies meets the fault, and what tells that it did."""
    is_sent = threading.Event()

    def plan(request: Request) -> Fault | None:
        if is_sent.is_set() or "companies/batch/upsert" not in request.path:
            return None
        is_sent.set()
        return fault

    return is_sent, plan


def test_requests_to_hubspot_that_are_on_their_way_are_settled(
    start: Start, tmp_path: Path, home: Path, portal: Simulator
) -> None:
    tracker = str(write_csv(tmp_path / "jobs.csv", 30))
    child = importing(start, portal, tracker)
    wait_until(lambda: portal.count("companies/batch", "POST") > 0, child)
    child.send_signal(signal.SIGINT)
    code, _, err = ended(child)
    assert code == 130, err
    assert "stopping once what is in the air has arrived" in err
    account = open_ledger(str(home / "ledger.db")).accounts()[0]
    assert in_the_air(home, account) == 0
    assert ended(importing(start, portal, tracker))[0] == 0
    keys = [deal["properties"]["crm_sync_key"] for deal in portal.records("deals")]
    assert len(set(keys)) == len(keys) == 30


def test_a_second_signal_does_not_wait_and_doubles_nothing(
    start: Start, tmp_path: Path, portal: Simulator
) -> None:
    tracker = str(write_csv(tmp_path / "jobs.csv", 30))
    is_sent, portal.faults = when_asked(Fault("slow", seconds=30))
    child = importing(start, portal, tracker)
    wait_until(is_sent.is_set, child)
    child.send_signal(signal.SIGTERM)
    assert child.stderr is not None
    while "once more stops at once" not in child.stderr.readline():
        assert child.poll() is None
    begun = time.monotonic()
    child.send_signal(signal.SIGTERM)
    code, _, err = ended(child)
    assert (code, "stopped at once" in err) == (130, True)
    assert time.monotonic() - begun < 20
    assert ended(importing(start, portal, tracker))[0] == 0
    keys = [deal["properties"]["crm_sync_key"] for deal in portal.records("deals")]
    assert len(set(keys)) == len(keys) == 30
    assert len(portal.records("companies")) == 10


def test_a_wait_that_hubspot_asked_for_ends_at_a_signal(
    start: Start, tmp_path: Path, portal: Simulator
) -> None:
    tracker = str(write_csv(tmp_path / "jobs.csv", 10))
    _, portal.faults = when_asked(Fault("429", seconds=200))
    child = importing(start, portal, tracker)
    wait_until(lambda: any(line.status == 429 for line in portal.lines()), child)
    child.send_signal(signal.SIGTERM)
    code, _, err = ended(child)
    assert code == 130, err
