"""Rules of a description as small machines: a record in, a value out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import unescape
from typing import Any

from crm_sync.reading.description.conditions import LEVELS, gate_of, is_filled
from crm_sync.reading.description.forms import HALVES, Rule, Take
from crm_sync.reading.description.shapes import Getter, Record, Shape
from crm_sync.reading.description.sides import Sides, path_steps, value_at
from crm_sync.reading.halves import Halves
from crm_sync.reading.placeholders import fact
from crm_sync.reading.reach import Pattern
from crm_sync.reading.texts import fold, printed
from crm_sync.reading.unwanted import unwanted_word

Change = Callable[[Any], Any]
_FIELD = re.compile(r"\{([^{}]+)\}")
_BREAK = re.compile(r"<\s*(?:br|/p|/li|/div|/h\d|/tr)\b[^>]*>", re.I)
_TAG = re.compile(r"<[^<>]{0,2000}>")


def getter_of(rule: Rule, shape: Shape, sides: Sides) -> Getter | None:
    """Return what takes a value by the first alternative that gives one; None where no column is there."""
    getters = [getter for take in rule if (getter := take_of(take, shape, sides)) is not None]
    if not getters:
        return None
    return getters[0] if len(getters) == 1 else _first_of(getters)


def _first_of(getters: Sequence[Getter]) -> Getter:
    def take(record: Record) -> Any:
        for getter in getters:
            found = getter(record)
            if is_filled(found):
                return found
        return None

    return take


def take_of(take: Take, shape: Shape, sides: Sides) -> Getter | None:
    """Return what takes a value by one alternative, None where none of its columns is there."""
    source = _source_of(take, shape, sides)
    if source is None:
        return None
    changes = _changes_of(take, sides)
    if take.half is not None:
        changes.append(_half_of(take.half, source, changes, shape.sample))
    gate = gate_of(take.when, shape)
    if not changes and gate is None:
        return source

    def get(record: Record) -> Any:
        if gate is not None and not gate(record):
            return None
        return _changed(source(record), changes)

    return get


def _source_of(take: Take, shape: Shape, sides: Sides) -> Getter | None:
    if take.always is not None:
        constant = take.always
        return lambda _: constant
    if take.join:
        return _joined(take, shape, sides)
    getters = [getter for path in take.paths if (getter := shape.getter(path)) is not None]
    if not getters:
        return None
    return getters[0] if len(getters) == 1 else _first_of(getters)


def _joined(take: Take, shape: Shape, sides: Sides) -> Getter | None:
    parts = [part for rule in take.join if (part := getter_of(rule, shape, sides)) is not None]
    always = all(each.always is not None for rule in take.join for each in rule)
    if not parts or (not always and len(parts) == sum(_is_constant(rule) for rule in take.join)):
        return None
    glue = take.glue
    return lambda record: glue.join(text for part in parts if (text := text_of(part(record)))) or None


def _is_constant(rule: Rule) -> bool:
    return all(each.always is not None for each in rule)


def _changes_of(take: Take, sides: Sides) -> list[Change]:
    found: list[Change] = []
    if take.json is not None:
        found.append(_inside(take.json))
    for at, name in enumerate(take.look_up):
        pick = take.pick if at == len(take.look_up) - 1 else "all"
        found.append(_looked_up(name, take.take[at], pick, sides))
    if take.each is not None:
        found.append(_rendered(take.each, take.glue, sides))
    if take.html:
        found.append(lambda value: plain_text(text_of(value, take.glue) or ""))
    if take.glue != ", " and not take.join and take.each is None:
        found.append(lambda value: text_of(value, take.glue) if isinstance(value, list) else value)
    if take.cut:
        found.append(lambda value: _without(take.cut, text_of(value, take.glue) or ""))
    if take.parts is not None:
        found.append(lambda value: _without_unwanted(text_of(value) or "", take.parts or " ", sides))
    if take.find:
        found.append(lambda value: _found(text_of(value, take.glue) or "", take.find))
    if take.translate:
        found.append(lambda value: take.translate.get(fold(text_of(value) or ""), value))
    return found


def _inside(path: str) -> Change:
    """Return what takes a path out of JSON that stands as text in a cell; other texts give nothing."""
    steps = path_steps(path)

    def change(value: Any) -> Any:
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                return None
        return value_at(value, steps)

    return change


def _looked_up(name: str, path: str, pick: str, sides: Sides) -> Change:
    steps = path_steps(path)

    def change(value: Any) -> Any:
        index = sides.index(name)
        keys = value if isinstance(value, list) else [value]
        records = [record for key in keys for record in index.get(printed(key), ())]
        found = [each for record in records if is_filled(each := value_at(record, steps))]
        return _picked(found, pick)

    return change


def _picked(found: Sequence[Any], pick: str) -> Any:
    if not found or pick == "all":
        return list(found) or None
    if pick in ("first", "last"):
        return found[0 if pick == "first" else -1]
    return (min if pick == "least" else max)(found, key=lambda value: (printed(value), ""))


def _rendered(template: str, glue: str, sides: Sides) -> Change:
    """Return what prints each element of a list by a template such as ``{question}: {answer}``."""
    fields = {name: path_steps(name) for name in _FIELD.findall(template)}

    def change(value: Any) -> Any:
        items = value if isinstance(value, list) else [value]
        texts = [_filled(template, fields, item) for item in items if isinstance(item, Mapping)]
        return glue.join(text for text in texts if text and _may_enter(text, sides)) or None

    return change


def _filled(template: str, fields: Mapping[str, Any], item: Mapping[str, Any]) -> str | None:
    values = {name: text_of(value_at(item, steps)) for name, steps in fields.items()}
    if not any(values.values()):
        return None
    return _FIELD.sub(lambda told: values[told[1]] or "", template).strip()


def _half_of(half: str, source: Getter, changes: Sequence[Change], sample: Sequence[Record]) -> Change:
    """Return what takes the company or the job title of a text, by what the column's other texts show."""
    before = tuple(changes)
    at = HALVES.index(half)
    told = (text for record in sample if (text := text_of(_changed(source(record), before))))
    halves = Halves(told)
    return lambda value: halves.of(text_of(value) or "")[at]


