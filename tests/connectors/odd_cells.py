"""Exports full of long odd cells, and what goes through them in a process of its own, its memory bounded.

    python -m tests.connectors.odd_cells FOLDER COMMAND WAY SAMPLE...

writes the samples into the empty folder, with odd cells as WAY says, and runs the command on each: read,
inspect or import. WAY is ``mixed`` (two rows with a different cell in each column), ``full`` (every cell in
all columns), ``single`` (every cell in every column alone), ``headers`` or ``many`` (500 rows of short ones).
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import resource
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

from crm_sync.cli.main import main as crm_sync

LONG, SHORT = 200_000, 2_000
MEMORY = 2_000_000_000
SECONDS = {"mixed": 40, "many": 40}
"""Processor time for one process; a few seconds are enough, and the square of a cell's length takes more."""
ENDS = {"mixed": (0, 1), "many": (0, 1), "full": (0, 1, 4)}
"""Exit codes that are no fault: a table whose first cell is JSON, or without end, may be refused."""
MOST_SECONDS = 3_000
SEEDS = (
    "x", " ", "(", "→ ", "applied ", "@", "x@", "x.", "[", "1", "1/", "\n", '"', ",", "http://", "- ",
    "a, ", "職", "x-", "<a ", "|", ": ", "https://a.example/", "Re: ", "at ", "é", "{", "•", "not ",
    "5-", "; ", "a=", "?a=", "]([", "*", "_", "\t", "'", "&", "\\", "~", "+49 ", "has been ",
    "job (req ", "2026-01-02 ", "💼", "co. ",
)  # fmt: skip
WORST = ("x", " ", "(", "→ ", "@", "x@", "x.", "1", "\n", "職", ": ", "a, ", "has been ", "-", "co. ", "[")
"""What more than one pattern has had trouble with."""
AROUND = (("a", "b"), ("a@b", " c"), ("(job", "x"), ("a.bc/", " b"), ("A: b\n", "c?"), ("[", "]"))


def odd_cells(length: int) -> list[str]:
    """Return texts of about that length, each of which has kept some pattern busy, or might."""
    plain = [(seed * length)[:length] for seed in SEEDS]
    around = [f"{start}{mark * length}{end}" for start, end in AROUND for mark in (" ", "/", "\n")]
    nested = ["[" * length, '{"a":' * 300 + "1" + "}" * 300, "[" * 300 + "]" * 300]
    return [*plain, *around, *nested, ("".join(SEEDS) * length)[:length]]


def odd_tables(text: str, way: str) -> Iterator[str]:
    """Yield a table's text with odd cells below, or in, its header."""
    rows = list(csv.reader(io.StringIO(text)))
    at = max(range(min(len(rows), 12)), key=lambda place: sum(map(bool, rows[place])) - place)
    above, head, below = rows[:at], rows[at], rows[at + 1 :]
    if way in ("mixed", "many"):
        chosen = _in_turn(LONG if way == "mixed" else SHORT, text)
        odd = [[next(chosen) for _ in head] for _ in range(2 if way == "mixed" else 500)]
        yield _printed([*above, head, *below[:5], *odd])
        return
    for cell in odd_cells(LONG):
        if way == "full":
            yield _printed([*above, head, *below[:5], [cell] * len(head)])
        elif way == "headers":
            yield _printed([*above, [*head, cell], *below])
            yield _printed([[cell], *above, [cell, *head[1:]], *below])
        else:
            first = [*below[0], *([""] * len(head))][: len(head)] if below else ["a"] * len(head)
            for place in range(len(head)):
                yield _printed([*above, head, [*first[:place], cell, *first[place + 1 :]], *below[1:5]])


def worst_cells(length: int) -> list[str]:
    """Return the worst of the texts, and some with a long run inside."""
    around = (f"{start}{mark * length}{end}" for start, end in AROUND for mark in (" ", "\n"))
    return [*((seed * length)[:length] for seed in WORST), *around]


def _in_turn(length: int, text: str) -> Iterator[str]:
    """Return the worst cells one after the other, beginning elsewhere for each text."""
    cells = worst_cells(length)
    start = crc32(text.encode()) % len(cells)
    return itertools.cycle([*cells[start:], *cells[:start]])


def _printed(rows: Sequence[Sequence[str]]) -> str:
    printed = io.StringIO()
    csv.writer(printed).writerows(rows)
    return printed.getvalue()


def odd_values(text: str, way: str) -> Iterator[str]:
    """Yield a JSON text with odd cells in its first records."""
    value = json.loads(text)
    if way in ("mixed", "many"):
        yield json.dumps(_odd(value, _in_turn(LONG, text)))
    for cell in odd_cells(LONG) if way == "full" else ():
        yield json.dumps(_odd(value, itertools.repeat(cell)))


def _odd(value: Any, cells: Iterator[str]) -> Any:
    if isinstance(value, str):
        return next(cells)
    if isinstance(value, dict):
        return {key: _odd(inner, cells) for key, inner in value.items()}
    if isinstance(value, list):
        return [_odd(inner, cells) for inner in value[:1]] + value[1:]
    return value


def odd_samples(sample: Path, folder: Path, way: str) -> Iterator[Path]:
    """Write a sample into the folder, one of its files odd, and yield its path each time."""
    target = folder / sample.name
    if sample.is_file():
        shutil.copytree(
            sample.parent, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.golden.json")
        )
        parts = [target]
    else:
        shutil.copytree(sample, target)
        parts = sorted(path for path in target.rglob("*") if path.is_file())
    for part in parts:
        whole = part.read_text("utf-8-sig")
        odd = odd_values if part.suffix == ".json" else odd_tables
        for text in odd(whole, way):
            part.write_text(text, "utf-8", newline="")
            yield target
        part.write_text(whole, "utf-8", newline="")


def main(words: Sequence[str]) -> int:
    """Run a command on odd samples; print each file with the exit code, and return 1 where one is a fault."""
    folder, command, way, *samples = words
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    seconds = SECONDS.get(way, MOST_SECONDS)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    faults = 0
    for number, sample in enumerate(map(Path, samples)):
        for path in odd_samples(sample, Path(folder) / str(number), way):
            code = crm_sync([command, str(path)])
            sys.stderr.write(f"{code} {path}\n")
            faults += code not in ENDS.get(way, ENDS["full"])
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
