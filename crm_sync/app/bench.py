"""What the builder has at hand: the links as they stand now, the book, and what became of the plan."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence

from crm_sync.app.begun import Begun
from crm_sync.app.built import Built, Failure
from crm_sync.app.diary import Diary
from crm_sync.domain.items import Fields, Item, RemoteId
from crm_sync.domain.journal import Line
from crm_sync.domain.keys import Key, Kind
from crm_sync.domain.links import Link, Mark
from crm_sync.planning.operations import Operation
from crm_sync.ports import Entry, Lease, Ledger, Outcome

_SURE = 10.0
"""So many seconds a lease that was just written under is known to be ours: far fewer than it lasts."""

_PARENTS = frozenset({Kind.COMPANY, Kind.CONTACT, Kind.DEAL})
_NOTHING_ARRIVED: Mapping[Key, RemoteId] = {}
_UNTOLD: Mapping[str, Mark] = {}
"""The marks of links of which only the id is told: one for all, since none is ever changed."""


class Bench:
    """The links, items and outcomes of one plan while it is carried out.

    *links* holds the links of every key in the plan and of their parents. It is kept up to date, but for
    records that were made exactly as begun: they are not in it, and of those that others may belong to
    ``link`` tells the id, no more.
    """

    def __init__(
        self, ledger: Ledger, lease: Lease, diary: Diary, links: dict[Key, Link], items: dict[Key, Item]
    ) -> None:
        self._ledger = ledger
        self._lease = lease
        self._diary = diary
        self.links = links
        self._items = items
        self._expected: dict[Key, Item] = {}
        self._ids = {
            key: link.remote_id
            for key, link in links.items()
            if link.remote_id is not None and key.kind in _PARENTS
        }
        self.built = Built()
        self._sure_at = time.monotonic()

    def make_sure(self) -> None:
        """Raise LedgerBusy where the account went to another run, as it may have while we were frozen.

        Asked just before a batch is sent; while the book was written a moment ago, the answer is known.
        Thread-safe.
        """
        if time.monotonic() - self._sure_at > _SURE:
            self._write(Entry(self._lease.account))

    def _write(self, entry: Entry) -> None:
        self._ledger.record(entry, self._lease)
        self._sure_at = time.monotonic()

    def link(self, key: Key) -> Link:
        """Return the link of a key, an empty one where none is known."""
        return self.links.get(key) or Link(key, self._ids.get(key), _UNTOLD)

    def has_made(self, key: Key) -> bool:
        """Tell whether the record was made exactly as begun, in this run."""
        return key in self._ids and key not in self.links

    def record(
        self,
        links: Iterable[Link],
        lines: Iterable[Line] = (),
        arrived: Mapping[Key, RemoteId] = _NOTHING_ARRIVED,
    ) -> None:
        """Write links down, and which of the items that were begun have arrived as they were."""
        kept = tuple(links)
        if kept or arrived:
            pages, account = self._diary.pages(lines), self._lease.account
            self._write(Entry(account, links=kept, arrived=arrived, journal=pages))
            for link in kept:
                self.take_up(link)
            for key, remote_id in arrived.items():
                if key[0] in _PARENTS:
                    self._ids[key] = remote_id

    def take_up(self, link: Link) -> None:
        """Know a link as it stands now."""
        self.links[link.key] = link
        if link.remote_id is not None and link.key.kind in _PARENTS:
            self._ids[link.key] = link.remote_id
        else:
            self._ids.pop(link.key, None)

    def intend(self, wishes: Mapping[Key, Fields], lines: Iterable[Line]) -> None:
        """Write down that these fields are about to be written (design 6)."""
        self.record((self.link(key).intending(fields) for key, fields in wishes.items()), lines)

    def begin(self, items: Sequence[Item], lines: Iterable[Line]) -> Begun:
        """Write down that these items are about to be made (design 6)."""
        links = self.links
        fresh = [item for item in items if item.key not in links]
        known = (
            [links[i.key].intending(i.fields) for i in items if i.key in links]
            if len(fresh) < len(items)
            else []
        )
        pages = self._diary.pages(lines)
        self._write(Entry(self._lease.account, links=known, begun=fresh, journal=pages))
        for link in known:
            self.take_up(link)
        return Begun({item.key: item for item in fresh}, self._ids)

    def recall(self, begun: Begun, outcomes: Iterable[Outcome]) -> None:
        """Take up the links of begun items whose outcome is another than that they arrived as begun."""
        for outcome in outcomes:
            item = begun.items.get(outcome.key)
            if item is not None:
                self.take_up(Link(item.key).intending(item.fields))

    def expect(self, part: Iterable[Iterable[Item]]) -> None:
        """Take more items up, which are to be made next."""
        self._expected = {item.key: item for same in part for item in same}

    def let_go(self) -> None:
        """Forget what was expected: no other will belong to it, and nothing more is to be said of it."""
        for key in self._expected:
            self.links.pop(key, None)
            self._ids.pop(key, None)
        self._expected = {}

    def item(self, key: Key) -> Item | None:
        """Return the item that is being carried out."""
        return self._expected.get(key) or self._items.get(key)

    def count(self, batch: Sequence[Operation], number: int) -> None:
        """Count that so many of the batch, which is of one verb and one kind, were done."""
        if number:
            name = (type(batch[0]).__name__.lower(), batch[0].key.kind.value)
            self.built.done[name] = self.built.done.get(name, 0) + number

    def fail(self, key: Key, reason: str, *, refused: bool = False) -> None:
        """Note that a record was not written, and why."""
        item = self.item(key)
        origin = item.origin if item is not None else ""
        self.built.failures.append(Failure(key, reason, origin, refused))
