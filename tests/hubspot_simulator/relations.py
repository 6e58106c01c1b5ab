"""Associations as the store holds them: both directions, type ids, the first company as the primary."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

_PAIRS = (
    ("deals", "contacts", 3, 4),
    ("deals", "companies", 341, 342),
    ("contacts", "companies", 279, 280),
    ("tasks", "contacts", 204, 203),
    ("tasks", "companies", 192, 191),
    ("tasks", "deals", 216, 215),
    ("notes", "contacts", 202, 201),
    ("notes", "companies", 190, 189),
    ("notes", "deals", 214, 213),
    ("calls", "contacts", 194, 193),
    ("calls", "companies", 182, 181),
    ("calls", "deals", 206, 205),
)
UNLABELLED = {(a, b): there for a, b, there, _ in _PAIRS} | {(b, a): back for a, b, _, back in _PAIRS}
PRIMARY = {
    ("deals", "companies"): 5,
    ("companies", "deals"): 6,
    ("contacts", "companies"): 1,
    ("companies", "contacts"): 2,
}
LABELS = dict.fromkeys(PRIMARY.values(), "Primary")


@dataclass(slots=True)
class Edge:
    """What joins one record to another, seen from one of them: type ids, and when it was made."""

    types: set[int]
    made: float


class Associations:
    """Every association of a portal. *seconds* is the clock of the search index."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._edges: dict[tuple[str, str], dict[str, dict[str, Edge]]] = {}

    def known(self, start: str, end: str, type_id: int) -> bool:
        """Say whether a type id exists in that direction."""
        return type_id in (UNLABELLED.get((start, end)), PRIMARY.get((start, end)))

    def between(self, kind: str, number: str, other: str) -> dict[str, Edge]:
        """Return what a record is joined to, by id of the other record."""
        return self._edges.get((kind, number), {}).get(other, {})

    def connect(self, start: str, a: str, end: str, b: str, type_id: int | None = None) -> None:
        """Join two records in both directions; the first company of a deal or contact becomes primary."""
        primary = PRIMARY.get((start, end))
        holder = (start, a, end, b) if end == "companies" else (end, b, start, a)
        has_one = any(
            PRIMARY.get((holder[0], holder[2])) in e.types for e in self.between(*holder[:3]).values()
        )
        chosen = type_id is not None and type_id == primary
        if chosen and has_one:
            self._demote(*holder[:3])
        make_primary = primary is not None and (chosen or not has_one)
        for one, two in ((start, a), (end, b)), ((end, b), (start, a)):
            edge = self._edge(*one, *two)
            edge.types.add(UNLABELLED[one[0], two[0]])
            if make_primary:
                edge.types.add(PRIMARY[one[0], two[0]])

    def disconnect(self, start: str, a: str, end: str, b: str) -> None:
        """Take all that joins two records away."""
        self.between(start, a, end).pop(b, None)
        self.between(end, b, start).pop(a, None)

    def forget(self, kind: str, number: str) -> None:
        """Take away all that joins a record to others."""
        for other, edges in self._edges.pop((kind, number), {}).items():
            for far in edges:
                self.between(other, far, kind).pop(number, None)

    def move(self, kind: str, old: str, new: str) -> None:
        """Give all associations of a record to another one of its type; a second primary loses its rank."""
        if old == new:
            return
        held = [(other, far, edge) for other, far, edge in self.all_of(kind, old)]
        self.forget(kind, old)
        for other, far, _ in sorted(held, key=lambda h: PRIMARY.get((kind, h[0])) not in h[2].types):
            self.connect(kind, new, other, far)

    def all_of(self, kind: str, number: str) -> Iterator[tuple[str, str, Edge]]:
        """Yield type, id and edge of everything that a record is joined to."""
        for other, edges in self._edges.get((kind, number), {}).items():
            for far, edge in edges.items():
                yield other, far, edge

    def _demote(self, start: str, a: str, end: str) -> None:
        for far, edge in self.between(start, a, end).items():
            edge.types.discard(PRIMARY[start, end])
            self.between(end, far, start)[a].types.discard(PRIMARY[end, start])

    def _edge(self, start: str, a: str, end: str, b: str) -> Edge:
        edges = self._edges.setdefault((start, a), {}).setdefault(end, {})
        return edges.setdefault(b, Edge(set(), self._seconds()))
