"""A column that may be a status, and that nobody understands, is told and changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from crm_sync.domain.options import ReadingOptions
from crm_sync.domain.tables import Document
from crm_sync.reading import understand
from crm_sync.reading.doubts import doubts_of
from tests.reading.grids_by_hand import TODAY, answers_of, document_of, grid

COMPANIES = ("Oakmere", "Elmstead", "Ashby Vale", "Corvin", "Dunmore", "Fenwick", "Gale Hill", "Harrow")
SEASONS = ("schmort", "brodelt", "kalt", "brodelt")


def tracker(header: str, words: Sequence[str], count: int = 8, more: Sequence[str] = ()) -> Document:
    """Return a list of applications with a column whose words come round and round."""
    rows = [
        [f"{COMPANIES[at % 8]} {at}", "Analyst", date(2026, 3, 1) + timedelta(at), words[at % len(words)]]
        for at in range(count)
    ]
    return document_of(grid([["Company", "Role", "Date Applied", header, *more], *rows]))


def notes(document: Document, **columns: str) -> tuple[str, ...]:
    return understand(document, ReadingOptions(today=TODAY, columns=columns)).notes


def headers(document: Document) -> list[str]:
    plans = understand(document, ReadingOptions(today=TODAY)).plans
    return [doubt.header for plan in plans for doubt in doubts_of(plan)]


def test_it_is_told_with_its_words_and_what_to_say() -> None:
    assert notes(tracker("Topf am Herd", SEASONS)) == (
        'the column "Topf am Herd" may be a status, but neither it nor its words are known '
        '("brodelt", "schmort", "kalt"), so no stage was read from it; if it is one, '
        "say --column stage='Topf am Herd', or say so under columns in the configuration",
    )


def test_of_many_words_the_commonest_are_named() -> None:
    words = ["brodelt", "brodelt", "gar", "roh", "kalt", "lau", "zu", "aus"]
    (told,) = notes(tracker("Topf am Herd", words, 24))
    assert '("brodelt", "gar", "roh", "kalt", "lau", "zu", ...)' in told


def test_no_row_is_read_otherwise_for_it() -> None:
    with_it, without = tracker("Topf", SEASONS), tracker("", ("",))
    assert headers(with_it) == ["Topf"]
    assert answers_of(with_it) == answers_of(without)


def test_who_says_what_it_is_hears_no_more_of_it() -> None:
    document = tracker("Topf", SEASONS)
    assert notes(document, stage="Topf") == notes(document, notes="Topf") == ()
    assert {stage for *_, stage in answers_of(document, columns={"stage": "Topf"})} == {"unknown"}
    assert {stage for *_, stage in answers_of(document, columns={"notes": "Topf"})} == {"applied"}


def test_inspect_tells_it_as_data() -> None:
    (table,) = understand(tracker("Topf", SEASONS), ReadingOptions(today=TODAY)).as_data()["tables"]
    words = [
        {"word": "brodelt", "count": 4},
        {"word": "schmort", "count": 2},
        {"word": "kalt", "count": 2},
    ]
    assert table["doubts"] == [{"header": "Topf", "field": "stage", "words": words}]
    (column,) = (each for each in table["columns"] if each["header"] == "Topf")
    assert (column["field"], column["why"]) == (None, "not known; it may be the status")


def test_some_words_of_a_status_among_others_put_it_first() -> None:
    one, other = ("kalt", "warmlich"), ("Rejected", "gar", "roh", "gar")
    rows = [
        [f"{COMPANIES[at]}", "Analyst", date(2026, 3, 1), one[at % 2], other[at % 4], one[at % 2]]
        for at in range(8)
    ]
    header = ["Company", "Role", "Date Applied", "Zarn", "Topf", "Quell"]
    assert headers(document_of(grid([header, *rows]))) == ["Topf", "Zarn"]


OTHERS: dict[str, tuple[str, Sequence[str]]] = {
    "a way of working": ("Zarn", ("Remote", "On-site", "Hybrid")),
    "a weight": ("Zarn", ("High", "Medium", "Low")),
    "a contract": ("Zarn", ("Full-time", "Part time", "Befristet")),
    "a board": ("Zarn", ("LinkedIn", "Indeed", "StepStone", "XING")),
    "a system": ("Zarn", ("Workday", "Greenhouse", "Lever")),
    "a country": ("Zarn", ("Deutschland", "Austria", "Schweiz")),
    "a city with its state": ("Zarn", ("Boise, ID", "Albany, NY")),
    "codes": ("Zarn", ("JO-11", "JO-12")),
    "letters": ("Zarn", ("a", "b")),
    "files": ("Zarn", ("short.pdf", "long.pdf")),
    "yes and no": ("Zarn", ("yes", "no")),
    "one word for all": ("Zarn", ("schmort",)),
    "sentences": ("Zarn", ("They wrote that they will think about it", "Somebody else was there before me")),
    "a known header": ("City", ("Leipzig", "Kassel")),
    "a known header of what is not used": ("Priority", ("brodelt", "kalt")),
}


@pytest.mark.parametrize("what", OTHERS)
def test_what_is_plainly_something_else_is_no_doubt(what: str) -> None:
    header, words = OTHERS[what]
    assert headers(tracker(header, words, 12)) == []


def test_words_that_hardly_come_again_are_no_doubt() -> None:
    assert headers(tracker("Topf", [f"brodel{mark}" for mark in "abcdefgh"])) == []
    assert headers(tracker("Topf", SEASONS, 5)) == []


def test_where_a_status_is_understood_there_is_no_doubt() -> None:
    rows = [[*row, "Rejected"] for row in tracker("Topf", SEASONS).tables[0].rows[1:]]
    head = ["Company", "Role", "Date Applied", "Topf"]
    assert headers(document_of(grid([[*head, "Status"], *rows]))) == []
    assert headers(document_of(grid([[*head, "Interview"], *rows]))) == []
    assert headers(document_of(grid([head, *rows], sheet="Rejected"))) == []


def test_the_day_of_an_interview_alone_tells_no_status() -> None:
    rows = [[*row, date(2026, 4, 1)] for row in tracker("Topf", SEASONS).tables[0].rows[1:]]
    header = ["Company", "Role", "Date Applied", "Topf", "Interview date"]
    assert headers(document_of(grid([header, *rows]))) == ["Topf"]
