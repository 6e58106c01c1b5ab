from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from crm_sync.domain.applications import Application
from crm_sync.domain.stages import Stage
from crm_sync.planning.matching import key_for_display
from tests.planning.looks import DAY, Book, keys, new, repeated, row

LINK = "https://jobs.acme.example/jobs/1001"
OTHER_LINK = "https://jobs.acme.example/jobs/1002"


def test_a_new_row_gets_the_key_that_read_shows() -> None:
    rows = [row(2), row(3, "Beta", url=LINK), row(4, "Gamma", ident="A-77"), row(5, None, None, note="x")]
    assert list(keys(Book().look(rows)).values()) == key_for_display(rows)


def test_keys_are_twelve_characters_and_differ_by_user() -> None:
    mine, theirs = keys(Book().look([row(2)])), keys(Book("jane").look([row(2)]))
    assert len(mine[2]) == 12
    assert mine[2] != theirs[2]


def test_the_same_file_again_is_all_known_and_says_nothing_new() -> None:
    book = Book()
    rows = [row(2), row(3, "Beta", url=LINK), row(4, "Gamma", ident="A-77"), row(5, None, None, note="x")]
    first = book.look(rows)
    again = book.look(rows)
    assert keys(again) == keys(first)
    assert new(again) == []
    assert all(not found.evidence and not found.renamed for found in again.matched)


def test_an_external_id_counts_more_than_title_address_and_date() -> None:
    book = Book()
    first = book.look([row(2, ident="A-77", url=LINK)])
    later = book.look(
        [row(9, title="Head of Data", ident="A-77", url=OTHER_LINK, on=DAY + timedelta(days=90))]
    )
    assert keys(later)[9] == keys(first)[2]
    assert new(later) == []
    assert later.matched[0].renamed


def test_the_posting_address_counts_more_than_the_title() -> None:
    book = Book()
    first = book.look([row(2, url=LINK)])
    later = book.look(
        [row(2, title="Engineer, Data", url=LINK + "?utm_source=x"), row(3, title="Data Engineer")]
    )
    assert keys(later)[2] == keys(first)[2]
    assert new(later) == [3]


def test_ids_of_different_files_do_not_clash() -> None:
    book = Book()
    book.look([row(2, "Acme", ident="1042")], "mine.csv")
    later = book.look([row(2, "Beta", "Analyst", ident="1042")], "other.csv")
    assert new(later) == [2]


def test_an_id_keeps_its_application_when_the_company_is_spelt_anew() -> None:
    book = Book()
    first = book.look([row(2, "Acme", ident="A-77")])
    later = book.look([row(2, "Zenith Holding", ident="A-77")])
    assert keys(later)[2] == keys(first)[2]


@pytest.mark.parametrize("start", [0, 1])
def test_row_numbers_posing_as_ids_are_no_ids(start: int) -> None:
    def numbered(names: list[str]) -> list[Application]:
        return [row(i + 2, name, ident=str(i + start)) for i, name in enumerate(names)]

    book = Book()
    first = book.look(numbered(["Acme", "Beta", "Gamma"]))
    later = book.look(numbered(["Delta", "Gamma", "Acme", "Beta"]))
    assert new(later) == [2]
    assert [keys(later)[i] for i in (4, 5, 3)] == [keys(first)[i] for i in (2, 3, 4)]


def test_row_numbers_that_were_sorted_along_and_renumbered_are_no_ids() -> None:
    names = ["Acme", "Beta", "Gamma", "Delta"]
    book = Book()
    first = book.look([row(i + 2, name, ident=str(i + 1)) for i, name in enumerate(names)])
    book.look([row(i + 2, names[n - 1], ident=str(n)) for i, n in enumerate([3, 1, 4, 2])])
    last = book.look([row(i + 2, name, ident=str(i + 1)) for i, name in enumerate(reversed(names))])
    assert new(last) == []
    assert [keys(last)[i] for i in (5, 4, 3, 2)] == [keys(first)[i] for i in (2, 3, 4, 5)]


