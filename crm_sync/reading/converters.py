"""Cells -> facts, one small machine per column, each distinct value converted once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from crm_sync.domain.tables import Cell, Row
from crm_sync.reading.dates import announced
from crm_sync.reading.histories import first_day_of
from crm_sync.reading.ordering import DateOrder, by_default
from crm_sync.reading.placeholders import fact, truth
from crm_sync.reading.plans import Plan
from crm_sync.reading.texts import header_key, printed

YEAR_MISSING = "year_missing"
_BOUNDS = frozenset({"min", "max", "minimum", "maximum", "low", "high", "from", "to"})
_REMEMBERED = 50_000
_MOSTLY_DISTINCT = 0.8
_CANDIDATES = frozenset({"first_name", "last_name", "person_name"})


class Facts:
    """The facts of a row by field, from the best column and then its alternatives."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._common: frozenset[str] | None = None

    def reader(self, name: str) -> Callable[[Row], str | None]:
        """Return what reads a field's fact from a row, None where no cell tells it."""
        return self.reader_or_none(name) or _nothing

    def reader_or_none(self, name: str) -> Callable[[Row], str | None] | None:
        """Return the same, but None where the table has no column for the field."""
        plan = self.plan
        if name in plan.own or (name in _CANDIDATES and not plan.recruiter):
            return None
        places = plan.layout.places
        bounds = (
            [place for place in places.get(name, ()) if self._is_bound(place)] if name == "salary" else []
        )
        if len(bounds) > 1:
            return _joined([_column(place, repeated=True) for place in sorted(bounds)])
        readers = [
            _column(place, repeated=plan.profiles[place].distinct < _MOSTLY_DISTINCT)
            for place in (*places.get(name, ()), *places.get(f"other_{name}", ()))
        ]
        if not readers:
            return None
        return readers[0] if len(readers) == 1 else _first_of(readers)

    def _is_bound(self, place: int) -> bool:
        words = header_key(self.plan.layout.columns[place].header.text).split()
        return bool(_BOUNDS & set(words))

    def flags(self, name: str) -> Callable[[Row], bool | None] | None:
        """Return what reads a yes-or-no column, None where there is none."""
        at = self.plan.layout.first(name)
        if at is None:
            return None
        return lambda row: truth(row[at]) if at < len(row) else None

    def is_common(self, text: str) -> bool:
        """Say whether a text stands in many rows, as a prefilled default does."""
        if self._common is None:
            self._common = _common_texts(self.plan)
        return text in self._common


def _nothing(_row: Row) -> str | None:
    return None


def _column(place: int, *, repeated: bool) -> Callable[[Row], str | None]:
    known: dict[Cell, str | None] = {}

    def read(row: Row) -> str | None:
        try:
            cell = row[place]
        except IndexError:
            return None
        return fact(cell)

    def read_again(row: Row) -> str | None:
        try:
            cell = row[place]
            return known[cell]
        except IndexError:
            return None
        except KeyError:
            found = fact(cell)
            if isinstance(cell, str) and len(known) < _REMEMBERED:  # True and 1 would be one key
                known[cell] = found
            return found

    return read_again if repeated else read


def _joined(readers: Sequence[Callable[[Row], str | None]]) -> Callable[[Row], str | None]:
    def read(row: Row) -> str | None:
        return " - ".join([found for reader in readers if (found := reader(row))]) or None

    return read


def _first_of(readers: Sequence[Callable[[Row], str | None]]) -> Callable[[Row], str | None]:
    def read(row: Row) -> str | None:
        for reader in readers:
            found = reader(row)
            if found is not None:
                return found
        return None

    return read


def _common_texts(plan: Plan) -> frozenset[str]:
    found = set()
    for index, profile in enumerate(plan.profiles):
        if profile.filled >= 5 and profile.top >= 0.3:
            counts: dict[str, int] = {}
            for _, cell in plan.column(index):
                text = printed(cell)
                counts[text] = counts.get(text, 0) + 1
            found.add(max(counts, key=lambda text: counts[text]))
    return frozenset(found)