def _changed(value: Any, changes: Sequence[Change]) -> Any:
    for change in changes:
        if value is None:
            return None
        value = change(value)
    return value


def _without(patterns: Sequence[Pattern], text: str) -> str | None:
    for each in patterns:
        text = each.taken_out_of(text)
    return text.strip() or None


def _without_unwanted(text: str, mark: str, sides: Sides) -> str | None:
    """Return a text of several parts without empty ones and those that have no business in a CRM."""
    return mark.join(part for part in text.split(mark) if part.strip() and _may_enter(part, sides)) or None


def _may_enter(part: str, sides: Sides) -> bool:
    """Say whether an answer may pass the door; what one that may not was asked for is remembered."""
    word = unwanted_word(part)
    if word is not None:
        sides.turned_away[word] = None
    return word is None


def _found(text: str, patterns: Sequence[Pattern]) -> str | None:
    for each in patterns:
        told = each.search(text)
        if told:
            return (told[1] if each.groups else told[0]) or None
    return None


def text_of(value: Any, glue: str = ", ", levels: int = LEVELS) -> str | None:
    """Return a value as a trimmed text, None where it says nothing; a list is joined, an object is none.

    Lists inside lists count down to *levels*.
    """
    if type(value) is str:  # by far most values
        return fact(value)
    if isinstance(value, list):
        return glue.join(dict.fromkeys(_texts(value, levels - 1))) or None if levels else None
    if isinstance(value, Mapping | bool):
        return None
    return fact(value)


def _texts(values: Sequence[Any], levels: int) -> Iterator[str]:
    return (text for value in values if (text := text_of(value, levels=levels)))


def plain_text(html: str) -> str | None:
    """Return the text of a piece of HTML, its breaks as line ends."""
    text = unescape(_TAG.sub("", _BREAK.sub("\n", html)))
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line) or None
