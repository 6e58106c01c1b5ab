"""How often was called, and what the last call said (cadence section 6, rule 9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crm_sync.cadence.outcomes import UNCOUNTED
from crm_sync.cadence.policy import Policy
from crm_sync.cadence.touches import DatedCall
from crm_sync.domain.touches import CallOutcome


@dataclass(frozen=True, slots=True)
class Tally:
    """The calls of one round, counted.

    ``counted`` are the days that use up the policy's calls, ``invited`` the days on which they had asked to
    be called, ``dialled`` all days with a dial but busy and wrong numbers.
    """

    counted: frozenset[date] = frozenset()
    invited: frozenset[date] = frozenset()
    dialled: frozenset[date] = frozenset()
    last: DatedCall | None = None

    @property
    def count(self) -> int:
        """Return how many calls of the policy are used up."""
        return len(self.counted)

    @property
    def attempt(self) -> int:
        """Return the number of the next call, from 1."""
        return len(self.counted) + 1

    @property
    def last_day(self) -> date | None:
        """Return the latest counted or invited day, from which the next gap is counted (rule 10)."""
        days = self.counted | self.invited
        return max(days) if days else None

    @property
    def promised(self) -> date | None:
        """Return the day that the last call promised."""
        return self.last.touch.callback_on if self.last is not None else None

    @property
    def last_was_busy(self) -> bool:
        """Tell whether the last call met a busy line."""
        return self.last is not None and self.last.is_dial and self.last.touch.outcome is CallOutcome.BUSY


NOTHING_CALLED = Tally()


def count_calls(calls: Sequence[DatedCall], policy: Policy) -> Tally:
    """Count the different days called.

    Busy counts from the third busy in a row on (``busy_before_counts``), a wrong number never, everything
    else counts, a tick too. A dial on or after the day promised by the call just before it is invited and
    its day does not count.
    """
    if not calls:
        return NOTHING_CALLED
    counting: set[date] = set()
    dialled: set[date] = set()
    invited: set[date] = set()
    busy_in_a_row = 0
    for call in calls:
        busy = call.is_dial and call.touch.outcome is CallOutcome.BUSY
        busy_in_a_row = busy_in_a_row + 1 if busy else 0
        if not call.is_dial:
            continue
        reached_a_line = call.touch.outcome not in UNCOUNTED
        if reached_a_line:
            dialled.add(call.day)
        if reached_a_line or busy_in_a_row > policy.busy_before_counts:
            (invited if call.invited else counting).add(call.day)
    return Tally(frozenset(counting - invited), frozenset(invited), frozenset(dialled), calls[-1])
