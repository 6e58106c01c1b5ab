"""What the book in memory holds about one account, and how an entry changes it."""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TypeVar

from crm_sync.domain.dossiers import Dossier
from crm_sync.domain.forgetting import Oblivion
from crm_sync.domain.items import Item
from crm_sync.domain.journal import Page
from crm_sync.domain.keys import Key
from crm_sync.domain.links import Link
from crm_sync.domain.touches import Touch
from crm_sync.ledger.scrubbing import concerns, scrubbed_page, scrubbed_run, scrubbed_source
from crm_sync.planning.callees import DO_NOT_CALL
from crm_sync.planning.operations import Conflict
from crm_sync.ports import Cursor, Entry, Run, SourceState, Standing, StandingConflict

K = TypeVar("K")
V = TypeVar("V")


@dataclass(slots=True)
class Volume:
    """What the book holds about one account."""

    links: dict[Key, Link] = field(default_factory=dict)
    begun: dict[Key, Item] = field(default_factory=dict)
    dossiers: dict[str, Dossier] = field(default_factory=dict)
    touches: dict[str, Touch] = field(default_factory=dict)
    evidence: dict[tuple[str, str], str] = field(default_factory=dict)
    sources: dict[tuple[str, str], SourceState] = field(default_factory=dict)
    conflicts: dict[Key, tuple[StandingConflict, ...]] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)
    journal: dict[tuple[str, int], Page] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    cursor: Cursor | None = None
    untold: tuple[str, ...] = ()
    fading: tuple[datetime, datetime] | None = None

    def take(self, news: Volume) -> None:
        """Write what was staged over what stood; nothing here can fail half-way."""
        self.links.update(news.links)
        self.begun.update(news.begun)
        self.dossiers.update(news.dossiers)
        self.touches.update(news.touches)
        self.evidence.update(news.evidence)
        self.sources.update(news.sources)
        self.conflicts.update(news.conflicts)
        self.runs.update(news.runs)
        if news.fading is not None:
            self.runs = {each.id: each for each in self.runs.values() if not _fades(each, *news.fading)}
        self.journal.update(news.journal)
        for ident in news.untold:
            self.touches.pop(ident, None)
        self.cursor = self.cursor if news.cursor is None else news.cursor

    def standing(self, user: str) -> Standing:
        """Return how a user stands."""
        runs = [run for run in self.runs.values() if run.user == user]
        last = max(runs, key=lambda run: (run.started_at, run.id), default=None)
        days = [each.course.decide_on for each in self.dossiers.values() if each.user == user]
        ended = last is not None and last.ended_at is not None
        return Standing(ended, min((day for day in days if day is not None), default=None))

    def forget(self, oblivion: Oblivion) -> None:
        """Remove everything that is named."""
        gone = oblivion.applications
        self.links = {key: link for key, link in self.links.items() if not concerns(oblivion, key)}
        self.begun = {key: item for key, item in self.begun.items() if not concerns(oblivion, key)}
        self.conflicts = {key: many for key, many in self.conflicts.items() if not concerns(oblivion, key)}
        self.dossiers = {key: dossier for key, dossier in self.dossiers.items() if key not in gone}
        self.touches = {i: touch for i, touch in self.touches.items() if touch.application not in gone}
        self.evidence = {
            place: "" if ident in gone else ident
            for place, ident in self.evidence.items()
            if not _evidence_goes(oblivion, *place, ident)
        }
        pages = {place: scrubbed_page(page, oblivion) for place, page in self.journal.items()}
        self.journal = {place: page for place, page in pages.items() if page is not None}
        runs = {ident: scrubbed_run(run, oblivion) for ident, run in self.runs.items()}
        self.runs = {ident: run for ident, run in runs.items() if run is not None}
        states = {place: scrubbed_source(state, oblivion) for place, state in self.sources.items()}
        self.sources = {place: state for place, state in states.items() if state is not None}


def _evidence_goes(oblivion: Oblivion, owner: str, text: str, ident: str) -> bool:
    if owner:
        return owner == oblivion.user and (oblivion.whole or ident in oblivion.applications)
    return not text.startswith(DO_NOT_CALL) and ident in {key.id for key in oblivion.parties}


def staged(entry: Entry, volume: Volume) -> Volume:
    """Return what the entry adds, as values of our own; what can fail fails here."""
    at = entry.at or datetime.now(UTC)
    return Volume(
        links=_links_after(entry, volume),
        begun={item.key: item for item in entry.begun},
        dossiers={dossier.key: dossier for dossier in entry.dossiers},
        touches={touch.id: touch for touch in entry.touches},
        evidence={place: ident for place, ident in entry.evidence.items() if place not in volume.evidence},
        sources={(state.user, state.source): state for state in entry.sources},
        conflicts={
            key: _standing(disputes, volume.conflicts.get(key, ()), at)
            for key, disputes in entry.conflicts.items()
        },
        runs={run.id: copy.deepcopy(run) for run in (entry.run, *entry.runs) if run is not None},
        cursor=entry.cursor,
        journal={(page.run, page.number): page for page in entry.journal},
        untold=tuple(entry.untold),
        fading=entry.fading,
    )


def _fades(run: Run, start: datetime, end: datetime) -> bool:
    return start <= run.started_at < end and run.report.get("nothing_new") is True


def _links_after(entry: Entry, volume: Volume) -> dict[Key, Link]:
    links = {link.key: own(link) for link in entry.links}
    links |= {item.key: Link(item.key).intending(item.fields) for item in entry.begun}
    for key, remote_id in entry.arrived.items():
        links[key] = volume.links[key].made(remote_id, volume.begun[key].parents)
    return links


def _standing(
    disputes: Sequence[Conflict], before: Sequence[StandingConflict], at: datetime
) -> tuple[StandingConflict, ...]:
    since = {each.conflict.field: each.since for each in before}
    return tuple(StandingConflict(dispute, since.get(dispute.field, at)) for dispute in disputes)


def among(kept: dict[K, V], keys: Collection[K] | None) -> Iterator[tuple[K, V]]:
    """Return what is kept under these keys, or all."""
    if keys is None:
        return iter(kept.items())
    return ((key, kept[key]) for key in dict.fromkeys(keys) if key in kept)


def own(link: Link) -> Link:
    """Return the link with marks of its own: the one part of it that somebody else could change."""
    return replace(link, marks=dict(link.marks))
