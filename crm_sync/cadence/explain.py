"""Why the next call is on that day, rule by rule, told from the very steps that decide."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from crm_sync.cadence import narration
from crm_sync.cadence.calendar import Calendar
from crm_sync.cadence.days import Load
from crm_sync.cadence.decide import place
from crm_sync.cadence.policy import Policy
from crm_sync.cadence.reckoning import Rule, Verdict, Wish
from crm_sync.cadence.rules import judge
from crm_sync.cadence.situation import Situation
from crm_sync.domain.decisions import Action, Decision


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule: its number, what it looked at, what it concluded; ``decides`` where it settled the matter."""

    rule: int
    looked_at: str
    concluded: str
    decides: bool = False

    def __str__(self) -> str:
        return f"Rule {self.rule}: {self.looked_at}; {self.concluded}."


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision and the reasons for it, in the order in which the rules were asked."""

    decision: Decision
    reasons: tuple[Reason, ...]


def explain(
    situation: Situation,
    *,
    now: datetime,
    policy: Policy,
    calendar: Calendar,
    planned_calls: Mapping[date, int],
    daily_capacity: int | None,
    owner_time_zone: str,
    busy_days: Collection[date] = (),
) -> list[Reason]:
    """Return the reasons for what ``decide`` says, rule by rule, in sentences; arguments as there."""
    load = Load(planned_calls, daily_capacity, busy_days)
    return list(explained(situation, now, policy, calendar, owner_time_zone, load).reasons)


def explained(
    situation: Situation,
    now: datetime,
    policy: Policy,
    calendar: Calendar,
    owner_time_zone: str,
    load: Load,
) -> Explanation:
    """Return the decision together with its reasons."""
    judged = judge(situation, now=now, policy=policy, calendar=calendar, owner_time_zone=owner_time_zone)
    if isinstance(judged, Verdict):
        return Explanation(judged.decision, tuple(_of_verdict(situation, judged, policy)))
    decision, reasons = _of_wish(judged, policy, calendar, load)
    return Explanation(decision, reasons)


def _of_verdict(situation: Situation, verdict: Verdict, policy: Policy) -> Iterator[Reason]:
    passed = [rule for rule in _order(verdict.rule) if rule is not verdict.rule]
    yield from _passed(passed, situation, verdict, policy)
    looked_at = narration.looked_at(verdict.rule, situation, verdict, policy)
    yield Reason(verdict.rule, looked_at, narration.conclusion(verdict.decision), decides=True)


def _of_wish(
    wish: Wish, policy: Policy, calendar: Calendar, load: Load
) -> tuple[Decision, tuple[Reason, ...]]:
    placement = place(wish, policy, calendar, load)
    decision = placement.decision
    reasons = [*_passed(_order(Rule.TOO_OLD), wish.situation, wish, policy)]
    days = narration.days_looked_at(wish, placement.choice, policy, calendar)
    full = decision.action is Action.HOLD
    reasons.append(Reason(Rule.DAY, days, narration.day_chosen(decision, wish), decides=full))
    if not full:
        slot, start = narration.time_chosen(decision, wish, policy)
        reasons.append(Reason(Rule.TIME, slot, start))
        count = narration.attempt_counted(decision, policy)
        reasons.append(Reason(Rule.FINAL, count, narration.conclusion(decision), decides=True))
    return decision, tuple(reasons)


def _passed(
    rules: Collection[Rule], situation: Situation, facts: Verdict | Wish, policy: Policy
) -> Iterator[Reason]:
    for rule in rules:
        looked_at = narration.looked_at(rule, situation, facts, policy)
        yield Reason(rule, looked_at, narration.passed(rule, situation, facts, policy))


def _order(until: Rule) -> list[Rule]:
    """Return the rules up to and with *until*; all facts a rule tells are known once it is passed."""
    return [rule for rule in Rule if rule <= until]
