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

_MOST_PLACED = 256
_NO_DAYS: frozenset[date] = frozenset()


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
    wishes: dict[str, _Wished] = {}
    waiting: dict[_Rank, list[str]] = {}
    heard = partial(_heard, now=now, calendar=calendar, owner_time_zone=owner_time_zone)
    hear_once = lru_cache(maxsize=4096)(heard)  # many wait for their first call alike
    for key, case in cases.items():
        judged = hear_once(case.situation, case.policy)
        if isinstance(judged, _Wished):
            wishes[key] = judged
            waiting.setdefault(judged.rank, []).append(key)
        else:
            decided[key] = judged.decision
            book.count_open_task(case, judged)
    for rank in sorted(waiting):
        for key in sorted(waiting[rank]):
            decided[key] = book.plan(cases[key].callees, wishes[key], calendar)
    return {key: decided[key] for key in cases}


_Rank = tuple[bool, bool, date, int]


@dataclass(slots=True)
class _Wished:
    """A wish that applications alike share, its place in the batch, and what it comes to.

    ``placed`` are its decisions by the days on which the person is busy, for as long as days hold any number
    of calls: they depend on nothing else then.
    """

    wish: Wish
    policy: Policy
    rank: _Rank
    placed: dict[frozenset[date], Decision] = field(default_factory=dict)


def _heard(
    situation: Situation, policy: Policy, *, now: datetime, calendar: Calendar, owner_time_zone: str
) -> Verdict | _Wished:
    judged = judge(situation, now=now, policy=policy, calendar=calendar, owner_time_zone=owner_time_zone)
    return judged if isinstance(judged, Verdict) else _Wished(judged, policy, _rank(judged, policy))


@dataclass(slots=True)
class DayBook:
    """What a pass has put on each day so far, and which days are closed for each person."""

    planned: Counter[date]
    capacity: int | None
    closed: dict[str, frozenset[date]] = field(default_factory=dict)

    def lock(self, callee: str, days: Iterable[date]) -> None:
        """Close the days around each of *days* for that person."""
        for day in days:
            self._close((callee,), _around(day))

    def closed_for(self, callees: Collection[str]) -> frozenset[date]:
        """Return the days on which a person, known by these names, is not to be called."""
        closed = _NO_DAYS
        for callee in callees:
            days = self.closed.get(callee)
            if days is not None and days is not closed:
                closed = _together(closed, days) if closed else days
        return closed

    def count_open_task(self, case: Case, verdict: Verdict) -> None:
        """Count an open task that stays: on its day, an overdue one on today."""
        task = case.situation.open_task
        if task is None or verdict.decision.cancel_open_task:
            return
        self._add(case.callees, max(task.day, verdict.here.today))

    def plan(self, callees: Collection[str], wished: _Wished, calendar: Calendar) -> Decision:
        """Decide a wish under what the days hold so far, and count it."""
        busy = self.closed_for(callees)
        decision = self._decision_about(wished, busy, calendar)
        if decision.due_on is not None:
            self._add(callees, decision.due_on)
        return decision

    def _decision_about(self, wished: _Wished, busy: frozenset[date], calendar: Calendar) -> Decision:
        placed = wished.placed
        decision = placed.get(busy)
        if decision is None:
            load = Load(self.planned, self.capacity, busy)
            decision = place(wished.wish, wished.policy, calendar, load).decision
            if self.capacity is None and len(placed) < _MOST_PLACED:
                placed[busy] = decision
        return decision

    def _add(self, callees: Collection[str], day: date) -> None:
        self.planned[day] += 1
        self._close(callees, _around(day))

    def _close(self, callees: Iterable[str], days: frozenset[date]) -> None:
        for callee in callees:
            closed = self.closed.get(callee)
            self.closed[callee] = days if closed is None else _together(closed, days)


@lru_cache(maxsize=1024)
def _around(day: date) -> frozenset[date]:
    """Return the days that are too near to *day*, itself included; the calendar ends with the year 9999."""
    first = max(day.toordinal() - LOCK_DAYS + 1, 1)
    last = min(day.toordinal() + LOCK_DAYS - 1, date.max.toordinal())
    return frozenset(map(date.fromordinal, range(first, last + 1)))


@lru_cache(maxsize=4096)
def _together(some: frozenset[date], others: frozenset[date]) -> frozenset[date]:
    """Return the days of both, one object for all persons who are called on the same days."""
    return some | others


def _rank(wish: Wish, policy: Policy) -> _Rank:
    """Return the place in the batch order; keys decide among those of one rank."""
    final = wish.tally.attempt >= policy.max_calls
    return (not is_promise(wish), not final, wish.window.end, -wish.applied.toordinal())
