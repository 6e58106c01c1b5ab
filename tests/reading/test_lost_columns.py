"""A column that a product's export no longer has is told, and what is known of others stands in for it."""

from __future__ import annotations

from typing import Any

from tests.reading.test_descriptions import HEAD, of_table, read, understood

DAYS = "fields:\n  company: Firm\n  job_title: Role\n  applied_on: "


def lost(text: str, *rows: list[Any]) -> list[str]:
    """Return what is told of lost columns."""
    return [lost.told for reader in understood(text, of_table(*rows)).readers for lost in reader.layout.lost]


def test_an_optional_column_before_one_that_is_needed_leaves_it_needed() -> None:
    text = HEAD + DAYS + "Sent\n  notes: [{from: Remark, optional: yes}, Text]\n"
    assert lost(text, ["Firm", "Role", "Sent"], ["Acme", "Cook", "2027-01-02"]) == [
        'the column "Text" is not there any more; notes stays empty'
    ]
    assert not lost(text, ["Firm", "Role", "Sent", "Text"], ["Acme", "Cook", "2027-01-02", "x"])


def test_a_flagged_day_is_no_match_for_the_one_that_was_lost() -> None:
    text = HEAD + DAYS + "[Sent, {from: Began, flag: applied_from_created}]\n"
    rows = (["Firm", "Role", "Began"], ["Acme", "Cook", "2027-01-02"])
    assert lost(text, *rows) == [
        'the column "Sent" is not there any more; applied on is read from "Began" (flagged)'
    ]
    (one,) = read(text, of_table(*rows))
    assert (str(one.applied_on), one.flags) == ("2027-01-02", ("applied_from_created",))


def test_a_day_of_entry_stands_in_only_for_what_was_sent_and_flagged() -> None:
    text = HEAD + DAYS + "Sent\nstage: State\n"
    rows = (
        ["Firm", "Role", "State", "Date added"],
        ["Acme", "Cook", "Wishlist", "2027-01-02"],
        ["Bolt", "Chef", "Applied", "2027-01-03"],
    )
    assert [(str(one.applied_on), one.flags) for one in read(text, of_table(*rows))] == [
        ("None", ()),
        ("2027-01-03", ("applied_from_created",)),
    ]


def test_a_lost_sign_of_the_end_is_told_and_a_lost_status_is_stood_in_for_before_weaker_signs() -> None:
    text = HEAD + DAYS + "Sent\nstage:\n  - {from: Hidden, ends: closed}\n  - State\n"
    text += "  - {from: Sent, means: applied}\n"
    rows = (
        ["Firm", "Role", "Sent", "Status"],
        ["Acme", "Cook", "2027-01-02", "Rejected"],
        ["Bolt", "Chef", "2027-01-03", "Offer"],
    )
    assert lost(text, *rows) == [
        'the column "State" is not there any more; stage is read from "Status" (known header)',
        'the column "Hidden" is not there any more; stage is told without it',
    ]
    assert [str(one.stage) for one in read(text, of_table(*rows))] == ["rejected", "offer"]


IDS = HEAD + DAYS + "Sent\n  external_id: "


def test_an_id_is_read_from_another_column_only_where_that_differs_in_every_row() -> None:
    rows = [["Firm", "Role", "Sent", "Job ID"], *(["Acme", "Cook", f"2027-01-0{n}", "J1"] for n in (2, 3))]
    assert lost(IDS + "Id\n", *rows) == ['the column "Id" is not there any more; external id stays empty']
    assert [one.external_id for one in read(IDS + "Id\n", of_table(*rows))] == [None, None]
    rows[2] = ["Acme", "Cook", "2027-01-03", "J2"]
    assert [one.external_id for one in read(IDS + "Id\n", of_table(*rows))] == ["J1", "J2"]


def test_half_an_id_is_none_and_makes_no_two_records_one() -> None:
    text = IDS + "{join: [Person, Job], with: '/'}\n"
    rows = [["Firm", "Role", "Sent", "Person"], *(["Acme", "Cook", f"2027-01-0{n}", "P1"] for n in (2, 3))]
    assert lost(text, *rows) == [
        'the column "Job" is not there any more; external id is not made of the rest'
    ]
    assert [one.external_id for one in read(text, of_table(*rows))] == [None, None]


def test_a_lost_part_of_a_name_is_told_and_the_rest_is_read() -> None:
    text = HEAD + DAYS + "Sent\n  contact_name: {join: [First, Last]}\n"
    rows = (["Firm", "Role", "Sent", "Last"], ["Acme", "Cook", "2027-01-02", "Roe"])
    assert lost(text, *rows) == ['the column "First" is not there any more; contact name is told without it']
    assert [one.contact_name for one in read(text, of_table(*rows))] == ["Roe"]
    assert not lost(text.replace("Last]}", "Last], optional: yes}"), *rows)


def test_a_title_that_may_be_missing_is_told_where_no_company_stands_in_for_it() -> None:
    head = HEAD.replace("Role", "Sent")
    text = head + "fields:\n  applied_on: Sent\n  job_title: {from: [Role, Post], optional: yes}\n"
    rows = (["Firm", "Sent", "State"], ["Acme", "2027-01-02", "x"])
    assert lost(text, *rows) == ['the column "Role" is not there any more; job title stays empty']
