"""A portal: everything that one account holds, and a request to it."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.hubspot_simulator.answers import invalid, milliseconds
from tests.hubspot_simulator.index import SearchIndex
from tests.hubspot_simulator.kinds import DISPOSITIONS, KINDS, ObjectKind
from tests.hubspot_simulator.options import Options, utc_now
from tests.hubspot_simulator.pipelines import Pipelines
from tests.hubspot_simulator.properties import Catalogue
from tests.hubspot_simulator.relations import Associations
from tests.hubspot_simulator.store import Store

T = TypeVar("T")


@dataclass(slots=True)
class Call:
    """A request that found its way: the parts of its path, its query, its body and *size*."""

    method: str
    path: str
    parts: dict[str, str]
    query: dict[str, list[str]]
    body: Any = field(default_factory=dict)
    dated: bool = False
    kind: ObjectKind = KINDS["deals"]
    other: ObjectKind = KINDS["deals"]
    size: int = 0

    def word(self, name: str) -> str | None:
        """Return the first value of a query key."""
        return self.query.get(name, [None])[0]

    def words(self, name: str) -> list[str]:
        """Return all values of a query key, repeated or with commas."""
        return [word for value in self.query.get(name, []) for word in value.split(",") if word]

    def flag(self, name: str) -> bool:
        """Return a truth of the query, in any spelling of true."""
        return (self.word(name) or "").lower() == "true"

    def number(self, name: str, default: int, most: int | None = None) -> int:
        """Return a number of the query. Raises Refusal."""
        try:
            found = int(self.word(name) or default)
        except ValueError:
            raise invalid(f"{name} is not a number: {self.word(name)!r}") from None
        if found < 0 or (most is not None and not 0 < found <= most):
            raise invalid(f"{name} is not from 1 to {most}: {found}")
        return found


class Portal:
    """The state of one account. Not safe for threads: whoever serves it holds a lock."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.opened = self.now()
        self._random = random.Random(options.seed)
        self.pipelines = Pipelines(self.now)
        self.catalogue = Catalogue(options, self.pipelines, self.now)
        self.index = SearchIndex(self.seconds, lambda: options.index_lag)
        self.store = Store(self.now, self.index, self.catalogue.unique)
        self.associations = Associations(self.seconds)
        self.dispositions = list(DISPOSITIONS)

    def now(self) -> int:
        """Return the portal's time in milliseconds since 1970."""
        return milliseconds(self.options.clock())

    def seconds(self) -> float:
        """Return the seconds that lags and rate windows count: steady, unless a clock was given."""
        if self.options.clock is utc_now:
            return time.monotonic()
        return self.options.clock().timestamp()

    def shuffled(self, results: Sequence[T]) -> list[T]:
        """Return results in the order of nobody."""
        return self._random.sample(list(results), len(results))
