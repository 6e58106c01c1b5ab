"""The contract of every CRM, second part: relations, removals, and what people do."""

from __future__ import annotations

from datetime import datetime

import pytest

from crm_sync.domain.items import Change, Fields, Item, RemoteId
from crm_sync.domain.keys import Key, Kind, mint
from crm_sync.ports import CRM, Done, Refused
from crm_sync.testing.crm_samples import (
    CALL_ITEM,
    COMPANY,
    COMPANY_ITEM,
    CONTACT,
    CONTACT_ITEM,
    DEAL,
    DEAL_ITEM,
    OTHER_DEAL,
    OTHER_DEAL_ITEM,
    TASK,
    TASK_ITEM,
    CrmHooks,
    by_key,
    done,
    fields_of,
    make,
    only,
)


class HearingPromises(CrmHooks):
    """What a CRM promises about relations and about people."""

    # --- connect

    def test_a_child_is_connected_with_its_parent_and_repeating_is_harmless(self, crm: CRM) -> None:
        company, deal = make(crm, COMPANY_ITEM), only(done(crm.create([OTHER_DEAL_ITEM], {})))
        pair = (OTHER_DEAL, deal.id, COMPANY, company.id)
        for _ in range(2):
            (connected,) = done(crm.connect([pair]))
            assert connected.id == deal.id
            assert company.id in connected.relations
        assert len(done(crm.connect([pair, pair]))) == 2

    def test_a_child_keeps_its_other_parents(self, crm: CRM) -> None:
        company, contact = make(crm, COMPANY_ITEM), make(crm, CONTACT_ITEM)
        (deal,) = done(crm.create([DEAL_ITEM], {}))
        pairs = [(DEAL, deal.id, COMPANY, company.id), (DEAL, deal.id, CONTACT, contact.id)]
        done(crm.connect(pairs[:1]))
        (connected,) = done(crm.connect(pairs[1:]))
        assert contact.id in connected.relations
        assert {company.id, contact.id} <= self.parents(crm, DEAL, deal.id)

    def test_nothing_is_connected_with_what_is_gone(self, crm: CRM) -> None:
        company, deal = make(crm, COMPANY_ITEM), only(done(crm.create([OTHER_DEAL_ITEM], {})))
        done(crm.remove([(COMPANY, company.id)]))
        (outcome,) = crm.connect([(OTHER_DEAL, deal.id, COMPANY, company.id)])
        assert isinstance(outcome, Refused)
        assert outcome.key == OTHER_DEAL

    def test_one_impossible_relation_does_not_hinder_the_others(self, crm: CRM) -> None:
        company = make(crm, COMPANY_ITEM)
        deals = {made.key: made.id for made in done(crm.create([DEAL_ITEM, OTHER_DEAL_ITEM], {}))}
        outcomes = by_key(
            crm.connect(
                [
                    (DEAL, deals[DEAL], COMPANY, RemoteId("987654321")),
                    (OTHER_DEAL, deals[OTHER_DEAL], COMPANY, company.id),
                ]
            )
        )
        assert isinstance(outcomes[DEAL], Refused)
        assert isinstance(outcomes[OTHER_DEAL], Done)

    # --- remove

    def test_a_removed_record_is_not_there_any_more(self, crm: CRM) -> None:
        task = make(crm, TASK_ITEM)
        (outcome,) = crm.remove([(TASK, task.id)])
        assert isinstance(outcome, Done)
        assert crm.look_up({TASK: task.id}) == {}
        assert crm.look_up({TASK: None}) == {}

    def test_removing_what_is_gone_is_done(self, crm: CRM) -> None:
        deal = make(crm, DEAL_ITEM)
        for _ in range(2):
            (outcome,) = crm.remove([(DEAL, deal.id)])
            assert isinstance(outcome, Done)
            assert outcome.key == DEAL
            assert outcome.remote.id == deal.id

    def test_removing_a_parent_leaves_its_children_there(self, crm: CRM) -> None:
        company, deal = make(crm, COMPANY_ITEM), make(crm, DEAL_ITEM)
        done(crm.remove([(COMPANY, company.id)]))
        assert crm.look_up({DEAL: None})[DEAL].fields == deal.fields

    # --- what people do

    def test_the_first_cursor_tells_everything_people_did(self, crm: CRM) -> None:
        deal = make(crm, DEAL_ITEM)
        call = self.add_as_person(crm, Kind.CALL, CALL_ITEM.fields, [deal.id])
        crm.edit(Change(DEAL, deal.id, {"stage": "interviewing"}))
        told = self.told(crm, None)
        assert told[deal.id].fields["stage"] == "interviewing"
        assert told[call].fields["note"] == CALL_ITEM.fields["note"]
        assert told[call].key is None

    def test_an_edit_by_a_person_is_told_after_the_cursor(self, crm: CRM) -> None:
        deal = make(crm, DEAL_ITEM)
        cursor = self.cursor(crm)
        outcome = crm.edit(Change(DEAL, deal.id, {"stage": "rejected"}))
        assert isinstance(outcome, Done)
        assert outcome.remote.fields["stage"] == "rejected"
        told = self.told(crm, cursor)[deal.id]
        assert told.fields["stage"] == "rejected"
        assert told.kind is Kind.DEAL
        assert told.key == DEAL

    def test_the_same_cursor_tells_the_same_again(self, crm: CRM) -> None:
        deal = make(crm, DEAL_ITEM)
        cursor = self.cursor(crm)
        crm.edit(Change(DEAL, deal.id, {"stage": "offer"}))
        assert self.told(crm, cursor).keys() == self.told(crm, cursor).keys() >= {deal.id}

    def test_no_act_is_skipped_however_often_one_asks(self, crm: CRM) -> None:
        made = {remote.key: remote.id for remote in done(crm.create([DEAL_ITEM, OTHER_DEAL_ITEM], {}))}
        cursor, heard = None, dict[str, Fields]()
        for number in range(6):
            key = (DEAL, OTHER_DEAL)[number % 2]
            crm.edit(Change(key, made[key], {"location": f"Town {number}"}))
            if number % 3 != 1:
                self.settle(crm)
                changes = crm.changes(cursor)
                heard |= {remote.id: remote.fields for remote in changes.records}
                cursor = changes.cursor
        heard |= {rid: remote.fields for rid, remote in self.told(crm, cursor).items()}
        assert heard[made[DEAL]]["location"] == "Town 4"
        assert heard[made[OTHER_DEAL]]["location"] == "Town 5"

    def test_our_own_write_does_not_hide_a_persons_edit_of_another_field(self, crm: CRM) -> None:
        deal = make(crm, DEAL_ITEM)
        cursor = self.cursor(crm)
        crm.edit(Change(DEAL, deal.id, {"stage": "on_hold"}))
        done(crm.update([Change(DEAL, deal.id, {"location": "Nantes"})]))
        told = self.told(crm, cursor)[deal.id]
        assert told.fields["stage"] == "on_hold"
        assert told.fields["location"] == "Nantes"

    def test_our_own_write_leaves_a_persons_edit_of_another_field_standing(self, crm: CRM) -> None:
        deal = make(crm, DEAL_ITEM)
        crm.edit(Change(DEAL, deal.id, {"stage": "on_hold"}))
        (after,) = done(crm.update([Change(DEAL, deal.id, {"location": "Nantes"})]))
        assert after.fields["stage"] == "on_hold"

    def test_a_task_ticked_by_a_person_tells_when(self, crm: CRM) -> None:
        task = make(crm, TASK_ITEM)
        cursor = self.cursor(crm)
        crm.edit(Change(TASK, task.id, {"open": False}))
        told = self.told(crm, cursor)[task.id]
        assert told.fields["open"] is False
        assert datetime.fromisoformat(str(told.fields["completed_at"])).tzinfo is not None

    def test_a_call_that_a_person_logged_is_told_with_its_deal(self, crm: CRM) -> None:
        deal = make(crm, DEAL_ITEM)
        cursor = self.cursor(crm)
        call = self.add_as_person(crm, Kind.CALL, CALL_ITEM.fields, [deal.id])
        told = self.told(crm, cursor)[call]
        assert told.kind is Kind.CALL
        assert told.key is None
        assert deal.id in told.relations
        assert fields_of(told, CALL_ITEM.fields) == fields_of(CALL_ITEM.fields, CALL_ITEM.fields)

    def test_a_record_that_a_person_removed_is_told_as_removed(self, crm: CRM) -> None:
        deal = make(crm, DEAL_ITEM)
        cursor = self.cursor(crm)
        assert isinstance(crm.discard(DEAL, deal.id), Done)
        self.settle(crm)
        changes = crm.changes(cursor)
        assert (Kind.DEAL, deal.id) in changes.removed
        assert deal.id not in {remote.id for remote in changes.records}
        assert crm.look_up({DEAL: deal.id}) == {}

    def test_a_person_cannot_edit_what_is_gone(self, crm: CRM) -> None:
        deal = make(crm, DEAL_ITEM)
        done(crm.remove([(DEAL, deal.id)]))
        assert isinstance(crm.edit(Change(DEAL, deal.id, {"stage": "offer"})), Refused)
        assert isinstance(crm.discard(DEAL, deal.id), Done)

    # --- find

    def test_a_company_of_a_person_is_found_by_its_domain(self, crm: CRM) -> None:
        theirs = self.add_as_person(crm, Kind.COMPANY, {"name": "Quince Gruppe", "domain": "quince.example"})
        self.add_as_person(crm, Kind.COMPANY, {"name": "Quince & Sons", "domain": "other.example"})
        assert self.found(crm, COMPANY_ITEM) == theirs

    @pytest.mark.parametrize("name", ["Quince & Sons", "  QUINCE &  sons ", "Quince & Sons."])
    def test_a_company_is_found_by_exactly_one_match_of_its_name(self, crm: CRM, name: str) -> None:
        theirs = self.add_as_person(crm, Kind.COMPANY, {"name": name})
        self.add_as_person(crm, Kind.COMPANY, {"name": "Quince & Sons Holding"})
        assert self.found(crm, Item(COMPANY, {"name": "Quince & Sons", "domain": None})) == theirs

    def test_two_companies_of_one_name_are_nobody(self, crm: CRM) -> None:
        for _ in range(2):
            self.add_as_person(crm, Kind.COMPANY, {"name": "Quince & Sons"})
        assert self.found(crm, Item(COMPANY, {"name": "Quince & Sons"})) is None

    def test_two_domains_are_never_one_company(self, crm: CRM) -> None:
        self.add_as_person(crm, Kind.COMPANY, {"name": "Quince & Sons", "domain": "other.example"})
        assert self.found(crm, COMPANY_ITEM) is None

    def test_a_contact_is_found_by_its_address_in_any_case(self, crm: CRM) -> None:
        theirs = self.add_as_person(crm, Kind.CONTACT, {"name": "A. Q.", "email": "Ada@Quince.example"})
        self.add_as_person(crm, Kind.CONTACT, {"name": "Ada Quince", "email": "ada@medlar.example"})
        assert self.found(crm, CONTACT_ITEM) == theirs

    def test_a_record_with_our_key_is_never_found(self, crm: CRM) -> None:
        make(crm, COMPANY_ITEM)
        twin = Item(Key(Kind.COMPANY, "", mint("company", "", "a twin")), COMPANY_ITEM.fields)
        assert self.found(crm, twin) is None

    def test_a_removed_record_is_never_found(self, crm: CRM) -> None:
        theirs = self.add_as_person(crm, Kind.COMPANY, COMPANY_ITEM.fields)
        crm.discard(COMPANY, theirs)
        assert self.found(crm, COMPANY_ITEM) is None

    def test_a_deal_of_a_person_is_never_found(self, crm: CRM) -> None:
        self.add_as_person(crm, Kind.DEAL, DEAL_ITEM.fields)
        assert self.found(crm, DEAL_ITEM) is None

    def test_one_record_answers_one_item_at_most(self, crm: CRM) -> None:
        self.add_as_person(crm, Kind.COMPANY, COMPANY_ITEM.fields)
        twin = Item(Key(Kind.COMPANY, "", mint("company", "", "a twin")), {"name": "Quince & Sons"})
        self.settle(crm)
        assert len(crm.find([COMPANY_ITEM, twin])) == 1

    @pytest.mark.parametrize("fields", [{}, {"domain": "quince.example"}])
    def test_a_found_record_is_adopted_by_an_update(self, crm: CRM, fields: Fields) -> None:
        theirs = self.add_as_person(crm, Kind.COMPANY, {"name": "Quince & Sons"})
        (after,) = done(crm.update([Change(COMPANY, theirs, fields)]))
        assert after.key == COMPANY
        assert crm.look_up({COMPANY: None})[COMPANY].id == theirs
        assert self.found(crm, COMPANY_ITEM) is None
        assert make(crm, COMPANY_ITEM).id == theirs
