"""Work on one account: one lease, one look at its changes, and then one user after the other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import datetime, timedelta

from crm_sync.app.apply import Progress
from crm_sync.app.beating import beating
from crm_sync.app.built import Built
from crm_sync.app.census import heard
from crm_sync.app.diary import failed, told_of
from crm_sync.app.events import about, tell
from crm_sync.app.gather import Look, Unchanged
from crm_sync.app.house import House, Wishes, Words, clock, new_run
from crm_sync.app.report import Report
from crm_sync.app.run_events import tell_failure, tell_report
from crm_sync.app.working import Working
from crm_sync.config.settings import Settings
from crm_sync.domain.applications import Snapshot
from crm_sync.domain.forgetting import Forgotten, user_trace
from crm_sync.domain.items import RemoteId
from crm_sync.domain.keys import Kind
from crm_sync.errors import CrmUnavailable, Interrupted, LedgerError, NotAllowed
from crm_sync.ports import Changes, Entry, Lease, Run, Standing
from crm_sync.ports import StandingConflict as Conflict

_ENDING = (CrmUnavailable, NotAllowed, LedgerError, Interrupted)
"""What is no single user's failure."""

_KEPT, _SWEPT = timedelta(days=30), timedelta(days=7)
"""So long a run with nothing new stays in the book, and so far back from there each shift looks for more."""

_AT_ONCE = 500
"""Runs with nothing new are written down so many at a time."""


class Shift:
    """One account at work; ``users`` are those whose turn may come, so that all are asked about at once.

    The changes are heard by the first user who has something to do, for all of them (see ``Working``).
    What ends an account ends the shift: who would need the CRM after that is told the same error.
    """

    def __init__(
        self, house: House, command: str, wishes: Wishes, lease: Lease | None, users: Collection[str] = ()
    ) -> None:
        self._house = house
        self._command = command
        self._wishes = wishes
        self._lease = lease
        self._changes: Changes | None = None
        self._is_heard = False
        self._users = users
        self._is_alone = len(users) < 2
        self._evidence: dict[str, str] | None = None
        self._book: _Book | None = None
        self._runs: list[Run] = []
        self._told: list[str] = []  # what the first one heard about the others
        self._forgotten: Forgotten | None = None
        self._fading: tuple[datetime, datetime] | None = _fading()
        self.ended: Exception | None = None

    def run(
        self,
        settings: Settings,
        looks: Sequence[Look] = (),
        *,
        words: Words | None = None,
        progress: Progress = lambda _: None,
    ) -> Report:
        """Run once for a user and return the report; raises what ``sync.run`` raises."""
        house = replace(self._house, settings=settings)
        if self.has_forgotten(settings.user):
            return _forgotten(house, looks)
        record = new_run(house, self._command)
        with about(run=record.id, user=settings.user, account=house.account.name):
            return self._told_run(house, record, looks, words, progress)

    def _told_run(
        self,
        house: House,
        record: Run,
        looks: Sequence[Look],
        words: Words | None,
        progress: Progress,
    ) -> Report:
        """Run, and tell those who keep logs what it came to."""
        tell("run began", command=self._command)
        try:
            report = self._run(house, record, looks, words, progress)
        except Exception as error:
            tell_failure(error)
            raise
        tell_report(report)
        return report

    def _run(
        self,
        house: House,
        record: Run,
        looks: Sequence[Look],
        words: Words | None,
        progress: Progress,
    ) -> Report:
        settings = house.settings
        try:
            changes = self._listen()
            if words is None and not self._wishes.thorough and self._nothing_new(settings, looks, changes):
                return self._pass_over(house, record, looks)
            self._refuse_ended()
            return self._work(house, record, looks, words, progress, changes)
        except (Exception, KeyboardInterrupt) as error:
            if isinstance(error, _ENDING):
                self.ended = error
            self._keep(failed(record, error))
            raise

    def has_forgotten(self, user: str) -> bool:
        """Tell whether a user was forgotten, of whom nothing is taken in, nor written down, any more."""
        if self._forgotten is None:
            self._forgotten = self._house.ledger.forgotten(self._house.account.name)
        return self._forgotten.holds(user_trace(user))

    def _listen(self) -> Changes:
        """Return what people did in the CRM; looked up once."""
        if self._changes is None:
            self._refuse_ended()
            self._changes = heard(self._house, self._wishes)
        return self._changes

    def _refuse_ended(self) -> None:
        if self.ended is not None:
            raise self.ended.with_traceback(None)
        if self._house.stop.is_set():
            raise Interrupted

    def write_down(self) -> None:
        """Write down the runs of those who had nothing to do, and of those who failed."""
        runs, self._runs = tuple(self._runs), []
        if runs and self._lease is not None:
            fading, self._fading = self._fading, None
            self._house.ledger.record(Entry(self._house.account.name, runs=runs, fading=fading), self._lease)

    def _keep(self, run: Run) -> None:
        self._runs.append(run)
        if len(self._runs) >= _AT_ONCE:
            self.write_down()

    def _work(
        self,
        house: House,
        record: Run,
        looks: Sequence[Look],
        words: Words | None,
        progress: Progress,
        changes: Changes,
    ) -> Report:
        shared = self._shared_evidence()
        working = Working(house, record, looks, words, self._wishes, progress, self._lease, shared)
        mine = working.desk.dossiers
        working.report.heard += [line for line in self._told if line.partition(":")[0] in mine]
        try:
            return working.go(_nothing_in(changes) if self._is_heard else changes, changes)
        finally:
            self._told += working.heard_elsewhere if working.has_written else []
            self._book = None
            self._evidence = shared if working.has_written else None
            self._users = ()  # from here on what was asked for all may have changed
            self._is_heard = self._is_heard or working.has_written
            if isinstance(working.stopped, _ENDING):
                self.ended = self.ended or working.stopped

    def _shared_evidence(self) -> dict[str, str] | None:
        """Return the account's evidence, read once for many users; for one alone it is not kept here."""
        if self._evidence is None and not self._is_alone:
            self._evidence = dict(self._house.ledger.evidence(self._house.account.name, ""))
        return self._evidence

    def _nothing_new(self, settings: Settings, looks: Sequence[Look], changes: Changes) -> bool:
        """Tell whether every source is unchanged, nobody did anything, and nothing is due or unfinished."""
        if not all(isinstance(look, Unchanged) for look in looks):
            return False
        if not self._is_heard and not _is_empty(changes):
            return False
        book = self._book_about(settings.user)
        standing = book.standings.get(settings.user, Standing())
        if not standing.ended or settings.user in book.unsettled:
            return False
        return standing.decide_on is None or standing.decide_on > settings.today

    def _book_about(self, user: str) -> _Book:
        if self._book is None or user not in self._book.standings:
            self._book = _Book(self._house, {user, *self._users})
        return self._book

    def _pass_over(self, house: House, record: Run, looks: Sequence[Look]) -> Report:
        report = Report(house.settings.user, house.account.name, nothing_new=True)
        for look in looks:
            if isinstance(look, Unchanged):
                report.unchanged += look.state.applications
                report.rejected += [(look.state.source, row) for row in look.state.rejected]
        standing = self._book_about(report.user).conflicts.get(report.user, ())
        report.conflicts = tuple(each.conflict for each in standing)
        told = told_of(report, looks, Built())
        self._keep(replace(record, ended_at=clock(), report=told))
        return report


