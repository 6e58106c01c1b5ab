"""What a brief is made of: sections of lines, each cleaned and not too long."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

LONGEST_LINE = 300


class Line(NamedTuple):
    """One line of a brief; a ``private`` one never leaves the house."""

    text: str
    private: bool = False


class Section(NamedTuple):
    """A heading and its lines; in a brief there is always one line at least.

    A ``standing`` section is the same in many briefs, and so worth to be rendered once for all of them.
    """

    title: str
    lines: tuple[Line, ...]
    standing: bool = False


_UNPRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\s]+")


@lru_cache(maxsize=1024)
def clean(text: str | None) -> str:
    """Return the text on one line, without control characters, and not too long."""
    if not text:
        return ""
    plain = text.isprintable() and "  " not in text
    return clip((text if plain else _UNPRINTED.sub(" ", text)).strip(), LONGEST_LINE)


def clip(text: str, length: int) -> str:
    """Return the text, cut where it is longer than *length*, with a sign that it goes on."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
