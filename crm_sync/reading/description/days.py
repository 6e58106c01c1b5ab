"""Days by the rules of a description: its formats and zone, else as a spreadsheet's dates are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

from crm_sync.domain.options import ReadingOptions
from crm_sync.domain.stages import Stage
from crm_sync.domain.tables import Cell
from crm_sync.reading.dates import Order, announced
from crm_sync.reading.description.forms import Dates, Rule
from crm_sync.reading.description.shapes import Getter, Record, Shape
from crm_sync.reading.description.sides import Sides
from crm_sync.reading.description.taking import take_of
from crm_sync.reading.ordering import DateOrder, by_default, by_others, collect, decide
from crm_sync.reading.texts import printed

Day = tuple[date | None, tuple[str, ...]]
_MOST_DIGITS = 20
_NONE: Day = (None, ())
_REMEMBERED = 50_000
_EARLIEST, _LATEST = 631_152_000, 4_102_444_800  # 1990 to 2100, in seconds


@dataclass(frozen=True, slots=True)
class DayColumn:
    """One alternative of a day: how it is taken, its order, and the flag that it brings."""

    header: str
    getter: Getter
    order: DateOrder
    flag: str | None
    unless: tuple[Stage, ...] = ()


class Days:
    """Reads one field that is a day; alternatives in order, the first that is a day counts."""

    def __init__(self, columns: Sequence[DayColumn], dates: Dates) -> None:
        self.columns = columns
        self._always = [(at, column) for at, column in enumerate(columns) if not column.unless]
        self._late = [(at, column) for at, column in enumerate(columns) if column.unless]
        self._formats = dates.formats
        self._zone: tzinfo | None = ZoneInfo(dates.zone) if dates.zone else None
        self._known: dict[tuple[int, Cell], Day] = {}

    def read(self, record: Record) -> Day:
        """Return the day and its flags, from the alternatives that count at every stage."""
        return self._first(record, self._always)

    def read_late(self, record: Record, stage: Stage) -> Day:
        """Return the same from the alternatives that do not count at every stage, now that it is known."""
        return self._first(record, [(at, c) for at, c in self._late if stage not in c.unless])

    def _first(self, record: Record, columns: Sequence[tuple[int, DayColumn]]) -> Day:
        for at, column in columns:
            cell = column.getter(record)
            while isinstance(cell, list):
                cell = cell[0] if cell else None
            if cell is None or cell == "" or isinstance(cell, Mapping):
                continue
            found = self._known.get((at, cell))
            if found is None:
                found = self._day(cell, column)
                if len(self._known) < _REMEMBERED and isinstance(cell, str):
                    self._known[at, cell] = found
            if found[0] is not None:
                return found
        return _NONE

    def _day(self, cell: Cell, column: DayColumn) -> Day:
        flags = (column.flag,) if column.flag else ()
        day = self._formatted(cell) or self._zoned(cell)
        if day is not None:
            return day, flags
        reading = announced(cell)
        if reading is None:
            return _NONE
        open_order = reading.pair is not None and (column.order.assumed or column.order.mixed)
        day = reading.resolve(column.order.order)
        return day, (*flags, "date_order_assumed") if day and open_order else flags

    def _formatted(self, cell: Cell) -> date | None:
        text = printed(cell) if self._formats else ""
        for form in self._formats if text else ():
            try:
                return datetime.strptime(text, form).date()  # noqa: DTZ007 - the day as it is written
            except ValueError:
                continue
        return None

    def _zoned(self, cell: Cell) -> date | None:
        moment = moment_of(cell) if self._zone is not None else None
        try:
            return moment.astimezone(self._zone).date() if moment is not None else None
        except OverflowError:  # in the first or the last hours of the calendar
            return None


def moment_of(cell: Cell) -> datetime | None:
    """Return the moment that a text with an offset, or a count of (milli)seconds since 1970, tells."""
    if isinstance(cell, bool) or cell is None:
        return None
    text = printed(cell)
    if text.isdecimal() and len(text) <= _MOST_DIGITS:
        number = int(text)
        scale = next((s for s in (1, 1_000, 1_000_000) if _EARLIEST <= number / s < _LATEST), None)
        return datetime.fromtimestamp(number / scale, UTC) if scale else None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def day_columns(
    rule: Rule, shape: Shape, sides: Sides, dates: Dates, records: Sequence[tuple[int, Record]],
    options: ReadingOptions,
) -> list[DayColumn]:  # fmt: skip
    """Return the columns of a day, the order of day and month decided for each where it is open."""
    found: list[DayColumn] = []
    for take in rule:
        getter = take_of(take, shape, sides)
        if getter is not None:
            order = _order(getter, dates, records, options) or by_others([c.order for c in found])
            header = take.paths[0] if take.paths else "(joined)"
            found.append(DayColumn(header, getter, order or by_default(options), take.flag, take.unless))
    return found


def _order(
    getter: Getter, dates: Dates, records: Sequence[tuple[int, Record]], options: ReadingOptions
) -> DateOrder | None:
    pairs = [(number, cell) for number, record in records if _is_cell(cell := getter(record))]
    if dates.order != "column":
        proven = decide(collect(pairs), options, list)
        if proven is not None and proven.certain and not proven.mixed:
            return proven
        return DateOrder(Order(dates.order), "the product always writes it so", needed=False)
    return decide(collect(pairs), options, _only_cells(pairs))


def _only_cells(pairs: Sequence[tuple[int, Cell]]) -> Callable[[], list[Cell]]:
    return lambda: [cell for _, cell in pairs]


def _is_cell(value: object) -> bool:
    return value is not None and value != "" and not isinstance(value, list | Mapping)
