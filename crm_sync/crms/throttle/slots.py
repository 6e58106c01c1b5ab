"""Who may send when: the queue of one bucket, as arithmetic on seconds without any clock."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

_KEPT = 1000  # more than any limit counts, so that a queue of sleepers cannot make the row grow


@dataclass(frozen=True, slots=True)
class Limit:
    """At most *count* requests in any *window* of seconds."""

    count: int
    window: float

    def __post_init__(self) -> None:
        if self.count < 1 or self.window <= 0:
            raise ValueError(f"a limit needs a count and a window above zero, not {self}")


@dataclass(slots=True)
class Queue:
    """The times granted in one bucket, the past and the coming ones, in their order.

    All times are seconds of one clock. ``held_until`` is when the first may be sent after the CRM asked
    for a pause, ``seen`` when the queue was last used.
    """

    grants: list[float] = field(default_factory=list)
    held_until: float = 0.0
    seen: float = 0.0

    def reserve(self, limit: Limit, now: float) -> float:
        """Grant the first time that the limit, the hold and those who came before allow; never the past."""
        self._follow(now)
        slot = max([now, self.held_until, *self.grants[-1:]])
        if len(self.grants) >= limit.count:
            slot = max(slot, self.grants[-limit.count] + limit.window)
        counted = [granted for granted in self.grants if granted > now - limit.window]
        self.grants = [*counted[1 - max(limit.count, _KEPT) :], slot]
        return slot

    def hold(self, seconds: float, now: float) -> None:
        """Grant nothing for so many seconds; a longer hold stays."""
        self._follow(now)
        self.held_until = max(self.held_until, now + seconds)

    def _follow(self, now: float) -> None:
        """Go back with a clock that was set back, so that nobody waits for the difference.

        One set forward makes the past look older than it is: it forgives one window at most.
        """
        if (back := self.seen - now) > 0:
            self.grants = [granted - back for granted in self.grants]
            self.held_until -= back
        self.seen = now

    def packed(self) -> bytes:
        """Return the grants as little-endian doubles."""
        return struct.pack(f"<{len(self.grants)}d", *self.grants)

    @staticmethod
    def unpacked(content: bytes) -> list[float]:
        """Return the grants of ``packed``; raises struct.error for anything else."""
        return [granted for (granted,) in struct.iter_unpack("<d", content)]
