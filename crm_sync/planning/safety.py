"""Limits beyond which a plan is refused until a person allows it (design 4)."""

from __future__ import annotations

from crm_sync.domain.keys import Kind
from crm_sync.errors import UnsafePlan
from crm_sync.planning.operations import Cancel, Plan

SMALL_SOURCE = 10
LOST_SHARE = 0.30
MOST_CANCELLED = 50


def guard_vanished(source: str, shown_before: int, vanished: int) -> None:
    """Raise UnsafePlan where a source of ten rows or more lost over 30 % of them since the last look."""
    limit = int(shown_before * LOST_SHARE)
    if shown_before >= SMALL_SOURCE and vanished > limit:
        raise UnsafePlan(
            f"{source} lost {vanished} of the {shown_before} applications it showed before",
            "If that is right, run again with --allow-loss. Otherwise check that this is the whole file.",
            count=vanished,
            limit=limit,
        )


def guard_cancelled(plan: Plan, open_tasks: int) -> None:
    """Raise UnsafePlan where a plan cancels more than 50 open call tasks and more than 30 % of them."""
    cancelled = sum(isinstance(op, Cancel) and op.key.kind is Kind.TASK for op in plan.operations)
    limit = max(MOST_CANCELLED, int(open_tasks * LOST_SHARE))
    if cancelled > limit:
        raise UnsafePlan(
            f"this plan would cancel {cancelled} of {open_tasks} open call tasks",
            "If that is right, run again with --allow-loss. Look first with --plan.",
            count=cancelled,
            limit=limit,
        )
