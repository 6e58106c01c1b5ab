"""The book in memory: the reference of what every ledger does, and the double for tests."""

from __future__ import annotations

import copy
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from crm_sync.domain.dossiers import Dossier
from crm_sync.domain.items import RemoteId
from crm_sync.domain.keys import Key, Kind
from crm_sync.domain.links import Link
from crm_sync.domain.touches import Touch
from crm_sync.ledger.holders import this_process
from crm_sync.ledger.words import LEASE_SECONDS, account_is_busy, lease_was_lost, refuse_stray_lease
from crm_sync.ports import Cursor, Entry, Lease, Run, SourceState, StandingConflict

POLL_SECONDS = 0.02


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
        refuse_stray_lease(entry, lease)
        with self._lock:
            self._renew(lease)
            volume = self._volumes.get(entry.account, _Volume())
            self._volumes[entry.account] = _written(volume, entry)

    def links(self, account: str, keys: Collection[Key] | None = None) -> dict[Key, Link]:
        return {key: _own(link) for key, link in _among(self._volume(account).links, keys)}

    def unsettled(self, account: str) -> dict[Key, Link]:
        links = self._volume(account).links
        return {key: _own(link) for key, link in links.items() if link.in_the_air and not link.retired}

    def keys_of(
        self, account: str, ids: Collection[tuple[Kind, RemoteId]]
    ) -> dict[tuple[Kind, RemoteId], Key]:
        wanted = set(ids)
        found = [
            (link.retired, link.key, link.remote_id)
            for link in self._volume(account).links.values()
            if link.remote_id is not None and (link.key.kind, link.remote_id) in wanted
        ]
        return {(key.kind, remote_id): key for _, key, remote_id in sorted(found, reverse=True)}

    def dossiers(
        self, account: str, user: str | None = None, keys: Collection[str] | None = None
    ) -> dict[str, Dossier]:
        among = _among(self._volume(account).dossiers, keys)
        return {key: dossier for key, dossier in among if user in (None, dossier.user)}

    def touches(
        self, account: str, user: str | None = None, keys: Collection[str] | None = None
    ) -> dict[str, tuple[Touch, ...]]:
        volume = self._volume(account)
        wanted = None if keys is None else frozenset(keys)
        found: dict[str, list[Touch]] = {}
        for touch in volume.touches.values():
            dossier = volume.dossiers.get(touch.application)
            if (wanted is None or touch.application in wanted) and (
                user is None or (dossier is not None and dossier.user == user)
            ):
                found.setdefault(touch.application, []).append(touch)
        return {key: tuple(sorted(many, key=lambda each: (each.at, each.id))) for key, many in found.items()}

    def evidence(self, account: str, owner: str) -> dict[str, str]:
        return {
            text: ident for (whose, text), ident in self._volume(account).evidence.items() if whose == owner
        }

    def sources(self, account: str, user: str | None = None) -> tuple[SourceState, ...]:
        kept = self._volume(account).sources
        return tuple(kept[place] for place in sorted(kept) if user in (None, place[0]))

    def conflicts(self, account: str, user: str | None = None) -> tuple[StandingConflict, ...]:
        standing = [
            each
            for key, many in self._volume(account).conflicts.items()
            if user in (None, key.owner)
            for each in many
        ]
        return tuple(sorted(standing, key=lambda each: (each.since, each.conflict.key, each.conflict.field)))

    def cursor(self, account: str) -> Cursor | None:
        return self._volume(account).cursor

    def due(self, account: str, user: str, day: date) -> frozenset[str]:
        return frozenset(
            key
            for key, dossier in self._volume(account).dossiers.items()
            if dossier.user == user and (on := dossier.course.decide_on) is not None and on <= day
        )

    def counts(self, account: str, user: str) -> Mapping[str, int]:
        dossiers = self._volume(account).dossiers.values()
        return dict(Counter(str(each.course.stage) for each in dossiers if each.user == user))

    def find(self, prefix: str) -> tuple[tuple[str, str, str], ...]:
        with self._lock:
            volumes = list(self._volumes.items())
        return tuple(
            sorted(
                (account, dossier.user, key)
                for account, volume in volumes
                for key, dossier in volume.dossiers.items()
                if key.startswith(prefix)
            )
        )

    def users(self, account: str) -> tuple[str, ...]:
        volume = self._volume(account)
        owners = {dossier.user for dossier in volume.dossiers.values()}
        return tuple(sorted(owners | {user for user, _ in volume.sources}))

    def accounts(self) -> tuple[str, ...]:
        with self._lock:
            return tuple(sorted(self._volumes))

    def runs(self, account: str, *, limit: int = 20) -> tuple[Run, ...]:
        runs = self._volume(account).runs.values()
        newest = sorted(runs, key=lambda each: (each.started_at, each.id), reverse=True)
        return tuple(copy.deepcopy(run) for run in newest[: max(limit, 0)])

    def close(self) -> None:
        """Forget nothing: a second user of the same object may still need the book."""

    def _volume(self, account: str) -> _Volume:
        with self._lock:
            return self._volumes.get(account, _Volume())

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

    def _renew(self, lease: Lease) -> None:
        held = self._held.get(lease.account)
        if held is None or held[0].epoch != lease.epoch:
            raise lease_was_lost(lease, "" if held is None else held[0].holder)
        self._held[lease.account] = (held[0], self._clock() + self._lease_seconds)

    def _release(self, lease: Lease) -> None:
        with self._lock:
            held = self._held.get(lease.account)
            if held is not None and held[0].epoch == lease.epoch:
                del self._held[lease.account]


def _among[K, V](kept: dict[K, V], keys: Collection[K] | None) -> Iterator[tuple[K, V]]:
    if keys is None:
        yield from kept.items()
    else:
        yield from ((key, kept[key]) for key in set(keys) if key in kept)


def _own(link: Link) -> Link:
    """Return the link with marks of its own: the one part of it that somebody else could change."""
    return replace(link, marks=dict(link.marks))
