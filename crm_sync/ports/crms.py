"""The door for destinations: what a CRM promises."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType, Protocol, runtime_checkable

from crm_sync.domain.items import Change, Fields, Item, Remote, RemoteId
from crm_sync.domain.keys import Key, Kind
from crm_sync.domain.values import light, trusted

Cursor = NewType("Cursor", str)
"""How far the CRM's changes were heard; opaque, made of the CRM's own clock or counter."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who we are talking to: a name for the ledger, the kind of CRM, and the account's time zone.

    ``at`` is what the CRM's clock said when it answered, None where it has none of its own.
    """

    name: str
    kind: str
    time_zone: str | None = None
    at: datetime | None = field(default=None, compare=False)


@trusted
@dataclass(frozen=True, slots=True)
class Done:
    """It was written; ``remote`` is what the CRM holds now.

    ``as_told`` says of a record that was made that every field stands as it was told, and every relation
    with a parent, too: then nobody needs to compare. A CRM that does not know may leave it out.
    """

    key: Key
    remote: Remote
    as_told: bool = False


@light
@dataclass(frozen=True, slots=True)
class Refused:
    """The CRM refused this one, for this reason; nothing was written."""

    key: Key
    reason: str


@light
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
    an old backup): what was known of its records, ids among it, holds no more. ``merged`` are records that a
    person merged into another of their kind: (kind, the one that is gone, the one that stands for both).

    A task or call may be told with a key that names no user: its text tells the id alone.
    """

    records: Sequence[Remote]
    removed: Sequence[tuple[Kind, RemoteId]]
    cursor: Cursor
    anew: bool = False
    merged: Sequence[tuple[Kind, RemoteId, RemoteId]] = ()


class CRM(Protocol):
    """The destination. Sequences in, one outcome per entry out, matched by key, in any order.

    Implementations batch as they like; ``batch_size`` is how many records the caller should intend at once,
    ``relations_at_once`` how many relations, ``in_flight`` how many calls of the writing methods may be on
    their way at once (from several threads). Methods raise CrmUnavailable or NotAllowed when nothing of the
    call was carried out (and, for the iterators, nothing of what was not yet answered). A CRM that is reached
    over a network retries single requests itself, where a repetition can double nothing.
    """

    @property
    def batch_size(self) -> int: ...

    @property
    def relations_at_once(self) -> int: ...

    @property
    def in_flight(self) -> int: ...

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
class Recounting(Protocol):
    """A CRM that tells our own writes as changes, and can be told which they were."""

    def recounted(self, cursor: Cursor) -> Cursor:
        """Return the cursor with what this object wrote since it was given counted in."""


@runtime_checkable
class Reticent(Protocol):
    """A CRM whose ``changes`` tell of no removal: what is due is looked up by its id in every look."""

    @property
    def glance(self) -> int:
        """Return how many records that costs one request."""


@dataclass(frozen=True, slots=True)
class SetupStep:
    """One thing a CRM account needs: how it stands, whether it is to be made, how a person makes it."""

    name: str
    told: str
    needed: bool = False
    by_hand: str = ""

    @property
    def stands(self) -> bool:
        """Tell whether nothing is left to be done."""
        return not self.needed and not self.by_hand


@dataclass(frozen=True, slots=True)
class Survey:
    """What a CRM account has and lacks. ``state`` is what the CRM wants to be remembered; no secret.

    ``stages`` pairs our stages with their places there, ``outcomes`` the account's call outcomes with ours.
    """

    account: str
    steps: tuple[SetupStep, ...]
    stages: tuple[tuple[str, str], ...]
    outcomes: tuple[tuple[str, str], ...]
    state: str


class Setup(Protocol):
    """A CRM account that has to be prepared once."""

    def survey(self) -> Survey:
        """Return how the account stands; write nothing."""

    def carry_out(self, survey: Survey) -> Survey:
        """Make what is missing and nothing else, and return how the account stands then."""


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
