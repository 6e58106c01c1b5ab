"""Coats around CRM and ledger that make a process die, or an answer get lost, at any door."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from crm_sync.crms.memory import MemoryCrm
from crm_sync.domain.items import Change, Item, Remote, RemoteId
from crm_sync.domain.keys import Key
from crm_sync.errors import CrmUnavailable
from crm_sync.ports import (
    CRM,
    Account,
    Changes,
    Cursor,
    Done,
    Entry,
    Lease,
    Ledger,
    Outcome,
    Refused,
    Unknown,
)

T = TypeVar("T")


class Crash(BaseException):
    """The process is gone; nothing may catch it."""


class Fuse:
    """Counts calls through the doors down, then blows once: before the call is carried out, or after.

    *kind* is crash (the process dies), outage (the CRM goes away), lost (answers are lost, the writes may
    have arrived) or refusal (the CRM refuses each record of one call).
    """

    def __init__(self) -> None:
        self.left: int | None = None
        self.after = False
        self.kind = "crash"

    def set(self, left: int, kind: str, *, after: bool) -> None:
        self.left, self.kind, self.after = left, kind, after

    def burns(self) -> bool:
        if self.left is None:
            return False
        self.left -= 1
        if self.left > 0:
            return False
        self.left = None
        return True


class TwinningCrm(MemoryCrm):
    """A CRM without unique keys: whoever creates twice has twins, as with HubSpot's tasks."""

    def create(self, items: Sequence[Item], ids: Mapping[Key, RemoteId]) -> Iterator[Outcome]:
        for item in items:
            self._ids.pop(item.key, None)
        return super().create(items, ids)


class FaultyCrm:
    """A CRM behind a fuse."""

    def __init__(self, inner: CRM, fuse: Fuse) -> None:
        self.inner = inner
        self.fuse = fuse
        self.batch_size = inner.batch_size
        self.relations_at_once = inner.relations_at_once
        self.in_flight = inner.in_flight
        self.unheard: set[RemoteId] = set()  # removals of which some CRMs never tell

    def check(self) -> Account:
        return self.inner.check()

    def changes(self, since: Cursor | None) -> Changes:
        told = self._read(lambda: self.inner.changes(since))
        heard = [removal for removal in told.removed if removal[1] not in self.unheard]
        return Changes(told.records, heard, told.cursor)

    def look_up(self, wanted: Mapping[Key, RemoteId | None]) -> Mapping[Key, Remote]:
        return self._read(lambda: self.inner.look_up(wanted))

    def find(self, items: Sequence[Item]) -> Mapping[Key, Remote]:
        return self._read(lambda: self.inner.find(items))

    def create(self, items: Sequence[Item], ids: Mapping[Key, RemoteId]) -> Iterator[Outcome]:
        return self._write([i.key for i in items], lambda: self.inner.create(items, ids))

    def update(self, changes: Sequence[Change]) -> Iterator[Outcome]:
        return self._write([c.key for c in changes], lambda: self.inner.update(changes))

    def connect(self, pairs: Sequence[tuple[Key, RemoteId, Key, RemoteId]]) -> Iterator[Outcome]:
        return self._write([pair[0] for pair in pairs], lambda: self.inner.connect(pairs))

    def remove(self, records: Sequence[tuple[Key, RemoteId]]) -> Iterator[Outcome]:
        return self._write([record[0] for record in records], lambda: self.inner.remove(records))

    def edit(self, change: Change) -> Outcome:
        return self.inner.edit(change)

    def discard(self, key: Key, remote_id: RemoteId) -> Outcome:
        return self.inner.discard(key, remote_id)

    def _read(self, look: Callable[[], T]) -> T:
        if self.fuse.burns():
            if self.fuse.kind == "crash":
                raise Crash
            raise CrmUnavailable("away")
        return look()

    def _write(self, keys: Sequence[Key], act: Callable[[], Iterator[Outcome]]) -> Iterator[Outcome]:
        if not keys or not self.fuse.burns():
            return act()
        if self.fuse.kind == "refusal":
            return iter([Refused(key, "no") for key in keys])
        answers = list(act()) if self.fuse.after else []
        if self.fuse.kind == "crash":
            raise Crash
        if self.fuse.kind == "outage":
            if self.fuse.after:  # half of the answers came, the rest was never carried out in this story
                return iter(answers)
            raise CrmUnavailable("away")
        return iter([Unknown(key, "lost") for key in keys])


class FaultyLedger:
    """A ledger whose ``record`` is behind a fuse: the entry is wholly there, or not at all."""

    def __init__(self, inner: Ledger, fuse: Fuse) -> None:
        self.inner = inner
        self.fuse = fuse

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def exclusive(
        self, account: str, *, wait: float = 0.0, purpose: str = ""
    ) -> AbstractContextManager[Lease]:
        return self.inner.exclusive(account, wait=wait, purpose=purpose)

    def record(self, entry: Entry, lease: Lease) -> None:
        if self.fuse.kind == "crash" and self.fuse.burns():
            if self.fuse.after:
                self.inner.record(entry, lease)
            raise Crash
        self.inner.record(entry, lease)


__all__ = ["Crash", "Done", "FaultyCrm", "FaultyLedger", "Fuse"]
