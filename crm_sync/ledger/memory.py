"""The book in memory: the reference of what every ledger does, and the double for tests."""

from __future__ import annotations

import copy
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TypeVar

from crm_sync.domain.dossiers import Dossier
from crm_sync.domain.items import RemoteId
from crm_sync.domain.keys import Key, Kind
from crm_sync.domain.links import Link
from crm_sync.domain.touches import Touch
from crm_sync.ledger.holders import this_process
from crm_sync.ledger.leases import LEASE_SECONDS, account_is_busy, lease_was_lost, refuse_unfit
from crm_sync.planning.callees import callee_of
from crm_sync.planning.operations import Conflict
from crm_sync.ports import Cursor, Entry, Lease, Run, SourceState, StandingConflict

POLL_SECONDS = 0.02

K = TypeVar("K")
V = TypeVar("V")


@dataclass(slots=True)
class _Volume:
    """What the book holds about one account."""

    links: dict[Key, Link] = field(default_factory=dict)
    dossiers: dict[str, Dossier] = field(default_factory=dict)
    touches: dict[str, Touch] = field(default_factory=dict)
    evidence: dict[tuple[str, str], str] = field(default_factory=dict)
    sources: dict[tuple[str, str], SourceState] = field(default_factory=dict)
    conflicts: dict[Key, tuple[StandingConflict, ...]] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)
    cursor: Cursor | None = None

    def take(self, news: _Volume) -> None:
        """Write what was staged over what stood; nothing here can fail half-way."""
        self.links.update(news.links)
        self.dossiers.update(news.dossiers)
        self.touches.update(news.touches)
        self.evidence.update(news.evidence)
        self.sources.update(news.sources)
        self.conflicts.update(news.conflicts)
        self.runs.update(news.runs)
        self.cursor = self.cursor if news.cursor is None else news.cursor


