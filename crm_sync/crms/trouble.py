"""What can go wrong on the way to a CRM and back."""

from __future__ import annotations

from enum import StrEnum


class Cause(StrEnum):
    """Why a request was not answered as wished, by what it takes to try again."""

    BURST = "burst"  # too many requests within seconds
    SEARCH = "search"  # too many searches within a second
    DAILY = "daily"  # the day's budget is spent
    LOCKED = "locked"  # 423: too many writes at once on the same records
    MIGRATING = "migrating"  # 477: the account moves to another data centre
    SERVER = "server"  # 5xx
    UNREACHABLE = "unreachable"  # no connection: certainly not carried out
    LOST = "lost"  # sent, and no answer came


_MAYBE_DONE = frozenset({Cause.SERVER, Cause.LOST})


class Trouble(Exception):
    """A request that was not answered as wished, though there is nothing wrong with it.

    ``message`` is for people and holds no secret; ``retry_after`` is in seconds, where it was told.
    """

    def __init__(self, message: str, cause: Cause, retry_after: float | None = None) -> None:
        super().__init__(message, cause, retry_after)
        self.message = message
        self.cause = cause
        self.retry_after = retry_after
        self._maybe_done = cause in _MAYBE_DONE

    @property
    def maybe_done(self) -> bool:
        """Tell whether the request may have been carried out all the same: look it up, do not repeat it."""
        return self._maybe_done

    def follow(self, earlier: Trouble) -> None:
        """Keep in doubt what an earlier attempt at the same request left in doubt."""
        self._maybe_done |= earlier.maybe_done

    def __str__(self) -> str:
        return self.message
