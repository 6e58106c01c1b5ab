"""A shell for the command line: words in, exit code and both streams out."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import tzlocal

from crm_sync.cli.main import main

ROOT = Path(__file__).parents[2]
MONDAY = "2027-02-01T09:00:00+01:00"

TRACKER = """\
Company,Job Title,Location,Date Applied,Status,Contact,Phone,Notes
Northwind Robotics,Data Engineer,"Berlin, Germany",2027-01-28,Applied,Jane Roe,+49 30 5550100,
Bluebird Analytics,Analyst,"Lyon, France",2027-02-01,Applied,,,
Quill & Co,Writer,,2027-01-22,Phone screen,Kim Lee,,
Kestrel Air,Planner,,2027-01-25,Purple,,,
"""
JANE, MARC, KIM, ODD = "Data Engineer", "Analyst", "Writer", "Planner"


@dataclass(frozen=True, slots=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str


@dataclass(slots=True)
class Shell:
    """Runs commands in this process, in a home of its own, on Monday 1 February 2027, 09:00 in Berlin."""

    folder: Path
    patch: pytest.MonkeyPatch
    capture: pytest.CaptureFixture[str]

    def __call__(self, *words: str) -> Said:
        code = main(words)
        said = self.capture.readouterr()
        return Said(code, said.out, said.err)

    def at(self, now: str) -> None:
        """Set the clock."""
        self.patch.setenv("CRM_SYNC_NOW", now)

    def put(self, text: str = TRACKER, name: str = "jobs.csv") -> str:
        """Write a file and return its path."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def key(self, job_title: str) -> str:
        """Return the key of the application for that job."""
        import json

        (key,) = [d["key"] for d in json.loads(self("deals", "--json").out) if d["job_title"] == job_title]
        return str(key)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home that is not there yet."""
    return tmp_path / "home"


@pytest.fixture
def surroundings(home: Path) -> dict[str, str]:
    """The variables by which every run is the same, everywhere."""
    return {
        "CRM_SYNC_HOME": str(home),
        "CRM_SYNC_NOW": MONDAY,
        "CRM_SYNC_TIME_ZONE": "Europe/Berlin",
        "CRM_SYNC_COUNTRY": "DE",
        "COLUMNS": "100",
    }


@pytest.fixture
def shell(
    tmp_path: Path,
    surroundings: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Shell:
    """A shell with an empty home."""
    for name in [name for name in os.environ if name.startswith("CRM_SYNC_")]:
        monkeypatch.delenv(name)
    for name, value in surroundings.items():
        monkeypatch.setenv(name, value)
    return Shell(tmp_path, monkeypatch, capsys)


@pytest.fixture
def filled(shell: Shell) -> Shell:
    """A shell in whose home the tracker was imported."""
    assert shell("import", shell.put()).code == 0
    return shell


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose own clock is that of Berlin; it is asked once in a process, so it is asked anew."""
    before = os.environ.get("TZ")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    tzlocal.reload_localzone()
    yield
    if before is None:
        monkeypatch.delenv("TZ")
    else:
        monkeypatch.setenv("TZ", before)
    time.tzset()
    tzlocal.reload_localzone()


Process = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def process(surroundings: dict[str, str]) -> Process:
    """Run the real command in a process of its own."""

    def run(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("CRM_SYNC_")}
        return subprocess.run(
            [sys.executable, "-m", "crm_sync.cli.main", *words],
            env=clean | surroundings | variables,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    return run
