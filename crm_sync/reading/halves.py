"""One text that names a company and a job: `Northwind - Planner`, `Planner @ Northwind`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crm_sync.reading.dates import interpret
from crm_sync.reading.profiles import kind_of
from crm_sync.reading.texts import fold, squeezed

_AT = (re.compile(r"(?<!\s)\s+@\s*"), re.compile(r"(?<!\s)\s+(?:at|bei|chez|presso|bij)\s+", re.I))
_BETWEEN = re.compile(r"\s+[-–—|•·/~]+\s+|\s*:\s+|\s+(?:->|→|>>?|//)\s+|\s*[–—]\s*")
_LOOSELY = re.compile(r"\s*-\s+|\s+-\s*|\s*\n\s*")
_FIRM_FIRST = (
    re.compile(r"([^,()\[\]]{2,60}?)(?:,\s+|\s*\()([^()]+)\)?"),
    re.compile(r"\[([^\]]{2,40})\]\s*(.+)"),
)
_MARKED = re.compile(r"^[*_~`]*\[([^\]]+)\]\([^()\s]*\)[*_~`]*$")
_ADDRESS = re.compile(r"\(?https?://\S+\)?", re.I)
_DRESS = re.compile(r"^[^\w(\[\"'&@+.]+|[\s\-–—|:]+$")
_NUMBER = re.compile(r"^\d{1,3}[.)]\s+")
_ENOUGH, _SURE, _LONGEST = 4, 0.9, 1_000
_NO_FIRM = frozenset(
    {"remote", "hybrid", "urgent", "high", "low", "priority", "new", "top", "dream", "referral"}
)

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
        for mark in _AT:
            cut = mark.search(text)
            if cut and cut.start():
                return _first_part(text[cut.end() :]), _half(text[: cut.start()])
        cut = _BETWEEN.search(text)
        if cut is None or not cut.start():
            return _by_words(text)
        told = None if self._sure else _told_first(text)
        first, second = text[: cut.start()], text[cut.end() :]
        if self._first if told is None else told:
            return _half(first), _job(second)
        return _first_part(second), _half(first)


def _by_words(text: str) -> Pair:
    """Return the halves of a text without a sure sign, where the words of jobs leave no doubt."""
    cut = _LOOSELY.search(text)
    if cut and cut.start():
        first, second = text[: cut.start()], text[cut.end() :]
        if _is_job(first) is not _is_job(second):
            return (_half(second), _half(first)) if _is_job(first) else (_half(first), _half(second))
    for form in _FIRM_FIRST:
        told = form.fullmatch(text)
        if told and _is_job(told[2]) and not _is_job(told[1]) and fold(told[1]) not in _NO_FIRM:
            return _half(told[1]), _half(told[2])
    return (None, text or None) if _is_job(text) else (text or None, None)


def _is_job(text: str) -> bool:
    return kind_of(text).title


def _job(text: str) -> str | None:
    """Return the job of what follows a company: without days, and without a place before it."""
    parts = [part for part in _BETWEEN.split(text) if interpret(part) is None]
    if len(parts) > 1 and not _is_job(parts[0]):
        return next((_half(part) for part in parts if _is_job(part)), _half(text))
    return _half(text) if len(parts) == len(_BETWEEN.split(text)) else _half(" - ".join(parts))


def _first_part(text: str) -> str | None:
    return _half(_BETWEEN.split(text, maxsplit=1)[0])


def bare(text: str) -> str:
    """Return a name without links, numbers and signs around it."""
    text = squeezed(text.strip()[:_LONGEST])
    marked = _MARKED.match(text)
    text = _ADDRESS.sub("", marked[1] if marked else text)
    return _DRESS.sub("", _NUMBER.sub("", _DRESS.sub("", text))).strip()


def _half(text: str) -> str | None:
    return text.strip() or None


def _told_first(text: str) -> bool | None:
    """Say whether the company stands first by the words of jobs, None where they leave it open."""
    cut = _BETWEEN.search(text)
    if cut is None or any(mark.search(text) for mark in _AT) or not cut.start():
        return None
    first, second = _is_job(text[: cut.start()]), _is_job(text[cut.end() :])
    return None if first == second else second
