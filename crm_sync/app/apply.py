"""Carry a plan out: intend, act, settle, one batch at a time (design 6)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from crm_sync.domain.items import Change, Fields, Item, Remote, RemoteId
from crm_sync.domain.keys import RANK, Key, Kind
from crm_sync.domain.links import Link
from crm_sync.errors import CrmError, CrmUnavailable
from crm_sync.planning.operations import Adopt, Cancel, Connect, Create, Operation, Plan, Retire, Update
from crm_sync.planning.plan import is_missing, wish_print
from crm_sync.ports import CRM, Done, Entry, Lease, Ledger, Outcome, Refused, Unknown

VERBS: tuple[type[Operation], ...] = (Retire, Adopt, Cancel, Update, Create, Connect)
"""Ledger-only verbs first; what ends comes before what begins, so that no two calls are open at once."""

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Failure:
    """A record that was not written: refused by the CRM, in the air, or skipped for want of its parent."""

    key: Key
    reason: str
    origin: str = ""
    refused: bool = False


@dataclass(slots=True)
class Built:
    """What became of a plan: how many operations of each verb and kind were done, and what was not.

    ``noticed`` are records that a person had removed and that no word of the CRM had told of.
    """

    done: dict[tuple[str, str], int] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    noticed: list[Key] = field(default_factory=list)
    stopped: CrmError | None = None

    @property
    def complete(self) -> bool:
        """Tell whether nothing is left in the air (what the CRM refused is settled, too)."""
        return self.stopped is None and all(failure.refused for failure in self.failures)


def batches(plan: Plan, size: int) -> Iterator[list[Operation]]:
    """Cut a plan into runs of one verb and one kind, parents before children, at most *size* long."""
    ranked = sorted(plan.operations, key=_rank)
    for _, run in groupby(ranked, key=_rank):
        same = list(run)
        yield from (same[start : start + size] for start in range(0, len(same), size))


def _rank(operation: Operation) -> tuple[int, int]:
    return VERBS.index(type(operation)), RANK[operation.key.kind]


class Builder:
    """Carries plans out on one CRM account, and writes down what both sides said.

    *links* holds the links of every key in the plan and of their parents; it is kept up to date.
    """

    def __init__(
        self, crm: CRM, ledger: Ledger, lease: Lease, links: dict[Key, Link], items: Mapping[Key, Item]
    ) -> None:
        self._crm = crm
        self._ledger = ledger
        self._lease = lease
        self._links = links
        self._items = items
        self.built = Built()
        self._unconnected: list[Connect] = []

    def build(self, plan: Plan, progress: Progress = lambda _: None) -> Built:
        """Carry the plan out; stop where the CRM is not available, and say so in the result."""
        try:
            for batch in batches(plan, self._crm.batch_size):
                self._carry_out(batch)
                progress(len(batch))
            for batch in batches(Plan(tuple(self._unconnected)), self._crm.batch_size):
                self._carry_out(batch)
        except CrmError as error:
            self.built.stopped = error
        return self.built

    def _carry_out(self, batch: Sequence[Operation]) -> None:
        match batch[0]:
            case Retire() | Adopt():
                self._remember(batch)
            case Create():
                self._create([step for step in batch if isinstance(step, Create)])
            case Update():
                self._update([step for step in batch if isinstance(step, Update)])
            case Cancel():
                self._cancel([step for step in batch if isinstance(step, Cancel)])
            case Connect():
                self._connect([step for step in batch if isinstance(step, Connect)])

    def _remember(self, batch: Sequence[Operation]) -> None:
        links = []
        for step in batch:
            link = self._link(step.key)
            if isinstance(step, Adopt):
                known = link.arrived() if step.arrived else link
                links.append(known.landed(step.contested).settled(step.agreed, step.remote))
            else:
                links.append(replace(link, retired=True))
        self._record(links)
        self._count(batch, len(batch))

    def _create(self, batch: Sequence[Create]) -> None:
        ready = [step.item for step in batch if self._may_be_made(step.item)]
        wishes = {item.key: item.fields for item in ready}
        self._record(self._link(key).intending(fields) for key, fields in wishes.items())
        parents = {parent for item in ready for parent in item.parents}
        ids = {parent: rid for parent in parents if (rid := self._link(parent).remote_id)}
        self._settle(self._crm.create(ready, ids), wishes, batch)
        for item in ready:
            link = self._link(item.key)
            if link.remote_id is not None and len(link.connected) < len(item.parents):
                missing = (p for p in item.parents if is_missing(p, link, self._links))
                self._unconnected += [Connect(item.key, parent) for parent in missing]

    def _update(self, batch: Sequence[Update]) -> None:
        wishes = {step.key: step.changes for step in batch}
        self._record(self._link(key).intending(fields) for key, fields in wishes.items())
        changes = [Change(step.key, step.remote_id, step.changes) for step in batch]
        self._settle(self._crm.update(changes), wishes, batch)

    def _cancel(self, batch: Sequence[Cancel]) -> None:
        closing: Fields = {"open": False}
        self._record(self._link(step.key).intending(closing) for step in batch)
        untouched = [step for step in batch if not step.touched]
        touched = [step for step in batch if step.touched]
        wishes = {step.key: closing for step in batch}
        self._settle(
            self._crm.remove([(s.key, s.remote_id) for s in untouched]), wishes, untouched, gone=True
        )
        changes = [Change(s.key, s.remote_id, {"open": False, "body": s.body}) for s in touched]
        self._settle(self._crm.update(changes), wishes, touched)

    def _connect(self, batch: Sequence[Connect]) -> None:
        pairs: list[tuple[Key, RemoteId, Key, RemoteId]] = []
        done = 0
        for step in batch:
            child, parent = self._link(step.key), self._link(step.parent)
            if step.parent in child.connected or child.retired:
                done += 1
            elif child.remote_id is None or parent.remote_id is None:
                self._fail(step.key, f"{step.parent.kind} {step.parent.id} is not there yet")
            else:
                pairs.append((step.key, child.remote_id, step.parent, parent.remote_id))
        self._count(batch, done)
        if not pairs:
            return
        parents: dict[Key, dict[RemoteId, Key]] = {}
        for child_key, _, parent_key, parent_id in pairs:
            parents.setdefault(child_key, {})[parent_id] = parent_key
        links = []
        refused: list[Refused] = []
        for outcome in self._crm.connect(pairs):
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
        outcomes: Iterable[Outcome],
        wishes: Mapping[Key, Fields],
        batch: Sequence[Operation],
        *,
        gone: bool = False,
    ) -> None:
        settled: list[Link] = []
        unknown: list[Unknown] = []
        done = 0
        try:
            for outcome in outcomes:
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
                    case Unknown():
                        unknown.append(outcome)
        finally:
            self._count(batch, done)
            self._record(settled)
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
                told = f"{parent.kind} {parent.id} is not there"
                self._fail(item.key, told, refused=link.refused is not None)
                return False
        return True

    def _link(self, key: Key) -> Link:
        return self._links.get(key) or Link(key)

    def _record(self, links: Iterable[Link]) -> None:
        kept = tuple(links)
        if kept:
            self._ledger.record(Entry(self._lease.account, links=kept), self._lease)
            self._links.update((link.key, link) for link in kept)

    def _count(self, batch: Sequence[Operation], number: int) -> None:
        """Count that so many of the batch, which is of one verb and one kind, were done."""
        if number:
            name = (type(batch[0]).__name__.lower(), batch[0].key.kind.value)
            self.built.done[name] = self.built.done.get(name, 0) + number

    def _fail(self, key: Key, reason: str, *, refused: bool = False) -> None:
        origin = self._items[key].origin if key in self._items else ""
        self.built.failures.append(Failure(key, reason, origin, refused))


__all__ = ["Builder", "Built", "CrmUnavailable", "Failure", "batches"]
