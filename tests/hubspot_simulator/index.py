"""What search knows: an index that lags behind the store by some seconds."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Properties = dict[str, str]


@dataclass(slots=True)
class _Shelf:
    known: dict[str, tuple[int, Properties]] = field(default_factory=dict)
    by_time: list[tuple[int, int]] = field(default_factory=list)


class SearchIndex:
    """Versions of records by type; a version is seen *lag()* seconds after it was written.

    *seconds* is the clock of the lag. Until then the version before it is what search finds.
    """

    def __init__(self, seconds: Callable[[], float], lag: Callable[[], float]) -> None:
        self._seconds = seconds
        self.lag = lag
        self._waiting: deque[tuple[float, str, str, Properties | None, int]] = deque()
        self._shelves: dict[str, _Shelf] = {}

    def note(self, kind: str, number: str, properties: Properties | None, updated: int) -> None:
        """Take a new version of a record in; None says that it is gone."""
        self._waiting.append((self._seconds(), kind, number, properties, updated))

    def since(self, kind: str, earliest: int) -> Iterator[tuple[str, Properties]]:
        """Yield id and properties of what was modified at that millisecond or later, oldest first."""
        self._catch_up()
        shelf = self._shelves.setdefault(kind, _Shelf())
        for _, number in shelf.by_time[bisect_left(shelf.by_time, (earliest, 0)) :]:
            yield str(number), shelf.known[str(number)][1]

    def get(self, kind: str, number: str) -> Properties | None:
        """Return the version of a record that search knows."""
        self._catch_up()
        found = self._shelves.setdefault(kind, _Shelf()).known.get(number)
        return None if found is None else found[1]

    def _catch_up(self) -> None:
        ripe = self._seconds() - self.lag()
        while self._waiting and self._waiting[0][0] <= ripe:
            _, kind, number, properties, updated = self._waiting.popleft()
            shelf = self._shelves.setdefault(kind, _Shelf())
            if (before := shelf.known.pop(number, None)) is not None:
                del shelf.by_time[bisect_left(shelf.by_time, (before[0], int(number)))]
            if properties is not None:
                shelf.known[number] = (updated, properties)
                insort(shelf.by_time, (updated, int(number)))
