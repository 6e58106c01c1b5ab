"""Plainly fictional records for the contract of every CRM, and short words for its tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import cast

import pytest

from crm_sync.domain.items import Fields, Item, Remote, RemoteId, Value
from crm_sync.domain.keys import Key, Kind, mint, task_id
from crm_sync.ports import CRM, Browsable, Cursor, Done, Outcome

COMPANY = Key(Kind.COMPANY, "", mint("company", "", "quince.example"))
CONTACT = Key(Kind.CONTACT, "", mint("contact", "", "ada@quince.example"))
DEAL = Key(Kind.DEAL, "me", mint("deal", "me", "quince, gardener"))
OTHER_DEAL = Key(Kind.DEAL, "me", mint("deal", "me", "quince, beekeeper"))
TASK = Key(Kind.TASK, "me", task_id(DEAL.id, 1, 1))
CALL = Key(Kind.CALL, "me", f"{DEAL.id}:{mint('call', 'me', 'the first call')}")

COMPANY_ITEM = Item(COMPANY, {"name": "Quince & Sons", "domain": "quince.example"})
CONTACT_ITEM = Item(CONTACT, {"name": "Ada Quince", "email": "ada@quince.example"}, (COMPANY,))
DEAL_ITEM = Item(
    DEAL,
    {"name": "Gardener at Quince & Sons", "stage": "applied", "job_title": "Gardener", "location": "Lyon"},
    (COMPANY, CONTACT),
)
OTHER_DEAL_ITEM = Item(OTHER_DEAL, {"name": "Beekeeper at Quince & Sons", "stage": "applied"}, (COMPANY,))
TASK_ITEM = Item(
    TASK,
    {
        "open": True,
        "due_at": "2031-03-04T09:30:00+00:00",
        "subject": "Call Quince & Sons",
        "body": "Ask about the orchard.",
        "priority": "high",
    },
    (DEAL,),
)
CALL_ITEM = Item(
    CALL, {"at": "2031-03-04T09:31:00+00:00", "outcome": "no_answer", "note": "It rang out."}, (DEAL,)
)
ITEMS = (COMPANY_ITEM, CONTACT_ITEM, DEAL_ITEM, TASK_ITEM, CALL_ITEM)
BY_KIND = [pytest.param(item, id=item.key.kind.value) for item in ITEMS]


class CrmHooks:
    """How the contract gets at a CRM.

    ``make_crm`` (required); ``add_as_person`` makes a record as a person does in the CRM itself;
    ``settle`` waits until the CRM's index of changes has caught up; ``hopeless`` is an item that this
    CRM refuses; ``keyless`` are kinds whose records cannot carry our key.
    """

    keyless: frozenset[Kind] = frozenset()
    hopeless = Item(
        Key(Kind.TASK, "me", task_id(DEAL.id, 1, 2)), {"open": True, "due_at": "when it rains"}, (DEAL,)
    )

    def make_crm(self) -> CRM:
        raise NotImplementedError

    def add_as_person(
        self, crm: CRM, kind: Kind, fields: Fields, relations: Sequence[RemoteId] = ()
    ) -> RemoteId:
        return cast(Browsable, crm).add(kind, fields, relations).id

    def settle(self, crm: CRM) -> None:
        """Wait until ``changes`` and ``find`` see everything that was written."""

    def parents(self, crm: CRM, key: Key, remote_id: RemoteId) -> frozenset[RemoteId]:
        """Return what a record is connected with; override where ``look_up`` does not tell."""
        return crm.look_up({key: remote_id})[key].relations

    @pytest.fixture
    def crm(self) -> Iterator[CRM]:
        crm = self.make_crm()
        yield crm
        close: Callable[[], None] | None = getattr(crm, "close", None)
        if close is not None:
            close()

    def cursor(self, crm: CRM) -> Cursor:
        self.settle(crm)
        return crm.changes(None).cursor

    def told(self, crm: CRM, since: Cursor | None) -> dict[RemoteId, Remote]:
        self.settle(crm)
        return {remote.id: remote for remote in crm.changes(since).records}

    def found(self, crm: CRM, item: Item) -> RemoteId | None:
        self.settle(crm)
        remote = crm.find([item]).get(item.key)
        return None if remote is None else remote.id


def done(outcomes: Iterator[Outcome]) -> list[Remote]:
    """Return the remotes of outcomes that are all done."""
    answers = list(outcomes)
    assert all(isinstance(answer, Done) for answer in answers), answers
    return [answer.remote for answer in answers if isinstance(answer, Done)]


def only(remotes: Sequence[Remote]) -> Remote:
    """Return the one record there is; fail where there are none or several."""
    (remote,) = remotes
    return remote


def by_key(outcomes: Iterator[Outcome]) -> dict[Key, Outcome]:
    """Return outcomes by key, having seen that no key was answered twice."""
    answers = list(outcomes)
    sorted_out = {answer.key: answer for answer in answers}
    assert len(sorted_out) == len(answers)
    return sorted_out


def parents_of(crm: CRM, item: Item) -> dict[Key, RemoteId]:
    """Make the parents of an item of this module, and theirs; return their ids."""
    ids: dict[Key, RemoteId] = {}
    for parent in (candidate for candidate in ITEMS if candidate.key in item.parents):
        ids |= parents_of(crm, parent)
        ids[parent.key] = only(done(crm.create([parent], ids))).id
    return ids


def make(crm: CRM, item: Item) -> Remote:
    """Make one item with its parents."""
    return only(done(crm.create([item], parents_of(crm, item))))


def seen(crm: CRM, key: Key, made: Remote) -> Fields:
    """Return what the CRM shows of a record now."""
    return crm.look_up({key: made.id})[key].fields


def fields_of(told: Remote | Fields, names: Mapping[str, object] | Sequence[str]) -> dict[str, object]:
    """Return the named fields, times as instants: a CRM may write them in its own way."""
    fields = told.fields if isinstance(told, Remote) else told
    return {
        name: datetime.fromisoformat(str(fields[name])) if name in ("due_at", "at") else fields.get(name)
        for name in names
    }


def numbered_deal(number: int) -> Item:
    """Return the wish for a deal of that number."""
    key = Key(Kind.DEAL, "me", mint("deal", "me", f"deal {number}"))
    return Item(key, {"name": f"Deal {number}", "stage": "applied"})


def replaced(item: Item, ident: str) -> Item:
    """Return the same wish under another id."""
    return Item(Key(item.key.kind, item.key.owner, ident), item.fields, item.parents)


def changed(item: Item, **fields: Value) -> Item:
    """Return the wish with other fields."""
    return Item(item.key, {**item.fields, **fields}, item.parents)
