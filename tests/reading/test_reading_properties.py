"""What must hold for the reading of any tracker."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from crm_sync.domain.stages import Stage
from crm_sync.domain.tables import Cell
from crm_sync.errors import SourceError
from crm_sync.reading.dates import Order, interpret
from crm_sync.reading.lexicon import stage_words
from crm_sync.reading.stages import word_of
from tests.reading.grids_by_hand import answers_of, document_of, grid, outcome_of

HEADER = ["Company", "Job Title", "Date Applied", "Status", "Location"]
STATUSES = ("Applied", "Rejected", "Phone Screen", "Interview", "Offer", "No response", "Withdrawn")
DAYS = st.integers(0, 700).map(lambda n: date(2024, 1, 1) + timedelta(days=n))
LONG_WORDS = sorted(word for word in stage_words() if len(word) > 3)
CELLS = st.one_of(st.none(), st.text(max_size=12), st.integers(), st.floats(), st.booleans(), st.dates())
ROWS = st.lists(
    st.tuples(
        st.sampled_from(("Oakmere", "Elmstead", "Ashby Vale", "Birchwell", "Cedarholm")),
        st.sampled_from(("Analyst", "Editor", "Planner", "Nurse")),
        DAYS,
        st.sampled_from(STATUSES),
        st.sampled_from(("Leeds", "York", "Hull")),
    ),
    min_size=3,
    max_size=12,
    unique_by=lambda row: (row[0], row[1], row[2]),
)


def _grid(rows: list[tuple[str, str, date, str, str]], written: str = "%Y-%m-%d") -> list[list[Cell]]:
    return [list(HEADER), *([a, b, day.strftime(written), c, d] for a, b, day, c, d in rows)]


@given(ROWS, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_rows_changes_nothing_that_is_read(rows, random) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(rows)
    random.shuffle(shuffled)
    before = answers_of(document_of(grid(_grid(rows))))
    after = answers_of(document_of(grid(_grid(shuffled))))
    assert sorted(map(str, before)) == sorted(map(str, after))
    assert len(before) == len(rows)


@given(ROWS, st.integers(0, 5), st.sampled_from(("Priority", "Resume Version", "Zzyx")))
@settings(max_examples=40, deadline=None)
def test_one_more_column_changes_nothing_that_is_read(rows, place, name) -> None:  # type: ignore[no-untyped-def]
    plain = _grid(rows)
    wider = [[*row[:place], name if n == 0 else "high", *row[place:]] for n, row in enumerate(plain)]
    assert answers_of(document_of(grid(plain))) == answers_of(document_of(grid(wider)))


@given(ROWS, st.sampled_from(("%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%y")))
@settings(max_examples=60, deadline=None)
def test_all_cells_of_a_column_are_read_in_one_order(rows, written) -> None:  # type: ignore[no-untyped-def]
    applications, _ = outcome_of(document_of(grid(_grid(rows, written))))
    texts = [day.strftime(written) for _, _, day, _, _ in rows]
    readings = [interpret(text) for text in texts]
    found = [one.applied_on for one in applications]
    orders = [order for order in Order if [r.resolve(order) if r else None for r in readings] == found]
    assert orders, "no single order explains what was read"
    if any(day.day > 12 for _, _, day, _, _ in rows):
        assert found == [day for _, _, day, _, _ in rows]


@given(st.text(alphabet="bcdfghjkmqvwxz ", min_size=3, max_size=25))
@settings(max_examples=200, deadline=None)
def test_a_status_word_that_nobody_knows_stays_unknown(text: str) -> None:
    if text.strip() and text.strip() not in stage_words():
        assert word_of(text).stage is Stage.UNKNOWN


@given(
    st.sampled_from(sorted(word for word in stage_words() if len(word) > 3)),
    st.sampled_from((str.upper, str.title)),
)
@settings(max_examples=150, deadline=None)
def test_capitals_and_full_stops_do_not_change_a_word(word, written) -> None:  # type: ignore[no-untyped-def]
    assert word_of(f" {written(word)}. ").stage is word_of(word).stage


@given(st.lists(st.lists(CELLS, max_size=7), max_size=9))
@settings(max_examples=150, deadline=None)
def test_no_grid_makes_the_reading_crash(rows: list[list[Cell]]) -> None:
    with suppress(SourceError):
        applications, rejected = outcome_of(document_of(grid(rows)))
        assert len(applications) + len(rejected) <= len(rows)


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_date_or_none(text: str) -> None:
    reading = interpret(text)
    for order in Order if reading else ():
        day = reading.resolve(order, 2026) if reading else None
        assert day is None or 1950 <= day.year < 2100
