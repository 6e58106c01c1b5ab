"""Items (what we hold an opinion about) and remotes (what the CRM holds)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType

from crm_sync.domain.keys import Key, Kind
from crm_sync.domain.values import light, trusted

Value = str | bool | None
"""A field's value. Dates are ISO text, times ISO text in UTC; an empty field is None, never ""."""

Fields = Mapping[str, Value]
RemoteId = NewType("RemoteId", str)


@trusted
@dataclass(frozen=True, slots=True)
class Item:
    """A key, the fields we hold an opinion about, and the parents it should be connected with.

    Fields by kind (the whole list; nothing else leaves the house):
    company: name, domain. contact: name, email, phone, title. deal: name, stage, owner, job_title,
    job_url, location, applied_on, salary, source. task: open, due_at, subject, body, priority, owner.
    call: at, outcome, result, note.

    Fields that are ``yielding`` give way to what a person wrote: where the CRM holds something else, that
    stands and is no dispute (records of the account, the text of a task). A call task that is ``cancelled``
    should end without a call. It is made only ``after`` these earlier tasks are over, so that no two calls
    of one application are ever open. ``origin`` says where a person finds it (file and row). A deal that is
    ``cancelled`` should go, for it was merged into another; one that is ``kept`` was worked on by a person.
    """

    key: Key
    fields: Fields
    parents: tuple[Key, ...] = ()
    yielding: frozenset[str] = frozenset()
    cancelled: bool = False
    origin: str = ""
    after: tuple[Key, ...] = ()
    kept: bool = False


@trusted
@dataclass(frozen=True, slots=True)
class Remote:
    """What the CRM holds: its id, our key where it carries one, its fields, the ids it is connected with.

    A task also tells ``completed_at`` among its fields (ISO, UTC), a call ``at``, ``outcome``, ``result``,
    ``note``, ``callback_on``. A deal may tell under ``besides`` what people wrote on it beyond our fields.
    ``modified_at`` is the CRM's own time.
    """

    id: RemoteId
    kind: Kind
    key: Key | None
    fields: Fields
    relations: frozenset[RemoteId] = field(default=frozenset())
    modified_at: datetime | None = None


@light
@dataclass(frozen=True, slots=True)
class Change:
    """New values for some fields of one record."""

    key: Key
    remote_id: RemoteId
    fields: Fields
