"""Asking a marked mapping for its keys; whatever does not fit is told with its line and what to write."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from crm_sync.domain.stages import Stage
from crm_sync.reading.description.ambiguity import may_take_for_ever
from crm_sync.reading.description.marks import Items, Node, Pairs, Text, wrong
from crm_sync.reading.reach import Pattern
from crm_sync.reading.texts import fold

_YES, _NO = frozenset({"yes", "true", "on"}), frozenset({"no", "false", "off"})
_NEAR = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """One mapping of a file; ``what`` says in words which one it is."""

    name: str
    what: str
    pairs: Pairs

    @property
    def line(self) -> int:
        """Return the line on which the mapping starts."""
        return self.pairs.line

    def has(self, key: str) -> bool:
        """Say whether a key is given."""
        return key in self.pairs.value

    def only(self, allowed: Collection[str]) -> None:
        """Raise ConfigError for a key that is not allowed, with the nearest that is."""
        for key, (line, _) in self.pairs.value.items():
            if key not in allowed:
                wrong(self.name, line, f'"{key}" is no key of {self.what}', f"Write {nearest(key, allowed)}.")

    def node(self, key: str) -> Node | None:
        """Return what a key holds, None where it is absent."""
        found = self.pairs.value.get(key)
        return found[1] if found else None

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; raise ConfigError where it is absent without a default, empty or no text."""
        node = self.node(key)
        if node is None:
            if default is not None:
                return default
            wrong(self.name, self.line, f"{self.what} has no {key}", f"Add {key}: ...")
        return text_of(node, self.name, key)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return one text or a list of them as a tuple, () where the key is absent."""
        node = self.node(key)
        return texts_of(node, self.name, key) if node is not None else ()

    def choice(self, key: str, choices: Collection[str], default: str | None = None) -> str:
        """Return one of several words; raise ConfigError with the nearest for another."""
        told = self.text(key, default)
        if told not in choices:
            node = self.node(key)
            line = node.line if node is not None else self.line
            wrong(self.name, line, f'{key}: "{told}" is not known', f"Write {nearest(told, choices)}.")
        return told

    def flag(self, key: str) -> bool:
        """Return yes or no, no where the key is absent."""
        node = self.node(key)
        if node is None:
            return False
        told = fold(text_of(node, self.name, key))
        if told not in _YES | _NO:
            wrong(self.name, node.line, f'{key}: "{told}" is neither yes nor no', f"Write {key}: yes.")
        return told in _YES

    def columns(self, key: str) -> tuple[str, ...]:
        """Return one column or a list of them, ``/patterns/`` among them, () where the key is absent."""
        node = self.node(key)
        return tuple(column_of(item, self.name, key) for item in each(node)) if node is not None else ()

    def patterns(self, key: str) -> tuple[Pattern, ...]:
        """Return one regular expression or a list of them, () where the key is absent."""
        node = self.node(key)
        return tuple(pattern_of(t, self.name, key) for t in each(node)) if node is not None else ()

    def stage(self, key: str) -> Stage | None:
        """Return a stage, None where the key is absent."""
        node = self.node(key)
        return stage_of(node, self.name) if node is not None else None

    def stages(self, key: str) -> tuple[Stage, ...]:
        """Return one stage or a list of them, () where the key is absent."""
        node = self.node(key)
        return tuple(stage_of(item, self.name) for item in each(node)) if node is not None else ()

    def inner(self, key: str, what: str) -> Asked | None:
        """Return the mapping under a key, None where it is absent; ConfigError where it is none."""
        node = self.node(key)
        return asked(node, self.name, what) if node is not None else None


def asked(node: Node, name: str, what: str) -> Asked:
    """Return a mapping to ask; raise ConfigError where the node is none."""
    if not isinstance(node, Pairs):
        wrong(name, node.line, f"{what} must be a mapping", "Write key: value pairs, one a line.")
    return Asked(name, what, node)


def text_of(node: Node, name: str, key: str) -> str:
    """Return the text of a node; raise ConfigError where it is none or empty."""
    if not isinstance(node, Text):
        wrong(name, node.line, f"{key} must be one text", f"Write {key}: text.")
    if not node.value.strip():
        wrong(name, node.line, f"{key} is empty", f"Fill {key} in or leave the line out.")
    return node.value.strip()


def each(node: Node) -> Iterator[Node]:
    """Yield the entries of a list, or the node itself where it is none."""
    yield from node.value if isinstance(node, Items) else (node,)


def texts_of(node: Node, name: str, key: str) -> tuple[str, ...]:
    """Return one text or a list of them as a tuple."""
    return tuple(text_of(item, name, key) for item in each(node))


def column_of(node: Node, name: str, key: str) -> str:
    """Return the name of a column, or a ``/pattern/`` for it; raise ConfigError as ``pattern_of`` does."""
    text = text_of(node, name, key)
    if is_pattern(text):
        pattern_of(Text(text[1:-1], node.line), name, key)
    return text


def is_pattern(text: str) -> bool:
    """Say whether a word stands for all that a pattern between two strokes finds."""
    return len(text) > 2 and text[0] == text[-1] == "/"


def pattern_of(node: Node, name: str, key: str) -> Pattern:
    """Return a regular expression, upper and lower case one to it.

    Raises ConfigError for a broken one, and for one that could take for ever.
    """
    text = text_of(node, name, key)
    try:
        told = re.compile(text, re.IGNORECASE)
    except re.error as error:
        hint = "Put it into single quotes, and a backslash before signs such as ( and ?."
        wrong(name, node.line, f"{key}: {text} is no regular expression ({error})", hint)
    if may_take_for_ever(told):
        hint = "Leave out the inner or the outer repeat, or put a sign between that only one of them reads."
        wrong(
            name,
            node.line,
            f"{key}: {text} could take for ever: a repeat in it reads one text in several ways",
            hint,
        )
    return Pattern(told)


def stage_of(node: Node, name: str) -> Stage:
    """Return a stage by its name; raise ConfigError with the nearest for another word."""
    told = text_of(node, name, "stage").replace(" ", "_")
    if told not in set(Stage):
        wrong(name, node.line, f'"{told}" is no stage', f"Write {nearest(told, [str(s) for s in Stage])}.")
    return Stage(told)


def nearest(word: str, allowed: Collection[str]) -> str:
    """Return the allowed word that is nearest, else all of them."""
    found = process.extractOne(word, list(allowed), scorer=fuzz.WRatio, score_cutoff=_NEAR)
    return found[0] if found else "one of " + ", ".join(allowed)
