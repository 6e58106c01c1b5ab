"""Telephone numbers that stand in a cell beside something else: a name, an address."""

from __future__ import annotations

import re

from crm_sync.reading.reach import within_reach

_FEWEST, _MOST = 7, 15
_EDGES = " -.,/"
_LABELS = "telephone|telefon|téléphone|teléfono|tel|phone|ph|mobile|mobil|mob|cell|handy|fon"
_BEFORE = r"(?<![\w@.+])(?<!\w[-/])"
_DIGITS = r"\+?\(?\d(?:[\d().\-/\u2010-\u2013]|[ \u00a0](?=[\d(])){5,22}"
_EXTENSION = r"(?:\s*(?:x|ext\.?|extension)\s*\d{1,6}\b)?"
_NUMBER = re.compile(
    rf"(?:\b(?:{_LABELS})\b[.:]*\s*)?{_BEFORE}(?P<number>(?P<main>{_DIGITS}){_EXTENSION})(?!\w)", re.I
)
_DAY = re.compile(r"\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2(?:\d{2}|\d{4})")


def split_number(text: str) -> tuple[str, str | None]:
    """Return the text without its first telephone number, and that number; None where there is none.

    A number has seven to fifteen digits (E.164 allows no more); a day is none.
    """
    seen = within_reach(text)
    if sum(map(str.isdigit, seen)) < _FEWEST:
        return text, None
    for found in _NUMBER.finditer(seen):
        main = found["main"].strip(_EDGES)
        if _FEWEST <= sum(map(str.isdigit, main)) <= _MOST and not _DAY.fullmatch(main):
            number = found["number"].strip(_EDGES)
            return f"{text[: found.start()]} {text[found.end() :]}", _balanced(number)
    return text, None


def _balanced(number: str) -> str:
    """Return the number without a bracket at its end that was opened before it."""
    return number[:-1] if number[-1:] == ")" and number.count(")") > number.count("(") else number