def test_rows_that_differ_by_their_numbers_alone_are_repeats() -> None:
    matching = Book().look([row(2, ident="1"), row(3, ident="2"), row(4, "Beta", ident="3")])
    assert repeated(matching) == {3: 2}


def test_another_id_is_another_application() -> None:
    book = Book()
    first = book.look([row(2, ident="6007"), row(3, ident="6008")])
    assert len(set(keys(first).values())) == 2
    later = book.look([row(2, ident="6009")])
    assert new(later) == [2]


def test_another_posting_of_one_site_is_another_application() -> None:
    book = Book()
    first = book.look([row(2, url=LINK)])
    later = book.look([row(2, url=LINK), row(3, url=OTHER_LINK)])
    assert new(later) == [3]
    assert keys(later)[2] == keys(first)[2]
    assert new(
        book.look([row(5, url="https://jobs.acme.example/jobs/1003", on=None, stage=Stage.OFFER)])
    ) == [5]


def test_another_requisition_is_another_application() -> None:
    book = Book()
    book.look([row(2, title="Engineer (R0992884)")])
    assert new(book.look([row(2, title="Engineer (R0992885)")])) == [2]


def test_an_address_of_another_site_is_no_contradiction() -> None:
    book = Book()
    first = book.look([row(2, url=LINK)], "mine.csv")
    later = book.look([row(2, url="https://www.linkedin.com/jobs/view/4369053894", on=DAY)], "linkedin")
    assert keys(later)[2] == keys(first)[2]
    assert later.matched[0].evidence == ("url:https://linkedin.com/jobs/view/4369053894",)


def test_a_careers_page_on_many_rows_identifies_nothing() -> None:
    page = "https://acme.example/work/apply-here-2026"
    book = Book()
    first = book.look([row(2, title="Analyst", url=page), row(3, title="Engineer", url=page)])
    assert len(keys(first)) == 2
    later = book.look([row(2, title="Engineer", url=page), row(3, title="Analyst", url=page)])
    assert (keys(later)[2], keys(later)[3]) == (keys(first)[3], keys(first)[2])


def test_company_and_title_are_compared_without_spelling() -> None:
    book = Book()
    first = book.look([row(2, "MUZIKER", "Data Engineer (m/w/d)")])
    later = book.look([row(7, "Muziker a.s.", "data engineer")])
    assert keys(later)[7] == keys(first)[2]


def test_two_applications_with_two_dates_stay_two_in_any_order_and_stage() -> None:
    later_day = DAY + timedelta(days=60)
    book = Book()
    first = keys(book.look([row(2, stage=Stage.REJECTED), row(3, on=later_day)]))
    assert len(set(first.values())) == 2
    swapped = book.look([row(2, on=later_day, stage=Stage.INTERVIEWING), row(3, stage=Stage.REJECTED)])
    assert new(swapped) == []
    assert (keys(swapped)[2], keys(swapped)[3]) == (first[3], first[2])


def test_two_applications_in_two_places_stay_two() -> None:
    book = Book()
    first = keys(book.look([row(2, place="Berlin"), row(3, place="Munich")]))
    assert len(set(first.values())) == 2
    later = keys(book.look([row(2, place="Munich, Germany"), row(3, place="Berlin", stage=Stage.OFFER)]))
    assert (later[2], later[3]) == (first[3], first[2])


def test_two_rows_that_differ_by_stage_alone_stay_the_same_two() -> None:
    book = Book()
    first = keys(book.look([row(2), row(3, stage=Stage.REJECTED)]))
    assert len(set(first.values())) == 2
    assert first == dict(
        zip((2, 3), reversed(key_for_display([row(2, stage=Stage.REJECTED), row(3)])), strict=True)
    )
    later = book.look([row(2, stage=Stage.REJECTED), row(3, stage=Stage.OFFER)])
    assert new(later) == []
    assert keys(later) == {2: first[3], 3: first[2]}
    same = book.look([row(2, stage=Stage.REJECTED), row(3, stage=Stage.REJECTED)])
    assert repeated(same) == {}
    assert set(keys(same).values()) == set(first.values())