def _fading() -> tuple[datetime, datetime]:
    """Return from when to when runs with nothing new began that leave the book now."""
    end = clock() - _KEPT
    return end - _SWEPT, end


class _Book:
    """What the book says of some users, asked for all of them at once."""

    def __init__(self, house: House, users: Collection[str]) -> None:
        ledger, account = house.ledger, house.account.name
        self.standings = ledger.standings(account, users)
        self.unsettled = {key.owner for key in ledger.unsettled(account)}
        self.conflicts: dict[str, list[Conflict]] = {}
        only = next(iter(users)) if len(users) == 1 else None
        for conflict in ledger.conflicts(account, only):
            self.conflicts.setdefault(conflict.conflict.key.owner, []).append(conflict)


@contextmanager
def shift(house: House, command: str, wishes: Wishes, users: Collection[str] = ()) -> Iterator[Shift]:
    """Hold the account, look at its changes once, and work for one user after the other.

    Raises LedgerBusy where another run holds the account.
    """
    with _lease(house, command, wishes) as lease, beating(house.ledger, lease):
        at_work = Shift(house, command, wishes, lease, users)
        try:
            yield at_work
        except BaseException:
            with suppress(LedgerError):  # it must not hide why the shift ends
                at_work.write_down()
            raise
        at_work.write_down()


def _lease(house: House, command: str, wishes: Wishes) -> AbstractContextManager[Lease | None]:
    if wishes.plan_only:
        return nullcontext()
    return house.ledger.exclusive(house.account.name, wait=wishes.wait, purpose=command)


def _forgotten(house: House, looks: Sequence[Look]) -> Report:
    """Return the report of a run for somebody who was forgotten; it leaves no trace."""
    user = house.settings.user
    report = Report(user, house.account.name, nothing_new=True, is_about_nobody=True)
    report.forgotten = sum(len(look.applications) for look in looks if isinstance(look, Snapshot))
    report.notes.append(f"{user} was forgotten. To let them in again: crm-sync forget {user} --lift")
    return report


def _is_empty(changes: Changes) -> bool:
    return not (changes.anew or changes.records or changes.removed)


def _nothing_in(changes: Changes) -> Changes:
    """Return the changes without what was heard already; the cursor stays."""
    nothing: tuple[tuple[Kind, RemoteId], ...] = ()
    return Changes((), nothing, changes.cursor)
