"""The day of the next call: the first on which one can be made (cadence section 6, rule 12)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from crm_sync.cadence.calendar import ONE_DAY, Calendar
from crm_sync.cadence.clocks import LocalNow, can_start_today
from crm_sync.cadence.policy import Policy
from crm_sync.cadence.windows import CallReason, Window
from crm_sync.domain.values import light


@light
@dataclass(frozen=True, slots=True)
class Load:
    """What the owner's days hold already, and how many calls fit into one (None: any number).

    ``busy_days`` are the days on which the callee cannot be called because another application's call to
    the same person is too near.
    """

    planned: Mapping[date, int]
    capacity: int | None
    busy_days: Collection[date] = ()

    def has_room(self, day: date) -> bool:
        """Tell whether one more call fits into *day*."""
        return self.capacity is None or self.planned.get(day, 0) < self.capacity


@light
@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen day (None: all were full), the first day considered, and what was passed over."""

    day: date | None
    start: date
    full: tuple[date, ...] = ()
    busy: tuple[date, ...] = ()


def choose_day(
    window: Window,
    here: LocalNow,
    snooze: date | None,
    policy: Policy,
    calendar: Calendar,
    load: Load,
) -> Choice:
    """Return the first callable day from the window's start, today and the snooze on; promises need no room.

    Today only while a call can still start. With a capacity at most ``spill_days`` callable days past the
    window are looked at; days on which the person is busy are passed over without being counted.
    """
    start = _earliest(window, here, snooze, policy)
    day = calendar.on_or_after(start)
    if window.reason is CallReason.CALLBACK:
        return Choice(day, start)
    full: list[date] = []
    busy: list[date] = []
    spilt = 0
    while True:
        if day not in load.busy_days:
            spilt += day > window.end
            if load.capacity is not None and spilt > policy.spill_days:
                return Choice(None, start, tuple(full), tuple(busy))
            if load.has_room(day):
                return Choice(day, start, tuple(full), tuple(busy))
            full.append(day)
        else:
            busy.append(day)
        day = calendar.on_or_after(day + ONE_DAY)


def _earliest(window: Window, here: LocalNow, snooze: date | None, policy: Policy) -> date:
    today = here.today if can_start_today(here, policy) else here.today + ONE_DAY
    start = max(window.start, today)
    return start if snooze is None else max(start, snooze)
