"""Carry a plan out: intend, act, settle, one batch at a time (design 6)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from crm_sync.app.built import Built, Failure, batches
from crm_sync.app.diary import Diary, cancelled, created, remembered, turned_down, updated
from crm_sync.app.errands import Answers, Errand, send
from crm_sync.domain.items import Change, Fields, Item, Remote, RemoteId
from crm_sync.domain.journal import Line
from crm_sync.domain.keys import Key, Kind
from crm_sync.domain.links import Link
from crm_sync.errors import CrmError
from crm_sync.planning.operations import Adopt, Cancel, Connect, Create, Operation, Plan, Update
from crm_sync.planning.plan import is_missing, wish_print
from crm_sync.ports import CRM, Done, Entry, Lease, Ledger, Refused, Unknown

Progress = Callable[[int], None]


class Builder:
    """Carries plans out on one CRM account, and writes down what both sides said.

    *links* holds the links of every key in the plan and of their parents; it is kept up to date.
    """

    def __init__(
        self,
        crm: CRM,
        ledger: Ledger,
        lease: Lease,
        links: dict[Key, Link],
        items: Mapping[Key, Item],
        diary: Diary,
        stop: threading.Event | None = None,
    ) -> None:
        self._crm = crm
        self._ledger = ledger
        self._lease = lease
        self._links = links
        self._items = items
        self._diary = diary
        self._stop = stop
        self.built = Built()
        self._unconnected: list[Connect] = []

    def build(self, plan: Plan, progress: Progress = lambda _: None) -> Built:
        """Carry the plan out; stop where the CRM is not available, and say so in the result."""
        try:
            for run in batches(plan, self._crm):
                self._carry_out(run, progress)
            for run in batches(Plan(tuple(self._unconnected)), self._crm):
                self._carry_out(run, progress)
        except CrmError as error:
            self.built.stopped = error
        return self.built

    def _carry_out(self, run: Sequence[Sequence[Operation]], progress: Progress) -> None:
        """Carry out the batches of one verb and kind, as many at once as the CRM allows."""
        errands = (self._told(errand, len(b), progress) for b in run for errand in self._errands(b))
        send(errands, self._crm.in_flight, self._stop)

    def _told(self, errand: Errand, size: int, progress: Progress) -> Errand:
        def settle(answers: Answers) -> None:
            errand.settle(answers)
            progress(size)

        return Errand(errand.call, settle)

    def _errands(self, batch: Sequence[Operation]) -> Iterator[Errand]:
        """Record what a batch intends, and yield the calls that carry it out, each with its settling."""
        match batch[0]:
            case Create():
                yield from self._create([step for step in batch if isinstance(step, Create)])
            case Update():
                yield from self._update([step for step in batch if isinstance(step, Update)])
            case Cancel():
                yield from self._cancel([step for step in batch if isinstance(step, Cancel)])
            case Connect():
                yield from self._connect([step for step in batch if isinstance(step, Connect)])
            case _:
                self._remember(batch)

    def _remember(self, batch: Sequence[Operation]) -> None:
        links = []
        for step in batch:
            link = self._link(step.key)
            if isinstance(step, Adopt):
                known = link.arrived() if step.arrived else link
                links.append(known.landed(step.contested).settled(step.agreed, step.remote))
            else:
                links.append(replace(link, retired=True))
        self._record(links, remembered(batch))
        self._count(batch, len(batch))

    def _create(self, batch: Sequence[Create]) -> Iterator[Errand]:
        ready = [step.item for step in batch if self._may_be_made(step.item)]
        if not ready:
            return
        wishes = {item.key: item.fields for item in ready}
        self._intend(wishes, created(ready))
        parents = {parent for item in ready for parent in item.parents}
        ids = {parent: rid for parent in parents if (rid := self._link(parent).remote_id)}

        def settle(answers: Answers) -> None:
            self._settle(answers, wishes, batch)
            for item in ready:
                link = self._link(item.key)
                if link.remote_id is not None and len(link.connected) < len(item.parents):
                    missing = (p for p in item.parents if is_missing(p, link, self._links))
                    self._unconnected += [Connect(item.key, parent) for parent in missing]

        yield Errand(lambda: self._crm.create(ready, ids), settle)

    def _update(self, batch: Sequence[Update]) -> Iterator[Errand]:
        wishes = {step.key: step.changes for step in batch}
        self._intend(wishes, updated(batch))
        changes = [Change(step.key, step.remote_id, step.changes) for step in batch]
        yield Errand(lambda: self._crm.update(changes), lambda a: self._settle(a, wishes, batch))

    def _cancel(self, batch: Sequence[Cancel]) -> Iterator[Errand]:
        closing: Fields = {"open": False}
        self._intend({step.key: closing for step in batch}, cancelled(batch))
        untouched = [step for step in batch if not step.touched]
        touched = [step for step in batch if step.touched]
        wishes = {step.key: closing for step in batch}
        if untouched:
            gone = [(s.key, s.remote_id) for s in untouched]
            yield Errand(
                lambda: self._crm.remove(gone), lambda a: self._settle(a, wishes, untouched, gone=True)
            )
        if touched:
            changes = [Change(s.key, s.remote_id, {"open": False, "body": s.body}) for s in touched]
            yield Errand(lambda: self._crm.update(changes), lambda a: self._settle(a, wishes, touched))

    def _connect(self, batch: Sequence[Connect]) -> Iterator[Errand]:
        pairs: list[tuple[Key, RemoteId, Key, RemoteId]] = []
        done = 0
        for step in batch:
            child, parent = self._link(step.key), self._link(step.parent)
            if step.parent in child.connected or child.retired:
                done += 1
            elif child.remote_id is None or parent.remote_id is None:
                self._fail(step.key, f"its {step.parent.kind} is not there yet")
            else:
                pairs.append((step.key, child.remote_id, step.parent, parent.remote_id))
        self._count(batch, done)
        if pairs:
            yield Errand(lambda: self._crm.connect(pairs), lambda a: self._settle_pairs(a, batch, pairs))

    def _settle_pairs(
        self,
        answers: Answers,
        batch: Sequence[Connect],
        pairs: Sequence[tuple[Key, RemoteId, Key, RemoteId]],
    ) -> None:
        parents: dict[Key, dict[RemoteId, Key]] = {}
        for child_key, _, parent_key, parent_id in pairs:
            parents.setdefault(child_key, {})[parent_id] = parent_key
        links = []
        refused: list[Refused] = []
        for outcome in answers.outcomes:
            match outcome:
                case Done():
                    links.append(self._connected(outcome, parents[outcome.key]))
                case Refused():
                    refused.append(outcome)
                case Unknown(key, reason):
                    self._fail(key, reason)
        self._count(batch, len(links))
        self._record(links)
        self._notice_the_gone(refused, pairs)

    def _notice_the_gone(
        self, refused: Sequence[Refused], pairs: Sequence[tuple[Key, RemoteId, Key, RemoteId]]
    ) -> None:
        """Let go of records whose relation was refused because a person had removed one of the two."""
        children = {outcome.key for outcome in refused}
        suspects = {
            key: remote_id
            for child, child_id, parent, parent_id in pairs
            if child in children
            for key, remote_id in ((child, child_id), (parent, parent_id))
        }
        found = self._crm.look_up(suspects) if suspects else {}
        gone = [key for key in suspects if key not in found]
        self._record(replace(self._link(key), retired=True) for key in gone)
        self.built.noticed += gone
        for outcome in refused:
            if not any(key in gone for pair in pairs if pair[0] == outcome.key for key in pair[0::2]):
                self._fail(outcome.key, outcome.reason, refused=True)

    def _connected(self, outcome: Done, parents: Mapping[RemoteId, Key]) -> Link:
        seen = (key for remote_id, key in parents.items() if remote_id in outcome.remote.relations)
        link = self._link(outcome.key).connecting(seen)
        self._links[outcome.key] = link
        return link

    def _settle(
        self,
        answers: Answers,
        wishes: Mapping[Key, Fields],
        batch: Sequence[Operation],
        *,
        gone: bool = False,
    ) -> None:
        settled: list[Link] = []
        unknown: list[Unknown] = []
        refused: list[Refused] = []
        done = 0
        for outcome in answers.outcomes:
            key = outcome.key
            match outcome:
                case Done():
                    shown = () if gone else self._shown(key, outcome.remote)
                    link = self._link(key).answered(wishes[key], outcome.remote, shown)
                    settled.append(replace(link, retired=True) if gone else link)
                    done += 1
                case Refused():
                    wish = wish_print(self._items[key])
                    settled.append(self._link(key).turned_down(outcome.reason, wish))
                    self._fail(key, outcome.reason, refused=True)
                    refused.append(outcome)
                case Unknown():
                    unknown.append(outcome)
        self._count(batch, done)
        self._record(settled, turned_down(refused))
        self._clear_up(unknown, wishes)

    def _clear_up(self, unknown: Sequence[Unknown], wishes: Mapping[Key, Fields]) -> None:
        """Look unknown outcomes up once; what stays unknown waits, pending, for the next run (design 6)."""
        if not unknown:
            return
        found = self._crm.look_up({u.key: self._link(u.key).remote_id for u in unknown})
        settled = []
        for outcome in unknown:
            remote = found.get(outcome.key)
            fields = wishes[outcome.key]
            if remote is None:
                self._fail(outcome.key, outcome.reason)
                continue
            link = self._link(outcome.key)
            equal = {name: value for name, value in fields.items() if remote.fields.get(name) == value}
            known = link.arrived() if link.remote_id is None else link
            settled.append(known.settled(equal, remote).connecting(self._shown(outcome.key, remote)))
            if link.remote_id is not None and len(equal) < len(fields):
                self._fail(outcome.key, outcome.reason)
        self._record(settled)

    def _shown(self, key: Key, remote: Remote) -> Collection[Key]:
        """Return the wished parents whose relation the CRM showed in its answer."""
        item, there = self._items.get(key), remote.relations
        if item is None or not there:
            return ()
        return [parent for parent in item.parents if self._link(parent).remote_id in there]

    def _may_be_made(self, item: Item) -> bool:
        """A deal's company or contact may be missing; a call task or call without its deal may not.

        Neither is a call task made while an earlier one of the application is open in the CRM.
        """
        if any(not self._link(earlier).is_over for earlier in item.after):
            self._fail(item.key, "the earlier call is still open in the CRM")
            return False
        for parent in (each for each in item.parents if each.kind is Kind.DEAL):
            link = self._link(parent)
            if link.retired:
                return False  # no failure: nothing is wished of a removed deal any more
            if link.remote_id is None:
                if link.refused is None:  # a refused deal was told already, with its reason
                    self._fail(item.key, "its deal is not there yet")
                return False
        return True

    def _link(self, key: Key) -> Link:
        return self._links.get(key) or Link(key)

    def _intend(self, wishes: Mapping[Key, Fields], lines: Iterable[Line]) -> None:
        self._record((self._link(key).intending(fields) for key, fields in wishes.items()), lines)

    def _record(self, links: Iterable[Link], lines: Iterable[Line] = ()) -> None:
        kept = tuple(links)
        if kept:
            pages = self._diary.pages(lines)
            self._ledger.record(Entry(self._lease.account, links=kept, journal=pages), self._lease)
            self._links.update((link.key, link) for link in kept)

    def _count(self, batch: Sequence[Operation], number: int) -> None:
        """Count that so many of the batch, which is of one verb and one kind, were done."""
        if number:
            name = (type(batch[0]).__name__.lower(), batch[0].key.kind.value)
            self.built.done[name] = self.built.done.get(name, 0) + number

    def _fail(self, key: Key, reason: str, *, refused: bool = False) -> None:
        origin = self._items[key].origin if key in self._items else ""
        self.built.failures.append(Failure(key, reason, origin, refused))
