"""The doors of the house: what may be plugged in, with the contract on each method."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NewType, Protocol, runtime_checkable

from crm_sync.domain.applications import RejectedRow, Snapshot
from crm_sync.domain.dossiers import Dossier
from crm_sync.domain.items import Change, Fields, Item, Remote, RemoteId
from crm_sync.domain.keys import Key, Kind
from crm_sync.domain.links import Link
from crm_sync.domain.options import ReadingOptions
from crm_sync.domain.touches import Touch
from crm_sync.planning.operations import Conflict

Cursor = NewType("Cursor", str)
"""How far the CRM's changes were heard; opaque, made of the CRM's own clock or counter."""


# --- connectors ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Recognition:
    """How sure a connector is (0 to 1) that a file is of its kind, and why, in words for a person."""

    certainty: float
    because: str


class Connector(Protocol):
    """One source of one user."""

    def check(self) -> None:
        """Raise SourceError with a hint where the source cannot be read; touch nothing."""

    def bookmark(self) -> str:
        """Return what names the content now (a digest), without reading it row by row.

        Raises SourceError where the source cannot be reached.
        """

    def fetch(self) -> Snapshot:
        """Return all that can be seen now, ``complete=False`` where the look stopped early.

        Raises SourceError where nothing can be said: an outage is never an empty snapshot. A file that
        cannot be read row by row (a cross-tab, a tally) is refused with an explanation.
        """

    def explain(self) -> Mapping[str, Any]:
        """Return how the source is understood, as plain data for ``crm-sync inspect``."""


class ConnectorKind(Protocol):
    """What an entry point of the group ``crm_sync.connectors`` names."""

    name: str
    version: str

    def recognise(self, path: str) -> Recognition:
        """Say how sure it is that the file is of this kind, from its content; never raise for bad content."""

    def connect(self, path: str, options: ReadingOptions) -> Connector:
        """Return a connector for the file; nothing is read yet."""


# --- CRMs ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Account:
    """Who we are talking to: a name for the ledger, the kind of CRM, and the account's time zone."""

    name: str
    kind: str
    time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """It was written; ``remote`` is what the CRM holds now."""

    key: Key
    remote: Remote


