"""Reads worked cases: JSON objects in the format of the rule set's tables."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from crm_sync.cadence.calendar import Calendar
from crm_sync.cadence.policy import STEADY, Policy, adjusted
from crm_sync.cadence.situation import Situation, TaskView
from crm_sync.domain.decisions import Decision
from crm_sync.domain.dossiers import TaskState
from crm_sync.domain.stages import Stage
from crm_sync.domain.touches import CallOutcome, CallResult, Touch, TouchKind

OWN_CASES = Path(__file__).with_name("cases.json")


@dataclass(frozen=True)
class WorkedCase:
    """One worked case: what goes in, and the decision that must come out, as plain data."""

    name: str
    situation: Situation
    now: datetime
    policy: Policy
    calendar: Calendar
    planned_calls: dict[date, int]
    daily_capacity: int | None
    owner_time_zone: str
    expect: dict[str, Any]

    @property
    def inputs(self) -> dict[str, Any]:
        """Return the keyword arguments of ``decide`` beside the situation."""
        return {
            "now": self.now,
            "policy": self.policy,
            "calendar": self.calendar,
            "planned_calls": self.planned_calls,
            "daily_capacity": self.daily_capacity,
            "owner_time_zone": self.owner_time_zone,
        }


def read_cases() -> list[WorkedCase]:
    """Read the cases from the file that CADENCE_CASES names, else the project's own."""
    path = Path(os.environ.get("CADENCE_CASES") or OWN_CASES)
    return [_case(raw) for raw in json.loads(path.read_text(encoding="utf-8"))]


def _case(raw: dict[str, Any]) -> WorkedCase:
    return WorkedCase(
        name=f"{raw['number']}: {raw['name']}",
        situation=_situation(raw["application"]),
        now=datetime.fromisoformat(raw["now"]),
        policy=adjusted(STEADY, raw.get("policy") or {}),
        calendar=_calendar(raw.get("calendar") or {}),
        planned_calls={
            date.fromisoformat(day): count for day, count in (raw.get("planned_calls") or {}).items()
        },
        daily_capacity=raw.get("daily_capacity"),
        owner_time_zone=raw["owner_time_zone"],
        expect=raw["expect"],
    )


def _calendar(raw: dict[str, Any]) -> Calendar:
    return Calendar(
        raw.get("weekend", (5, 6)),
        [date.fromisoformat(day) for day in raw.get("holidays") or ()],
        [date.fromisoformat(day) for day in raw.get("owner_days_off") or ()],
    )


_DAYS = {"applied_on", "first_seen", "snooze_until", "manual_start", "round_started"}
_TIMES = {"stage_changed_at", "terminal_since", "number_changed_at"}
_STAGES = {"stage", "previous_stage"}


def _situation(raw: dict[str, Any]) -> Situation:
    values: dict[str, Any] = {}
    for name, value in raw.items():
        if value is None:
            continue
        values[name] = _value(name, value)
    return Situation(**values)


def _value(name: str, value: Any) -> Any:
    if name in _DAYS:
        return date.fromisoformat(value)
    if name in _TIMES:
        return datetime.fromisoformat(value)
    if name in _STAGES:
        return Stage(value)
    if name == "touches":
        return tuple(_touch(touch) for touch in value)
    return _task(value) if name == "task" else value


def _touch(raw: dict[str, Any]) -> Touch:
    return Touch(
        id="",
        application="",
        at=datetime.fromisoformat(raw["at"]),
        kind=TouchKind(raw.get("kind") or "call"),
        outcome=CallOutcome(raw.get("outcome") or "no_answer"),
        result=CallResult(raw["result"]) if raw.get("result") else None,
        callback_on=date.fromisoformat(raw["callback_on"]) if raw.get("callback_on") else None,
        round=raw.get("round") or 1,
    )


def _task(raw: dict[str, Any]) -> TaskView:
    return TaskView(
        pushed_due=date.fromisoformat(raw["pushed_due"]),
        crm_due=date.fromisoformat(raw["crm_due"]) if raw.get("crm_due") else None,
        state=TaskState(raw.get("state") or "open"),
        seq=raw.get("seq") or 1,
        round=raw.get("round") or 1,
    )


def as_plain(decision: Decision) -> dict[str, Any]:
    """Return the decision as the cases spell it."""
    return {
        "action": decision.action.value,
        "reason": decision.reason,
        "due_on": decision.due_on.isoformat() if decision.due_on else None,
        "due_at": decision.due_at.isoformat() if decision.due_at else None,
        "attempt": decision.attempt,
        "final": decision.final,
        "flags": list(decision.flags),
        "cancel_open_task": decision.cancel_open_task,
    }
