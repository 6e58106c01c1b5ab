"""Day first or month first: decided for a whole column, with the evidence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from crm_sync.domain.options import ReadingOptions
from crm_sync.domain.tables import Cell
from crm_sync.reading.dates import Order, Reading, announced

_NUMERIC = re.compile(
    r"^\W*\d{1,2}\s*[/.\-]\s*\d{1,2}|^\W*(?:[^\W\d_]{1,16}\W{1,4}){1,4}\d{1,2}[/.\-]\d{1,2}"
)
_MONTH_FIRST_REGIONS = frozenset({"US", "PH", "FM", "MH", "PW", "BZ"})
_ENOUGH_STEPS = 5


@dataclass(frozen=True, slots=True)
class DateOrder:
    """How a column's dates are read: the order, why, the rows that prove it, and whether it was assumed.

    ``certain`` is True where the values themselves prove it; ``mixed`` where they contradict each other;
    ``needed`` is False where no value leaves the order open.
    """

    order: Order
    why: str
    rows: tuple[int, ...] = ()
    certain: bool = False
    assumed: bool = False
    mixed: bool = False
    needed: bool = True


@dataclass(slots=True)
class Evidence:
    """What the values of one column say about the order of day and month."""

    day_first: list[int]
    month_first: list[int]
    open: int = 0
    dotted: int = 0


def collect(cells: Iterable[tuple[int, Cell]]) -> Evidence:
    """Weigh all (row number, cell) pairs of a column."""
    found = Evidence([], [])
    seen: dict[str, tuple[int, int] | None] = {}
    for number, cell in cells:
        if not isinstance(cell, (str, float)):
            continue
        text = cell if isinstance(cell, str) else str(cell)
        if text in seen:
            continue
        reading = announced(cell) if isinstance(cell, float) or _NUMERIC.match(text) else None
        seen[text] = reading.pair if reading else None
        if reading and reading.pair:
            _weigh(found, number, reading)
    return found


def _weigh(found: Evidence, number: int, reading: Reading) -> None:
    first, second = reading.pair or (0, 0)
    if first > 12:
        found.day_first.append(number)
    elif second > 12:
        found.month_first.append(number)
    elif first != second:
        found.open += 1
        found.dotted += reading.mark == "."


def decide(
    found: Evidence, options: ReadingOptions, sequence: Callable[[], Sequence[Cell]]
) -> DateOrder | None:
    """Return the order that the values, the user or the order of rows give, None where they are silent."""
    day, month = len(found.day_first), len(found.month_first)
    if day or month:
        return _proven(found, day, month)
    if not found.open:
        return DateOrder(Order.MONTH_FIRST, "no date leaves it open", needed=False)
    if options.day_first is not None:
        return DateOrder(Order.DAY_FIRST if options.day_first else Order.MONTH_FIRST, "told by the user")
    if found.dotted == found.open:
        return DateOrder(Order.DAY_FIRST, "dates with dots put the day first")
    return _by_succession(sequence())


def _proven(found: Evidence, day: int, month: int) -> DateOrder:
    order = Order.DAY_FIRST if day >= month else Order.MONTH_FIRST
    rows = found.day_first if order is Order.DAY_FIRST else found.month_first
    why = f"{len(rows)} dates can only be read with the {order}"
    if day and month:
        why += f", {min(day, month)} only the other way"
    return DateOrder(order, why, tuple(rows[:5]), certain=True, mixed=bool(day and month))


def _by_succession(cells: Sequence[Cell]) -> DateOrder | None:
    """Where the rows stand in the order of their dates under one reading only, that reading is right."""
    readings = [reading for cell in cells if isinstance(cell, str) and (reading := announced(cell))]
    ordered = {order: _orderly([reading.resolve(order) for reading in readings]) for order in Order}
    best, worst = sorted(Order, key=lambda order: -ordered[order])
    if ordered[best] >= 0.95 and ordered[worst] <= 0.75:
        return DateOrder(best, f"only with the {best} do the rows stand in the order of their dates")
    return None


def _orderly(days: Sequence[date | None]) -> float:
    known = [day for day in days if day]
    steps = [(later > earlier) - (later < earlier) for earlier, later in pairwise(known)]
    moves = [step for step in steps if step]
    if len(moves) < _ENOUGH_STEPS:
        return 0.9
    return max(moves.count(1), moves.count(-1)) / len(moves)


def by_others(orders: Sequence[DateOrder]) -> DateOrder | None:
    """Return the order that the file's other date columns prove, where they agree."""
    proven = {order.order for order in orders if order.certain and not order.mixed}
    if len(proven) != 1:
        return None
    order = proven.pop()
    return DateOrder(order, f"another date column of the file has the {order}")


def by_default(options: ReadingOptions) -> DateOrder:
    """Return the order of the user's locale, else month first, assumed."""
    if options.locale:
        language, _, region = options.locale.replace("_", "-").partition("-")
        region = region.rpartition("-")[2].upper()
        month_first = region in _MONTH_FIRST_REGIONS or (language == "en" and not region)
        order = Order.MONTH_FIRST if month_first else Order.DAY_FIRST
        return DateOrder(order, f"the locale {options.locale} puts the {order}", assumed=True)
    return DateOrder(
        Order.MONTH_FIRST, "nothing in the file decides it; month first is assumed", assumed=True
    )


def is_day(cell: Cell) -> bool:
    """Say whether a cell is a real date of a workbook."""
    return isinstance(cell, (date, datetime))
