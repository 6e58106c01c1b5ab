"""One run for one user: hear, take in, decide, plan, guard, build, report (design 3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import replace

from crm_sync.app.apply import Progress
from crm_sync.app.built import Built
from crm_sync.app.census import heard
from crm_sync.app.diary import failed, told_of
from crm_sync.app.gather import Look, Unchanged
from crm_sync.app.house import AS_USUAL, House, Wishes, Words, clock, new_run, understanding
from crm_sync.app.report import Report
from crm_sync.app.working import Working
from crm_sync.errors import LedgerError
from crm_sync.ports import Changes, Entry, Lease, Run


def run(
    house: House,
    command: str,
    looks: Sequence[Look] = (),
    *,
    words: Words | None = None,
    wishes: Wishes = AS_USUAL,
    progress: Progress = lambda _: None,
) -> Report:
    """Run once for the settings' user and return the report.

    Raises UnsafePlan where a guard refuses, LedgerBusy where another run holds the account, LedgerError
    and CrmError where nothing could be done. A CRM that goes away half-way is told in the report.
    """
    record = new_run(house, command)
    with _lease(house, wishes) as lease, _written_down(house, record, lease):
        changes = heard(house, wishes)
        if words is None and not wishes.thorough and _nothing_new(house, looks, changes):
            return _quiet(house, record, looks, lease)
        return Working(house, record, looks, words, wishes, progress, lease).go(changes)


@contextmanager
def _written_down(house: House, record: Run, lease: Lease | None) -> Iterator[None]:
    """Write into the book of runs why a run failed; a book that cannot be written hides no reason."""
    try:
        yield
    except (Exception, KeyboardInterrupt) as error:
        if lease is not None:
            with suppress(LedgerError):
                house.ledger.record(Entry(record.account, run=failed(record, error)), lease)
        raise


def _lease(house: House, wishes: Wishes) -> AbstractContextManager[Lease | None]:
    if wishes.plan_only:
        return nullcontext()
    return house.ledger.exclusive(house.account.name, wait=wishes.wait)


def _nothing_new(house: House, looks: Sequence[Look], changes: Changes) -> bool:
    """Tell whether every source is unchanged, nobody did anything, and nothing is due or unfinished."""
    ledger, account, settings = house.ledger, house.account.name, house.settings
    if (
        changes.anew
        or changes.records
        or changes.removed
        or not all(isinstance(look, Unchanged) for look in looks)
    ):
        return False
    last = ledger.runs(account, settings.user, limit=1)
    if not last or last[0].ended_at is None or ledger.unsettled(account):
        return False
    return not ledger.due(account, settings.user, settings.today)


def _quiet(house: House, record: Run, looks: Sequence[Look], lease: Lease | None) -> Report:
    report = Report(house.settings.user, house.account.name, nothing_new=True)
    for look in looks:
        if isinstance(look, Unchanged):
            report.unchanged += look.state.applications
            report.rejected += [(look.state.source, row) for row in look.state.rejected]
    standing = house.ledger.conflicts(house.account.name, house.settings.user)
    report.conflicts = tuple(s.conflict for s in standing)
    if lease is not None:
        ended = replace(record, ended_at=clock(), report=told_of(report, looks, Built()))
        house.ledger.record(Entry(house.account.name, run=ended), lease)
    return report


__all__ = ["House", "Wishes", "Words", "run", "understanding"]