def test_a_second_application_to_a_known_title_is_new_and_the_first_keeps_its_key() -> None:
    book = Book()
    first = book.look([row(2, stage=Stage.REJECTED)])
    later = book.look([row(2, on=DAY + timedelta(days=200)), row(3, stage=Stage.REJECTED)])
    assert new(later) == [2]
    assert keys(later)[3] == keys(first)[2]


def test_a_date_that_is_put_right_makes_no_new_application() -> None:
    book = Book()
    first = book.look([row(2, place="Berlin", note="by mail")])
    later = book.look([row(2, place="Berlin", note="by mail", on=DAY - timedelta(days=2))])
    assert keys(later) == keys(first)
    assert keys(book.look([row(2, place="Berlin", note="by mail", on=None)])) == keys(first)


def test_a_url_column_added_later_raises_the_evidence() -> None:
    book = Book()
    first = book.look([row(2), row(3, "Beta")])
    later = book.look([row(2, url=LINK), row(3, "Beta", url=OTHER_LINK)])
    assert keys(later) == keys(first)
    assert later.matched[0].evidence == (f"url:{LINK}",)
    assert keys(book.look([row(2, title="Head of Data", on=None, url=LINK)]))[2] == keys(first)[2]


def test_an_id_column_added_later_raises_the_evidence() -> None:
    book = Book()
    first = book.look([row(2), row(3, "Beta")])
    later = book.look([row(2, ident="A-7"), row(3, "Beta", ident="A-9")])
    assert keys(later) == keys(first)
    assert later.matched[1].evidence == ("id:spreadsheet:A-9:beta",)


def test_a_second_source_with_a_day_next_to_it_shows_the_same_application() -> None:
    book = Book()
    first = book.look([row(2)], "mine.csv")
    later = book.look(
        [row(8, on=DAY + timedelta(days=1), connector="linkedin", ident="4369053894")], "linkedin"
    )
    assert keys(later)[8] == keys(first)[2]


def test_a_second_source_half_a_year_later_shows_another_application() -> None:
    book = Book()
    book.look([row(2)], "mine.csv")
    assert new(book.look([row(8, on=DAY + timedelta(days=180))], "other.csv")) == [8]


def test_a_second_source_without_a_company_is_not_guessed() -> None:
    book = Book()
    book.look([row(2, None, "Engineer", on=None)], "mine.csv")
    assert new(book.look([row(2, None, "Engineer", on=None)], "other.csv")) == [2]


@pytest.mark.parametrize(
    "changed",
    [
        {
            "job_title": "Analytics Engineer",
            "cells": ("Acme", "Analytics Engineer", "4/3", "applied", "Berlin", LINK),
        },
        {"job_url": OTHER_LINK, "cells": ("Acme", "Data Engineer", "4/3", "applied", "Berlin", OTHER_LINK)},
        {
            "company": "Acmee Holding",
            "cells": ("Acmee Holding", "Data Engineer", "4/3", "applied", "Berlin", LINK),
        },
        {
            "job_title": "Analytics Engineer",
            "stage": Stage.OFFER,
            "cells": ("Acme", "Analytics Engineer", "4/3", "offer", "Berlin", LINK, "added column"),
        },
    ],
)
@pytest.mark.parametrize("link", [LINK, None])
def test_a_changed_title_address_or_company_in_an_otherwise_same_row_is_a_rename(
    changed: dict[str, object], link: str | None
) -> None:
    cells = ("Acme", "Data Engineer", "4/3", "applied", "Berlin", LINK)
    old = replace(row(2, url=link, place="Berlin"), cells=cells)
    other = row(3, "Beta", "Analyst")
    book = Book()
    first = book.look([old, other])
    later = book.look([replace(other, row=2), replace(old, row=3, **changed)])  # type: ignore[arg-type]
    assert new(later) == []
    assert keys(later)[3] == keys(first)[2]


