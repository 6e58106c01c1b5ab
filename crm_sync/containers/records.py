"""Lines -> records: quoted line breaks are kept, and a quote that is never closed swallows nothing."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from crm_sync.containers.delimiters import Dialect

UNCLOSED = "a quote that is never closed was read as a character"
_JUDGED = 200


class Records:
    """The records of a text, each with the number of the line on which it starts.

    Blank lines are left out but counted. A strict reader goes first; where it stumbles, the lines are
    handed back and read with patience. ``notes`` grows while the records are read.
    """

    def __init__(self, lines: Iterable[str], dialect: Dialect, first: int = 1) -> None:
        self._source = iter(lines)
        self._dialect = dialect
        self._returned: deque[str] = deque()
        self._taken: list[str] = []
        self._first = first
        self.notes: list[tuple[int, str]] = []

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        number, taken, width = self._first, self._taken, self._dialect.width
        reader = self._reader(strict=True)
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error:
                row = self._mend(number)
                reader = self._reader(strict=True)
            else:
                if len(taken) > 1 and len(row) != width and self._swallowed_records():
                    row = self._reopen(number)
                    reader = self._reader(strict=True)
            if len(row) > 1 or (row and row[0].strip()):
                yield number, row
            number += len(taken)
            taken.clear()

    def _reader(self, *, strict: bool) -> Iterator[list[str]]:
        return csv.reader(self._lines(), delimiter=self._dialect.delimiter, strict=strict)

    def _lines(self) -> Iterator[str]:
        taken = self._taken
        while self._returned:
            taken.append(self._returned.popleft())
            yield taken[-1]
        for line in self._source:
            taken.append(line)
            yield line

    def _hand_back(self, keep: int) -> None:
        self._returned.extendleft(reversed(self._taken[keep:]))
        del self._taken[keep:]

    def _mend(self, number: int) -> list[str]:
        """Read one record again, taking quotes as they come."""
        self._hand_back(0)
        try:
            row = next(self._reader(strict=False), [])
        except csv.Error:  # a cell beyond the limit: the quote was never closed
            return self._reopen(number)
        if len(self._taken) > 1 and not self._swallowed_records():
            return row
        return row if find_open_quote(self._taken[0], self._dialect.delimiter) < 0 else self._reopen(number)

    def _reopen(self, number: int) -> list[str]:
        """Keep the first line only, its open quote being a character like others."""
        self._hand_back(1)
        self.notes.append((number, UNCLOSED))
        return read_literally(self._taken[0], self._dialect.delimiter)

    def _swallowed_records(self) -> bool:
        """Tell whether most of the lines inside the record look like records of their own."""
        inner = [line for line in islice(self._taken, 1, _JUDGED) if line.strip()]
        return self._dialect.width > 1 and 2 * self._full(inner) >= max(1, len(inner))

    def _full(self, lines: Sequence[str]) -> int:
        width, delimiter = self._dialect.width, self._dialect.delimiter
        return sum(len(next(csv.reader([line], delimiter=delimiter))) == width for line in lines)


def find_open_quote(line: str, delimiter: str) -> int:
    """Return where the quote stands that this line opens and does not close, -1 if there is none."""
    start = 0
    while start < len(line):
        if line[start] == '"':
            end = _closing_quote(line, start + 1)
            if end < 0:
                return start
            start = end
        start = line.find(delimiter, start) + 1
        if not start:
            break
    return -1


def _closing_quote(line: str, start: int) -> int:
    end = line.find('"', start)
    while end >= 0 and line[end + 1 : end + 2] == '"':
        end = line.find('"', end + 2)
    return end


def read_literally(line: str, delimiter: str) -> list[str]:
    """Return the cells of one line whose open quotes are characters like others."""
    stand_in = next(mark for mark in map(chr, range(0xE000, 0xF8FF)) if mark not in line)
    while (at := find_open_quote(line, delimiter)) >= 0:
        line = f"{line[:at]}{stand_in}{line[at + 1 :]}"
    cells = next(csv.reader([line], delimiter=delimiter), [])
    return [cell.replace(stand_in, '"') for cell in cells]
