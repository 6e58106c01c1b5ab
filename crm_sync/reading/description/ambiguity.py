"""Patterns that could take for ever: those in which a repeat reads one text in several ways.

``(a+)+$`` reads "aaaa" as one repeat of four, as two of two, and so on: where nothing fits in the end, all of
these are tried, twice as many with every letter. The pattern is laid out as a graph of the signs that it
reads one after the other; two ways from a sign to itself that read the same text are what is looked for.
"""

from __future__ import annotations

import re
import string
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import Any, NamedTuple

_ENOUGH_COPIES, _MOST_SIGNS = 3, 250
_TRIED = frozenset(string.printable + "éßЖ年→–\u00a0")
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
_LOOKS_AROUND = ("ASSERT", "ASSERT_NOT")
_KINDS: dict[str, Callable[[str], bool]] = {
    "DIGIT": str.isdigit,
    "SPACE": str.isspace,
    "WORD": lambda mark: mark.isalnum() or mark == "_",
}
_REPEATED_GROUP = re.compile(r"\)\s*[*+{]")
_parse: Any = import_module("re._parser").parse


class _Part(NamedTuple):
    """A piece of a pattern: in how many ways it may read nothing, and the signs at both of its ends.

    A sign stands there as often as there are ways to it; two say as much as more.
    """

    empty: int
    first: tuple[int, ...]
    last: tuple[int, ...]


_NOTHING = _Part(1, (), ())


def may_take_for_ever(pattern: re.Pattern[str]) -> bool:
    """Say whether the time that a pattern takes can double with every letter of a text."""
    if not _REPEATED_GROUP.search(pattern.pattern):  # a repeat of one sign reads a text in one way
        return False
    graph = _Graph()
    graph.lay_out(_parse(pattern.pattern, pattern.flags & re.VERBOSE))
    return graph.reads_one_text_in_two_ways()


class _Graph:
    """The signs of a pattern, and how often each may follow another."""

    def __init__(self) -> None:
        self._signs: list[tuple[str, Any]] = []
        self._read: dict[int, frozenset[str]] = {}
        self._edges: Counter[tuple[int, int]] = Counter()

    def lay_out(self, items: Iterable[tuple[Any, Any]]) -> _Part:
        """Add pieces that follow each other."""
        whole = _NOTHING
        for op, told in items:
            whole = self._then(whole, self._piece(str(op), told))
        return whole

    def _then(self, one: _Part, other: _Part) -> _Part:
        self._edges.update((p, q) for p in one.last for q in other.first)
        first = one.first + other.first * one.empty
        last = other.last + one.last * other.empty
        return _Part(min(one.empty * other.empty, 2), first, last)

    def _piece(self, op: str, told: Any) -> _Part:
        if op in _REPEATS:
            return self._repeat(*told)
        if op == "SUBPATTERN":
            return self.lay_out(told[-1])
        if op == "ATOMIC_GROUP":
            return self.lay_out(told)
        if op == "BRANCH":
            return _either([self.lay_out(one) for one in told[1]])
        if op == "GROUPREF_EXISTS":
            return _either([self.lay_out(one) for one in told[1:] if one is not None])
        if op in _LOOKS_AROUND:
            self.lay_out(told[1])
            return _NOTHING
        if op in ("AT", "GROUPREF"):
            return _NOTHING
        self._signs.append((op, told))
        here = (len(self._signs) - 1,)
        return _Part(0, here, here)

    def _repeat(self, least: int, most: int, items: Sequence[tuple[Any, Any]]) -> _Part:
        if least == most:
            return self.lay_out([one for _ in range(min(least, _ENOUGH_COPIES)) for one in items])
        part = self.lay_out(items)
        if most > 1:
            self._edges.update((p, q) for p in part.last for q in part.first)
        return part._replace(empty=min(part.empty + (least == 0), 2))

    def reads_one_text_in_two_ways(self) -> bool:
        """Say whether there are two ways from a sign to itself that read the same text."""
        follow: dict[int, list[int]] = defaultdict(list)
        for p, q in self._edges:
            follow[p].append(q)
        after = {p: _reached(p, follow) for p in follow}
        return any(
            self._meets_again({q for q in reached if p in after.get(q, ())}, follow)
            for p, reached in after.items()
            if p in reached
        )

    def _meets_again(self, loop: set[int], follow: dict[int, list[int]]) -> bool:
        """Say whether two ways within a loop part and meet again, reading the same."""
        if len(loop) > _MOST_SIGNS:
            return False
        doubled = (q for (p, q), often in self._edges.items() if often > 1 and p in loop and q in loop)
        if any(map(self._marks, doubled)):
            return True
        inside = {p: [q for q in follow[p] if q in loop] for p in loop}
        met = {(p, p) for p in loop}
        waiting = list(met)
        while waiting:
            p, q = waiting.pop()
            for pair in ((r, s) for r in inside[p] for s in inside[q]):
                if not self._marks(pair[0]) & self._marks(pair[1]):
                    continue
                if p != q and pair[0] == pair[1]:
                    return True
                if pair not in met:
                    met.add(pair)
                    waiting.append(pair)
        return False

    def _marks(self, sign: int) -> frozenset[str]:
        """Return what a sign reads, of the marks that are tried."""
        if sign not in self._read:
            op, told = self._signs[sign]
            self._read[sign] = frozenset(mark for mark in _TRIED if _fits(op, told, mark))
        return self._read[sign]


def _either(parts: Sequence[_Part]) -> _Part:
    return _Part(
        min(sum(part.empty for part in parts), 2),
        tuple(sign for part in parts for sign in part.first),
        tuple(sign for part in parts for sign in part.last),
    )


def _reached(start: int, follow: dict[int, list[int]]) -> set[int]:
    met: set[int] = set()
    waiting = list(follow.get(start, ()))
    while waiting:
        sign = waiting.pop()
        if sign not in met:
            met.add(sign)
            waiting.extend(follow.get(sign, ()))
    return met


def _fits(op: str, told: Any, mark: str) -> bool:
    """Say whether a sign of a pattern reads a mark; upper and lower case are one."""
    if op in ("LITERAL", "NOT_LITERAL"):
        return (chr(told).casefold() == mark.casefold()) is (op == "LITERAL")
    if op == "RANGE":
        return any(told[0] <= ord(form) <= told[1] for form in (mark.lower(), mark.upper()) if len(form) == 1)
    if op == "CATEGORY":
        name = str(told).removeprefix("CATEGORY_")
        return _KINDS[name.removeprefix("NOT_")](mark) is not name.startswith("NOT_")
    if op == "IN":
        negated = str(told[0][0]) == "NEGATE"
        return any(_fits(str(kind), what, mark) for kind, what in told[negated:]) is not negated
    return True  # any mark