def test_a_rename_is_told() -> None:
    book = Book()
    book.look([row(2, place="Berlin")])
    assert book.look([row(2, title="Analytics Engineer", place="Berlin")]).matched[0].renamed
    assert not book.look([row(2, title="Analytics Engineer", place="Berlin")]).matched[0].renamed


def test_a_row_whose_old_self_is_still_there_is_no_rename() -> None:
    book = Book()
    book.look([row(2)])
    assert new(book.look([row(2), row(3, title="Analytics Engineer")])) == [3]


def test_an_ambiguous_rename_is_none() -> None:
    book = Book()
    book.look([row(2, title="One"), row(3, title="Two")])
    assert new(book.look([row(2, title="Three"), row(3, title="Four")])) == [2, 3]


def test_two_renames_at_once_are_told_apart_by_their_other_cells() -> None:
    book = Book()
    first = keys(
        book.look(
            [row(2, title="One", place="Berlin", note="a"), row(3, title="Two", place="Munich", note="b")]
        )
    )
    later = book.look(
        [row(2, title="Three", place="Munich", note="b"), row(3, title="Four", place="Berlin", note="a")]
    )
    assert keys(later) == {2: first[3], 3: first[2]}


def test_another_company_with_the_same_title_and_date_is_no_rename() -> None:
    book = Book()
    book.look([row(2, "Acme", place="Berlin")])
    assert new(book.look([row(2, "Zenith", place="Berlin")])) == [2]


def test_another_title_with_another_address_is_no_rename() -> None:
    book = Book()
    book.look([row(2, place="Berlin", url=LINK)])
    assert new(book.look([row(2, title="Analyst", place="Berlin", url=OTHER_LINK)])) == [2]


def test_another_id_is_no_rename() -> None:
    book = Book()
    book.look([row(2, place="Berlin", ident="A-7")])
    assert new(book.look([row(2, title="Analyst", place="Berlin", ident="A-8")])) == [2]


def test_a_row_of_another_source_is_no_rename() -> None:
    book = Book()
    book.look([row(2, place="Berlin")], "mine.csv")
    assert new(book.look([row(2, title="Analyst", place="Berlin")], "other.csv")) == [2]


def test_the_old_title_still_leads_to_a_renamed_application() -> None:
    book = Book()
    first = book.look([row(2, place="Berlin")])
    book.look([row(2, title="Analytics Engineer", place="Berlin")])
    back = book.look([row(2, place="Berlin")])
    assert keys(back) == keys(first)
    assert new(back) == []


def test_a_new_row_under_the_old_name_of_a_renamed_one_gets_a_key_of_its_own() -> None:
    book = Book()
    book.look([row(2, place="Berlin")])
    book.look([row(2, title="Analytics Engineer", place="Berlin")])
    later = book.look([row(2, title="Analytics Engineer", place="Berlin"), row(3, place="Berlin")])
    assert new(later) == [3]
    assert len(set(keys(later).values())) == 2


def test_exact_repeats_are_reported_with_the_row_they_repeat() -> None:
    matching = Book().look([row(2), row(3, note="a note"), row(4, "Beta"), row(5, "Acme ", "Data  Engineer")])
    assert repeated(matching) == {3: 2, 5: 2}
    assert sorted(keys(matching)) == [2, 4]


