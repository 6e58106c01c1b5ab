"""The events of one run: how it ended, and everything about it that a person may have to look at."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from crm_sync.app.events import LOG, tell
from crm_sync.app.report import Report
from crm_sync.errors import CrmSyncError

_COUNTS = ("created", "updated", "unchanged", "renamed", "vanished", "calls_planned", "calls_cancelled")

Event = tuple[str, int, dict[str, object]]


def tell_report(report: Report) -> None:
    """Tell each thing that went wrong under its key or source, and then how the run ended."""
    if not LOG.isEnabledFor(logging.INFO):
        return
    for event, level, facts in _troubles(report):
        tell(event, level=level, **facts)
    counts = {name: value for name in _COUNTS if (value := getattr(report, name))}
    tell("run ended", nothing_new=report.nothing_new, asks=len(report.asks), **counts)


def tell_failure(error: Exception) -> None:
    """Tell why a run failed; of what nobody expected the kind alone, since its words may hold anything."""
    message = error.message if isinstance(error, CrmSyncError) else ""
    tell("run failed", level=logging.ERROR, error=type(error).__name__, message=message)


def _troubles(report: Report) -> Iterator[Event]:
    for outage in report.outages:
        yield "source not read", logging.WARNING, {"source": outage.source, "message": outage.message}
    if not report.nothing_new:
        for source, row in report.rejected:
            yield "row left out", logging.WARNING, {"source": source, "row": row.row, "message": row.reason}
    for failure in report.failures:
        event = "record refused" if failure.refused else "record not written"
        yield event, logging.WARNING, {"key": str(failure.key), "message": failure.reason}
    for conflict in report.new_conflicts:
        facts: dict[str, object] = {"key": str(conflict.key), "field": conflict.field}
        yield "conflict", logging.WARNING, facts
    if report.stopped:
        yield "stopped half-way", logging.ERROR, {"message": report.stopped}
