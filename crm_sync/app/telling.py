"""What a plan, and the asks of a desk, mean for the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from crm_sync.app.asks import urgency
from crm_sync.app.desk import Desk
from crm_sync.app.report import Report
from crm_sync.domain.decisions import Action
from crm_sync.domain.dossiers import Dossier
from crm_sync.domain.keys import Kind
from crm_sync.planning.operations import Cancel, Conflict, Create, Leave, Plan
from crm_sync.planning.twins import suspected

LEFT = (
    "The deal of {key} stays in the CRM as it is, for a person worked on it, and is not followed any more: "
    "remove it there if it is not needed."
)


def tell_plan(
    report: Report, plan: Plan, standing: Collection[Conflict], drafted: Mapping[Kind, int]
) -> None:
    """Write into the report what a plan holds; *standing* are the conflicts that were told before.

    *drafted* counts the records that are to be made besides.
    """
    report.plan = plan
    report.conflicts = plan.conflicts
    report.new_conflicts = tuple(c for c in plan.conflicts if c not in standing)
    verbs = Counter([(type(operation), operation.key.kind) for operation in plan.operations])
    verbs.update({(Create, kind): number for kind, number in drafted.items()})
    report.calls_planned, report.calls_cancelled = verbs[Create, Kind.TASK], verbs[Cancel, Kind.TASK]
    report.notes += [LEFT.format(key=op.key.id) for op in plan.operations if isinstance(op, Leave)]
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


def tell_sources(report: Report, desk: Desk, joined: int, new: Collection[str]) -> None:
    """Write into the report how many rows another source had told of, and what may be here twice now."""
    if joined:
        rows = "1 row tells" if joined == 1 else f"{joined:,} rows tell"
        report.notes.append(f"{rows} of what another source told of: one application, one deal.")
    doubts = (
        [t for t in suspected(desk.dossiers, desk.evidence) if {t.one.key, t.other.key} & {*new}]
        if new
        else []
    )
    if doubts:
        these = "1 pair of applications" if len(doubts) == 1 else f"{len(doubts)} pairs of applications"
        report.notes.append(
            f"{these} from different sources may be one each: crm-sync status asks about them."
        )
