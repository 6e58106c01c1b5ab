"""What was asked: one line per request, and counts of them."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.hubspot_simulator.answers import Json


@dataclass(frozen=True, slots=True)
class Line:
    """One request: its number from 1, when it was answered, what it asked, how it went.

    *status* is None where no answer was sent; *inputs* counts the inputs of a batch; *applied* is false
    where a fault kept the request from being carried out; *took* is in milliseconds.
    """

    number: int
    at: str
    method: str
    path: str
    status: int | None
    write: bool
    inputs: int
    fault: str | None
    applied: bool
    took: float


class Log:
    """All requests since the start or the last reset; *file* gets one JSON line each."""

    def __init__(self, file: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._file = file
        self._number = 0
        self.lines: list[Line] = []

    def add(self, said: Json) -> None:
        """Write one line down."""
        with self._lock:
            self._number += 1
            line = Line(number=self._number, **said)
            self.lines.append(line)
            if self._file is not None:
                with self._file.open("a", encoding="utf-8") as stream:
                    stream.write(json.dumps(asdict(line)) + "\n")

    def clear(self) -> None:
        """Forget all lines; the file stays."""
        with self._lock:
            self.lines = []

    def matching(self, pattern: str = "", method: str | None = None, *, writes: bool = False) -> list[Line]:
        """Return the lines whose path matches, of a method, or only writes, where asked."""
        wanted = re.compile(pattern)
        return [
            line
            for line in list(self.lines)
            if method in (None, line.method) and wanted.search(line.path) and (line.write or not writes)
        ]

    def counts(self) -> Counter[tuple[str, str]]:
        """Return how often each method and path was asked; ids in paths are told as {id}."""
        return Counter((line.method, re.sub(r"/\d{6,}", "/{id}", line.path)) for line in list(self.lines))
