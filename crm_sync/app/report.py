"""What a run says about itself: plain data, from which texts, JSON and exit codes are made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from crm_sync.app.built import Failure
from crm_sync.domain.applications import RejectedRow
from crm_sync.domain.dossiers import Dossier
from crm_sync.planning.operations import Conflict, Plan


@dataclass(frozen=True, slots=True)
class Outage:
    """A source that could not be read: the others went on and nothing of it was closed.

    ``unsafe`` where it could be read, but lost more than a guard lets pass without a person's word.
    """

    source: str
    message: str
    hint: str
    unsafe: bool = False


@dataclass(slots=True)
class Report:
    """The report of one run for one user.

    ``created``, ``updated`` and ``unchanged`` count applications (deals), ``forgotten`` rows of
    those who were forgotten; ``operations`` counts what was
    (or with a plan only: would be) done in the CRM by verb and kind. ``heard`` are lines about what people
    did in the CRM. ``asks`` are (key, reason), ``about`` their applications. ``new_conflicts`` were not
    reported before. ``is_about_nobody``: the user was forgotten, and nothing is written down of the run.
    """

    user: str
    account: str
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    renamed: int = 0
    vanished: int = 0
    forgotten: int = 0
    calls_planned: int = 0
    calls_cancelled: int = 0
    rejected: list[tuple[str, RejectedRow]] = field(default_factory=list)
    asks: list[tuple[str, str]] = field(default_factory=list)
    about: dict[str, Dossier] = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()
    new_conflicts: tuple[Conflict, ...] = ()
    failures: list[Failure] = field(default_factory=list)
    outages: list[Outage] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    operations: dict[str, int] = field(default_factory=dict)
    plan: Plan | None = None
    digest: str = ""
    stopped: str = ""
    nothing_new: bool = False
    is_about_nobody: bool = False

    def as_data(self) -> dict[str, Any]:
        """Return the report as JSON-able data (the plan itself is told line by line elsewhere)."""
        return {
            "user": self.user,
            "account": self.account,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "renamed": self.renamed,
            "vanished": self.vanished,
            "forgotten": self.forgotten,
            "rejected": [
                {"source": source, "row": row.row, "sheet": row.sheet, "reason": row.reason}
                for source, row in self.rejected
            ],
            "asks": [{"key": key, "reason": reason} for key, reason in self.asks],
            "conflicts": [conflict_data(conflict) for conflict in self.conflicts],
            "calls_planned": self.calls_planned,
            "calls_cancelled": self.calls_cancelled,
            "failures": [
                {"key": str(f.key), "reason": f.reason, "origin": f.origin, "refused": f.refused}
                for f in self.failures
            ],
            "outages": [{"source": o.source, "message": o.message, "hint": o.hint} for o in self.outages],
            "heard": self.heard,
            "notes": self.notes,
            "operations": self.operations,
            "digest": self.digest or None,
            "stopped": self.stopped or None,
            "nothing_new": self.nothing_new,
        }


def conflict_data(conflict: Conflict) -> dict[str, Any]:
    """Return a conflict as JSON-able data."""
    return {
        "key": conflict.key.id,
        "kind": conflict.key.kind.value,
        "field": conflict.field,
        "source_says": conflict.ours,
        "crm_says": conflict.theirs,
    }


def exit_code(report: Report) -> int:
    """Return the exit code of design 8: 3 before 4 before 1 before 0."""
    if any(outage.unsafe for outage in report.outages):
        return 3
    if report.outages or report.stopped:
        return 4
    if report.rejected or report.failures or report.new_conflicts:
        return 1
    return 0
