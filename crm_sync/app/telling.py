"""What a plan, and the asks of a desk, mean for the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from crm_sync.app.asks import urgency
from crm_sync.app.report import Report
from crm_sync.domain.decisions import Action
from crm_sync.domain.dossiers import Dossier
from crm_sync.domain.keys import Kind
from crm_sync.planning.operations import Cancel, Conflict, Create, Plan


def tell_plan(report: Report, plan: Plan, standing: Collection[Conflict]) -> None:
    """Write into the report what a plan holds; *standing* are the conflicts that were told before."""
    report.plan = plan
    report.conflicts = plan.conflicts
    report.new_conflicts = tuple(c for c in plan.conflicts if c not in standing)
    report.calls_planned = sum(isinstance(op, Create) and op.key.kind is Kind.TASK for op in plan.operations)
    report.calls_cancelled = sum(isinstance(op, Cancel) for op in plan.operations)
    verbs = Counter((type(operation), operation.key.kind) for operation in plan.operations)
    report.operations = {f"{v.__name__.lower()} {kind}": n for (v, kind), n in verbs.items()}


def tell_asks(report: Report, dossiers: Mapping[str, Dossier]) -> None:
    """Write into the report which applications ask for a person, the most urgent first."""
    asks = [
        (key, d.course.decision.reason)
        for key, d in dossiers.items()
        if d.course.decision is not None and d.course.decision.action is Action.ASK
    ]
    report.asks = sorted(asks, key=lambda ask: (urgency(ask[1]), ask[0]))
    report.about = {key: dossiers[key] for key, _ in report.asks}
