"""All of an owner's applications in one pass over the days' capacity (cadence section 6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache, partial

from crm_sync.cadence.calendar import Calendar
from crm_sync.cadence.days import Load
from crm_sync.cadence.decide import place
from crm_sync.cadence.policy import Policy
from crm_sync.cadence.reckoning import Verdict, Wish
from crm_sync.cadence.rules import is_promise, judge
from crm_sync.cadence.situation import Situation
from crm_sync.domain.decisions import Decision
from crm_sync.domain.values import light

LOCK_DAYS = 3
"""One planned call per person in this many days (design: owner)."""


@light
@dataclass(frozen=True, slots=True)
class Case:
    """One application to decide about: its situation, its policy, and who would be called.

    ``callees`` are all names by which the person is known across applications (any stable texts): two
    applications are to the same person where they share one. () where nobody is known.
    """

    situation: Situation
    policy: Policy
    callees: tuple[str, ...] = ()


def decide_all(
    cases: Mapping[str, Case],
    *,
    now: datetime,
    calendar: Calendar,
    daily_capacity: int | None,
    owner_time_zone: str,
    elsewhere: Mapping[date, int] | None = None,
    callee_days: Mapping[str, Collection[date]] | None = None,
) -> dict[str, Decision]:
    """Return the decision about each application of one owner, whatever the mapping's order.

    *elsewhere* counts calls of this owner that are planned outside of *cases*, *callee_days* are the days
    on which other owners of the account are due to call a person. Open tasks and promises keep their day
    and count into its load (overdue ones into today's); the others follow in the batch order of the rules:
    final calls, then by window end, then newest applied date, then key. Raises ValueError for a zone that
    does not exist.
    """
    book = DayBook(Counter(elsewhere or {}), daily_capacity)
    for callee, days in (callee_days or {}).items():
        book.lock(callee, days)
    decided: dict[str, Decision] = {}
    wishes: dict[str, Wish] = {}
    judge_once = lru_cache(maxsize=4096)(
        partial(judge, now=now, calendar=calendar, owner_time_zone=owner_time_zone)
    )
    for key, case in cases.items():
        judged = judge_once(case.situation, policy=case.policy)  # many wait for their first call alike
        if isinstance(judged, Wish):
            wishes[key] = judged
        else:
            decided[key] = judged.decision
            book.count_open_task(case, judged)
    for key in sorted(wishes, key=lambda key: _rank(key, wishes[key], cases[key].policy)):
        decided[key] = book.plan(cases[key], wishes[key], calendar)
    return {key: decided[key] for key in cases}


@dataclass(slots=True)
class DayBook:
    """What a pass has put on each day so far, and which days are closed for each person."""

    planned: Counter[date]
    capacity: int | None
    closed: dict[str, frozenset[date]] = field(default_factory=dict)

    def lock(self, callee: str, days: Iterable[date]) -> None:
        """Close the days around each of *days* for that person."""
        for day in days:
            closed = self.closed.get(callee)
            self.closed[callee] = closed | _around(day) if closed else _around(day)

    def closed_for(self, callees: Collection[str]) -> Collection[date]:
        """Return the days on which a person, known by these names, is not to be called."""
        found = [days for callee in callees if (days := self.closed.get(callee))]
        return found[0] if len(found) == 1 else frozenset().union(*found)

    def count_open_task(self, case: Case, verdict: Verdict) -> None:
        """Count an open task that stays: on its day, an overdue one on today."""
        task = case.situation.open_task
        if task is None or verdict.decision.cancel_open_task:
            return
        self._add(case, max(task.day, verdict.here.today))

    def plan(self, case: Case, wish: Wish, calendar: Calendar) -> Decision:
        """Decide a wish under what the days hold so far, and count it."""
        load = Load(self.planned, self.capacity, self.closed_for(case.callees))
        decision = place(wish, case.policy, calendar, load).decision
        if decision.due_on is not None:
            self._add(case, decision.due_on)
        return decision

    def _add(self, case: Case, day: date) -> None:
        self.planned[day] += 1
        for callee in case.callees:
            self.lock(callee, (day,))


@lru_cache(maxsize=1024)
def _around(day: date) -> frozenset[date]:
    """Return the days that are too near to *day*, itself included; the calendar ends with the year 9999."""
    first = max(day.toordinal() - LOCK_DAYS + 1, 1)
    last = min(day.toordinal() + LOCK_DAYS - 1, date.max.toordinal())
    return frozenset(map(date.fromordinal, range(first, last + 1)))


def _rank(key: str, wish: Wish, policy: Policy) -> tuple[bool, bool, date, int, str]:
    final = wish.tally.attempt >= policy.max_calls
    return (not is_promise(wish), not final, wish.window.end, -wish.applied.toordinal(), key)
