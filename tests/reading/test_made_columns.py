"""What a description makes of columns: names of its own, halves, days that wait for the stage."""

from __future__ import annotations

import pytest

from crm_sync.domain.stages import Stage
from crm_sync.errors import ConfigError, SourceError
from crm_sync.reading.description import parse
from tests.reading.test_descriptions import HEAD, PLAIN, of_json, of_table, read, reasons, understood

BOARD = """
name: board
title: Board
records: [cards]
signature: {all: [list_id, name]}
sides:
  lists: {records: [$.lists], key: id}
columns:
  list: {from: list_id, look_up: lists, take: name}
  loud: {from: list, find: '^(LOUD.*)'}
fields:
  company: {from: name, half: company}
  job_title: {from: name, half: job_title}
  notes: loud
skip:
  - {when: {list: Links}, reason: a link}
stage: list
"""
CARDS = {
    "lists": [{"id": 1, "name": "LOUD Applied"}, {"id": 2, "name": "Links"}],
    "cards": [{"list_id": 1, "name": "Acme - Cook"}, {"list_id": 2, "name": "Bolt - Chef"}],
}


def test_a_made_column_is_asked_by_rules_and_conditions_and_by_later_ones() -> None:
    (one,) = read(BOARD, of_json(CARDS))
    assert (one.company, one.job_title, one.notes, one.stage) == (
        "Acme", "Cook", "LOUD Applied", Stage.APPLIED
    )  # fmt: skip
    assert reasons(BOARD, of_json(CARDS)) == [(1, "a link")]


def test_what_is_cut_is_no_part_of_the_text() -> None:
    text = PLAIN.replace("company: Firm", r"company: {from: Firm, cut: ['\s*\(x\)', 'zz']}")
    found = read(text, of_table(["Firm", "Role"], ["Acme (x)", "Cook"], ["zz", "Chef"]))
    assert [one.company for one in found] == ["Acme", None]


def test_a_day_that_does_not_count_at_a_stage_waits_until_the_stage_is_known() -> None:
    text = HEAD + (
        "fields:\n  company: Firm\n  job_title: Role\n"
        "  applied_on: [Sent, {from: Added, flag: applied_from_created, unless: [saved]}]\n"
        "stage: State\n"
    )
    rows = (
        ["Firm", "Role", "State", "Sent", "Added"],
        ["Acme", "Cook", "Wishlist", "", "2027-01-02"],
        ["Bolt", "Chef", "Applied", "", "2027-01-03"],
        ["Cedar", "Baker", "Applied", "2027-01-09", "2027-01-04"],
    )
    found = read(text, of_table(*rows))
    assert [(str(one.applied_on), one.flags) for one in found] == [
        ("None", ()),
        ("2027-01-03", ("applied_from_created",)),
        ("2027-01-09", ()),
    ]


def test_the_rest_of_a_text_that_broke_its_line_is_no_record() -> None:
    rows = (["Firm", "Role", "Note"], ["Acme", "Cook", "they said"], ["it looks good"])
    text = PLAIN.replace(", applied_on: Sent", "")
    assert [one.company for one in read(text, of_table(*rows))] == ["Acme"]
    assert reasons(text, of_table(*rows)) == [(3, "a line without columns")]


def test_a_header_that_repeats_itself_is_no_record() -> None:
    rows = (["Firm", "Role"], ["Acme", "Cook"], ["Firm", "Role"], ["Bolt", "Chef"])
    text = PLAIN.replace(", applied_on: Sent", "")
    assert [(one.row, one.company) for one in read(text, of_table(*rows))] == [(2, "Acme"), (4, "Bolt")]
    assert not reasons(text, of_table(*rows))


def test_a_table_without_applications_is_refused_in_the_words_of_its_description() -> None:
    text = "name: a\ntitle: A\nsignature: {all: [Firm, Beds]}\nrefuse: a list of hotels\n"
    with pytest.raises(SourceError, match="a list of hotels"):
        understood(text, of_table(["Firm", "Beds"], ["Acme", "2"]))


@pytest.mark.parametrize(
    "wrong", ["{from: Firm, half: role}", "{from: Firm, cut: '('}", "{from: Firm, unless: maybe}"]
)
def test_what_makes_no_sense_is_told_with_its_line(wrong: str) -> None:
    with pytest.raises(ConfigError) as told:
        parse(HEAD + f"fields: {{company: {wrong}}}", "tracker.yaml")
    assert told.value.line == 4
