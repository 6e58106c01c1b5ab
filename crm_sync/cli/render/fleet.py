"""What a sync of many users came to, a line for each who has something to hear."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crm_sync.app.report import Report
from crm_sync.cli.render.wording import nouns


def needs_a_person(report: Report) -> bool:
    """Tell whether a person has to look: something asks, differs, was refused or could not be read."""
    return bool(
        report.asks
        or report.new_conflicts
        or report.failures
        or report.outages
        or report.rejected
        or report.stopped
    )


def user_line(user: str, report: Report, *, plan_only: bool = False) -> str:
    """Return one line about a user's run, "" where there is nothing to say."""
    parts = list(_parts(report, plan_only))
    return f"{user}: {', '.join(parts)}" if parts else ""


def _parts(report: Report, plan_only: bool) -> Iterator[str]:
    would = " would be" if plan_only else ""
    counts = (
        (report.created, "new"),
        (report.updated, "changed"),
        (report.renamed, "renamed"),
        (report.vanished, "gone from their file"),
    )
    yield from (f"{number:,} {word}" for number, word in counts if number)
    if report.calls_planned:
        yield f"{nouns(report.calls_planned, 'call')}{would} planned"
    if report.calls_cancelled:
        yield f"{nouns(report.calls_cancelled, 'call')}{would} cancelled"
    yield from _problems(report)
    if plan_only and report.operations:
        yield f"plan {report.digest}"


def _problems(report: Report) -> Iterator[str]:
    rejected = 0 if report.nothing_new else len(report.rejected)  # told when they were read
    counts = (
        (len(report.asks), "to be decided by a person"),
        (len(report.new_conflicts), "newly different in the CRM"),
        (len(report.failures), "not written"),
    )
    yield from (f"{number:,} {word}" for number, word in counts if number)
    yield from (f"{nouns(number, 'row')} left out" for number in (rejected,) if number)
    yield from (f"{nouns(number, 'source')} not read" for number in (len(report.outages),) if number)
    if report.stopped:
        yield f"stopped half-way: {report.stopped}"
    if report.heard:
        yield f"{nouns(len(report.heard), 'change')} heard from the CRM"


def summary(reports: Sequence[Report | None], not_begun: int = 0) -> str:
    """Return the last line: how many users there are, and how they fared; None stands for a failure.

    So many of the failures only tell that a person stopped the sync before it came to them.
    """
    failed = sum(report is None for report in reports) - not_begun
    quiet = sum(report is not None and report.nothing_new for report in reports)
    done = len(reports) - failed - quiet - not_begun
    counts = (
        (done, "synced"),
        (quiet, "with nothing new"),
        (failed, "failed"),
        (not_begun, "not begun"),
    )
    parts = [f"{number:,} {word}" for number, word in counts if number]
    return f"{nouns(len(reports), 'user')}: {', '.join(parts)}."
