"""Which character parts the columns: the one by which the rows agree on their length."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

DELIMITERS = (",", ";", "\t", "|", "^")
_SEP_LINE = re.compile(r'"?sep=([^\w\s"]|\t)"?\s*', re.I)


@dataclass(frozen=True, slots=True)
class Dialect:
    """A delimiter, how many columns most rows have with it, and whether a first line ``sep=;`` named it."""

    delimiter: str
    width: int
    told: bool = False


def find_dialect(lines: Sequence[str]) -> Dialect:
    """Return the dialect by which most of these lines (the first of a file) agree; a comma if none does."""
    told = _SEP_LINE.fullmatch(lines[0]) if lines else None
    if told:
        return Dialect(told[1], _agreement(lines[1:], told[1])[0], told=True)
    best, best_score = Dialect(",", 1), 0.0
    for delimiter in DELIMITERS:
        width, score = _agreement(lines, delimiter)
        if score > best_score:
            best, best_score = Dialect(delimiter, width), score
    return best


def _agreement(lines: Sequence[str], delimiter: str) -> tuple[int, float]:
    """Return the commonest length of rows and how well the rows keep to it, wider being better."""
    if not any(delimiter in line for line in lines):
        return 1, 0.0
    lengths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if any(row))
    rows = sum(lengths.values())
    lengths.pop(1, None)
    if not lengths:
        return 1, 0.0
    width, times = max(lengths.items(), key=lambda pair: (pair[1], pair[0]))
    return width, times / rows * (1 - 0.5 / width)
