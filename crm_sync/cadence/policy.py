"""Policies: how soon, how often and at what time of day to call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import time
from enum import StrEnum
from typing import Any


class Unit(StrEnum):
    """How days between calls are counted."""

    CALENDAR = "calendar"
    BUSINESS = "business"


@dataclass(frozen=True, slots=True)
class Policy:
    """How soon and how often to call; the defaults are the policy *steady* (cadence section 6).

    ``gap_*`` are days between two calls, ``first_*`` days after applying, counted in ``unit``. Times are the
    callee's local time. ``spill_days`` is how many callable days past the window are looked at when days
    are full. Raises ValueError, naming the setting, where the numbers make no sense together.
    """

    gap_min: int = 3
    gap_max: int = 4
    first_min: int = 3
    first_max: int = 4
    unit: Unit = Unit.CALENDAR
    max_calls: int = 4
    hard_total: int = 8
    start_max_age: int = 30
    undo_hours: int = 24
    busy_before_counts: int = 2
    spill_days: int = 5
    slots: tuple[time, ...] = (time(10), time(15))
    last_start: time = time(16, 30)
    require_phone: bool = False

    def __post_init__(self) -> None:
        for name, least in _LEAST.items():
            if getattr(self, name) < least:
                raise ValueError(f"{name} must be at least {least}, not {getattr(self, name)}")
        for shorter, longer in (("gap_min", "gap_max"), ("first_min", "first_max")):
            if getattr(self, shorter) > getattr(self, longer):
                raise ValueError(
                    f"{shorter} ({getattr(self, shorter)}) is more than {longer} ({getattr(self, longer)})"
                )
        if not self.slots:
            raise ValueError("slots must name at least one time of day, for example 10:00")
        if any(clock.tzinfo is not None for clock in (*self.slots, self.last_start)):
            raise ValueError("slots and last_start are the callee's local time and carry no zone")


_LEAST = {
    "gap_min": 1,
    "first_min": 0,
    "max_calls": 1,
    "hard_total": 1,
    "start_max_age": 0,
    "undo_hours": 0,
    "busy_before_counts": 0,
    "spill_days": 0,
}

STEADY = Policy()
GENTLE = Policy(gap_min=7, gap_max=7, first_min=7, first_max=7, max_calls=2)
ONCE = Policy(first_min=7, first_max=7, max_calls=1)

POLICIES: Mapping[str, Policy] = {"steady": STEADY, "gentle": GENTLE, "once": ONCE}


def named(name: str) -> Policy:
    """Return the policy of that name: steady, gentle or once; ValueError lists the names."""
    try:
        return POLICIES[name.strip().lower()]
    except KeyError:
        raise ValueError(f"no policy is called {name!r}; there are {', '.join(POLICIES)}") from None


def adjusted(policy: Policy, settings: Mapping[str, Any]) -> Policy:
    """Return *policy* with some settings changed, as plain data spells them ("10:00", "business").

    Raises ValueError for a setting that does not exist or makes no sense.
    """
    known = {field.name for field in fields(Policy)}
    changes: dict[str, Any] = {}
    for name, value in settings.items():
        if name not in known:
            raise ValueError(f"a policy has no setting {name!r}; there are {', '.join(sorted(known))}")
        changes[name] = _read(name, value)
    return replace(policy, **changes)


def _read(name: str, value: Any) -> Any:
    if name == "unit":
        return Unit(value)
    if name == "slots":
        return _clocks(value)
    if name == "last_start":
        return clock(value)
    wanted = bool if name == "require_phone" else int
    if type(value) is not wanted:
        raise ValueError(
            f"{name} must be {'true or false' if wanted is bool else 'a whole number'}, not {value!r}"
        )
    return value


def _clocks(values: Iterable[Any]) -> tuple[time, ...]:
    if isinstance(values, str):
        return (clock(values),)
    return tuple(clock(value) for value in values)


def clock(value: Any) -> time:
    """Return the time of day written as "16:30"; ValueError where it is none."""
    if isinstance(value, time):
        return value
    try:
        hours, minutes = str(value).split(":")
        return time(int(hours), int(minutes))
    except ValueError:
        raise ValueError(f"a time of day is written like 16:30, not {value!r}") from None
