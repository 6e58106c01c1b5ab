"""Speed and memory as ratios within one run: `python -m benchmarks.speed [--rows N] [--json FILE]`.

Each command runs in its own process; its processor time (user and system) is taken, the best of a few
tries, since machines are noisy. Wall time is reported beside it. Memory is the process's peak.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.generate import write_csv, write_xlsx

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Taken:
    """What one command took: processor seconds, wall seconds, peak memory in MB."""

    cpu: float
    wall: float
    peak: float


@dataclass(frozen=True)
class Line:
    """One measured ratio and its target."""

    what: str
    value: float
    unit: str
    target: float | None

    @property
    def met(self) -> str:
        """Say whether the target was met."""
        return "" if self.target is None else "met" if self.value <= self.target else "MISSED"


def take(command: list[str], home: Path, tries: int = 1) -> Taken:
    """Run a command *tries* times and return the best of its times."""
    return min((_take(command, home) for _ in range(tries)), key=lambda taken: taken.cpu)


def take_first(command: list[str], homes: list[Path]) -> Taken:
    """Run a command once in each of these fresh homes and return the best of its times."""
    return min((_take(command, home) for home in homes), key=lambda taken: taken.cpu)


def _take(command: list[str], home: Path) -> Taken:
    environ = os.environ | {
        "CRM_SYNC_HOME": str(home),
        "CRM_SYNC_NOW": "2027-02-01T09:00:00+01:00",
        "CRM_SYNC_TIME_ZONE": "Europe/Berlin",
        "CRM_SYNC_COUNTRY": "DE",
        "CRM_SYNC_CALLS_PER_DAY": "unlimited",
        "PYTHONPYCACHEPREFIX": str(home.parent / "bytecode"),
    }
    environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled once
    begun = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environ, cwd=ROOT
    ) as child:
        errors = child.stderr.read() if child.stderr else b""
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise SystemExit(f"{command} ended with {child.returncode}: {errors.decode()}")
    return Taken(usage.ru_utime + usage.ru_stime, time.perf_counter() - begun, usage.ru_maxrss / 1024)


def measure(count: int, folder: Path) -> list[Line]:
    """Return all ratios for *count* rows and for a tenth of them."""
    python, ours = sys.executable, [sys.executable, "-m", "crm_sync"]
    home = folder / "home"
    big, small = write_csv(folder / "big.csv", count), write_csv(folder / "small.csv", count // 10)
    book = write_xlsx(folder / "big.xlsx", count)
    floor = [python, "-m", "benchmarks.floors"]
    start = take([python, "-c", "import typer"], home, 5)
    help_ = take([*ours, "--help"], home, 5)
    bare_csv, bare_xlsx = take([*floor, "csv", str(big)], home, 3), take([*floor, "xlsx", str(book)], home, 3)
    read, read_xlsx = take([*ours, "read", str(big)], home, 3), take([*ours, "read", str(book)], home, 3)
    read_small = take([*ours, "read", str(small)], home, 3)
    first = take_first([*ours, "import", str(big)], [folder / "first", home])
    second = take([*ours, "import", str(big)], home, 3)
    inserts = take([*floor, "sqlite", str(home / "crm.db"), str(folder / "bare.db")], home)
    first_small = take_first(
        [*ours, "import", str(small)], [folder / f"small{number}" for number in range(2)]
    )
    return [
        Line("--help against `import typer`", help_.cpu / start.cpu, "x", 2.5),
        Line("read CSV against csv.DictReader and json", read.cpu / bare_csv.cpu, "x", 6),
        Line("read XLSX against calamine and json", read_xlsx.cpu / bare_xlsx.cpu, "x", 5),
        Line("peak memory of read, CSV", read.peak, "MB", 300),
        Line("peak memory of read, XLSX", read_xlsx.peak, "MB", 300),
        Line("first import against read", first.cpu / read.cpu, "x", 8),
        Line("first import against bare SQLite inserts", first.cpu / inserts.cpu, "x", None),
        Line("second import against the first", second.cpu / first.cpu, "x", 1 / 20),
        Line("read: ten times the rows", read.cpu / read_small.cpu, "x", 11),
        Line("import: ten times the rows", first.cpu / first_small.cpu, "x", 11),
        Line("read CSV, processor time", read.cpu, "s", None),
        Line("first import, processor time", first.cpu, "s", None),
        Line("second import, processor time", second.cpu, "s", None),
        Line("peak memory of import", first.peak, "MB", None),
    ]


def main() -> None:
    """Measure and print a table; write the same as JSON where a file is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lines = measure(asked.rows, Path(folder))
    print(f"{asked.rows:,} rows of 12 columns, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for line in lines:
        target = "" if line.target is None else f"at most {line.target:g} {line.unit}"
        print(f"{line.what:44} {line.value:9.3f} {line.unit:3} {target:16} {line.met}")
    if asked.json:
        asked.json.write_text(json.dumps([asdict(line) for line in lines], indent=1) + "\n")


if __name__ == "__main__":
    main()
