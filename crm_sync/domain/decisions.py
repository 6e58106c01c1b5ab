"""What the cadence says now about one application."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from crm_sync.domain.values import light


class Action(StrEnum):
    """The five things a decision can say (cadence section 6)."""

    SCHEDULE = "schedule"
    KEEP = "keep"
    HOLD = "hold"
    ASK = "ask"
    STOP = "stop"

    __hash__ = str.__hash__  # decisions are hashed by the hundred thousand


@light
@dataclass(frozen=True, slots=True)
class Decision:
    """The decision: fields that do not apply are None, False or ().

    ``due_on`` is the callee's day, ``due_at`` the instant in UTC. ``flags`` are sorted. Only *schedule*
    and *keep* carry flags; *keep* has neither ``due_at`` nor ``attempt`` (cadence section 6).
    """

    action: Action
    reason: str
    due_on: date | None = None
    due_at: datetime | None = None
    attempt: int | None = None
    final: bool = False
    flags: tuple[str, ...] = ()
    cancel_open_task: bool = False
