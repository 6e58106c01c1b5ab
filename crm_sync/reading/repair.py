"""Rows whose cells slipped to the side because a comma stood unquoted or a cell is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from crm_sync.domain.stages import Stage
from crm_sync.domain.tables import Cell, Row
from crm_sync.reading.dates import announced
from crm_sync.reading.placeholders import is_nothing
from crm_sync.reading.plans import Plan
from crm_sync.reading.profiles import kind_of
from crm_sync.reading.stages import word_of
from crm_sync.reading.texts import printed

_FURTHEST, _WIDEST = 8, 120
_SURE = 0.6
_MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class _Anchor:
    index: int
    fits: Callable[[Cell], bool]


@dataclass(frozen=True, slots=True)
class Aligner:
    """Puts the cells of a slipped row back under their headers, where their shapes leave no doubt."""

    width: int
    anchors: tuple[_Anchor, ...]
    lengths: tuple[float, ...]
    status: int | None
    known: dict[str, bool] = field(default_factory=dict)

    def looks_wrong(self, row: Row) -> bool:
        """Say whether a row may have slipped."""
        if len(row) != self.width:
            return True
        if self.status is None:
            return False
        cell = row[self.status]
        if not isinstance(cell, str) or cell == "":
            return False
        right = self.known.get(cell)
        if right is None:
            right = self.known[cell] = _is_status(cell)
        return not right

    def realign(self, row: Row) -> Row | None:
        """Return the row with its cells in place, None where it is right or nobody could tell.

        Tables of very many columns are taken as they are: there would be too many places to try.
        """
        if self.width > _WIDEST:
            return None
        cells = list(row)
        extra = len(cells) - self.width
        now = self._score(cells)
        best: tuple[float, float, float, int, int] | None = None
        for shift in [*range(1, min(max(extra, 0), _FURTHEST) + 1), -1, -2]:
            if shift < 0 and extra > 0:
                continue
            for place in range(1, self.width + 1):
                moved = self._tidied(_moved(cells, place, shift))
                if moved is None:
                    continue
                cue = _blanks(cells, place, shift)
                rank = (self._score(moved), cue, self._room(place, shift), -abs(shift), shift * 1000 + place)
                best = max(best, rank) if best else rank
        if best is None:
            return None
        shift, place = divmod(best[4], 1000)
        moved = self._tidied(_moved(cells, place, shift)) or cells
        better = best[0] > now and self._misfits(moved) == 0
        if extra <= 0:
            better = better and self._fits(moved) > self._fits(cells)
        if better or (extra > 0 and best[0] >= now and best[1] >= 1):
            return moved
        return None

    def _tidied(self, cells: list[Cell]) -> list[Cell] | None:
        """Return the cells, those too many joined to a last column of free text; None if it has a shape."""
        if not any(printed(cell) for cell in cells[self.width :]):
            return cells
        last = self.width - 1
        if any(anchor.index == last for anchor in self.anchors):
            return None
        return _moved(cells, self.width, len(cells) - self.width)

    def _score(self, cells: Sequence[Cell]) -> float:
        return sum(_judge(anchor, cells) for anchor in self.anchors)

    def _misfits(self, cells: Sequence[Cell]) -> int:
        return sum(1 for anchor in self.anchors if _judge(anchor, cells) < 0)

    def _fits(self, cells: Sequence[Cell]) -> int:
        return sum(1 for anchor in self.anchors if _judge(anchor, cells) > 0)

    def _room(self, place: int, shift: int) -> float:
        if shift < 0:
            return float(place)
        return self.lengths[place - 1]


def _judge(anchor: _Anchor, cells: Sequence[Cell]) -> float:
    cell = cells[anchor.index] if anchor.index < len(cells) else None
    text = printed(cell)
    if not text or is_nothing(text):
        return 0.0
    return 1.0 if anchor.fits(cell) else -1.0


def _moved(cells: Sequence[Cell], place: int, shift: int) -> list[Cell]:
    """Join ``shift`` cells into the column before ``place``, or open a gap of ``-shift`` cells there."""
    if shift < 0:
        return [*cells[:place], *([None] * -shift), *cells[place:]]
    joined = ",".join(
        printed(cell) if i == 0 else str(cell or "")
        for i, cell in enumerate(cells[place - 1 : place + shift])
    )
    return [*cells[: place - 1], joined, *cells[place + shift :]]


def _blanks(cells: Sequence[Cell], place: int, shift: int) -> float:
    """Return 1 where every cell that would be joined begins with the blank that follows a comma in prose."""
    if shift < 0:
        return 0.0
    parts = cells[place : place + shift]
    return float(bool(parts) and all(isinstance(part, str) and part[:1] == " " for part in parts))


def _is_status(cell: Cell) -> bool:
    text = printed(cell)
    return len(text) <= 40 and word_of(text).stage is not Stage.UNKNOWN


_SHAPES: tuple[tuple[str, Callable[[Cell], bool]], ...] = (
    ("stage", _is_status),
    ("date", lambda cell: kind_of(cell).date),
    ("url", lambda cell: kind_of(cell).url or kind_of(cell).domain),
    ("email", lambda cell: kind_of(cell).email),
    ("flag", lambda cell: kind_of(cell).flag),
    ("number", lambda cell: kind_of(cell).number),
)


def aligner_of(plan: Plan) -> Aligner | None:
    """Return an aligner for a table, None where no column has a shape to hold on to."""
    anchors = []
    for index, profile in enumerate(plan.profiles):
        share, fits = max(
            ((getattr(profile, name), check) for name, check in _SHAPES), key=lambda pair: pair[0]
        )
        if share >= _SURE and profile.filled >= 2:
            anchors.append(_Anchor(index, fits))
    status = plan.layout.first("stage")
    typed = status is not None and plan.profiles[status].stage >= _SURE
    lengths = tuple(profile.length for profile in plan.profiles)
    return (
        Aligner(len(plan.section.headers), tuple(anchors), lengths, status if typed else None)
        if anchors
        else None
    )


def shaped_columns(plan: Plan) -> tuple[tuple[int, Callable[[Cell], bool]], ...]:
    """Return the columns whose field gives their cells a shape, each with what tells that a cell has it."""
    found = []
    for name, fits in _SHAPED_FIELDS:
        index = plan.layout.first(name)
        if index is not None and plan.profiles[index].filled:
            found.append((index, _remembered(fits)))
    return tuple(found) if len(found) >= 2 else ()


def _remembered(fits: Callable[[Cell], bool]) -> Callable[[Cell], bool]:
    """Return the same judge, which looks at each text once."""
    known: dict[Cell, bool] = {}

    def judge(cell: Cell) -> bool:
        right = known.get(cell)
        if right is None:
            right = fits(cell)
            if len(known) < _MOST_REMEMBERED:
                known[cell] = right
        return right

    return judge


def _says_day(cell: Cell) -> bool:
    return (
        announced(cell) is not None
        or is_nothing(printed(cell))
        or word_of(printed(cell)).stage is not Stage.UNKNOWN
    )


_SHAPED_FIELDS: tuple[tuple[str, Callable[[Cell], bool]], ...] = (
    ("applied_on", _says_day),
    ("contact_email", lambda cell: "@" in printed(cell) or is_nothing(printed(cell))),
    (
        "contact_phone",
        lambda cell: any(mark.isdigit() for mark in printed(cell)) or is_nothing(printed(cell)),
    ),
)