class MemoryLedger:
    """A ledger that lives as long as its process; safe to share between threads.

    *clock* gives seconds that never go back; *lease_seconds* is how long a silent holder is waited for.
    """

    def __init__(
        self, *, lease_seconds: float = LEASE_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._lease_seconds = lease_seconds
        self._clock = clock
        self._volumes: dict[str, _Volume] = {}
        self._epochs: dict[str, int] = {}
        self._held: dict[str, tuple[Lease, float]] = {}
        self._lock = threading.RLock()

    @contextmanager
    def exclusive(self, account: str, *, wait: float = 0.0) -> Iterator[Lease]:
        patience = time.monotonic() + wait
        while (lease := self._take(account)) is None:
            if time.monotonic() >= patience:
                raise account_is_busy(account, self._held_by(account))
            time.sleep(POLL_SECONDS)
        try:
            yield lease
        finally:
            self._release(lease)

    def record(self, entry: Entry, lease: Lease) -> None:
        with self._lock:
            self._refuse_lost(lease)
            refuse_unfit(entry, lease)
            volume = self._volumes.get(entry.account, _Volume())
            news = _staged(entry, volume)
            self._renew(lease)
            self._volumes[entry.account] = volume
            volume.take(news)

    def links(self, account: str, keys: Collection[Key] | None = None) -> dict[Key, Link]:
        with self._reading(account) as volume:
            return {key: _own(link) for key, link in _among(volume.links, keys)}

    def unsettled(self, account: str) -> dict[Key, Link]:
        with self._reading(account) as volume:
            links = volume.links.items()
            return {key: _own(link) for key, link in links if link.in_the_air and not link.retired}

    def keys_of(
        self, account: str, ids: Collection[tuple[Kind, RemoteId]]
    ) -> dict[tuple[Kind, RemoteId], Key]:
        wanted = set(ids)
        with self._reading(account) as volume:
            found = [
                (link.retired, link.key, link.remote_id)
                for link in volume.links.values()
                if link.remote_id is not None and (link.key.kind, link.remote_id) in wanted
            ]
        return {(key.kind, remote_id): key for _, key, remote_id in sorted(found, reverse=True)}

    def dossiers(
        self, account: str, user: str | None = None, keys: Collection[str] | None = None
    ) -> dict[str, Dossier]:
        with self._reading(account) as volume:
            among = _among(volume.dossiers, keys)
            return {key: dossier for key, dossier in among if user in (None, dossier.user)}

    def calling(self, account: str, callees: Collection[str], besides: str) -> dict[str, Dossier]:
        wanted = frozenset(callees)
        with self._reading(account) as volume:
            others = (d for d in volume.dossiers.values() if d.user != besides)
            return {dossier.key: dossier for dossier in others if callee_of(dossier) in wanted}

    def touches(
        self, account: str, user: str | None = None, keys: Collection[str] | None = None
    ) -> dict[str, tuple[Touch, ...]]:
        wanted = None if keys is None else frozenset(keys)
        found: dict[str, list[Touch]] = {}
        with self._reading(account) as volume:
            for touch in sorted(volume.touches.values(), key=lambda each: (each.at, each.id)):
                dossier = volume.dossiers.get(touch.application)
                whose = None if dossier is None else dossier.user
                if (wanted is None or touch.application in wanted) and user in (None, whose):
                    found.setdefault(touch.application, []).append(touch)
        return {application: tuple(many) for application, many in found.items()}

    def evidence(self, account: str, owner: str) -> dict[str, str]:
        with self._reading(account) as volume:
            return {text: ident for (whose, text), ident in volume.evidence.items() if whose == owner}

    def sources(self, account: str, user: str | None = None) -> tuple[SourceState, ...]:
        with self._reading(account) as volume:
            kept = sorted(volume.sources.items())
        return tuple(state for (whose, _), state in kept if user in (None, whose))

    def conflicts(self, account: str, user: str | None = None) -> tuple[StandingConflict, ...]:
        with self._reading(account) as volume:
            standing = [each for many in volume.conflicts.values() for each in many]
        standing.sort(key=lambda each: (each.since, each.conflict.key, each.conflict.field))
        return tuple(each for each in standing if user in (None, each.conflict.key.owner))

    def cursor(self, account: str) -> Cursor | None:
        with self._reading(account) as volume:
            return volume.cursor

    def due(self, account: str, user: str, day: date) -> frozenset[str]:
        with self._reading(account) as volume:
            return frozenset(
                key
                for key, dossier in volume.dossiers.items()
                if dossier.user == user and (on := dossier.course.decide_on) is not None and on <= day
            )

    def counts(self, account: str, user: str) -> Mapping[str, int]:
        with self._reading(account) as volume:
            return dict(Counter(str(d.course.stage) for d in volume.dossiers.values() if d.user == user))

    def find(self, prefix: str) -> tuple[tuple[str, str, str], ...]:
        with self._lock:
            return tuple(
                sorted(
                    (account, dossier.user, key)
                    for account, volume in self._volumes.items()
                    for key, dossier in volume.dossiers.items()
                    if key.startswith(prefix)
                )
            )

    def users(self, account: str) -> tuple[str, ...]:
        with self._reading(account) as volume:
            owners = {dossier.user for dossier in volume.dossiers.values()}
            return tuple(sorted(owners | {user for user, _ in volume.sources}))

    def accounts(self) -> tuple[str, ...]:
        with self._lock:
            return tuple(sorted(self._volumes))

    def runs(self, account: str, user: str | None = None, *, limit: int = 20) -> tuple[Run, ...]:
        with self._reading(account) as volume:
            wanted = [run for run in volume.runs.values() if user in {None, run.user}]
            newest = sorted(wanted, key=lambda each: (each.started_at, each.id), reverse=True)
            return tuple(copy.deepcopy(run) for run in newest[: max(limit, 0)])

    def close(self) -> None:
        """Forget nothing: a second user of the same object may still need the book."""

    @contextmanager
    def _reading(self, account: str) -> Iterator[_Volume]:
        with self._lock:
            yield self._volumes.get(account) or _Volume()

    def _take(self, account: str) -> Lease | None:
        with self._lock:
            held = self._held.get(account)
            if held is not None and held[1] > self._clock():
                return None
            self._epochs[account] = self._epochs.get(account, 0) + 1
            lease = Lease(account, this_process().name, self._epochs[account])
            self._held[account] = (lease, self._clock() + self._lease_seconds)
            return lease

    def _held_by(self, account: str) -> str:
        with self._lock:
            held = self._held.get(account)
            return held[0].holder if held is not None else ""

    def _refuse_lost(self, lease: Lease) -> None:
        held = self._held.get(lease.account)
        if held is None or held[0].epoch != lease.epoch:
            raise lease_was_lost(lease, "" if held is None else held[0].holder)

    def _renew(self, lease: Lease) -> None:
        self._held[lease.account] = (lease, self._clock() + self._lease_seconds)

    def _release(self, lease: Lease) -> None:
        with self._lock:
            held = self._held.get(lease.account)
            if held is not None and held[0].epoch == lease.epoch:
                del self._held[lease.account]


def _staged(entry: Entry, volume: _Volume) -> _Volume:
    """Return what the entry adds, as values of our own; what can fail fails here."""
    at = entry.at or datetime.now(UTC)
    return _Volume(
        links={link.key: _own(link) for link in entry.links},
        dossiers={dossier.key: dossier for dossier in entry.dossiers},
        touches={touch.id: touch for touch in entry.touches},
        evidence={place: ident for place, ident in entry.evidence.items() if place not in volume.evidence},
        sources={(state.user, state.source): state for state in entry.sources},
        conflicts={
            key: _standing(disputes, volume.conflicts.get(key, ()), at)
            for key, disputes in entry.conflicts.items()
        },
        runs={} if entry.run is None else {entry.run.id: copy.deepcopy(entry.run)},
        cursor=entry.cursor,
    )


def _standing(
    disputes: Sequence[Conflict], before: Sequence[StandingConflict], at: datetime
) -> tuple[StandingConflict, ...]:
    since = {each.conflict.field: each.since for each in before}
    return tuple(StandingConflict(dispute, since.get(dispute.field, at)) for dispute in disputes)


def _among(kept: dict[K, V], keys: Collection[K] | None) -> Iterator[tuple[K, V]]:
    if keys is None:
        return iter(kept.items())
    return ((key, kept[key]) for key in dict.fromkeys(keys) if key in kept)


def _own(link: Link) -> Link:
    """Return the link with marks of its own: the one part of it that somebody else could change."""
    return replace(link, marks=dict(link.marks))
