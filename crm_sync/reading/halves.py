"""One text that names a company and a job: `Northwind - Planner`, `Planner @ Northwind`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crm_sync.reading.profiles import kind_of

_AT = re.compile(r"\s+@\s*|\s+(?:at|bei|chez|presso|bij)\s+", re.I)
_BETWEEN = re.compile(r"\s+[-–—|•·/~]+\s+|\s*:\s+|\s+(?:->|→|>>?|//)\s+|\s*[–—]\s*")
_MARKED = re.compile(r"^[*_~`]*\[([^\]]+)\]\([^()\s]*\)[*_~`]*$")
_ADDRESS = re.compile(r"\(?https?://\S+\)?", re.I)
_DRESS = re.compile(r"^[^\w(\[\"'&@+.]+|[\s\-–—|:]+$")
_NUMBER = re.compile(r"^\d{1,3}[.)]\s+")
_ENOUGH, _SURE = 4, 0.9

Pair = tuple[str | None, str | None]
"""Company and job title, None for the half that the text does not name."""


class Halves:
    """Takes texts of one column apart; ``samples`` show whether the company stands first in it.

    After a sign such as *at* the company follows. Between two other halves the words of jobs tell which is
    which; where they leave it open, the column's other texts do, and else the company stands first.
    """

    def __init__(self, samples: Iterable[str]) -> None:
        told = [first for text in samples if (first := _told_first(bare(text))) is not None]
        share = sum(told) / len(told) if told else 1.0
        self._first = share >= 0.5
        self._sure = len(told) >= _ENOUGH and max(share, 1 - share) >= _SURE

    def of(self, text: str) -> Pair:
        """Return the halves of a text; one that names a single thing is a job title or a company."""
        text = bare(text)
        cut = _AT.search(text)
        if cut and cut.start():
            return _half(_BETWEEN.split(text[cut.end() :], maxsplit=1)[0]), _half(text[: cut.start()])
        cut = _BETWEEN.search(text)
        if cut is None or not cut.start():
            return (None, text or None) if kind_of(text).title else (text or None, None)
        told = None if self._sure else _told_first(text)
        first, second = text[: cut.start()], text[cut.end() :]
        if self._first if told is None else told:
            return _half(first), _half(second)
        return _half(_BETWEEN.split(second, maxsplit=1)[0]), _half(first)


def bare(text: str) -> str:
    """Return a name without links, numbers and signs around it."""
    text = text.strip()
    marked = _MARKED.match(text)
    text = _ADDRESS.sub("", marked[1] if marked else text)
    return _DRESS.sub("", _NUMBER.sub("", _DRESS.sub("", text))).strip()


def _half(text: str) -> str | None:
    return text.strip() or None


def _told_first(text: str) -> bool | None:
    """Say whether the company stands first by the words of jobs, None where they leave it open."""
    cut = _BETWEEN.search(text)
    if cut is None or _AT.search(text) or not cut.start():
        return None
    first, second = kind_of(text[: cut.start()]).title, kind_of(text[cut.end() :]).title
    return None if first == second else second
