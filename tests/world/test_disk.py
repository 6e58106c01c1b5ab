"""A full disk, for real: said clearly, and nothing is lost or doubled."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import MONDAY, TRACKER
from tests.world.disks import MEGABYTE, Disk, may_mount, small_disk

MANY = TRACKER + "".join(
    f"Firm {n},Engineer {n},,2027-01-{10 + n % 15},Applied,,,{'a long note ' * 40}\n" for n in range(150)
)
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(params=["mounted", "limited"] if may_mount() else ["limited"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    if request.param == "limited":
        (tmp_path / "disk").mkdir()
        yield Disk(tmp_path / "disk", mounted=False)
        return
    with small_disk(tmp_path / "disk", 4 * MEGABYTE) as mounted:
        yield mounted


@pytest.fixture
def run(disk: Disk, tmp_path: Path) -> Run:
    """Run the real command with its home on the disk."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CRM_SYNC_")}
    told = {
        "CRM_SYNC_HOME": str(disk.path / "home"),
        "CRM_SYNC_NOW": MONDAY,
        "CRM_SYNC_TIME_ZONE": "Europe/Berlin",
        "CRM_SYNC_COUNTRY": "DE",
    }

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "crm_sync.cli.main", *words],
            env=clean | told,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            preexec_fn=disk.limit(),
        )

    return run


def put(tmp_path: Path, text: str) -> str:
    path = tmp_path / "jobs.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def deals(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / "crm.db")) as crm:
        rows = crm.execute("SELECT key FROM crm_records WHERE kind = 'deal' AND NOT removed")
        return sorted(row[0] for row in rows)


@pytest.mark.parametrize(
    "leaving", [60_000, *(pytest.param(more, marks=pytest.mark.slow) for more in (0, 200_000, 400_000))]
)
def test_a_full_disk_is_told_and_the_next_run_finishes_without_doubles(
    disk: Disk, run: Run, tmp_path: Path, leaving: int
) -> None:
    assert run("import", put(tmp_path, TRACKER)).returncode == 0
    disk.fill(leaving)
    said = run("import", put(tmp_path, MANY))
    assert said.returncode == 4, said.stderr
    told = said.stdout + said.stderr
    assert "Traceback" not in told
    assert str(disk.path / "home") in told
    assert "ree some space" in told or "heck free space" in told
    disk.empty()
    again = run("import", put(tmp_path, MANY))
    assert again.returncode == 0, again.stderr
    kept = deals(disk.path / "home")
    assert len(kept) == len(set(kept)) == 154
    assert "Nothing new" in run("import", put(tmp_path, MANY)).stdout


@pytest.mark.slow
def test_a_disk_that_is_full_from_the_start_is_told(disk: Disk, run: Run, tmp_path: Path) -> None:
    disk.fill(0)
    disk.most = None if disk.mounted else 100
    said = run("import", put(tmp_path, TRACKER))
    assert said.returncode == 4, said.stderr
    assert "Traceback" not in said.stderr
    disk.empty()
    assert run("import", put(tmp_path, TRACKER)).returncode == 0
    assert len(deals(disk.path / "home")) == 4
