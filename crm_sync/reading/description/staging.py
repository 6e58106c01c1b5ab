"""The stage of a record, by the rules of a description."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from crm_sync.domain.stages import Stage
from crm_sync.reading.description.conditions import Gate, gate_of, is_set
from crm_sync.reading.description.forms import StageRule, TableForm, Words
from crm_sync.reading.description.shapes import Getter, Record, Shape
from crm_sync.reading.description.sides import Sides
from crm_sync.reading.description.taking import getter_of, text_of
from crm_sync.reading.folding import FINAL, Folded, Signs, fold_stage
from crm_sync.reading.texts import word_key

_ENDED = FINAL | {Stage.OFFER}
_REMEMBERED = 20_000
Asked = Callable[[Record, bool], Folded | None]
"""Of a record, and whether its day of application is told; None where the rule does not know."""


class Staging:
    """Asks the rules in order; ``unknown`` are status words that nobody could map."""

    def __init__(
        self, form: TableForm, rules: Sequence[StageRule], shape: Shape, sides: Sides, *, recruiter: bool
    ) -> None:
        self._otherwise = form.otherwise
        self._recruiter = recruiter
        self._general: dict[tuple[str, bool], Folded] = {}
        asked = (self._asked(rule, form.words, shape, sides) for rule in rules)
        self._rules = [rule for rule in asked if rule is not None]

    def fold(self, record: Record, *, dated: bool) -> Folded:
        """Return the stage of a record, the word that decided, and flags."""
        return self._from(0, record, dated)

    def _from(self, first: int, record: Record, dated: bool) -> Folded:
        unknown: Folded | None = None
        for at in range(first, len(self._rules)):
            rule, ends = self._rules[at]
            found = rule(record, dated)
            if found is None:
                continue
            if ends:
                below = self._from(at + 1, record, dated)
                return below if below.stage in _ENDED else Folded(found.stage, below.word or found.word)
            if found.stage is not Stage.UNKNOWN:
                return found
            unknown = unknown or found
        return unknown or Folded(self._otherwise, None)

    def _asked(self, rule: StageRule, words: Words, shape: Shape, sides: Sides) -> tuple[Asked, bool] | None:
        getter = getter_of(rule.value, shape, sides) if rule.value else None
        if rule.value and getter is None:
            return None
        gate = gate_of(rule.when, shape)
        stage = rule.means or rule.ends
        if stage is not None:
            return _meaning(stage, getter, gate), rule.ends is not None
        assert getter is not None
        return self._spoken(rule, words, getter, gate), False

    def _spoken(self, rule: StageRule, words: Words, getter: Getter, gate: Gate | None) -> Asked:
        def asked(record: Record, dated: bool) -> Folded | None:
            if gate is not None and not gate(record):
                return None
            text = text_of(getter(record))
            if text is None:
                return None
            stage = stage_in(rule.words, text) or stage_in(words, text)
            if stage is not None:
                return Folded(stage, text, ("stage_unknown",) if stage is Stage.UNKNOWN else ())
            return None if rule.only else self._generally(text, dated)

        return asked

    def _generally(self, text: str, dated: bool) -> Folded:
        """Return what everybody means by a word; remembered, for the words of an export are few."""
        key = (text, dated)
        if key not in self._general:
            signs = Signs(main=(text,), dated=dated, recruiter=self._recruiter, fallback=self._otherwise)
            if len(self._general) >= _REMEMBERED:
                self._general.clear()
            self._general[key] = fold_stage(signs)
        return self._general[key]


def _meaning(stage: Stage, getter: Getter | None, gate: Gate | None) -> Asked:
    def asked(record: Record, dated: bool) -> Folded | None:
        del dated
        if gate is not None and not gate(record):
            return None
        value: Any = getter(record) if getter is not None else True
        return Folded(stage, _word(value)) if is_set(value) else None

    return asked


def _word(value: Any) -> str | None:
    """Return a value as a status word; a moment or a mere yes is none."""
    text = text_of(value)
    return text if text and not text[:1].isdigit() and word_key(text) not in ("true", "yes") else None


def stage_in(words: Words, text: str) -> Stage | None:
    """Return what own words say about a text, None where they do not know it."""
    found = words.known.get(word_key(text))
    if found is not None:
        return found
    return next((stage for pattern, stage in words.patterns if pattern.search(text)), None)
