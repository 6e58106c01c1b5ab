"""Equal texts are kept once: the columns of a tracker repeat themselves."""

from __future__ import annotations

_TRIAL = 1000
_DISTINCT = 700


class Memory:
    """Texts seen in each column; a column that hardly repeats itself is left alone after a trial."""

    def __init__(self) -> None:
        self._trial = _TRIAL
        self._columns: list[tuple[int, dict[str, str]]] = []

    def share(self, cells: list[str]) -> None:
        """Replace texts of the row by equal ones that were seen before."""
        if self._trial:
            self._look_at(cells)
        try:
            for column, seen in self._columns:
                cell = cells[column]
                cells[column] = seen.setdefault(cell, cell)
        except IndexError:  # a short row
            return

    def _look_at(self, cells: list[str]) -> None:
        self._columns += [(column, {}) for column in range(len(self._columns), len(cells))]
        self._trial -= 1
        if not self._trial:
            self._columns = [(column, seen) for column, seen in self._columns if len(seen) < _DISTINCT]
