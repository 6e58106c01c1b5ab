"""A simulated HubSpot account in a process of its own, and clients of it that are timed or killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PAGE = os.sysconf("SC_PAGE_SIZE")
SETTINGS = {
    "CRM_SYNC_CALLS_PER_DAY": "unlimited",
    "CRM_SYNC_COUNTRY": "US",
    "CRM_SYNC_NOW": "2027-02-01T09:00:00+00:00",
    "CRM_SYNC_TIME_ZONE": "UTC",
}


@dataclass(frozen=True)
class Account:
    """A simulated account that is open: its address, its token and its log file."""

    url: str
    token: str
    log: Path

    @property
    def environ(self) -> dict[str, str]:
        """Return the variables by which the SDK's users find the account."""
        return {"HUBSPOT_BASE_URL": self.url, "HUBSPOT_ACCESS_TOKEN": self.token}

    def lines(self) -> list[dict[str, Any]]:
        """Return what was asked so far, one entry for each request."""
        if not self.log.exists():
            return []
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]

    def asked(self) -> int:
        """Return how many requests were answered so far."""
        return self.log.read_bytes().count(b"\n") if self.log.exists() else 0

    def records(self, kind: str) -> list[dict[str, Any]]:
        """Return every living record of a type."""
        with urllib.request.urlopen(f"{self.url}/simulator/records/{kind}", timeout=60) as answer:
            return list(json.load(answer))


@contextmanager
def opened(*more: str, latency: int = 100) -> Iterator[Account]:
    """Open an account with HubSpot's limits, answering after so many milliseconds, with *more* options."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "requests.jsonl"
        command = [sys.executable, "-m", "tests.hubspot_simulator", "--rate-limit", "--latency", str(latency)]
        command += ["--tier", "starter", "--control", "--log", str(log), *more]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as child:
            assert child.stdout is not None
            try:
                said = [child.stdout.readline().strip().partition("=")[2] for _ in range(2)]
                yield Account(said[0], said[1], log)
            finally:
                child.terminate()


@dataclass(frozen=True)
class Ran:
    """How a client ended: exit code (negative: killed), wall seconds, peak memory in MB, last words.

    ``held`` tells now and then how many requests were answered and how many MB the client held (Linux
    alone, nothing elsewhere).
    """

    code: int
    wall: float
    peak: float
    words: str
    held: Sequence[tuple[int, float]] = ()


def run(
    command: list[str],
    environ: Mapping[str, str],
    *,
    kill_when: tuple[Account, int] | None = None,
    watched_by: Account | None = None,
    folder: Path = ROOT,
) -> Ran:
    """Run a client in a folder to its end, or kill it with -9 when an account has that many deals."""
    begun = time.perf_counter()
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, stdout=said, stderr=said, env=os.environ | environ, cwd=folder) as child,
    ):
        if kill_when is not None:
            _kill(child, *kill_when)
        held = [] if watched_by is None else _watched(child.pid, watched_by)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - begun
        said.seek(0)
        words = said.read().decode("utf-8", "replace")[-2000:]
    return Ran(child.returncode, wall, usage.ru_maxrss / 1024, words, held)


def _watched(pid: int, account: Account) -> list[tuple[int, float]]:
    """Return what a client asked and what memory it held, four times a second until it ends."""
    held: list[tuple[int, float]] = []
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        with suppress(OSError):  # where there is no /proc, or the client has just ended
            pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
            held.append((account.asked(), pages * PAGE / 1_048_576))
        time.sleep(0.25)
    return held


def _kill(child: subprocess.Popen[bytes], account: Account, deals: int) -> None:
    while os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        if len(account.records("deals")) >= deals:
            child.kill()
            return
        time.sleep(0.02)