@dataclass(frozen=True, slots=True)
class Refused:
    """The CRM refused this one, for this reason; nothing was written."""

    key: Key
    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody knows whether the write arrived; only ``look_up`` may say. Never simply sent again."""

    key: Key
    reason: str


Outcome = Done | Refused | Unknown


@dataclass(frozen=True, slots=True)
class Changes:
    """What people did in the CRM since a cursor; ``removed`` are records that are gone.

    ``anew`` says that this is not the CRM that gave the cursor, or an earlier state of it (a lost database,
    an old backup): what was known of its records, ids among it, holds no more.
    """

    records: Sequence[Remote]
    removed: Sequence[tuple[Kind, RemoteId]]
    cursor: Cursor
    anew: bool = False


class CRM(Protocol):
    """The destination. Sequences in, one outcome per entry out, matched by key, in any order.

    No method sleeps or retries. Implementations batch as they like; ``batch_size`` is how many records
    the caller should intend at once. Methods raise CrmUnavailable or NotAllowed when nothing of the call
    was carried out (and, for the iterators, nothing of what was not yet answered).
    """

    batch_size: int

    def check(self) -> Account:
        """Return who we are talking to; raise NotAllowed or CrmUnavailable."""

    def changes(self, since: Cursor | None) -> Changes:
        """Return what changed since *since*: may repeat itself, never skips what a person did.

        None asks for a first cursor: everything that people did so far to any record.
        """

    def look_up(self, wanted: Mapping[Key, RemoteId | None]) -> Mapping[Key, Remote]:
        """Return the records under these keys, by id where one is given, else by our key.

        Must see our own earlier writes, also those whose answer was lost. What is not there is left out.
        """

    def find(self, items: Sequence[Item]) -> Mapping[Key, Remote]:
        """Return records that people made and that are the same thing as an item of ours.

        Companies by domain, else by exactly one match of the normalised name; contacts by e-mail. Only
        records without any key of ours. Deals, tasks and calls are never found this way. One record
        answers one item at most; two different domains are never the same company.
        """

    def create(self, items: Sequence[Item], ids: Mapping[Key, RemoteId]) -> Iterator[Outcome]:
        """Make records under our keys; the same key twice yields one record.

        *ids* gives the remote ids of parents that are known; the relations made at once are told in the
        answer's ``relations``, the others are made by ``connect``. ``relations`` tell at least the
        parents that are there; whether they tell children too is open.
        """

    def update(self, changes: Sequence[Change]) -> Iterator[Outcome]:
        """Write fields; fields not named are left alone. A record that is gone is refused.

        A record that carries no key yet is adopted: it is given the change's key as well (also when the
        change names no field). None empties a field.
        """

    def connect(self, pairs: Sequence[tuple[Key, RemoteId, Key, RemoteId]]) -> Iterator[Outcome]:
        """Make relations (child key, child id, parent key, parent id); harmless when repeated.

        One outcome per pair under the child's key; ``remote.relations`` holds what is connected now.
        A pair of which one record is gone is refused.
        """

    def remove(self, records: Sequence[tuple[Key, RemoteId]]) -> Iterator[Outcome]:
        """Remove records; one that is gone already counts as done, with its last known or empty fields."""

    def edit(self, change: Change) -> Outcome:
        """Write as a person would: ``changes`` will tell of it. For a person's words given on our side.

        Never gives a record a key.
        """

    def discard(self, key: Key, remote_id: RemoteId) -> Outcome:
        """Remove as a person would: ``changes`` will tell of it."""


@runtime_checkable
class Browsable(Protocol):
    """A CRM without screens of its own: people read and write it through our commands."""

    def records(self, kind: Kind, owner: str | None = None) -> Iterator[Remote]:
        """Return the records of a kind, of one owner or of all, in a stable order.

        A record's owner is the one it names, else the owner of its key.
        """

    def add(self, kind: Kind, fields: Fields, relations: Collection[RemoteId] = ()) -> Remote:
        """Make a record as a person would, without any key of ours: ``changes`` will tell of it.

        Raises RecordRefused for fields that the CRM does not take and for a relation to what is not there.
        """


# --- ledger -------------------------------------------------------------------------------------------


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
class Run:
    """One run in the book of runs; ``report`` is plain data (counts, messages)."""

    id: str
    account: str
    user: str | None
    command: str
    started_at: datetime
    ended_at: datetime | None
    version: str
    report: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is written into the ledger at once: all of it durable when ``record`` returns, or nothing.

    Links, dossiers, sources and runs replace what stood under their key; touches are added once per id (the
    later word about the same id replaces the earlier). ``evidence`` maps (owner, evidence) to an id and
    keeps the first id it was given. ``conflicts`` replaces the standing conflicts of the keys it names,
    keeping ``since`` of those that stay.
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


class Ledger(Protocol):
    """The book. Everything is kept per account; readers never see half an entry.

    Raises LedgerError where the book cannot be read or written (damaged, read-only, disk full, made by
    a newer program), with a hint.
    """

    def exclusive(self, account: str, *, wait: float = 0.0) -> AbstractContextManager[Lease]:
        """Hold the account for one run, or raise LedgerBusy naming the holder after *wait* seconds.

        A holder that died (its process is gone on this machine, or its lease ran out) is passed over, and
        the epoch rises with every new holder. The lease is renewed by every ``record``.
        """

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

    def due(self, account: str, user: str, day: date) -> frozenset[str]:
        """Return the keys of the applications that are to be decided again on or before *day*."""

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

    def close(self) -> None:
        """Release files and connections; harmless when repeated."""
