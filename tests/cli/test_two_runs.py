"""Two runs on one account: the second waits or names the first; who died or froze is passed over."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from benchmarks.generate import write_csv
from crm_sync.ledger.sql import SqlLedger, open_ledger
from tests.cli.test_signals import (
    Start,
    ended,
    importing,
    in_the_air,
    portal,
    records,
    start,
    wait_until,
    when_asked,
)
from tests.hubspot_simulator.faults import Fault
from tests.hubspot_simulator.simulator import Simulator

__all__ = ["portal", "start"]
ROWS = 30


@pytest.fixture
def tracker(tmp_path: Path) -> str:
    return str(write_csv(tmp_path / "jobs.csv", ROWS))


def held_up(start: Start, portal: Simulator, tracker: str, seconds: float) -> subprocess.Popen[str]:
    """Start an import, and return it when it waits for HubSpot's answer to its first write."""
    is_sent, portal.faults = when_asked(Fault("slow", seconds=seconds))
    child = importing(start, portal, tracker)
    wait_until(is_sent.is_set, child)
    return child


def test_the_second_of_two_runs_leaves_and_names_the_first(
    start: Start, portal: Simulator, tracker: str
) -> None:
    first = held_up(start, portal, tracker, 12)
    code, out, err = ended(importing(start, portal, tracker))
    assert (code, out) == (4, "")
    assert "another run works on the account 'hubspot-4242424': crm-sync import, " in err
    assert f" pid {first.pid} started 20" in err
    assert ended(first)[0] == 0


def test_the_second_of_two_runs_waits_as_long_as_it_was_told(
    start: Start, portal: Simulator, tracker: str
) -> None:
    first = held_up(start, portal, tracker, 4)
    second = importing(start, portal, tracker, "--wait", "60")
    assert ended(first)[0] == 0
    code, out, err = ended(second)
    assert (code, err) == (0, "")
    assert out.startswith(f"Nothing new: {ROWS} applications unchanged.") or " 0 new" in out
    assert len(portal.records("deals")) == ROWS


def test_a_run_that_was_killed_is_passed_over_at_once(start: Start, tmp_path: Path, home: Path) -> None:
    tracker = str(write_csv(tmp_path / "big.csv", 900))
    first = start("import", tracker)
    wait_until(lambda: records(home) > 0, first)
    first.kill()
    first.wait()
    assert ended(start("import", tracker))[0] == 0
    assert in_the_air(home) == 0


def test_a_run_that_was_frozen_too_long_wakes_up_and_writes_nothing(
    start: Start, portal: Simulator, tracker: str, home: Path
) -> None:
    first = held_up(start, portal, tracker, 3)
    os.kill(first.pid, signal.SIGSTOP)
    os.waitid(os.P_PID, first.pid, os.WSTOPPED | os.WNOWAIT)
    expire(home)
    assert ended(importing(start, portal, tracker))[0] == 0
    # the write that was on its way when the first run froze is counted once it is answered
    wait_until(lambda: any(line.fault == "slow" for line in portal.lines()), first)
    told, written = runs_of(home), portal.count(writes=True)
    os.kill(first.pid, signal.SIGCONT)
    code, _, err = ended(first)
    assert code == 4
    assert "this run no longer holds the account 'hubspot-4242424'" in err
    assert (runs_of(home), portal.count(writes=True)) == (told, written)
    keys = [deal["properties"]["crm_sync_key"] for deal in portal.records("deals")]
    assert len(set(keys)) == len(keys) == ROWS


def expire(home: Path) -> None:
    """Let the leases be as old as if nobody had renewed them for two minutes."""
    ledger = open_ledger(str(home / "ledger.db"))
    try:
        with ledger._writing() as connection:
            connection.exec_driver_sql(f"update ledger_leases set expires_at = {time.time() - 1}")
    finally:
        ledger.close()


def runs_of(home: Path) -> list[tuple[str, bool]]:
    ledger = SqlLedger(str(home / "ledger.db"))
    try:
        return [(run.id, run.ended_at is not None) for run in ledger.runs("hubspot-4242424")]
    finally:
        ledger.close()
