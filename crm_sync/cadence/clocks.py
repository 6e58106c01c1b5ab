"""Instants seen on the callee's clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from crm_sync.cadence.policy import Policy

QUARTER = 15
LAST_MINUTE = 24 * 60 - QUARTER
"""From here on there is no further quarter hour on the same day."""


@dataclass(frozen=True, slots=True)
class LocalNow:
    """Now on the callee's clock: the instant, the zone, the day, and the local wall time."""

    now: datetime
    zone: ZoneInfo
    today: date
    wall: datetime

    @property
    def minutes(self) -> int:
        """Return the minutes since local midnight; seconds are dropped."""
        return self.wall.hour * 60 + self.wall.minute


@lru_cache(maxsize=256)
def zone_named(name: str) -> ZoneInfo:
    """Return the IANA zone; ValueError where there is none of that name."""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        raise ValueError(f"no time zone is called {name!r}; write it like Europe/Berlin") from None


@lru_cache(maxsize=1024)
def local_now(now: datetime, zone_name: str) -> LocalNow:
    """Return *now* (aware) on the clock of a zone."""
    if now.tzinfo is None:
        raise ValueError("now must be an aware date-time")
    zone = zone_named(zone_name)
    wall = now.astimezone(zone)
    return LocalNow(now, zone, wall.date(), wall)


def local_day(at: datetime, zone: ZoneInfo) -> date:
    """Return the day on which the instant falls in that zone."""
    return at.astimezone(zone).date()


def can_start_today(here: LocalNow, policy: Policy) -> bool:
    """Tell whether a call can still begin today: until ``last_start``, that minute included (rule 12)."""
    last = policy.last_start.hour * 60 + policy.last_start.minute
    return here.minutes <= last and here.minutes < LAST_MINUTE


def start_of_call(day: date, attempt: int, here: LocalNow, policy: Policy) -> datetime:
    """Return the instant, in UTC, at which the call of *attempt* starts on the callee's *day* (rule 13).

    The attempt's slot; where that is past today the next later slot, else the next quarter hour.
    """
    slot = policy.slots[(attempt - 1) % len(policy.slots)]
    if day != here.today:
        return _instant(day, slot, here.zone)
    later = sorted(clock for clock in policy.slots if clock > slot)
    for clock in (slot, *later):
        at = _instant(day, clock, here.zone)
        if at >= here.now:
            return at
    return _next_quarter(here)


@lru_cache(maxsize=4096)
def _instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


def _next_quarter(here: LocalNow) -> datetime:
    """Step in UTC, so that an hour that comes twice stays the hour it is."""
    floor = here.wall.replace(second=0, microsecond=0).astimezone(UTC)
    return floor + timedelta(minutes=QUARTER - here.minutes % QUARTER)
