"""The rows of a table that hold something, picked out no sooner than somebody needs them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

from crm_sync.domain.tables import Row, Table
from crm_sync.reading.texts import printed


class Records(Sequence[tuple[int, Row]]):
    """The filled rows below a header, but for the header once more, each with its number.

    They are picked out when they are first counted: a table that is shown to every description is picked
    through only for the one that reads it.
    """

    def __init__(self, table: Table, at: int) -> None:
        self._table = table
        self._at = at
        self._picked: list[tuple[int, Row]] | None = None

    def __iter__(self) -> Iterator[tuple[int, Row]]:
        return self._pick() if self._picked is None else iter(self._picked)

    def __len__(self) -> int:
        return len(self._all())

    def __bool__(self) -> bool:
        return next(iter(self), None) is not None

    @overload
    def __getitem__(self, at: int) -> tuple[int, Row]: ...
    @overload
    def __getitem__(self, at: slice) -> list[tuple[int, Row]]: ...
    def __getitem__(self, at: int | slice) -> tuple[int, Row] | list[tuple[int, Row]]:
        return self._all()[at]

    def _all(self) -> list[tuple[int, Row]]:
        if self._picked is None:
            self._picked = list(self._pick())
        return self._picked

    def _pick(self) -> Iterator[tuple[int, Row]]:
        rows, numbers = self._table.rows, self._table.numbers
        header = rows[self._at]
        for place in range(self._at + 1, len(rows)):
            row = rows[place]
            if _is_filled(row) and not _repeats(row, header):
                yield numbers[place], row


def _repeats(row: Row, header: Row) -> bool:
    """Say whether a row is the header once more, as in exports that were put together."""
    return bool(row) and bool(header) and row[0] == header[0] and list(row) == list(header)


def _is_filled(row: Row) -> bool:
    return any(cell is not None and cell != "" and printed(cell) for cell in row)
