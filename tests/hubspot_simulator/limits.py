"""How many requests are let through: the rolling window, the search's second, the day; with headers."""

from __future__ import annotations

import threading
import uuid
from collections import deque
from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tests.hubspot_simulator.answers import Answer
from tests.hubspot_simulator.options import Limits

BURST, SECOND, DAY = "TEN_SECONDLY_ROLLING", "SECONDLY", "DAILY"
_SAID = {
    BURST: "You have reached your ten_secondly_rolling limit.",
    SECOND: "You have reached your secondly limit.",
    DAY: "You have reached your daily limit.",
}


def too_many(policy: str, headers: dict[str, str] | None = None) -> Answer:
    """Return the 429 of a policy."""
    body = {
        "status": "error",
        "message": _SAID[policy],
        "errorType": "RATE_LIMIT",
        "correlationId": str(uuid.uuid4()),
        "policyName": policy,
        "requestId": str(uuid.uuid4()),
    }
    return Answer(429, body, headers or {})


class Window:
    """Lets *most* through in any *length* seconds. What it refuses does not count."""

    def __init__(self, most: int, length: float) -> None:
        self.most = most
        self.length = length
        self._times: deque[float] = deque()

    def left(self, now: float) -> int:
        """Return how many more may pass now."""
        while self._times and self._times[0] <= now - self.length:
            self._times.popleft()
        return self.most - len(self._times)

    def take(self, now: float) -> None:
        """Count one that passed."""
        self._times.append(now)


class Gate:
    """The limits of one token. *seconds* is the clock of the windows, *clock* that of the days of *zone*."""

    def __init__(
        self, limits: Limits, seconds: Callable[[], float], clock: Callable[[], datetime], zone: str
    ) -> None:
        self.limits = limits
        self._seconds = seconds
        self._clock = clock
        self._zone = ZoneInfo(zone)
        self._lock = threading.Lock()
        self._bursts = {"other": Window(limits.burst, limits.window)}
        if limits.associations is not None:
            self._bursts["associations"] = Window(limits.associations, limits.window)
        self._searches = Window(limits.search_per_second, 1.0)
        self._days: dict[date, int] = {}
        self.refused = 0

    def pass_or_refuse(self, area: str) -> tuple[Answer | None, dict[str, str]]:
        """Return the 429 if there is one, and the headers that the answer carries."""
        with self._lock:
            policy = self._policy(area) if self.limits.enforced else None
            if policy is None:
                self._count(area)
            else:
                self.refused += 1
            headers = {} if area == "search" else self._headers(area)
            return (None if policy is None else too_many(policy)), headers

    def _window(self, area: str) -> Window:
        return self._searches if area == "search" else self._bursts.get(area, self._bursts["other"])

    def _policy(self, area: str) -> str | None:
        if self._days.get(self._today(), 0) >= self.limits.daily:
            return DAY
        if self._window(area).left(self._seconds()) <= 0:
            return SECOND if area == "search" else BURST
        return None

    def _count(self, area: str) -> None:
        today = self._today()
        self._days[today] = self._days.get(today, 0) + 1
        if self.limits.enforced:
            self._window(area).take(self._seconds())

    def _today(self) -> date:
        return self._clock().astimezone(self._zone).date()

    def _headers(self, area: str) -> dict[str, str]:
        window = self._window(area)
        left = window.left(self._seconds()) if self.limits.enforced else window.most - 1
        return {
            "X-HubSpot-RateLimit-Max": str(window.most),
            "X-HubSpot-RateLimit-Remaining": str(max(left, 0)),
            "X-HubSpot-RateLimit-Interval-Milliseconds": str(int(window.length * 1000)),
            "X-HubSpot-RateLimit-Daily": str(self.limits.daily),
            "X-HubSpot-RateLimit-Daily-Remaining": str(
                max(self.limits.daily - self._days.get(self._today(), 0), 0)
            ),
            "X-HubSpot-RateLimit-Secondly": str(window.most // 10),
            "X-HubSpot-RateLimit-Secondly-Remaining": str(window.most // 10),
        }
