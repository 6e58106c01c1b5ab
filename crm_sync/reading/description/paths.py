"""Paths into records: a column's header, or the way through nested JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from crm_sync.reading.texts import fold, printed

_PART = re.compile(r"([^.\[\]]*)((?:\[[^\[\]]*\])*)(?:\.|$)")
_BRACKET = re.compile(r"\[([^\[\]]*)\]")
_FILTER = re.compile(r"([^=]+)=(.*)")


@dataclass(frozen=True, slots=True)
class Every:
    """Every element of a list; an object counts as a list of one."""


@dataclass(frozen=True, slots=True)
class Where:
    """The elements of a list whose *key* says *word*."""

    key: str
    word: str


Step = str | int | Every | Where
EVERY = Every()


@lru_cache(maxsize=4_000)
def steps_of(path: str) -> tuple[Step, ...]:
    """Return the steps of a path such as ``jobs[0].name``, ``emails[type=work].value``, ``answers[].text``.

    Raises ValueError where the brackets make no sense.
    """
    found: list[Step] = []
    at = 0
    while at < len(path):
        part = _PART.match(path, at)
        if part is None or part.end() == at:
            raise ValueError(path)
        if part[1]:
            found.append(part[1])
        found.extend(_bracket(text, path) for text in _BRACKET.findall(part[2]))
        at = part.end()
    return tuple(found)


def _bracket(text: str, path: str) -> Step:
    text = text.strip()
    if not text:
        return EVERY
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    told = _FILTER.fullmatch(text)
    if told is None:
        raise ValueError(path)
    return Where(told[1].strip(), fold(told[2]))


def walk(value: Any, steps: Sequence[Step]) -> Any:
    """Return what stands at the end of the steps, None where there is nothing; ``[]`` gives a flat list."""
    for at, step in enumerate(steps):
        if value is None:
            return None
        if isinstance(step, str):
            value = value.get(step) if isinstance(value, Mapping) else None
        elif isinstance(step, int):
            value = _nth(value, step)
        else:
            return _spread(_elements(value, step), steps[at + 1 :])
    return value


def _nth(value: Any, index: int) -> Any:
    items = _listed(value)
    return items[index] if -len(items) <= index < len(items) else None


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [value] if isinstance(value, Mapping) else []


def _elements(value: Any, step: Every | Where) -> list[Any]:
    items = _listed(value)
    if isinstance(step, Every):
        return items
    return [item for item in items if isinstance(item, Mapping) and says(item.get(step.key), step.word)]


def says(value: Any, word: str) -> bool:
    """Say whether a value is a folded word, case and punctuation apart."""
    return not isinstance(value, Mapping | list) and fold(printed(value)) == word


def _spread(items: Sequence[Any], rest: Sequence[Step]) -> list[Any]:
    found: list[Any] = []
    for item in items:
        inner = walk(item, rest)
        if isinstance(inner, list):
            found.extend(inner)
        elif inner is not None:
            found.append(inner)
    return found


def has(value: Any, steps: Sequence[Step]) -> bool:
    """Say whether a path exists, be its value null: its keys stand in the objects on the way."""
    for at, step in enumerate(steps):
        if isinstance(step, str):
            if not isinstance(value, Mapping) or step not in value:
                return False
            value = value[step]
        elif isinstance(step, int):
            value = _nth(value, step)
        else:
            return any(has(item, steps[at + 1 :]) for item in _elements(value, step))
        if value is None:
            return True
    return True
