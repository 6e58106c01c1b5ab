"""Which character parts the columns: the one by which the rows agree on their length."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

DELIMITERS = (",", ";", "\t", "|", "^")


@dataclass(frozen=True, slots=True)
class Dialect:
    """A delimiter, and how many columns most of the rows have with it."""

    delimiter: str
    width: int


def find_dialect(lines: Sequence[str]) -> Dialect:
    """Return the dialect by which most of these lines (the first of a file) agree; a comma if none does."""
    best, best_score = Dialect(",", 1), 0.0
    for delimiter in DELIMITERS:
        width, score = _agreement(lines, delimiter)
        if score > best_score:
            best, best_score = Dialect(delimiter, width), score
    return best


def _agreement(lines: Sequence[str], delimiter: str) -> tuple[int, float]:
    """Return the commonest length of rows and how well the rows keep to it, wider being better."""
    widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if any(row))
    widths.pop(1, None)
    if not widths:
        return 1, 0.0
    rows = sum(widths.values())
    width, times = max(widths.items(), key=lambda pair: (pair[1], pair[0]))
    share = rows / max(1, sum(1 for line in lines if line.strip()))
    return width, (times / rows) * share * (1 - 0.5 / width)
