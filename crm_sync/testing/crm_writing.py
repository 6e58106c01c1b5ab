"""The contract of every CRM, first part: what is written is there, each entry for itself."""

from __future__ import annotations

from datetime import datetime

import pytest

from crm_sync.domain.items import Change, Item, RemoteId
from crm_sync.domain.keys import Key, task_id
from crm_sync.ports import CRM, Done, Refused
from crm_sync.testing.crm_samples import (
    BY_KIND,
    COMPANY,
    COMPANY_ITEM,
    CONTACT,
    DEAL,
    DEAL_ITEM,
    OTHER_DEAL,
    OTHER_DEAL_ITEM,
    TASK,
    TASK_ITEM,
    CrmHooks,
    by_key,
    changed,
    done,
    fields_of,
    make,
    numbered_deal,
    parents_of,
    replaced,
    seen,
)

HOSTILE = [
    pytest.param("<script>alert(1)</script><b>bold</b> & \"quotes\" 'n' &amp;", id="html"),
    pytest.param("=HYPERLINK(\"https://evil.example\")|cmd' /C calc'!A0", id="formula"),
    pytest.param("'); DROP TABLE crm_records; -- %s :name {0} \\", id="sql"),
    pytest.param("株式会社サンプル · Ελλάδα · שלום · 👩🏽‍🌾 · é vs é", id="scripts"),
    pytest.param("first line\nsecond line\ttabbed", id="lines"),
]


class WritingPromises(CrmHooks):
    """What a CRM promises to the builder of a plan."""

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

    @pytest.mark.parametrize("text", ["plain", "  spaced  ", "", "nul\0inside", "half\ud800", None])
    def test_what_is_answered_as_told_stands_so(self, crm: CRM, text: str | None) -> None:
        ids = parents_of(crm, DEAL_ITEM)
        del ids[CONTACT]
        items = [changed(DEAL_ITEM, location=text), OTHER_DEAL_ITEM, changed(TASK_ITEM, open=None)]
        answers = list(crm.create(items[:2], ids))
        ids |= {answer.key: answer.remote.id for answer in answers if isinstance(answer, Done)}
        answers += crm.create(items[2:], ids)
        told = {answer.key for answer in answers if isinstance(answer, Done) and answer.as_told}
        for item in (item for item in items if item.key in told):
            held = crm.look_up({item.key: None})[item.key]
            assert item.fields.items() <= held.fields.items()
            assert {ids.get(parent) for parent in item.parents} <= held.relations

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
