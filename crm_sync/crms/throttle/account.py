"""The pace of one account: who asks gets a slot, and waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

from crm_sync.crms.throttle.book import SlotBook, Turn
from crm_sync.crms.throttle.slots import Limit
from crm_sync.crms.trouble import Cause, Trouble

BURST, SEARCH, ASSOCIATIONS = "burst", "search", "associations"
"""HubSpot counts these apart: searches per second, associations and all the rest in ten seconds."""

_WINDOW = 10.25  # requests do not travel equally long: those of two bursts must not arrive in one window
_SEARCH = Limit(4, 1.05)
_TIERS = {  # HubSpot's own figures, 100, 190 and 250 in general, 100 and 150 for associations, less 5 %
    "free": (95, 95),
    "starter": (95, 95),
    "professional": (180, 142),
    "enterprise": (180, 142),
    "addon": (237, 142),
}

_FRESH = 15 * 60.0  # how long a spent day is believed: it ends at midnight of the account's own zone
_LOW = 1000  # from here on every word about the day's rest is kept
_RARELY = 100


def limits_for(tier: str) -> Mapping[str, Limit]:
    """Return HubSpot's limits of one key, with something to spare, by bucket.

    Tiers are free, starter, professional, enterprise, and addon for a bought increase; raises KeyError
    for others.
    """
    burst, associations = _TIERS[tier]
    return {BURST: Limit(burst, _WINDOW), SEARCH: _SEARCH, ASSOCIATIONS: Limit(associations, _WINDOW)}


class Throttle:
    """Grants sending within *limits*, counted together for everybody who names the same *account*.

    In any window no more is granted than the limit counts; an idle account may send as much at once.
    First come, first served. Kept at *url*, SQLite (of one machine) or PostgreSQL, whose clock then
    counts; *clock* is for SQLite. *account* is the portal's id, never a token. A process that dies costs
    the slots it had reserved. Nothing is opened before it is needed. Thread-safe, but not across a fork.
    Raises LedgerError where the database cannot be used, KeyError for a bucket without a limit.
    """

    def __init__(
        self,
        url: str,
        account: str,
        limits: Mapping[str, Limit],
        *,
        sleep: Callable[[float], object] | None = None,
        stop: threading.Event | None = None,
        clock: Callable[[], float] = time.time,
        wait: float = 30.0,
    ) -> None:
        self._limits = limits
        self._stop = stop or threading.Event()
        self._sleep = sleep or self._stop.wait
        self._book = SlotBook(url, account, clock, wait)
        self._words = 0
        self._is_low = False

    def acquire(self, bucket: str) -> float:
        """Wait until one request may be sent; return the seconds waited.

        Sleeps once, and again only where a hold came in between. Raises Trouble: DAILY where the day was
        told to be spent within the last quarter of an hour, else the bucket's where waiting was stopped.
        """
        waited = 0.0
        while seconds := self._reserve(bucket):
            self._pause(bucket, seconds)
            waited += seconds
            if not self._book.held(bucket):
                break
        return waited

    def hold(self, bucket: str, seconds: float) -> None:
        """Let nobody send for so many seconds, as the CRM asked; also those who wait already."""
        with self._book.turn(bucket) as turn:
            turn.queue.hold(seconds, turn.now)

    def told(self, *, day_left: int | None) -> None:
        """Hear how many requests are left of the day; None for an answer that does not say.

        Written down where it matters: when little is left or was, else every hundredth time.
        """
        if day_left is None:
            return
        if day_left <= _LOW or self._is_low or self._words % _RARELY == 0:
            self._book.tell_day(day_left)
            self._is_low = day_left <= _LOW
        self._words += 1

    def close(self) -> None:
        """Release the database; harmless when repeated."""
        self._book.close()

    def _reserve(self, bucket: str) -> float:
        """Return the seconds until the slot that is ours now."""
        with self._book.turn(bucket) as turn:
            self._look_at_day(turn)
            return turn.queue.reserve(self._limits[bucket], turn.now) - turn.now

    def _look_at_day(self, turn: Turn) -> None:
        if turn.day_left is None or turn.day_age is None:
            return
        self._is_low = turn.day_left <= _LOW
        if turn.day_left <= 0 and 0 <= turn.day_age < _FRESH:
            message = "the account's requests of today are used up"
            raise Trouble(message, Cause.DAILY, _FRESH - turn.day_age)

    def _pause(self, bucket: str, seconds: float) -> None:
        self._sleep(seconds)
        if self._stop.is_set():
            cause = Cause.SEARCH if bucket == SEARCH else Cause.BURST
            raise Trouble("stopped while waiting for the account's rate limit", cause)
