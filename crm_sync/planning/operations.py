"""The few verbs. Values, not calls: they can be printed, counted, compared and refused."""

from __future__ import annotations

from dataclasses import dataclass, field

from crm_sync.domain.items import Fields, Item, Remote, RemoteId, Value
from crm_sync.domain.keys import Key
from crm_sync.domain.values import light, trusted


@trusted
@dataclass(frozen=True, slots=True)
class Create:
    """Make the record and its relations."""

    item: Item

    @property
    def key(self) -> Key:
        return self.item.key


@light
@dataclass(frozen=True, slots=True)
class Update:
    """Write these fields over our own last word, or over empty ones; ``before`` is what stood there."""

    key: Key
    remote_id: RemoteId
    changes: Fields
    origin: str = ""
    before: Fields = field(default_factory=dict)


@trusted
@dataclass(frozen=True, slots=True)
class Connect:
    """Make a missing relation between a record that is there and one of its parents."""

    key: Key
    parent: Key


@light
@dataclass(frozen=True, slots=True)
class Adopt:
    """Write nothing in the CRM: remember the pairing and the fields on which the sides agree.

    ``contested`` are fields of which a write was in the air and is known not to stand. ``arrived`` says
    that a create was in the air and is known to have arrived.
    """

    item: Item
    remote: Remote
    agreed: Fields
    contested: frozenset[str] = frozenset()
    arrived: bool = False

    @property
    def key(self) -> Key:
        return self.item.key


@dataclass(frozen=True, slots=True)
class Cancel:
    """End an open call task: remove it where nobody touched it, else complete it with a line saying so.

    Or remove the deal, which nobody touched, of an application that was merged into another.
    """

    key: Key
    remote_id: RemoteId
    body: Value
    touched: bool


@dataclass(frozen=True, slots=True)
class Retire:
    """A person removed it from the CRM; stop following it."""

    key: Key


@dataclass(frozen=True, slots=True)
class Leave:
    """The deal of an application that was merged into another: a person worked on it, so it stays as it is.

    Nothing is written; we stop following it.
    """

    key: Key
    remote_id: RemoteId


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both sides moved. The CRM's value stands until somebody decides."""

    key: Key
    field: str
    ours: Value
    theirs: Value


Operation = Create | Update | Connect | Adopt | Cancel | Retire | Leave


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done, in a stable order, and what a person must decide."""

    operations: tuple[Operation, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
