"""The door for the book: what a ledger promises."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from crm_sync.domain.applications import RejectedRow
from crm_sync.domain.dossiers import Dossier
from crm_sync.domain.forgetting import Forgotten, Oblivion
from crm_sync.domain.items import Item, RemoteId
from crm_sync.domain.journal import Page
from crm_sync.domain.keys import Key, Kind
from crm_sync.domain.links import Link
from crm_sync.domain.touches import Touch
from crm_sync.planning.operations import Conflict
from crm_sync.ports.crms import Cursor


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on an account: writes under an older epoch are refused."""

    account: str
    holder: str
    epoch: int


@dataclass(frozen=True, slots=True)
class SourceState:
    """What a user's source held when it was last read in full or in part.

    ``understanding`` names connector, options and program version: when it or ``bookmark`` changes, the
    source is read again. ``applications`` counts the rows it showed. ``rejected`` are its rejected rows.
    """

    user: str
    source: str
    connector: str
    bookmark: str | None
    understanding: str
    seen_at: datetime
    complete: bool
    applications: int
    rejected: tuple[RejectedRow, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StandingConflict:
    """A dispute between source and CRM, listed until the sides are equal."""

    conflict: Conflict
    since: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How a user's part of the book stands, as far as it tells whether there is anything to do.

    ``ended`` tells whether the last run ended (False where there was none), ``decide_on`` is the first day
    on which one of the applications is to be decided again.
    """

    ended: bool = False
    decide_on: date | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One run in the book of runs; ``report`` is plain data (counts, messages).

    ``ended_at`` is None while it goes on, where it was killed, and where it left something unfinished that
    the next run takes up. ``config`` is a digest of the settings by which it ran.
    """

    id: str
    account: str
    user: str | None
    command: str
    started_at: datetime
    ended_at: datetime | None
    version: str
    report: Mapping[str, Any] = field(default_factory=dict)
    config: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is written into the ledger at once: all of it durable when ``record`` returns, or nothing.

    Links, dossiers, sources and runs replace what stood under their key; touches are added once per id (the
    later word about the same id replaces the earlier). ``evidence`` maps (owner, evidence) to an id and
    keeps the first id it was given. ``conflicts`` replaces the standing conflicts of the keys it names,
    keeping ``since`` of those that stay. ``untold`` are ids of touches that are taken back. ``journal`` are
    pages that tell of the entry itself. ``runs`` are more runs, of users of whom nothing else is written.
    Of the runs that began within ``fading`` (from its first instant to before its second), those whose
    report says ``nothing_new`` are removed; no other is.

    ``begun`` are items that are about to be made and of which no link is known: each stands as the link
    that intends all of its fields. ``arrived`` gives the remote ids of those that were made exactly as
    begun, relations included, and about which nothing was written since: each stands as the link on which
    both sides agree, connected with all of its parents.
    """

    account: str
    links: Sequence[Link] = ()
    dossiers: Sequence[Dossier] = ()
    touches: Sequence[Touch] = ()
    evidence: Mapping[tuple[str, str], str] = field(default_factory=dict)
    sources: Sequence[SourceState] = ()
    conflicts: Mapping[Key, Sequence[Conflict]] = field(default_factory=dict)
    cursor: Cursor | None = None
    run: Run | None = None
    at: datetime | None = None
    journal: Sequence[Page] = ()
    untold: Sequence[str] = ()
    begun: Sequence[Item] = ()
    arrived: Mapping[Key, RemoteId] = field(default_factory=dict)
    runs: Sequence[Run] = ()
    fading: tuple[datetime, datetime] | None = None


class Ledger(Protocol):
    """The book. Everything is kept per account; readers never see half an entry.

    Raises LedgerError where the book cannot be read or written (damaged, read-only, disk full, made by
    a newer program), with a hint.
    """

    def exclusive(
        self, account: str, *, wait: float = 0.0, purpose: str = ""
    ) -> AbstractContextManager[Lease]:
        """Hold the account for one run, or raise LedgerBusy naming the holder after *wait* seconds.

        *purpose* tells others what for: the command that runs.

        A holder that died (its process is gone on this machine, or its lease ran out) is passed over, and
        the epoch rises with every new holder. The lease is renewed by every ``record``.
        """

    def holder(self, account: str) -> str:
        """Return who works on the account at this moment, "" where nobody does."""

    def record(self, entry: Entry, lease: Lease) -> None:
        """Write the entry in one transaction; raise LedgerBusy when the lease was lost to another."""

    def links(self, account: str, keys: Collection[Key] | None = None) -> dict[Key, Link]:
        """Return the links under these keys, or all."""

    def unsettled(self, account: str) -> dict[Key, Link]:
        """Return the links with a write in the air, not retired."""

    def keys_of(
        self, account: str, ids: Collection[tuple[Kind, RemoteId]]
    ) -> dict[tuple[Kind, RemoteId], Key]:
        """Return our keys of these records; what is not ours is left out."""

    def dossiers(
        self, account: str, user: str | None = None, keys: Collection[str] | None = None
    ) -> dict[str, Dossier]:
        """Return dossiers by key: of one user or of all, all or only these."""

    def calling(self, account: str, callees: Collection[str], besides: str) -> dict[str, Dossier]:
        """Return the applications of all users *besides* one by which one of these people would be called.

        *callees* are identities as ``planning.callees`` makes them.
        """

    def touches(
        self, account: str, user: str | None = None, keys: Collection[str] | None = None
    ) -> dict[str, tuple[Touch, ...]]:
        """Return touches by application, oldest first."""

    def evidence(self, account: str, owner: str) -> dict[str, str]:
        """Return every evidence of an owner ("" for the account's own) with the id it names."""

    def sources(self, account: str, user: str | None = None) -> tuple[SourceState, ...]:
        """Return what was last seen of each source."""

    def conflicts(self, account: str, user: str | None = None) -> tuple[StandingConflict, ...]:
        """Return the standing conflicts, oldest first."""

    def cursor(self, account: str) -> Cursor | None:
        """Return how far the CRM's changes were heard."""

    def standings(self, account: str, users: Collection[str]) -> dict[str, Standing]:
        """Return how each of these users stands, also one of whom the book knows nothing."""

    def calls_due(self, account: str, day: date, most: int) -> tuple[str, ...]:
        """Return the keys of the applications whose open call is due on or before *day*.

        Of all users, the latest due first, at most *most*.
        """

    def counts(self, account: str, user: str) -> Mapping[str, int]:
        """Return how many applications of a user are in each stage, without reading their dossiers."""

    def find(self, prefix: str) -> tuple[tuple[str, str, str], ...]:
        """Return (account, user, key) of the applications whose key begins with *prefix*."""

    def users(self, account: str) -> tuple[str, ...]:
        """Return the users of an account, sorted."""

    def accounts(self) -> tuple[str, ...]:
        """Return the accounts that the book knows, sorted."""

    def runs(self, account: str, user: str | None = None, *, limit: int = 20) -> tuple[Run, ...]:
        """Return the latest runs (of one user, or of all), newest first."""

    def find_runs(self, prefix: str) -> tuple[Run, ...]:
        """Return the runs of all accounts whose id begins with *prefix*, newest first."""

    def journal(self, account: str, *, run: str | None = None, about: str | None = None) -> tuple[Page, ...]:
        """Return the pages of a run or of all, oldest first; *about* leaves only one application's lines."""

    def forgotten(self, account: str) -> Forgotten:
        """Return whom the account has forgotten."""

    def forget(self, oblivion: Oblivion, lease: Lease) -> None:
        """Remove all that is named and whatever tells of it, so that no byte of it stays in the book's files.

        Other people's words stay: do-not-call holds on. Repeating it is harmless.
        """

    def remember(self, account: str, trace: str, lease: Lease) -> int:
        """Let in again whoever was forgotten under this trace; return how many digests were dropped."""

    def close(self) -> None:
        """Release files and connections; harmless when repeated."""
