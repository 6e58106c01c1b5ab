"""Carry a plan out: intend, act, settle, one batch at a time (design 6)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile

from crm_sync.app.begun import NOTHING_BEGUN, Begun
from crm_sync.app.bench import Bench
from crm_sync.app.brake import Brake
from crm_sync.app.built import Built, batches, cut
from crm_sync.app.diary import Diary, cancelled, created, remembered, turned_down, updated
from crm_sync.app.errands import Answers, Errand, send
from crm_sync.app.relating import Relating
from crm_sync.domain.items import Change, Fields, Item, Remote, RemoteId
from crm_sync.domain.keys import Key, Kind
from crm_sync.domain.links import Link
from crm_sync.errors import CrmError, Interrupted
from crm_sync.planning.drafts import Drafts
from crm_sync.planning.operations import Adopt, Cancel, Connect, Create, Operation, Plan, Update
from crm_sync.planning.plan import is_missing, wish_print
from crm_sync.ports import CRM, Done, Lease, Ledger, Outcome, Refused, Unknown

Progress = Callable[[int], None]

Batch = Sequence[Operation] | Sequence[Item]
"""Operations of one verb and kind; or items of one kind, to be made."""

AT_ONCE = 2_000
"""So many new applications are written out at once: their records share batches, and fit into a cache."""


class Builder:
    """Carries plans out on one CRM account, and writes down what both sides said.

    *links* holds the links of every key in the plan and of their parents (see ``Bench``).
    """

    def __init__(
        self,
        crm: CRM,
        ledger: Ledger,
        lease: Lease,
        links: dict[Key, Link],
        items: dict[Key, Item],
        diary: Diary,
        stop: Brake | None = None,
    ) -> None:
        self._crm = crm
        self._stop = stop or Brake()
        self._bench = Bench(ledger, lease, diary, links, items)
        self._relating = Relating(crm, self._bench)
        self._unconnected: list[Connect] = []

    def build(self, plan: Plan, drafts: Drafts, progress: Progress = lambda _: None) -> Built:
        """Carry out the plan, then the drafts; stop where the CRM is not available, and say so in the result.

        Where the brake is pulled, what is in the air arrives and is settled, and nothing more is begun.
        """
        try:
            with self._stop.held_off():
                for run in self._runs(plan, drafts):
                    self._carry_out(run, progress)
        except (CrmError, Interrupted) as error:
            self._bench.built.stopped = Interrupted() if self._stop.is_set() else error
        return self._bench.built

    def _runs(self, plan: Plan, drafts: Drafts) -> Iterator[Sequence[Batch]]:
        """Yield what is to be done, in its order; drafts are written out when all before them was done."""
        yield from batches(plan, self._crm)
        yield from self._relations_left()
        for part in drafts.parts(AT_ONCE):
            self._bench.expect(part)
            for same in part:
                yield cut(same, self._crm.batch_size)
            yield from self._relations_left()
            self._bench.let_go()

    def _relations_left(self) -> Iterator[Sequence[Batch]]:
        """Yield the relations that were not made together with the records that were made up to now."""
        left, self._unconnected = self._unconnected, []
        yield from batches(Plan(tuple(left)), self._crm)

    def _carry_out(self, run: Sequence[Batch], progress: Progress) -> None:
        """Carry out the batches of one verb and kind, as many at once as the CRM allows."""
        going_on = takewhile(lambda _: not self._stop.is_set(), run)
        errands = (self._told(errand, len(b), progress) for b in going_on for errand in self._errands(b))
        send(errands, self._crm.in_flight, self._stop)
        if self._stop.is_set():
            raise Interrupted

    def _told(self, errand: Errand, size: int, progress: Progress) -> Errand:
        def settle(answers: Answers) -> None:
            errand.settle(answers)
            progress(size)

        def call() -> Iterator[Outcome]:
            self._bench.make_sure()
            return errand.call()

        return Errand(call, settle)

    def _errands(self, batch: Batch) -> Iterator[Errand]:
        """Record what a batch intends, and yield the calls that carry it out, each with its settling."""
        match batch[0]:
            case Item():
                yield from self._create([item for item in batch if isinstance(item, Item)])
            case Create():
                yield from self._create([step.item for step in batch if isinstance(step, Create)])
            case Update():
                yield from self._update([step for step in batch if isinstance(step, Update)])
            case Cancel():
                yield from self._cancel([step for step in batch if isinstance(step, Cancel)])
            case Connect():
                yield from self._relating.connect([step for step in batch if isinstance(step, Connect)])
            case _:
                self._remember([step for step in batch if not isinstance(step, Item)])

    def _remember(self, batch: Sequence[Operation]) -> None:
        links = []
        for step in batch:
            link = self._bench.link(step.key)
            if isinstance(step, Adopt):
                known = link.arrived() if step.arrived else link
                links.append(known.landed(step.contested).settled(step.agreed, step.remote))
            else:
                links.append(replace(link, retired=True))
        self._bench.record(links, remembered(batch))
        self._bench.count(batch, len(batch))

    def _create(self, items: Sequence[Item]) -> Iterator[Errand]:
        ready = [item for item in items if self._may_be_made(item)]
        if not ready:
            return
        begun = self._bench.begin(ready, created(ready))
        wishes = {item.key: item.fields for item in ready}

        def settle(answers: Answers) -> None:
            arrived = self._settle(answers, wishes, [Create(ready[0])], begun=begun)
            for item in ready if len(arrived) < len(ready) else ():
                if item.key not in arrived:
                    self._connect_later(item)

        yield Errand(lambda: self._crm.create(ready, begun.ids), settle)

    def _connect_later(self, item: Item) -> None:
        """Remember the relations that were not made together with the record."""
        link = self._bench.link(item.key)
        if link.remote_id is not None and len(link.connected) < len(item.parents):
            missing = (p for p in item.parents if is_missing(p, link, self._bench.links))
            self._unconnected += [Connect(item.key, parent) for parent in missing]

    def _update(self, batch: Sequence[Update]) -> Iterator[Errand]:
        wishes = {step.key: step.changes for step in batch}
        self._bench.intend(wishes, updated(batch))
        changes = [Change(step.key, step.remote_id, step.changes) for step in batch]
        yield Errand(lambda: self._crm.update(changes), lambda a: self._settle(a, wishes, batch))

    def _cancel(self, batch: Sequence[Cancel]) -> Iterator[Errand]:
        closing: Fields = {"open": False}
        self._bench.intend({step.key: closing for step in batch}, cancelled(batch))
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

    def _settle(
        self,
        answers: Answers,
        wishes: Mapping[Key, Fields],
        batch: Sequence[Operation],
        *,
        gone: bool = False,
        begun: Begun = NOTHING_BEGUN,
    ) -> Mapping[Key, RemoteId]:
        """Write down what became of a batch; return what was made exactly as begun."""
        arrived, others = begun.sort_out(answers.outcomes)
        self._bench.recall(begun, others)
        settled: list[Link] = []
        unknown: list[Unknown] = []
        refused: list[Refused] = []
        done = len(arrived)
        for outcome in others:
            key = outcome.key
            match outcome:
                case Done():
                    shown = () if gone else self._shown(key, outcome.remote)
                    link = self._bench.link(key).answered(wishes[key], outcome.remote, shown)
                    settled.append(replace(link, retired=True) if gone else link)
                    done += 1
                case Refused():
                    item = self._bench.item(key)
                    assert item is not None  # it was sent
                    settled.append(self._bench.link(key).turned_down(outcome.reason, wish_print(item)))
                    self._bench.fail(key, outcome.reason, refused=True)
                    refused.append(outcome)
                case Unknown():
                    unknown.append(outcome)
        self._bench.count(batch, done)
        self._bench.record(settled, turned_down(refused), arrived)
        self._clear_up(unknown, wishes)
        return arrived

    def _clear_up(self, unknown: Sequence[Unknown], wishes: Mapping[Key, Fields]) -> None:
        """Look unknown outcomes up once; what stays unknown waits, pending, for the next run (design 6)."""
        if not unknown:
            return
        found = self._crm.look_up({u.key: self._bench.link(u.key).remote_id for u in unknown})
        settled = []
        for outcome in unknown:
            remote = found.get(outcome.key)
            fields = wishes[outcome.key]
            if remote is None:
                self._bench.fail(outcome.key, outcome.reason)
                continue
            link = self._bench.link(outcome.key)
            equal = {name: value for name, value in fields.items() if remote.fields.get(name) == value}
            known = link.arrived() if link.remote_id is None else link
            settled.append(known.settled(equal, remote).connecting(self._shown(outcome.key, remote)))
            if link.remote_id is not None and len(equal) < len(fields):
                self._bench.fail(outcome.key, outcome.reason)
        self._bench.record(settled)

    def _shown(self, key: Key, remote: Remote) -> Collection[Key]:
        """Return the wished parents whose relation the CRM showed in its answer."""
        item, there = self._bench.item(key), remote.relations
        if item is None or not there:
            return ()
        return [parent for parent in item.parents if self._bench.link(parent).remote_id in there]

    def _may_be_made(self, item: Item) -> bool:
        """A deal's company or contact may be missing; a call task or call without its deal may not.

        Neither is a call task made while an earlier one of the application is open in the CRM.
        """
        if item.after and any(not self._bench.link(earlier).is_over for earlier in item.after):
            self._bench.fail(item.key, "the earlier call is still open in the CRM")
            return False
        for parent in item.parents:
            if parent[0] is not Kind.DEAL or self._bench.has_made(parent):
                continue
            link = self._bench.link(parent)
            if link.retired:
                return False  # no failure: nothing is wished of a removed deal any more
            if link.remote_id is None:
                if link.refused is None:  # a refused deal was told already, with its reason
                    self._bench.fail(item.key, "its deal is not there yet")
                return False
        return True