@pytest.mark.parametrize(
    "other",
    [
        row(3, on=DAY + timedelta(days=1)),
        row(3, stage=Stage.REJECTED),
        row(3, url=OTHER_LINK),
        row(3, title="Data Engineer II"),
        row(3, "Beta"),
        row(3, "ACME", url=OTHER_LINK),
        row(3, ident="A-8"),
    ],
)
def test_what_differs_is_no_repeat(other: Application) -> None:
    matching = Book().look([row(2, url=LINK, ident="A-7"), other])
    assert matching.duplicates == ()
    assert len(set(keys(matching).values())) == 2


def test_two_spellings_of_one_pair_in_one_file_are_two_and_stay_the_same_two() -> None:
    book = Book()
    first = keys(book.look([row(2), row(3, "ACME", "Data Engineer (m/w/d)")]))
    assert len(set(first.values())) == 2
    later = book.look([row(2, "ACME", "Data Engineer (m/w/d)", stage=Stage.OFFER), row(3, note="x")])
    assert keys(later) == {2: first[3], 3: first[2]}


def test_rows_without_a_title_repeat_only_when_every_cell_does() -> None:
    rows = [row(2, title=None, note="a"), row(3, title=None, note="b"), row(4, title=None, note="b")]
    assert repeated(Book().look(rows)) == {4: 3}


def test_candidates_for_one_job_are_no_repeats() -> None:
    rows = [
        row(i, None, "Engineer", email=f"{name}@mail.example")
        for i, name in enumerate(["ann", "bob", "cy"], 2)
    ]
    book = Book()
    first = keys(book.look(rows))
    assert len(set(first.values())) == 3
    later = book.look(
        [row(2, None, "Engineer", email="cy@mail.example", stage=Stage.OFFER), replace(rows[0], row=3)]
    )
    assert new(later) == []
    assert keys(later) == {2: first[4], 3: first[2]}


def test_a_page_edge_that_shows_an_id_twice_shows_one_application() -> None:
    matching = Book().look(
        [row(2, ident="A-7"), row(3, ident="A-7", stage=Stage.REJECTED), row(4, ident="A-9")]
    )
    assert repeated(matching) == {2: 3}
    assert matching.matched[0].application.stage is Stage.REJECTED


def test_an_id_on_different_applications_is_a_foreign_key() -> None:
    matching = Book().look([row(2, title="One", ident="C-7"), row(3, title="Two", ident="C-7")])
    assert matching.duplicates == ()
    assert not any(text.startswith("id:") for found in matching.matched for text in found.evidence)


def test_a_stage_that_changes_in_one_of_several_repeats_makes_no_second_application() -> None:
    book = Book()
    first = keys(book.look([row(2), row(3), row(4)]))
    later = book.look([row(2), row(3, stage=Stage.REJECTED), row(4)])
    assert new(later) == []
    assert list(keys(later).values()) == [first[2]]
    assert later.matched[0].application.stage is Stage.REJECTED
    assert set(repeated(later)) == {2, 4}
    again = book.look([row(2, stage=Stage.REJECTED), row(3), row(4)])
    assert list(keys(again).values()) == [first[2]]
    assert again.matched[0].application.stage is Stage.REJECTED


def test_rows_without_company_and_title_are_told_apart_by_their_cells() -> None:
    book = Book()
    first = keys(book.look([row(2, None, None, note="a"), row(3, None, None, note="b")]))
    assert len(set(first.values())) == 2
    assert keys(book.look([row(2, None, None, note="b"), row(3, None, None, note="a")])) == {
        2: first[3],
        3: first[2],
    }


def test_rows_of_one_source_without_a_company_need_the_same_day() -> None:
    book = Book()
    first = book.look([row(2, None, "Engineer")])
    assert keys(book.look([row(5, None, "Engineer", stage=Stage.OFFER)]))[5] == keys(first)[2]
    assert new(book.look([row(5, None, "Engineer", on=date(2026, 9, 9), note="x", place="Rome")])) == [5]


def test_an_empty_look_matches_nothing() -> None:
    book = Book()
    book.look([row(2)])
    assert book.look([]).matched == ()
    assert key_for_display([]) == []