@dataclass(slots=True)
class DateColumn:
    """Reads one date column by the order that was decided for it."""

    index: int
    order: DateOrder
    years: dict[int, int]
    year: int | None
    printed_history: bool = False
    _known: dict[Cell, tuple[date | None, tuple[str, ...]]] = field(default_factory=dict)

    @classmethod
    def best(cls, plan: Plan, name: str) -> DateColumn | None:
        """Return the reader of a field's best column, None where there is none."""
        index = plan.layout.first(name)
        if index is None:
            return None
        order = plan.orders.get(index) or by_default_order(plan)
        return cls(index, order, _years_near(plan, index), plan.year)

    @classmethod
    def in_status(cls, plan: Plan) -> DateColumn | None:
        """Return a reader of days that stand in the status column instead of a word."""
        index = plan.layout.first("stage")
        if index is None or not plan.profiles[index].date or index not in plan.orders:
            return None
        return cls(index, plan.orders[index], {}, plan.year)

    @classmethod
    def of_history(cls, plan: Plan) -> DateColumn | None:
        """Return a reader of the first day in a printed history, where no column tells it."""
        index = plan.printed_history
        if index is None or "applied_on" in plan.layout.places:
            return None
        return cls(index, plan.orders[index], {}, plan.year, printed_history=True)

    def raw(self, row: Row) -> Cell:
        """Return the cell as it stands."""
        return row[self.index] if self.index < len(row) else None

    def left_over(self, row: Row) -> str | None:
        """Return the text of a cell that is no date."""
        cell = self.raw(row)
        if self.printed_history or not isinstance(cell, str) or announced(cell) is not None:
            return None
        return fact(cell)

    def read(self, number: int, row: Row) -> tuple[date | None, tuple[str, ...]]:
        """Return the day and its flags."""
        cell = row[self.index] if self.index < len(row) else None
        if self.printed_history:
            cell = first_day_of(cell)
        if cell is None or cell == "":
            return None, ()
        found = self._known.get(cell)
        if found is not None:
            return found
        reading = announced(cell)
        if reading is None:
            found = (None, ())
        elif reading.day is None and reading.year is None:
            year = self.years.get(number, self.year)
            day = reading.resolve(self.order.order, year)
            return day, self._flags(reading.pair is not None) + (
                ("year_assumed",) if day else (YEAR_MISSING,)
            )
        else:
            found = (reading.resolve(self.order.order), self._flags(reading.pair is not None))
        if len(self._known) < _REMEMBERED:
            self._known[cell] = found
        return found

    def _flags(self, paired: bool) -> tuple[str, ...]:
        return ("date_order_assumed",) if paired and (self.order.assumed or self.order.mixed) else ()


def by_default_order(plan: Plan) -> DateOrder:
    """Return an order for a column whose order nobody asked for."""
    from crm_sync.domain.options import ReadingOptions

    del plan
    return by_default(ReadingOptions(today=date(2000, 1, 1)))


def _years_near(plan: Plan, index: int) -> dict[int, int]:
    """Return a year for rows whose date has none: from their other dates, else from a row above or below."""
    bare: list[int] = []
    years: dict[int, int] = {}
    waiting: list[int] = []
    last: int | None = None
    others = [
        i
        for i, p in enumerate(plan.profiles)
        if i != index and i not in plan.left_out and p.serial >= 0.5 and p.number < 0.5
    ]
    has_bare = any(
        (reading := announced(cell)) and reading.day is None and reading.year is None
        for cell in _some(plan, index)
    )
    if not has_bare:
        return years
    for number, row in plan.rows():
        reading = announced(row[index]) if index < len(row) else None
        if reading is None:
            continue
        year = reading.day.year if reading.day else reading.year
        if year:
            for missed in waiting:
                years[missed] = year
            waiting, last = [], year
            continue
        bare.append(number)
        beside = next(
            (r.day.year for i in others if i < len(row) and (r := announced(row[i])) and r.day), None
        )
        if beside or last:
            years[number] = beside or last or 0
        else:
            waiting.append(number)
    return years


def _some(plan: Plan, index: int) -> list[Cell]:
    found = []
    for _, cell in plan.column(index):
        found.append(cell)
        if len(found) > 5_000:
            break
    return found
