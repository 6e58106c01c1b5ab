"""What must hold for any two lists of one person, whichever is read first, and in any order of their rows."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from crm_sync.domain.applications import Application
from crm_sync.domain.stages import Stage
from crm_sync.planning.matching import Matching
from crm_sync.planning.recall import within_a_week
from crm_sync.planning.sightings import Sighting, see_all
from crm_sync.reading.identity import site_of
from tests.planning.looks import Book, keys, new
from tests.planning.test_matching_laws import files

ONE, TWO = "one.csv", "two.zip"
Lists = dict[str, list[Application]]


@st.composite
def two_lists(draw: st.DrawFn) -> Lists:
    """Two lists with few companies, titles, days and addresses, so that rows collide across them, too."""
    mine, theirs = draw(files()), draw(files())
    return {ONE: mine, TWO: [_by_another(application) for application in theirs]}


def _by_another(application: Application) -> Application:
    return replace(application, connector="product", cells=(*application.cells, "exported"))


def looked(book: Book, lists: Lists, order: Sequence[str]) -> dict[str, Matching]:
    return {source: book.look(lists[source], source) for source in order}


@given(two_lists(), st.permutations([ONE, TWO]), st.randoms(use_true_random=False))
def test_both_lists_read_again_in_any_order_make_nothing_new_and_change_no_key(
    lists: Lists, order: list[str], chance: random.Random
) -> None:
    book = Book()
    first = {source: keys(matching) for source, matching in looked(book, lists, order).items()}
    for rows in lists.values():
        chance.shuffle(rows)
    again = looked(book, lists, order[::-1])

    assert [new(matching) for matching in again.values()] == [[], []]
    assert {source: set(keys(matching).values()) for source, matching in again.items()} == {
        source: set(told.values()) for source, told in first.items()
    }


@given(two_lists(), st.permutations([ONE, TWO]))
def test_no_two_rows_of_one_list_are_one_application(lists: Lists, order: list[str]) -> None:
    for matching in looked(Book(), lists, order).values():
        told = [found.key for found in matching.matched]
        assert len(told) == len(set(told))


@given(two_lists(), st.permutations([ONE, TWO]))
def test_what_is_joined_has_one_address_or_one_name_within_a_week_and_nothing_against_it(
    lists: Lists, order: list[str]
) -> None:
    told = looked(Book(), lists, order)
    seen = {source: {s.application.row: s for s in see_all(rows)[0]} for source, rows in lists.items()}
    mine = {found.key: seen[ONE][found.application.row] for found in told[ONE].matched}
    rows = {source: _rows_by_key(matching, seen[source]) for source, matching in told.items()}
    for found in told[TWO].matched:
        one, other = mine.get(found.key), seen[TWO][found.application.row]
        if one is not None:
            pairs = list(product(rows[ONE][found.key], rows[TWO][found.key]))
            assert any(a.url == b.url != "" or _same_name(a, b) for a, b in pairs), pairs
            assert not (one.requisition and other.requisition and one.requisition != other.requisition)
            several = one.url and other.url and one.url != other.url
            assert not (several and site_of(one.url) == site_of(other.url))


def _rows_by_key(matching: Matching, seen: Mapping[int, Sighting]) -> dict[str, list[Sighting]]:
    """Return each application's rows of one list: the one that speaks, and those that repeat it."""
    spoken = {found.application.row: found.key for found in matching.matched}
    rows = {key: [seen[row]] for row, key in spoken.items()}
    for application, row in matching.duplicates:
        rows[spoken[row]].append(seen[application.row])
    return rows


def _same_name(one: Sighting, other: Sighting) -> bool:
    named = bool(one.company and one.title) and (one.company, one.title) == (other.company, other.title)
    return named and within_a_week(one, other)


@given(files(), st.permutations([ONE, TWO]))
def test_of_two_lists_that_say_the_same_every_dated_row_is_one_application(
    rows: list[Application], order: list[str]
) -> None:
    told = looked(Book(), {ONE: rows, TWO: [_by_another(row) for row in rows]}, order)
    mine = {found.key for found in told[ONE].matched}
    for found in told[TWO].matched:
        row = found.application
        if row.company and row.job_title and row.applied_on and row.stage is not Stage.UNKNOWN:
            assert found.key in mine, row
