"""Conditions of a description as questions about a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from crm_sync.reading.description.forms import Condition
from crm_sync.reading.description.shapes import Record, Shape
from crm_sync.reading.lexicon import word_set
from crm_sync.reading.placeholders import fact, truth
from crm_sync.reading.texts import fold, printed

LEVELS = 50
"""How deeply lists may stand in lists and still say something."""
Gate = Callable[[Record], bool]


def gate_of(conditions: Sequence[Condition], shape: Shape) -> Gate | None:
    """Return what says whether all conditions hold of a record, None where there is none."""
    gates = [_gate(condition, shape) for condition in conditions]
    if not gates:
        return None
    return gates[0] if len(gates) == 1 else lambda record: all(gate(record) for gate in gates)


def _gate(condition: Condition, shape: Shape) -> Gate:
    getter = shape.getter(condition.path)
    if getter is None:
        absent = holds(condition, None)
        return lambda _: absent
    return lambda record: holds(condition, getter(record))


def holds(condition: Condition, value: Any) -> bool:
    """Say whether a condition holds of a value; of a list one element is enough."""
    if isinstance(value, list):
        return any(_holds(condition, one) for one in value) is not condition.negated
    return _holds(condition, value) is not condition.negated


def _holds(condition: Condition, value: Any) -> bool:
    if condition.filled is not None:
        return is_filled(value) is condition.filled
    text = "" if isinstance(value, Mapping | list) else printed(value)
    if condition.like is not None:
        return condition.like.search(text) is not None
    return is_one_of(value, text, condition.words)


def is_one_of(value: Any, text: str, words: Sequence[str]) -> bool:
    """Say whether a value is one of the folded words; yes and no count in any spelling."""
    key = fold(text) if text else ""
    if key in words:
        return True
    said = truth(value) if not isinstance(value, Mapping | list) else None
    if said is None:
        return False
    return bool((word_set("yes") if said else word_set("no")) & set(words))


def is_filled(value: Any) -> bool:
    """Say whether a value tells anything."""
    if type(value) is not str and isinstance(value, Mapping | list):
        return bool(value)
    return fact(value) is not None


def is_set(value: Any, levels: int = LEVELS) -> bool:
    """Say whether a sign is there: yes, or anything told that is not no; in lists down to *levels*."""
    if isinstance(value, list):
        return levels > 0 and any(is_set(inner, levels - 1) for inner in value)
    if isinstance(value, Mapping):
        return bool(value)
    said = truth(value)
    return said if said is not None else fact(value) is not None
