"""Trying a request again when that may help, and no longer than it may."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    sleep_using_event,
    stop_after_attempt,
    stop_when_event_set,
)
from tenacity.stop import stop_base

from crm_sync.crms.trouble import Cause, Trouble

T = TypeVar("T")

_BURST = 10.0  # the longest window that CRMs count requests in
_LOCKED = 2.0  # how long HubSpot keeps a lock
_MIGRATING = 60.0  # where a migrating account does not tell
_BACKOFF = (0.5, 30.0)


class Patience:
    """Sends one request until it is answered, as often and as long as may help.

    It stands around one request, not around a whole look or batch of requests: those would begin anew
    each time. Takes at most *most* attempts and *total* seconds from the first attempt on, the attempts'
    own time included; a wait that would pass the total, or a Retry-After beyond it, is not begun. Waits
    are jittered by *chance*, yet never shorter than a Retry-After. *on_pause* hears each trouble and the
    seconds waited for it. When *stop* is set, waiting ends and nothing more is sent. May be shared by
    threads.
    """

    def __init__(
        self,
        *,
        total: float = 300.0,
        most: int = 12,
        sleep: Callable[[float], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
        chance: random.Random | None = None,
        stop: threading.Event | None = None,
        on_pause: Callable[[Trouble, float], None] | None = None,
    ) -> None:
        self._total = total
        self._most = most
        self._stop = stop or threading.Event()
        self._sleep = sleep or sleep_using_event(self._stop)
        self._clock = clock
        self._chance = chance or random.Random()  # noqa: S311
        self._on_pause = on_pause

    def __call__(self, send: Callable[[], T], *, repeatable: bool) -> T:
        """Return the answer to *send*.

        Raises the last Trouble when patience ends, and at once when the day's budget is spent or when the
        request may have been carried out and is not *repeatable*: look it up before it is sent again.
        Other exceptions pass.
        """
        last: Trouble | None = None

        def attempt() -> T:
            nonlocal last
            if last and self._stop.is_set():  # set while waiting
                raise last
            try:
                return send()
            except Trouble as trouble:
                if last:
                    trouble.follow(last)
                last = trouble
                raise

        return self._retrying(repeatable=repeatable)(attempt)

    def _retrying(self, *, repeatable: bool) -> Retrying:
        is_too_late = _StopBefore(self._clock, self._clock() + self._total)
        return Retrying(
            retry=retry_if_exception(lambda error: _may_repeat(error, repeatable=repeatable)),
            wait=lambda attempts: self._wait(_trouble(attempts), attempts.attempt_number),
            stop=stop_when_event_set(self._stop) | stop_after_attempt(self._most) | is_too_late,
            sleep=self._sleep,
            before_sleep=self._tell,
            reraise=True,
        )

    def _wait(self, trouble: Trouble, attempt: int) -> float:
        """Return the seconds to wait after the given attempt, counted from 1."""
        if trouble.retry_after is not None:
            told = max(trouble.retry_after, _LOCKED if trouble.cause is Cause.LOCKED else 0.0)
            return told + self._chance.uniform(0, min(1.0, told / 10))
        if steady := _steady(trouble.cause, attempt):
            return steady * self._chance.uniform(1, 1.2)
        least, greatest = _BACKOFF
        return self._chance.uniform(least, min(greatest, least * 2.0**attempt))

    def _tell(self, attempts: RetryCallState) -> None:
        if self._on_pause:
            self._on_pause(_trouble(attempts), attempts.upcoming_sleep)


class _StopBefore(stop_base):
    """Stops rather than begin a wait that would pass the end; tenacity's own counts real seconds only."""

    def __init__(self, clock: Callable[[], float], end: float) -> None:
        self._clock = clock
        self._end = end

    def __call__(self, attempts: RetryCallState) -> bool:
        return self._clock() + attempts.upcoming_sleep > self._end


def _may_repeat(error: BaseException, *, repeatable: bool) -> bool:
    if not isinstance(error, Trouble) or error.cause is Cause.DAILY:
        return False
    return repeatable or not error.maybe_done


def _steady(cause: Cause, attempt: int) -> float:
    """Return the least wait that follows from the rule that was broken; 0 where there is no such rule."""
    waits = {
        Cause.BURST: _BURST,
        Cause.SEARCH: 1.0 * attempt,
        Cause.LOCKED: min(_LOCKED * attempt, _BACKOFF[1]),
        Cause.MIGRATING: _MIGRATING,
    }
    return waits.get(cause, 0.0)


def _trouble(attempts: RetryCallState) -> Trouble:
    error = attempts.outcome.exception() if attempts.outcome else None
    assert isinstance(error, Trouble)
    return error
