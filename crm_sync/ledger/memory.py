"""The book in memory: the reference of what every ledger does, and the double for tests."""

from __future__ import annotations

import copy
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from crm_sync.domain.dossiers import Dossier
from crm_sync.domain.forgetting import Forgotten, Oblivion, keyed_digest
from crm_sync.domain.items import RemoteId
from crm_sync.domain.journal import Page, only_about
from crm_sync.domain.keys import Key, Kind
from crm_sync.domain.links import Link
from crm_sync.domain.touches import Touch
from crm_sync.ledger.holders import this_process
from crm_sync.ledger.leases import (
    LEASE_SECONDS,
    account_is_busy,
    lease_was_lost,
    refuse_foreign,
    refuse_unfit,
)
from crm_sync.ledger.volume import Volume, among, own, staged
from crm_sync.planning.callees import callee_of
from crm_sync.ports import Cursor, Entry, Lease, Run, SourceState, Standing, StandingConflict

POLL_SECONDS = 0.02


class MemoryLedger:
    """A ledger that lives as long as its process; safe to share between threads.

    *clock* gives seconds that never go back; *lease_seconds* is how long a silent holder is waited for.
    """

    def __init__(
        self, *, lease_seconds: float = LEASE_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._lease_seconds = lease_seconds
        self._clock = clock
        self._volumes: dict[str, Volume] = {}
        self._epochs: dict[str, int] = {}
        self._held: dict[str, tuple[Lease, float]] = {}
        self._lock = threading.RLock()
        self._secret = secrets.token_bytes(32)

    @contextmanager
    def exclusive(self, account: str, *, wait: float = 0.0, purpose: str = "") -> Iterator[Lease]:
        patience = time.monotonic() + wait
        while (lease := self._take(account, purpose)) is None:
            if time.monotonic() >= patience:
                raise account_is_busy(account, self._held_by(account))
            time.sleep(POLL_SECONDS)
        try:
            yield lease
        finally:
            self._release(lease)

    def holder(self, account: str) -> str:
        with self._lock:
            held = self._held.get(account)
            return held[0].holder if held is not None and held[1] > self._clock() else ""

    def record(self, entry: Entry, lease: Lease) -> None:
        with self._lock:
            self._refuse_lost(lease)
            refuse_unfit(entry, lease)
            volume = self._volumes.get(entry.account, Volume())
            news = staged(entry, volume)
            self._renew(lease)
            self._volumes[entry.account] = volume
            volume.take(news)

    def links(self, account: str, keys: Collection[Key] | None = None) -> dict[Key, Link]:
        with self._reading(account) as volume:
            return {key: own(link) for key, link in among(volume.links, keys)}

    def unsettled(self, account: str) -> dict[Key, Link]:
        with self._reading(account) as volume:
            links = volume.links.items()
            return {key: own(link) for key, link in links if link.in_the_air and not link.retired}

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
            return {
                key: dossier for key, dossier in among(volume.dossiers, keys) if user in (None, dossier.user)
            }

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

    def standings(self, account: str, users: Collection[str]) -> dict[str, Standing]:
        with self._reading(account) as volume:
            return {user: volume.standing(user) for user in users}

    def calls_due(self, account: str, day: date, most: int) -> tuple[str, ...]:
        with self._reading(account) as volume:
            tasks = ((key, dossier.course.open_task) for key, dossier in volume.dossiers.items())
            due = [(task.day, key) for key, task in tasks if task is not None and task.day <= day]
        return tuple(key for day, key in sorted(due, key=lambda pair: (-pair[0].toordinal(), pair[1]))[:most])

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

    def find_runs(self, prefix: str) -> tuple[Run, ...]:
        with self._lock:
            runs = [run for volume in self._volumes.values() for run in volume.runs.values()]
            found = [copy.deepcopy(run) for run in runs if run.id.startswith(prefix)]
        return tuple(sorted(found, key=lambda each: (each.started_at, each.id), reverse=True))

    def journal(self, account: str, *, run: str | None = None, about: str | None = None) -> tuple[Page, ...]:
        with self._reading(account) as volume:
            pages = [page for page in volume.journal.values() if run in {None, page.run}]
        if about is not None:
            pages = [replace(page, lines=only_about(page.lines, about)) for page in pages]
        pages.sort(key=lambda page: (page.at, page.run, page.number))
        return tuple(page for page in pages if page.lines)

    def forgotten(self, account: str) -> Forgotten:
        with self._reading(account) as volume:
            return Forgotten(self._secret, frozenset(volume.digests))

    def forget(self, oblivion: Oblivion, lease: Lease) -> None:
        with self._lock:
            self._refuse_lost(lease)
            refuse_foreign(oblivion.account, lease)
            volume = self._volumes.setdefault(oblivion.account, Volume())
            volume.forget(oblivion)
            for text, whose in oblivion.traces.items():
                volume.digests[keyed_digest(self._secret, text)] = keyed_digest(self._secret, whose)

    def remember(self, account: str, trace: str, lease: Lease) -> int:
        whose = keyed_digest(self._secret, trace)
        with self._lock:
            self._refuse_lost(lease)
            refuse_foreign(account, lease)
            volume = self._volumes.setdefault(account, Volume())
            gone = [digest for digest, each in volume.digests.items() if each == whose]
            for digest in gone:
                del volume.digests[digest]
        return len(gone)

    def close(self) -> None:
        """Forget nothing: a second user of the same object may still need the book."""

    @contextmanager
    def _reading(self, account: str) -> Iterator[Volume]:
        with self._lock:
            yield self._volumes.get(account) or Volume()

    def _take(self, account: str, purpose: str) -> Lease | None:
        with self._lock:
            held = self._held.get(account)
            if held is not None and held[1] > self._clock():
                return None
            self._epochs[account] = self._epochs.get(account, 0) + 1
            lease = Lease(account, this_process(purpose).name, self._epochs[account])
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
