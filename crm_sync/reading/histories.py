"""Histories in one cell: printed lists, and paths such as "Applied > Phone screen > Rejected"."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator

from crm_sync.domain.stages import Stage
from crm_sync.domain.tables import Cell
from crm_sync.reading.dates import interpret
from crm_sync.reading.stages import word_of
from crm_sync.reading.texts import squeezed

_LONGEST_LITERAL = 50_000
_SPLIT = re.compile(r"\s+-\s+|\s*(?:→|->|=>|>|;|\||\n|,|⇒|➔|➡)\s*")
_ARROWS = re.compile(r"\s*(?:→|->|=>|⇒|➔|➡|»|\s>\s)\s*")
_DATED_STEP = re.compile(
    r"^\s*([^\W\d][^\d()\[\]]*?)\s*(?:\b(?:on|am|le|el)\b|[:,–-])?\s*[(\[]?\s*(\d[^()\[\]]{3,24}?)\s*[)\]]?\s*$",
    re.I,
)
_STEP_OF_DAY = re.compile(
    r"^\s*(\d{4}-\d\d?-\d\d?|\d\d?[./-]\d\d?[./-]\d{2,4}|\d\d?\.? [^\W\d]{3,12}\.? \d{4})"
    r"\s*[:,–-]?\s*([^\W\d].*)$"
)
_LINES = re.compile(r"[;|\n]")
_LONGEST_PATH, _LONGEST_LOG = 500, 5_000
_SENT = frozenset({Stage.APPLIED, Stage.SCREENING, Stage.INTERVIEWING, Stage.OFFER, Stage.REJECTED})


def latest_of(text: str) -> str:
    """Return the last status of a cell that holds a printed list or record, other texts as they are."""
    told = squeezed(text)
    if text[:1] not in "[{" and not _ARROWS.search(told):
        return text
    known = known_steps_of(text) if text[:1] in "[{" else _known_steps(_ARROWS.split(told))
    return known[-1] if known else text


def known_steps_of(history: str) -> list[str]:
    """Return the known stage words of a history, oldest first."""
    return _known_steps(steps_of(history))


def _known_steps(steps: Iterable[str]) -> list[str]:
    return [step.strip() for step in steps if word_of(step.strip()).stage is not Stage.UNKNOWN]


def steps_of(history: str) -> list[str]:
    """Return the parts of a history, oldest first, from printed JSON or from text with separators."""
    if history[:1] in "[{":
        found = literal_in(history)
        if found is not None:
            return list(_words_in(found))
    return [part.strip() for part in _SPLIT.split(squeezed(history)) if part.strip()]


def literal_in(text: str) -> object:
    """Return the value of printed JSON or of a printed Python literal, None where it is neither."""
    try:
        return json.loads(text)
    except RecursionError:
        return None
    except ValueError:
        pass
    try:
        return ast.literal_eval(text) if len(text) < _LONGEST_LITERAL else None
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None


def first_day_of(cell: Cell) -> str | None:
    """Return the text of the day of application in a history, None where the cell is none.

    In a printed list the first date; in a path such as "Applied (3 May) -> Offer (9 May)" the date of the
    first step that is no mere saving, as in a log such as "3 May 2026 applied; 9 May 2026 offer".
    """
    if not isinstance(cell, str):
        return None
    if cell[:1] in ("[", "{"):
        return next((step for step in steps_of(cell) if interpret(step) is not None), None)
    for step in _ARROWS.split(cell) if len(cell) < _LONGEST_PATH else ():
        found = _DATED_STEP.match(step)
        if found and interpret(found[2]) is not None and word_of(found[1]).stage in _SENT:
            return found[2]
    return _first_of_log(cell)


def _first_of_log(text: str) -> str | None:
    for line in _LINES.split(squeezed(text)) if len(text) < _LONGEST_LOG else ():
        found = _STEP_OF_DAY.match(line)
        if found and interpret(found[1]) is not None and word_of(found[2].strip()).stage in _SENT:
            return found[1]
    return None


def _words_in(value: object) -> Iterator[str]:
    """Yield the texts of a value in their order, however deeply it is nested."""
    waiting = [value]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, str):
            yield inner
        elif isinstance(inner, dict):
            waiting.extend(reversed(inner.values()))
        elif isinstance(inner, list):
            waiting.extend(reversed(inner))
