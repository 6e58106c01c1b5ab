"""Carries out what ``undoing`` found: as a person would who removed the records and put the fields back.

The CRM is written first, the ledger after it, batch by batch. Killed in between, everything stands as if
that person had stopped half-way; the same undo again finds the rest, and settles what is gone already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar

from crm_sync.app.beating import beating
from crm_sync.app.diary import Diary, lines_of
from crm_sync.app.house import House, clock, new_run
from crm_sync.app.recording import written_down
from crm_sync.app.today import callee_day
from crm_sync.app.touched import UNDO
from crm_sync.app.undoing import SHARED, UNDONE, Left, Undoing, survey
from crm_sync.domain.decisions import Action, Decision
from crm_sync.domain.dossiers import Dossier
from crm_sync.domain.items import Change, Remote, RemoteId
from crm_sync.domain.keys import RANK, Key, Kind
from crm_sync.domain.links import Link, Mark, fingerprint
from crm_sync.planning.deciding import cancel
from crm_sync.planning.hearing import hear
from crm_sync.ports import Done, Entry, Lease, Outcome, Run

T = TypeVar("T")


def take_back(house: House, run: Run, *, wait: float = 0.0) -> Undoing:
    """Take a run back and return what was done and what is left.

    Raises LedgerBusy where another run works, CrmError where the CRM goes away half-way.
    """
    account = house.account.name
    record = replace(new_run(house, UNDO), report={"undoes": run.id})
    with (
        house.ledger.exclusive(account, wait=wait, purpose=UNDO) as lease,
        beating(house.ledger, lease),
        written_down(house.ledger, record, lease),
    ):
        house.ledger.record(Entry(account, run=record), lease)
        undoing = survey(house, run)
        _Undo(house, lease, Diary(record), undoing).carry_out()
        told = {
            "undoes": run.id,
            "undone": len(undoing.removals) + len(undoing.restorals),
            "left": [{"key": str(left.key), "reason": left.reason} for left in undoing.left],
            "exit": 1 if undoing.left else 0,
        }
        ended = replace(record, ended_at=clock(), report=told)
        house.ledger.record(Entry(account, run=ended), lease)
    return undoing


class _Undo:
    """Takes one run back under a lease."""

    def __init__(self, house: House, lease: Lease, diary: Diary, undoing: Undoing) -> None:
        self.house = house
        self.lease = lease
        self.diary = diary
        self.undoing = undoing

    def carry_out(self) -> None:
        """Remove children before parents, then put fields back."""
        gone = [key for key, remote_id in self.undoing.removals.items() if remote_id is None]
        self._settle_removed(gone)
        for batch in self._batches(self._in_order()):
            outcomes = self.house.crm.remove([(key, rid) for key, rid in batch])
            self._settle_removed([done.key for done in self._done(outcomes)])
        self._settle_applications()
        self._settle_fields(self.undoing.settled, {})
        for some in self._batches(sorted(self.undoing.restorals.items())):
            changes = [change for _, change in some]
            done = {each.key: each.remote for each in self._done(self.house.crm.update(changes))}
            self._settle_fields({key: change for key, change in some if key in done}, done)

    def _in_order(self) -> list[tuple[Key, RemoteId]]:
        there = [(key, rid) for key, rid in self.undoing.removals.items() if rid is not None]
        return sorted(there, key=lambda pair: (-RANK[pair[0].kind], pair[0]))

    def _batches(self, steps: Sequence[tuple[Key, T]]) -> Iterator[Sequence[tuple[Key, T]]]:
        size = self.house.crm.batch_size
        yield from (steps[start : start + size] for start in range(0, len(steps), size))

    def _done(self, outcomes: Iterable[Outcome]) -> Iterator[Done]:
        for outcome in outcomes:
            if isinstance(outcome, Done):
                yield outcome
            else:
                self.undoing.left.append(Left(outcome.key, outcome.reason))
                self.undoing.removals.pop(outcome.key, None)
                self.undoing.restorals.pop(outcome.key, None)

    def _settle_removed(self, keys: Sequence[Key]) -> None:
        """Write down that records are gone: ours stay away, a company may be made again for others."""
        links = self._links(keys)
        settled = [Link(key) if key.kind in SHARED else replace(links[key], retired=True) for key in keys]
        alone = [key for key in keys if key.kind is Kind.TASK and not self._goes_whole(key)]
        dossiers = self._dossiers(key.id.partition(":")[0] for key in alone)
        ids = {(Kind.TASK, RemoteId(str(key))): key for key in alone}
        heard = hear((), ids, ids, dossiers, {key: links[key] for key in alone}, self._day)
        self._record(settled, heard.dossiers.values(), keys)

    def _goes_whole(self, key: Key) -> bool:
        return key.id.partition(":")[0] in self.undoing.applications

    def _settle_applications(self) -> None:
        """Let the applications rest whose deals are gone; `resume` takes one up again."""
        failed = {left.key.id for left in self.undoing.left if left.key.kind is Kind.DEAL}
        rested = []
        for dossier in self._dossiers(self.undoing.applications - failed).values():
            stop = Decision(Action.STOP, UNDONE)
            course = replace(cancel(dossier.course), deal_removed=True, undone=True)
            rested.append(replace(dossier, course=replace(course, decision=stop, decide_on=None)))
        deals = [Key(Kind.DEAL, dossier.user, dossier.key) for dossier in rested]
        links = [replace(link, retired=True) for link in self._links(deals).values()]
        if rested:
            self._write(links, rested, ())

    def _settle_fields(self, changes: Mapping[Key, Change], done: Mapping[Key, Remote]) -> None:
        """Write down what the CRM holds now: our word stays said, so it is not said again."""
        links = self._links(changes)
        ids = {(key.kind, change.remote_id): key for key, change in changes.items()}
        shown = [
            done.get(key) or Remote(change.remote_id, key.kind, key, dict(change.fields))
            for key, change in changes.items()
        ]
        dossiers = self._dossiers(key.id.partition(":")[0] for key in changes if key.kind not in SHARED)
        heard = hear(shown, (), ids, dossiers, links, self._day)
        settled = []
        for key, change in changes.items():
            marks = {n: Mark(links[key].mark(n).sent, fingerprint(v)) for n, v in change.fields.items()}
            settled.append(replace(links[key], marks={**links[key].marks, **marks}))
        self._record(settled, heard.dossiers.values(), list(changes))

    def _record(self, links: Sequence[Link], dossiers: Iterable[Dossier], keys: Sequence[Key]) -> None:
        due = [replace(d, course=replace(d.course, decide_on=date.min)) for d in dossiers]
        if links or due:
            self._write(links, due, keys)

    def _write(self, links: Sequence[Link], dossiers: Sequence[Dossier], keys: Iterable[Key]) -> None:
        lines = [
            replace(each, about=self.undoing.run.id) for each in lines_of(UNDONE, ((k, None) for k in keys))
        ]
        account = self.house.account.name
        entry = Entry(account, links=links, dossiers=dossiers, journal=self.diary.pages(lines), at=clock())
        self.house.ledger.record(entry, self.lease)

    def _links(self, keys: Iterable[Key]) -> dict[Key, Link]:
        wanted = list(keys)
        known = self.house.ledger.links(self.house.account.name, wanted)
        return {key: known.get(key) or Link(key) for key in wanted}

    def _dossiers(self, keys: Iterable[str]) -> dict[str, Dossier]:
        return self.house.ledger.dossiers(self.house.account.name, keys=set(keys))

    def _day(self, dossier: Dossier, moment: datetime) -> date:
        return callee_day(self.house.settings, dossier, moment)
