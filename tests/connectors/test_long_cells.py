"""Cells of two hundred thousand odd characters in every column: read, inspected and imported before long.

What takes time that grows with the square of a cell's length takes many minutes here, and is not waited for.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from crm_sync.testing.connector_golden import samples_in
from tests.connectors.described import KINDS, SAMPLES
from tests.corpus.score import TRACKERS

ROOT = Path(__file__).parents[2]
PATIENCE = 300.0
"""Seconds on the clock: what takes too much of the processor's time is ended sooner."""
OTHERS = [
    TRACKERS / name
    for name in (
        "48_clean_ten_columns_document_links.csv",
        "22_mailbox_dump_rfc2822_dates.csv",
        "30_status_history_column.csv",
        "94_status_is_a_sentence.csv",
    )
]
IMPORTED = [OTHERS[0], SAMPLES / "greenhouse" / "report.csv", SAMPLES / "trello" / "board.csv"]
EVERY = [*OTHERS, *(sample for name in KINDS for sample in samples_in(SAMPLES / name))]


def run(folder: Path, command: str, way: str, *samples: Path, patience: float = PATIENCE) -> None:
    """Run a command on odd samples in a process of its own; it must end in time, and without a fault."""
    folder.mkdir()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CRM_SYNC_")}
    told = {"CRM_SYNC_HOME": str(folder / "home"), "CRM_SYNC_NOW": "2027-02-01T09:00:00+01:00"}
    child = subprocess.run(
        [sys.executable, "-m", "tests.connectors.odd_cells", str(folder), command, way, *map(str, samples)],
        env=clean | told | {"CRM_SYNC_EMPLOYER": "Example Employer", "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        timeout=patience,
        check=False,
    )
    told_lines = child.stderr.decode("utf-8", "replace")
    assert child.returncode == 0, told_lines[-3000:]
    assert "Traceback" not in told_lines


@pytest.mark.parametrize("name", KINDS)
def test_every_export_is_read(name: str, tmp_path: Path) -> None:
    run(tmp_path / "odd", "read", "mixed", *samples_in(SAMPLES / name))


@pytest.mark.parametrize("tracker", OTHERS, ids=lambda tracker: tracker.name)
def test_every_tracker_is_read(tracker: Path, tmp_path: Path) -> None:
    run(tmp_path / "odd", "read", "mixed", tracker)


@pytest.mark.parametrize("sample", IMPORTED, ids=lambda sample: sample.name)
def test_they_are_imported_and_inspected(sample: Path, tmp_path: Path) -> None:
    run(tmp_path / "imported", "import", "mixed", sample)
    run(tmp_path / "inspected", "inspect", "mixed", sample)


def test_many_rows_of_shorter_ones_are_read(tmp_path: Path) -> None:
    run(tmp_path / "odd", "read", "many", OTHERS[0], IMPORTED[0])


@pytest.mark.slow
@pytest.mark.parametrize("way", ["full", "headers", "many"])
@pytest.mark.parametrize("command", ["read", "inspect", "import"])
@pytest.mark.parametrize("sample", EVERY, ids=lambda sample: f"{sample.parent.name}-{sample.name}")
def test_the_whole_grid(sample: Path, command: str, way: str, tmp_path: Path) -> None:
    run(tmp_path / "odd", command, way, sample, patience=1_200.0)
