"""What a brief is made of: sections of lines, each cleaned and not too long."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crm_sync.domain.values import trusted

LONGEST_LINE = 300


class Private(str):
    """A line of a brief that never leaves the house."""

    __slots__ = ()


@trusted
@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """A heading and its lines; in a brief there is always one line at least.

    A ``standing`` section is the same in many briefs, and so worth to be rendered once for all of them: it
    is known again as the very same object, for the words of all its lines would have to be looked at.
    """

    title: str
    lines: tuple[str, ...]
    standing: bool = False


_UNPRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\s]+")


def clean(text: str | None) -> str:
    """Return the text on one line, without control characters, and not too long."""
    if not text:
        return ""
    plain = text.isprintable() and "  " not in text
    line = (text if plain else _UNPRINTED.sub(" ", text)).strip()
    return line if len(line) <= LONGEST_LINE else clip(line, LONGEST_LINE)


def clip(text: str, length: int) -> str:
    """Return the text, cut where it is longer than *length*, with a sign that it goes on."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
