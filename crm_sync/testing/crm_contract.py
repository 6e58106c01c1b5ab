"""What every CRM promises, as tests: inherit ``CrmContract``, say how to make one, run pytest.

    class TestMyCrm(CrmContract):
        def make_crm(self) -> CRM:
            return MyCrm(...)

The contract is that of ``crm_sync.ports.CRM``. It asks for nothing that HubSpot cannot give: an answer may
differ from what was told (texts are rewritten), ``changes`` may repeat itself and tell of our own writes,
a task is found by its key through its deal, and a contact always has an address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import cast

import pytest

from crm_sync.domain.items import Change, Fields, Item, Remote, RemoteId
from crm_sync.domain.keys import Key, Kind, mint, task_id
from crm_sync.ports import CRM, Browsable, Cursor, Done, Outcome, Refused

COMPANY = Key(Kind.COMPANY, "", mint("company", "", "quince.example"))
CONTACT = Key(Kind.CONTACT, "", mint("contact", "", "ada@quince.example"))
DEAL = Key(Kind.DEAL, "me", mint("deal", "me", "quince, gardener"))
OTHER_DEAL = Key(Kind.DEAL, "me", mint("deal", "me", "quince, beekeeper"))
TASK = Key(Kind.TASK, "me", task_id(DEAL.id, 1, 1))
CALL = Key(Kind.CALL, "me", mint("call", "me", "the first call"))

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

HOSTILE = [
    pytest.param("<script>alert(1)</script><b>bold</b> & \"quotes\" 'n' &amp;", id="html"),
    pytest.param("=HYPERLINK(\"https://evil.example\")|cmd' /C calc'!A0", id="formula"),
    pytest.param("'); DROP TABLE crm_records; -- %s :name {0} \\", id="sql"),
    pytest.param("株式会社サンプル · Ελλάδα · שלום · 👩🏽‍🌾 · é vs é", id="scripts"),
    pytest.param("first line\nsecond line\ttabbed", id="lines"),
]


class CrmContract:
    """The promises of a CRM; every test begins with an empty account.

    Hooks: ``make_crm`` (required); ``add_as_person`` makes a record as a person does in the CRM itself;
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

    @pytest.fixture
    def crm(self) -> Iterator[CRM]:
        crm = self.make_crm()
        yield crm
        close: Callable[[], None] | None = getattr(crm, "close", None)
        if close is not None:
            close()

    # --- who

    def test_it_says_who_it_is_and_says_the_same_again(self, crm: CRM) -> None:
        account = crm.check()
        assert account.name
        assert account.kind
        assert account == crm.check()

    def test_it_says_how_many_records_it_takes_at_once(self, crm: CRM) -> None:
        assert crm.batch_size > 0

    # --- create

    @pytest.mark.parametrize("item", BY_KIND)
    def test_a_record_is_made_with_the_fields_it_was_told(self, crm: CRM, item: Item) -> None:
        ids = parents_of(crm, item)
        (made,) = done(crm.create([item], ids))
        assert made.kind is item.key.kind
        assert fields_of(made, item.fields) == fields_of(item.fields, item.fields)
        assert seen(crm, item.key, made) == made.fields

    @pytest.mark.parametrize("item", BY_KIND)
    def test_the_same_key_twice_yields_one_record(self, crm: CRM, item: Item) -> None:
        ids = parents_of(crm, item)
        first = done(crm.create([item], ids))
        again = done(crm.create([item], ids))
        assert first[0].id == again[0].id

    @pytest.mark.parametrize("item", BY_KIND)
    def test_the_same_key_twice_in_one_call_yields_one_record(self, crm: CRM, item: Item) -> None:
        made = done(crm.create([item, item], parents_of(crm, item)))
        assert len(made) == 2
        assert made[0].id == made[1].id

    def test_the_relations_that_are_told_are_parents_that_were_given(self, crm: CRM) -> None:
        ids = parents_of(crm, DEAL_ITEM)
        (deal,) = done(crm.create([DEAL_ITEM], {COMPANY: ids[COMPANY]}))
        assert ids[CONTACT] not in deal.relations

    def test_a_parent_that_is_gone_is_never_told_as_connected(self, crm: CRM) -> None:
        company = make(crm, COMPANY_ITEM)
        done(crm.remove([(COMPANY, company.id)]))
        (outcome,) = crm.create([OTHER_DEAL_ITEM], {COMPANY: company.id})
        assert not isinstance(outcome, Done) or company.id not in outcome.remote.relations

    def test_nothing_is_made_of_nothing(self, crm: CRM) -> None:
        assert list(crm.create([], {})) == []
        assert list(crm.update([])) == []
        assert list(crm.connect([])) == []
        assert list(crm.remove([])) == []
        assert crm.look_up({}) == {}
        assert crm.find([]) == {}

    # --- every entry for itself

    def test_one_hopeless_item_does_not_take_the_others_with_it(self, crm: CRM) -> None:
        deal = make(crm, DEAL_ITEM)
        tasks = [replaced(TASK_ITEM, task_id(DEAL.id, 1, number)) for number in (3, 4)]
        outcomes = by_key(crm.create([tasks[0], self.hopeless, tasks[1]], {DEAL: deal.id}))
        assert isinstance(outcomes[tasks[0].key], Done)
        assert isinstance(outcomes[tasks[1].key], Done)
        refusal = outcomes[self.hopeless.key]
        assert isinstance(refusal, Refused)
        assert refusal.reason

    def test_a_refused_item_leaves_nothing_behind(self, crm: CRM) -> None:
        deal = make(crm, DEAL_ITEM)
        list(crm.create([self.hopeless], {DEAL: deal.id}))
        assert crm.look_up({self.hopeless.key: None}) == {}

    def test_more_than_a_batch_is_answered_entry_by_entry(self, crm: CRM) -> None:
        count = crm.batch_size + 3
        items = [numbered_deal(number) for number in range(count)]
        made = by_key(crm.create(items, {}))
        assert made.keys() == {item.key for item in items}
        assert len({outcome.remote.id for outcome in made.values() if isinstance(outcome, Done)}) == count
        found = crm.look_up({item.key: None for item in items})
        assert {key: remote.fields["name"] for key, remote in found.items()} == {
            item.key: item.fields["name"] for item in items
        }

    def test_the_order_of_entries_does_not_matter(self, crm: CRM) -> None:
        items = [numbered_deal(number) for number in range(5)]
        made = {remote.key: remote for remote in done(crm.create(items, {}))}
        changes = [Change(i.key, made[i.key].id, {"location": f"Town {n}"}) for n, i in enumerate(items)]
        gone = Change(numbered_deal(9).key, RemoteId("987654321"), {"location": "Nowhere"})
        outcomes = by_key(crm.update([gone, *reversed(changes)]))
        assert isinstance(outcomes.pop(gone.key), Refused)
        for change in changes:
            answer = outcomes[change.key]
            assert isinstance(answer, Done)
            assert answer.remote.fields["location"] == change.fields["location"]
            assert answer.remote.id == change.remote_id

    # --- texts

    @pytest.mark.parametrize("text", HOSTILE)
    def test_a_name_is_kept_whatever_is_in_it(self, crm: CRM, text: str) -> None:
        make(crm, Item(COMPANY, {"name": text, "domain": "quince.example"}))
        assert crm.look_up({COMPANY: None})[COMPANY].fields["name"] == text

    def test_a_very_long_text_is_kept_whole(self, crm: CRM) -> None:
        text = "Ünïcödé " * 4_000 + "end"
        deal = make(crm, DEAL_ITEM)
        (task,) = done(crm.create([changed(TASK_ITEM, body=text)], {DEAL: deal.id}))
        assert fields_of(seen(crm, TASK, task), ["body"]) == {"body": text}

    @pytest.mark.parametrize("text", ["  spaced  ", "", "   ", "tail\n\n", "nul\0inside", "half\ud800"])
    def test_what_an_answer_tells_is_what_is_seen_later(self, crm: CRM, text: str) -> None:
        answers = [*crm.create([changed(DEAL_ITEM, location=text), OTHER_DEAL_ITEM], {})]
        told = {answer.key: answer.remote for answer in answers if isinstance(answer, Done)}
        assert OTHER_DEAL in told
        found = crm.look_up(dict.fromkeys(told))
        assert {key: remote.fields for key, remote in found.items()} == {
            key: remote.fields for key, remote in told.items()
        }

    @pytest.mark.parametrize("empty", [None, ""])
    def test_an_empty_field_is_none(self, crm: CRM, empty: str | None) -> None:
        deal = make(crm, DEAL_ITEM)
        (after,) = done(crm.update([Change(DEAL, deal.id, {"location": empty})]))
        assert after.fields.get("location") is None
        assert crm.look_up({DEAL: None})[DEAL].fields.get("location") is None

    # --- look_up

    @pytest.mark.parametrize("item", BY_KIND)
    def test_own_writes_are_seen_at_once_by_id_and_by_key(self, crm: CRM, item: Item) -> None:
        made = make(crm, item)
        assert crm.look_up({item.key: made.id})[item.key].id == made.id
        if item.key.kind not in self.keyless:
            assert crm.look_up({item.key: None})[item.key].id == made.id

    @pytest.mark.parametrize("item", BY_KIND)
    def test_a_record_carries_our_key(self, crm: CRM, item: Item) -> None:
        if item.key.kind not in self.keyless:
            assert make(crm, item).key == item.key
            assert crm.look_up({item.key: None})[item.key].key == item.key

    def test_what_is_not_there_is_left_out(self, crm: CRM) -> None:
        make(crm, DEAL_ITEM)
        wanted: dict[Key, RemoteId | None] = {
            DEAL: None,
            OTHER_DEAL: None,
            COMPANY: RemoteId("987654321"),
            TASK: RemoteId("no number"),
        }
        assert crm.look_up(wanted).keys() == {DEAL}

    def test_many_are_looked_up_at_once(self, crm: CRM) -> None:
        items = [numbered_deal(number) for number in range(250)]
        made = by_key(crm.create(items, {}))
        absent = [numbered_deal(number).key for number in range(250, 300)]
        found = crm.look_up(dict.fromkeys([*made, *absent]))
        assert found.keys() == made.keys()

    # --- update

    def test_fields_that_are_not_named_are_left_alone(self, crm: CRM) -> None:
        deal = make(crm, DEAL_ITEM)
        (after,) = done(crm.update([Change(DEAL, deal.id, {"location": "Nantes"})]))
        assert fields_of(after, DEAL_ITEM.fields) == {**DEAL_ITEM.fields, "location": "Nantes"}
        assert seen(crm, DEAL, after) == after.fields

    def test_writing_the_same_again_changes_nothing(self, crm: CRM) -> None:
        deal = make(crm, DEAL_ITEM)
        change = Change(DEAL, deal.id, {"location": "Nantes"})
        once, twice = done(crm.update([change])), done(crm.update([change]))
        assert once[0].fields == twice[0].fields

    def test_a_record_that_is_gone_is_not_updated(self, crm: CRM) -> None:
        deal = make(crm, DEAL_ITEM)
        done(crm.remove([(DEAL, deal.id)]))
        outcomes = by_key(
            crm.update(
                [
                    Change(DEAL, deal.id, {"location": "Nantes"}),
                    Change(OTHER_DEAL, RemoteId("987654321"), {"location": "Nantes"}),
                ]
            )
        )
        assert all(isinstance(outcome, Refused) for outcome in outcomes.values())
        assert len(outcomes) == 2
        assert crm.look_up({DEAL: deal.id}) == {}

    def test_a_completed_task_tells_when_and_forgets_it_when_opened_again(self, crm: CRM) -> None:
        task = make(crm, TASK_ITEM)
        assert task.fields["open"] is True
        assert task.fields.get("completed_at") is None
        (closed,) = done(crm.update([Change(TASK, task.id, {"open": False})]))
        assert closed.fields["open"] is False
        assert datetime.fromisoformat(str(closed.fields["completed_at"])).tzinfo is not None
        (opened,) = done(crm.update([Change(TASK, task.id, {"open": True})]))
        assert opened.fields["open"] is True
        assert opened.fields.get("completed_at") is None

    def test_a_task_that_stays_closed_keeps_the_time_of_its_end(self, crm: CRM) -> None:
        task = make(crm, TASK_ITEM)
        (closed,) = done(crm.update([Change(TASK, task.id, {"open": False})]))
        (later,) = done(crm.update([Change(TASK, task.id, {"open": False, "body": "Cancelled."})]))
        assert later.fields["completed_at"] == closed.fields["completed_at"]

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
        assert {company.id, contact.id} <= connected.relations

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
        company = self.add_as_person(crm, Kind.COMPANY, {"name": "Medlar Ltd"})
        crm.edit(Change(DEAL, deal.id, {"stage": "interviewing"}))
        told = self.told(crm, None)
        assert told[deal.id].fields["stage"] == "interviewing"
        assert told[company].fields["name"] == "Medlar Ltd"
        assert told[company].key is None

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

    # --- in the hooks' words

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
    return crm.look_up({key: made.id})[key].fields


def fields_of(told: Remote | Fields, names: Mapping[str, object] | Sequence[str]) -> dict[str, object]:
    """Return the named fields, times as instants: a CRM may write them in its own way."""
    fields = told.fields if isinstance(told, Remote) else told
    return {
        name: datetime.fromisoformat(str(fields[name])) if name in ("due_at", "at") else fields.get(name)
        for name in names
    }


def numbered_deal(number: int) -> Item:
    key = Key(Kind.DEAL, "me", mint("deal", "me", f"deal {number}"))
    return Item(key, {"name": f"Deal {number}", "stage": "applied"})


def replaced(item: Item, ident: str) -> Item:
    return Item(Key(item.key.kind, item.key.owner, ident), item.fields, item.parents)


def changed(item: Item, **fields: str) -> Item:
    return Item(item.key, {**item.fields, **fields}, item.parents)
