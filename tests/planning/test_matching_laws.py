"""What must hold for any file, in any order, whatever a person changes in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crm_sync.domain.applications import Application
from crm_sync.domain.stages import Stage
from crm_sync.planning.matching import key_for_display, match
from tests.planning.looks import Book, new, row

SOURCES = ("applications.csv", "linkedin")


@st.composite
def files(draw: st.DrawFn, *, with_ids: bool = False) -> list[Application]:
    """A tracker with few companies and titles, so that rows collide in every way."""
    count = draw(st.integers(1, 9))
    idents = draw(st.lists(st.integers(100, 99999), min_size=count, max_size=count, unique=True))
    kind = "ids" if with_ids else draw(st.sampled_from(["none", "ids", "numbers", "some ids"]))
    rows = []
    for i in range(count):
        ident = {"none": None, "ids": str(idents[i]), "numbers": str(i + 1)}.get(kind)
        if kind == "some ids" and draw(st.booleans()):
            ident = str(idents[i])
        company = draw(st.sampled_from(["Acme", "ACME Inc.", "Beta GmbH", None]))
        titles = ["Engineer", "engineer (m/w/d)", "Analyst (R0012345)"]
        rows.append(
            row(
                i + 2,
                company,
                draw(st.sampled_from([*titles, None] if company else titles)),
                on=draw(st.sampled_from([None, date(2026, 3, 1), date(2026, 3, 2), date(2026, 9, 1)])),
                stage=draw(st.sampled_from([Stage.APPLIED, Stage.REJECTED])),
                ident=ident,
                url=draw(
                    st.sampled_from([None, None, *(f"https://acme.example/jobs/{n}" for n in (101, 102))])
                ),
                place=draw(st.sampled_from([None, "Berlin", "Munich"])),
                note=draw(st.sampled_from(["", "a", "b"])),
            )
        )
    return rows


def by_content(book: Book, matching_rows: list[Application], source: str = SOURCES[0]) -> dict[int, str]:
    """Look once and return the key by the number that a row carries in its salary field."""
    matching = book.look(matching_rows, source)
    return {int(found.application.salary or 0): found.key for found in matching.matched}


def tagged(rows: list[Application]) -> list[Application]:
    return [replace(one, salary=str(i)) for i, one in enumerate(rows)]


@given(files(), st.randoms(use_true_random=False))
def test_keys_of_a_new_file_do_not_depend_on_the_order_of_its_rows(
    rows: list[Application], chance: st.DataObject
) -> None:
    before = sorted(set(key_for_display(rows)))
    shuffled = list(rows)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert sorted(set(key_for_display(shuffled))) == before


@given(files())
def test_the_keys_that_are_shown_are_those_that_a_new_file_gets(rows: list[Application]) -> None:
    matching = match("me", rows, {}, {}, SOURCES[0])
    given = {found.application.row: found.key for found in matching.matched}
    speakers = {one.row: first for one, first in matching.duplicates}
    assert [given[speakers.get(one.row, one.row)] for one in rows] == key_for_display(rows)


@given(files(), st.data())
def test_a_file_read_again_in_any_order_with_changed_stages_and_notes_makes_nothing_new(
    rows: list[Application], data: st.DataObject
) -> None:
    book = Book()
    first = {found.key for found in book.look(rows).matched}
    changed: list[Application] = []
    for one in data.draw(st.permutations(rows)):
        if data.draw(st.booleans()):
            one = replace(one, notes="changed", cells=(*one.cells[:-2], "changed", one.cells[-1]))
        if data.draw(st.booleans()):
            stage = data.draw(st.sampled_from([Stage.REJECTED, Stage.OFFER, Stage.WITHDRAWN]))
            one = replace(one, stage=stage, cells=(*one.cells[:4], stage.value, *one.cells[5:]))
        changed.append(replace(one, row=len(changed) + 2, cells=(*one.cells, "an added column")))
    again = book.look(changed)
    assert new(again) == []
    assert {found.key for found in again.matched} <= first


@given(files(), st.data())
def test_rows_that_differ_in_more_than_stage_keep_each_their_own_key(
    rows: list[Application], data: st.DataObject
) -> None:
    distinct = {
        (r.company, r.job_title, r.applied_on, r.location): r for r in rows if r.company and r.job_title
    }
    rows = tagged([replace(r, job_url=None, company=f"Company {i}") for i, r in enumerate(distinct.values())])
    book = Book()
    first = by_content(book, rows)
    assert len(set(first.values())) == len(rows)
    changed = [
        replace(one, stage=Stage.OFFER, cells=(*one.cells[:4], "offer", *one.cells[5:]))
        if data.draw(st.booleans())
        else one
        for one in data.draw(st.permutations(rows))
    ]
    assert by_content(book, changed) == first


@given(files())
def test_matching_is_idempotent(rows: list[Application]) -> None:
    book = Book()
    first = book.look(rows)
    again = book.look(rows)
    assert [found.key for found in again.matched] == [found.key for found in first.matched]
    assert again.duplicates == first.duplicates
    assert new(again) == []
    assert not any(found.evidence or found.renamed for found in again.matched)


@given(st.lists(files(with_ids=True), min_size=2, max_size=4), st.data())
def test_rows_with_different_ids_never_become_one(
    looks: list[list[Application]], data: st.DataObject
) -> None:
    book = Book()
    ids_of: dict[str, set[str]] = {}
    for rows in looks:
        matching = book.look(rows, data.draw(st.sampled_from(SOURCES)))
        assert matching.duplicates == ()
        for found in matching.matched:
            ids_of.setdefault(found.key, set()).add(found.application.external_id or "")
    assert all(len(ids) == 1 for ids in ids_of.values())


@given(st.lists(files(), min_size=1, max_size=4), st.data())
def test_every_row_is_matched_or_repeats_a_matched_row_and_no_key_is_given_twice(
    looks: list[list[Application]], data: st.DataObject
) -> None:
    book = Book()
    for rows in looks:
        known = set(book.known)
        matching = book.look(rows, data.draw(st.sampled_from(SOURCES)))
        found = [one.key for one in matching.matched]
        assert len(found) == len(set(found))
        assert sorted(
            [m.application.row for m in matching.matched] + [a.row for a, _ in matching.duplicates]
        ) == [one.row for one in rows]
        assert {first for _, first in matching.duplicates} <= {m.application.row for m in matching.matched}
        assert all(one.is_new is (one.key not in known) for one in matching.matched)


@given(files(), st.integers(0, 8), st.integers(0, 400))
def test_one_row_that_is_added_makes_at_most_one_application(
    rows: list[Application], at: int, days: int
) -> None:
    book = Book()
    first = {found.key for found in book.look(rows).matched}
    added = row(99, "Zenith", "Pilot", on=date(2026, 1, 1) + timedelta(days=days), ident=None)
    again = book.look([*rows[:at], added, *rows[at:]])
    assert new(again) == [99]
    assert first <= {found.key for found in again.matched}
