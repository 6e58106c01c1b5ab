"""Rows of two sources that may be one application: what joins them, and what keeps them apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from crm_sync.domain.applications import Application
from crm_sync.domain.stages import Stage
from tests.planning.looks import DAY, Book, keys, new, row

SHEET, LINKEDIN = "sheet.csv", "linkedin.zip"
LINK = "https://www.linkedin.com/jobs/view/4012345678"


def second_look(mine: Application, theirs: Application) -> tuple[str, str]:
    """Return the keys of a row of the sheet and of a row of another source that is read after it."""
    book = Book()
    first = keys(book.look([mine], SHEET))[mine.row]
    return first, keys(book.look([theirs], LINKEDIN))[theirs.row]


@pytest.mark.parametrize("gap", [0, 1, 7, -7])
def test_company_and_title_within_a_week_are_one_application(gap: int) -> None:
    one, other = second_look(
        row(2), row(5, "ACME Inc.", "data engineer", on=DAY + timedelta(days=gap), connector="linkedin")
    )
    assert one == other


@pytest.mark.parametrize("gap", [8, -8, 200])
def test_company_and_title_more_than_a_week_apart_are_two(gap: int) -> None:
    one, other = second_look(row(2), row(5, on=DAY + timedelta(days=gap), connector="linkedin"))
    assert one != other


@pytest.mark.parametrize(("mine", "theirs"), [(DAY, None), (None, DAY), (None, None)])
def test_a_date_that_is_missing_joins_nothing(mine: object, theirs: object) -> None:
    one, other = second_look(row(2, on=mine), row(5, on=theirs, connector="linkedin"))  # type: ignore[arg-type]
    assert one != other


def test_a_list_without_dates_that_was_saved_under_another_name_is_the_same_list() -> None:
    one, other = second_look(row(2, on=None, note="by e-mail"), row(2, on=None, note="by e-mail"))
    assert one == other


def test_the_job_url_joins_whatever_the_title_is_called() -> None:
    one, other = second_look(
        row(2, title="Engineer (data)", url=LINK),
        row(5, title="Data Engineer", url=LINK, connector="linkedin"),
    )
    assert one == other


def test_links_of_one_site_that_differ_keep_apart() -> None:
    one, other = second_look(row(2, url=LINK), row(5, url=LINK[:-1] + "9", connector="linkedin"))
    assert one != other


def test_links_of_two_sites_do_not_keep_apart() -> None:
    one, other = second_look(
        row(2, url=LINK), row(5, url="https://acme.example/jobs/view/77001", connector="x")
    )
    assert one == other


def test_ids_of_one_connector_that_differ_keep_apart() -> None:
    one, other = second_look(row(2, ident="a-1"), row(5, ident="a-2"))
    assert one != other


def test_two_rows_of_one_source_are_never_joined_by_another_source() -> None:
    book = Book()
    two = [row(2), row(3, on=DAY + timedelta(days=3))]
    first = keys(book.look(two, SHEET))
    third = keys(book.look([row(9, on=DAY + timedelta(days=1), connector="linkedin")], LINKEDIN))
    again = book.look(two, SHEET)

    assert len(set(first.values())) == 2
    assert third[9] in first.values()
    assert keys(again) == first
    assert new(again) == []


def test_one_row_joins_one_application_and_the_other_row_is_its_own() -> None:
    book = Book()
    mine = keys(book.look([row(2)], SHEET))
    theirs = book.look([row(5, place="Bonn"), row(6, place="Ulm")], LINKEDIN)
    assert len(set(keys(theirs).values())) == 2
    assert len(set(keys(theirs).values()) & set(mine.values())) == 1


def test_an_address_that_is_added_later_does_not_join_two_that_are_known() -> None:
    book = Book()
    mine = keys(book.look([row(2)], SHEET))
    theirs = keys(book.look([row(5, title="Engineer, Data", url=LINK, connector="linkedin")], LINKEDIN))
    again = keys(book.look([row(2, url=LINK)], SHEET))

    assert mine[2] != theirs[5]
    assert again == mine
    assert (
        keys(book.look([row(5, title="Engineer, Data", url=LINK, connector="linkedin")], LINKEDIN)) == theirs
    )


@pytest.mark.parametrize("first", [SHEET, LINKEDIN])
def test_a_row_renamed_in_either_of_two_sources_is_still_that_application(first: str) -> None:
    book = Book()
    mine = row(2, note="hopes", place="Bonn")
    theirs = row(7, connector="linkedin", note="by phone", place="Bonn, Germany", stage=Stage.SCREENING)
    rows = {SHEET: [mine, row(3, "Bolt", "Clerk")], LINKEDIN: [theirs]}
    for source in (first, *({SHEET, LINKEDIN} - {first})):
        book.look(rows[source], source)
    known = keys(book.look(rows[SHEET], SHEET))[2]

    for source, old, title in ((SHEET, mine, "Platform Engineer"), (LINKEDIN, theirs, "Analytics Lead")):
        cells = tuple(title if cell == old.job_title else cell for cell in old.cells)
        found = book.look([replace(old, job_title=title, cells=cells), *rows[source][1:]], source)
        assert new(found) == []
        assert keys(found)[old.row] == known


def test_an_address_that_rows_of_another_list_share_joins_none_of_them() -> None:
    book = Book()
    shared = [
        row(2, company=None, place="Bonn"),
        row(3, on=DAY + timedelta(days=1), url=LINK),
        row(4, company=None, place="Bonn", url=LINK),
    ]
    theirs = keys(book.look(shared, LINKEDIN))

    mine = keys(book.look([row(2, on=None, url=LINK, connector="other")], SHEET))

    assert mine[2] not in theirs.values()


def test_a_posting_to_which_somebody_applied_twice_is_two_whichever_list_is_read_first() -> None:
    book, half_a_year = Book(), timedelta(days=184)
    mine = [row(2, url=LINK)]
    theirs = [
        row(2, connector="linkedin"),
        row(3, on=DAY + half_a_year, stage=Stage.REJECTED, url=LINK, connector="linkedin"),
    ]
    first = {**keys(book.look(mine, SHEET)), **keys(book.look(theirs, LINKEDIN))}
    again = book.look(theirs[::-1], LINKEDIN)

    assert first[2] != first[3]
    assert (new(again), keys(again)) == ([], first)
    assert new(book.look(mine, SHEET)) == []
