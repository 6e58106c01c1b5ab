"""Of which applications a person is asked whether they are one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm_sync.domain.applications import Application
from crm_sync.domain.dossiers import Dossier
from crm_sync.domain.values import replace
from crm_sync.planning.twins import suspected
from tests.planning.looks import DAY, Book, row

LINK = "https://www.linkedin.com/jobs/view/4012345678"


def known(mine: Application, theirs: Application, *, one_source: bool = False) -> dict[str, Dossier]:
    book = Book()
    if one_source:
        book.look([mine, replace(theirs, row=99)], "sheet.csv")
    else:
        book.look([mine], "sheet.csv")
        book.look([theirs], "teal.csv")
    assert len(book.known) == 2
    return book.known


def later(days: int, **more: str) -> Application:
    return row(5, on=DAY + timedelta(days=days), connector="teal", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("theirs", [later(8), later(-8), later(180), row(5, on=None, connector="teal")])
def test_the_same_company_and_title_at_another_or_no_time_is_asked_about(theirs: Application) -> None:
    dossiers = known(row(2), theirs)
    (twins,) = suspected(dossiers, ())
    assert {twins.one.key, twins.other.key} == set(dossiers)
    assert not twins.by_url


def test_one_posting_address_is_asked_about_whatever_else_differs() -> None:
    dossiers = known(row(2, url=LINK), later(60, title="Another", company="Bolt", url=LINK))
    assert [twins.by_url for twins in suspected(dossiers, ())] == [True]


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (row(2), later(181)),
        (row(2), later(20, title="Analyst")),
        (row(2), later(20, company="Bolt")),
        (row(2, url=LINK), later(20, url=LINK[:-1] + "1")),
        (row(2, ident="a-1", connector="teal"), later(20, ident="a-2")),
        (row(2, title="Engineer (R0012345)"), later(20, title="Engineer (R0054321)")),
    ],
)
def test_what_is_plainly_two_is_not_asked_about(mine: Application, theirs: Application) -> None:
    assert suspected(known(mine, theirs), ()) == []


def test_two_rows_of_one_source_are_never_asked_about() -> None:
    assert suspected(known(row(2), later(20), one_source=True), ()) == []


def test_one_that_another_source_tells_of_as_well_is_not_asked_about_again() -> None:
    book = Book()
    book.look([row(2), later(20)], "sheet.csv")
    book.look([row(2)], "teal.csv")
    assert len(book.known) == 2
    assert suspected(book.known, ()) == []


def test_what_a_person_kept_apart_or_merged_is_not_asked_about() -> None:
    dossiers = known(row(2), later(20))
    one, two = sorted(dossiers)
    assert suspected(dossiers, {f"apart:{one}:{two}"}) == []
    assert suspected({**dossiers, two: replace(dossiers[two], merged_into=one)}, ()) == []


def test_one_to_which_a_call_led_is_not_asked_about() -> None:
    dossiers = known(row(2), later(20))
    one, two = sorted(dossiers)
    assert suspected({**dossiers, two: replace(dossiers[two], led_from=one)}, ()) == []
