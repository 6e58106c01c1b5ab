"""What the CRMs of this house promise beyond the contract of every CRM."""

from __future__ import annotations

from typing import Protocol

import pytest

from crm_sync.domain.items import Change, Item, RemoteId
from crm_sync.domain.keys import Key, Kind
from crm_sync.errors import RecordRefused
from crm_sync.ports import CRM, Browsable, Done, Refused
from crm_sync.testing.crm_contract import CrmContract
from crm_sync.testing.crm_samples import (
    CALL,
    CALL_ITEM,
    COMPANY,
    COMPANY_ITEM,
    CONTACT,
    CONTACT_ITEM,
    DEAL,
    DEAL_ITEM,
    ITEMS,
    OTHER_DEAL,
    OTHER_DEAL_ITEM,
    TASK,
    TASK_ITEM,
    done,
    make,
    numbered_deal,
)


class House(CRM, Browsable, Protocol):
    """A CRM that people use through our commands."""


class HousePromises(CrmContract):
    """The contract, and what only our own CRMs promise."""

    def test_our_own_writes_are_not_told_as_changes(self, crm: House) -> None:
        before = crm.changes(None)
        deal, task = make(crm, DEAL_ITEM), make(crm, TASK_ITEM)
        done(crm.update([Change(DEAL, deal.id, {"stage": "offer"})]))
        done(crm.connect([(TASK, task.id, DEAL, deal.id)]))
        done(crm.remove([(TASK, task.id)]))
        after = crm.changes(before.cursor)
        assert (list(after.records), list(after.removed)) == ([], [])
        again = crm.changes(after.cursor)
        assert (list(again.records), list(again.removed), again.anew) == ([], [], False)

    def test_an_act_is_told_once(self, crm: House) -> None:
        deal = make(crm, DEAL_ITEM)
        crm.edit(Change(DEAL, deal.id, {"stage": "offer"}))
        first = crm.changes(None)
        assert len(first.records) == 1
        assert not crm.changes(first.cursor).records

    def test_acts_are_told_in_their_order(self, crm: House) -> None:
        ids = [remote.id for remote in done(crm.create([numbered_deal(n) for n in range(4)], {}))]
        for number in (2, 0, 3, 1, 2):
            crm.edit(Change(numbered_deal(number).key, ids[number], {"stage": "offer"}))
        told = [remote.id for remote in crm.changes(None).records]
        assert told == [ids[0], ids[3], ids[1], ids[2]]

    def test_a_persons_record_that_we_removed_is_told_as_removed(self, crm: House) -> None:
        call = crm.add(Kind.CALL, CALL_ITEM.fields)
        done(crm.remove([(CALL, call.id)]))
        changes = crm.changes(None)
        assert list(changes.records) == []
        assert list(changes.removed) == [(Kind.CALL, call.id)]

    def test_a_key_that_exists_is_answered_with_the_record_as_it_is(self, crm: House) -> None:
        deal = make(crm, DEAL_ITEM)
        crm.edit(Change(DEAL, deal.id, {"stage": "interviewing"}))
        again = make(crm, DEAL_ITEM)
        assert again.id == deal.id
        assert again.fields["stage"] == "interviewing"
        assert again.relations == deal.relations

    def test_a_record_removed_by_a_person_does_not_stand_in_the_way_of_its_key(self, crm: House) -> None:
        old = make(crm, DEAL_ITEM)
        crm.discard(DEAL, old.id)
        new = make(crm, DEAL_ITEM)
        assert new.id != old.id
        assert crm.look_up({DEAL: None})[DEAL].id == new.id

    def test_a_contact_is_made_although_a_person_made_one_with_the_same_address(self, crm: House) -> None:
        theirs = crm.add(Kind.CONTACT, CONTACT_ITEM.fields)
        assert make(crm, CONTACT_ITEM).id != theirs.id

    def test_relations_to_parents_are_made_at_once_and_seen_later(self, crm: House) -> None:
        deal = make(crm, DEAL_ITEM)
        parents = {found.id for found in crm.look_up(dict.fromkeys(DEAL_ITEM.parents)).values()}
        assert deal.relations == crm.look_up({DEAL: None})[DEAL].relations == parents
        assert len(parents) == 2

    def test_a_removed_parent_is_not_told_any_more(self, crm: House) -> None:
        deal, company = make(crm, DEAL_ITEM), make(crm, COMPANY_ITEM)
        done(crm.remove([(COMPANY, company.id)]))
        assert company.id in deal.relations
        assert crm.look_up({DEAL: None})[DEAL].relations == deal.relations - {company.id}

    def test_a_record_of_another_key_of_ours_is_not_written(self, crm: House) -> None:
        deal = make(crm, DEAL_ITEM)
        (outcome,) = crm.update([Change(OTHER_DEAL, deal.id, {"stage": "offer"})])
        assert isinstance(outcome, Refused)
        assert crm.look_up({DEAL: None})[DEAL].fields == deal.fields

    def test_a_key_that_is_taken_adopts_nothing(self, crm: House) -> None:
        make(crm, COMPANY_ITEM)
        theirs = crm.add(Kind.COMPANY, {"name": "Quince"})
        (outcome,) = crm.update([Change(COMPANY, theirs.id, {})])
        assert isinstance(outcome, Refused)
        assert crm.look_up({COMPANY: theirs.id})[COMPANY].key is None

    def test_one_key_adopts_one_record_in_one_call(self, crm: House) -> None:
        theirs = [crm.add(Kind.COMPANY, {"name": "Quince"}).id for _ in range(2)]
        outcomes = list(crm.update([Change(COMPANY, rid, {}) for rid in theirs]))
        assert [type(outcome) for outcome in outcomes] == [Done, Refused]

    def test_a_persons_edit_gives_no_key(self, crm: House) -> None:
        theirs = crm.add(Kind.COMPANY, {"name": "Quince"})
        crm.edit(Change(COMPANY, theirs.id, {"name": "Medlar"}))
        assert crm.look_up({COMPANY: theirs.id})[COMPANY].key is None
        assert crm.find([Item(COMPANY, {"name": "medlar"})])[COMPANY].id == theirs.id
        assert not crm.find([Item(COMPANY, {"name": "Quince"})])

    def test_a_persons_edit_of_something_else_leaves_a_record_to_be_found(self, crm: House) -> None:
        theirs = crm.add(Kind.CONTACT, CONTACT_ITEM.fields)
        assert isinstance(crm.edit(Change(CONTACT, theirs.id, {"phone": "+33 1 99 00 00 00"})), Done)
        assert crm.find([CONTACT_ITEM])[CONTACT].fields["phone"] == "+33 1 99 00 00 00"

    def test_a_record_is_not_found_under_another_kind(self, crm: House) -> None:
        deal = make(crm, DEAL_ITEM)
        assert not crm.look_up({TASK: deal.id})
        (outcome,) = crm.update([Change(TASK, deal.id, {"body": "x"})])
        assert isinstance(outcome, Refused)

    @pytest.mark.parametrize("rid", ["", "deal", "deal-", "deal-x", "deal-²", "deal-" + "9" * 40, "-1"])
    def test_an_id_that_is_none_of_ours_is_nobodys(self, crm: House, rid: str) -> None:
        make(crm, DEAL_ITEM)
        assert not crm.look_up({DEAL: RemoteId(rid)})
        assert isinstance(next(crm.update([Change(DEAL, RemoteId(rid), {})])), Refused)
        assert isinstance(next(crm.remove([(DEAL, RemoteId(rid))])), Done)

    @pytest.mark.parametrize(
        ("kind", "fields"),
        [
            (Kind.DEAL, {"colour": "red"}),
            (Kind.DEAL, {"open": True}),
            (Kind.DEAL, {"name": True}),
            (Kind.DEAL, {"applied_on": "yesterday"}),
            (Kind.TASK, {"open": "yes"}),
            (Kind.TASK, {"due_at": "2031-03-04T09:30:00"}),
            (Kind.TASK, {"completed_at": "2031-03-04T09:30:00+00:00"}),
            (Kind.CALL, {"at": "2031-03-04"}),
        ],
    )
    def test_fields_that_make_no_sense_are_refused(
        self, crm: House, kind: Kind, fields: dict[str, str | bool]
    ) -> None:
        key = Key(kind, "me", "x")
        (outcome,) = crm.create([Item(key, fields)], {})
        assert isinstance(outcome, Refused)
        with pytest.raises(RecordRefused):
            crm.add(kind, fields)
        assert not list(crm.records(kind))

    def test_nothing_is_added_to_what_is_not_there(self, crm: House) -> None:
        with pytest.raises(RecordRefused):
            crm.add(Kind.CALL, CALL_ITEM.fields, [RemoteId("deal-7")])
        assert not list(crm.records(Kind.CALL))

    def test_a_person_can_browse_by_kind_and_owner(self, crm: House) -> None:
        for item in ITEMS:
            make(crm, item)
        make(crm, OTHER_DEAL_ITEM)
        theirs = crm.add(Kind.DEAL, {"name": "Theirs", "owner": "sam"})
        mine = {remote.key for remote in crm.records(Kind.DEAL, "me")}
        assert mine == {DEAL, OTHER_DEAL}
        assert [remote.id for remote in crm.records(Kind.DEAL, "sam")] == [theirs.id]
        assert {remote.key for remote in crm.records(Kind.DEAL)} == {DEAL, OTHER_DEAL, None}
        assert [remote.key for remote in crm.records(Kind.COMPANY)] == [COMPANY]
        assert [remote.key for remote in crm.records(Kind.CALL, "me")] == [CALL]

    def test_browsing_follows_a_deal_to_its_new_owner_and_leaves_out_the_removed(self, crm: House) -> None:
        made = done(crm.create([numbered_deal(number) for number in range(5)], {}))
        crm.edit(Change(numbered_deal(0).key, made[0].id, {"owner": "sam"}))
        crm.discard(numbered_deal(1).key, made[1].id)
        assert [remote.id for remote in crm.records(Kind.DEAL, "sam")] == [made[0].id]
        assert {remote.id for remote in crm.records(Kind.DEAL)} == {made[n].id for n in (0, 2, 3, 4)}
