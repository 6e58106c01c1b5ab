"""What a sync of many users came to, a line for each who has something to hear."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crm_sync.app.report import Report
from crm_sync.cli.render.grids import Grid
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


@dataclass(frozen=True, slots=True)
class Tally:
    """How many users there were, with nothing new, failed, and not come to before the sync was stopped.

    ``unread`` are those of whom a source could not be read, whatever came of their others.
    """

    users: int
    quiet: int
    unread: int
    failed: int
    not_begun: int

    @property
    def synced(self) -> int:
        """Return how many had something to do and came through."""
        return self.users - self.quiet - self.unread - self.failed - self.not_begun


def summary(tally: Tally) -> str:
    """Return the last line: how many users there are, and how they fared."""
    counts = (
        (tally.synced, "synced"),
        (tally.quiet, "with nothing new"),
        (tally.unread, "with a source that was not read"),
        (tally.failed, "failed"),
        (tally.not_begun, "not begun"),
    )
    parts = [f"{number:,} {word}" for number, word in counts if number]
    return f"{nouns(tally.users, 'user')}: {', '.join(parts)}."


def fleet_grid(reports: Sequence[Report], *, plan_only: bool) -> Grid:
    """Return a table of users: what was new, and what needs a person."""
    headers = [
        "User",
        "New",
        "Changed",
        "Calls to plan" if plan_only else "Calls planned",
        "To decide",
        "Trouble",
    ]
    rows = [
        [
            report.user,
            _number(report.created),
            _number(report.updated),
            _number(report.calls_planned),
            _number(len(report.asks)),
            ", ".join(part for part in _problems(report) if "to be decided" not in part),
        ]
        for report in reports
    ]
    return Grid(headers, rows)


def _number(count: int) -> str:
    return f"{count:,}" if count else ""
