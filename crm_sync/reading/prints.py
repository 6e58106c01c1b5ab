"""Short prints of a row's raw cells, without those that were left out at the door."""

from __future__ import annotations

from collections.abc import Callable, Collection

from crm_sync.domain.tables import Cell, Row
from crm_sync.reading.plans import Plan
from crm_sync.reading.texts import printed
from crm_sync.reading.unwanted import without_unwanted

_CUT = 40


def print_of(row: Row) -> tuple[str, ...]:
    """Return short prints of the filled cells of a row."""
    try:
        return tuple([text[:_CUT] for text in map(str.strip, row) if text])  # type: ignore[arg-type]
    except TypeError:  # not texts alone
        texts = [cell.strip() if isinstance(cell, str) else printed(cell) for cell in row]
        return tuple([text[:_CUT] for text in texts if text])


def printer_of(plan: Plan) -> Callable[[Row], tuple[str, ...]]:
    """Return what prints the rows of a plan; candidates' notes without the answers that are left out."""
    width = len(plan.section.headers)
    printer = printer_without(plan.left_out, width)
    noted = frozenset(plan.layout.places.get("notes", ())) if plan.recruiter else ()
    if not noted:
        return printer
    return lambda row: printer([_let_in(cell) if at in noted else cell for at, cell in enumerate(row)])


def _let_in(cell: Cell) -> Cell:
    return without_unwanted(cell) if isinstance(cell, str) else cell


def printer_without(left_out: Collection[int], width: int) -> Callable[[Row], tuple[str, ...]]:
    """Return what prints rows of *width* columns without some of them.

    Of a row with cells too many, which may have slipped, only what stands before those columns is printed.
    """
    if not left_out:
        return print_of
    kept = [at for at in range(width) if at not in left_out]
    first = min(left_out)

    def print_without(row: Row) -> tuple[str, ...]:
        if len(row) > width and any(map(printed, row[width:])):
            return print_of(row[:first])
        return print_of([row[at] for at in kept if at < len(row)])

    return print_without
