"""The pace of one account: who asks gets a slot, and waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

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
    """Grants sending within *limits*, counted together for everybody who uses the same key or account.

    HubSpot counts bursts for each key, searches and the day for the whole account: *key* names the one
    (a digest, never a token), *account* the other; while the account is not known, the key stands for it.
    In any window no more is granted than the limit counts; who was idle may send as much at once.
    First come, first served. Kept at *url*, SQLite (of one machine) or PostgreSQL, whose clock then
    counts; *clock* is for SQLite. A process that dies costs the slots it had reserved. Nothing is opened
    before it is needed. Thread-safe, but not across a fork. Raises LedgerError where the database cannot
    be used, KeyError for a bucket without a limit.
    """

    def __init__(
        self,
        url: str,
        key: str,
        limits: Mapping[str, Limit],
        *,
        account: str | None = None,
        sleep: Callable[[float], object] | None = None,
        stop: threading.Event | None = None,
        clock: Callable[[], float] = time.time,
        wait: float = 30.0,
    ) -> None:
        self._key = key
        self._account = account
        self._limits = limits
        self._stop = stop or threading.Event()
        self._sleep = sleep or self._stop.wait
        self._book = SlotBook(url, clock, wait)
        self._words = 0
        self._is_low = False

    def belongs_to(self, account: str) -> None:
        """Count searches and the day together with the account's other keys from now on."""
        self._account = account

    def acquire(self, bucket: str) -> float:
        """Wait until one request may be sent; return the seconds waited.

        Sleeps once, and again only where a hold came in between. Raises Trouble: DAILY where the day was
        told to be spent within the last quarter of an hour, else the bucket's where waiting was stopped.
        """
        waited, whose = 0.0, self._whose(bucket)
        while seconds := self._reserve(whose, bucket):
            self._pause(bucket, seconds)
            waited += seconds
            if not self._book.held(whose, bucket):
                break
        return waited

    def hold(self, bucket: str, seconds: float) -> None:
        """Let nobody send for so many seconds, as the CRM asked; also those who wait already."""
        with self._turn(self._whose(bucket), bucket) as turn:
            turn.queue.hold(seconds, turn.now)

    def told(self, *, day_left: int | None) -> None:
        """Hear how many requests are left of the day; None for an answer that does not say.

        Written down where it matters: when little is left or was, else every hundredth time.
        """
        if day_left is None:
            return
        if day_left <= _LOW or self._is_low or self._words % _RARELY == 0:
            for name in filter(None, (self._key, self._account)):  # a later run knows its key first
                self._book.tell_day(name, day_left)
            self._is_low = day_left <= _LOW
        self._words += 1

    def close(self) -> None:
        """Release the database; harmless when repeated."""
        self._book.close()

    def _reserve(self, whose: str, bucket: str) -> float:
        """Return the seconds until the slot that is ours now."""
        with self._turn(whose, bucket) as turn:
            self._look_at_day(turn)
            return turn.queue.reserve(self._limits[bucket], turn.now) - turn.now

    def _turn(self, whose: str, bucket: str) -> AbstractContextManager[Turn]:
        return self._book.turn(whose, bucket, self._account or self._key)

    def _whose(self, bucket: str) -> str:
        return (self._account or self._key) if bucket == SEARCH else self._key

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
