"""Dates: the shapes people write, and how a column's order is decided."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from crm_sync.domain.tables import Cell
from crm_sync.reading.dates import Order, announced, interpret
from tests.reading.grids_by_hand import document_of, grid, outcome_of, table_of


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-05-27", date(2026, 5, 27)),
        ("2026-05-27T23:30:00Z", date(2026, 5, 27)),
        ("2026-02-15T15:33:16+00:00", date(2026, 2, 15)),
        ("2026-01-02 10:00:00.123456", date(2026, 1, 2)),
        ("28.10.2025", date(2025, 10, 28)),
        ("25 Dec 2025", date(2025, 12, 25)),
        ("May 27, 2025", date(2025, 5, 27)),
        ("Tue, 27 May 2025 15:57:50 +0000 (UTC)", date(2025, 5, 27)),
        ("Monday, June 3, 2024", date(2024, 6, 3)),
        ("2025年5月27日", date(2025, 5, 27)),
        ("10. März 2025", date(2025, 3, 10)),
        ("3 de março de 2025", date(2025, 3, 3)),
        ("1er mars 2025", date(2025, 3, 1)),
        ("12 Şubat 2025", date(2025, 2, 12)),
        ("3 marca 2026", date(2026, 3, 3)),
        ("24-Jun-25", date(2025, 6, 24)),
        ("1/22/25, 1:04 AM", date(2025, 1, 22)),
        ("/Date(1673884433000+0000)/", date(2023, 1, 16)),
        ("1673884433", date(2023, 1, 16)),
        (1673884433000, date(2023, 1, 16)),
        (45472, date(2024, 6, 29)),
        ("45472", date(2024, 6, 29)),
        ("20250527", date(2025, 5, 27)),
        ("8/82019 ", date(2019, 8, 8)),
        ("8/15/2019 & 8/24/2019", date(2019, 8, 15)),
        ("September 20, 2025 → September 24, 2025", date(2025, 9, 20)),
        (datetime(2026, 3, 1, 12), date(2026, 3, 1)),  # noqa: DTZ001
    ],
)
def test_a_date_is_read_as_it_is_written(written: Cell, day: date) -> None:
    reading = interpret(written)
    assert reading is not None
    assert reading.resolve(Order.MONTH_FIRST) == day


@pytest.mark.parametrize(
    "written",
    ["No Response", "Interview 2", "0000-00-00", "null", "2024", "15", "10:30", "v1", "5/2024",
     "Rejected 4/02/2026", "2.600.000", True, float("inf"), 10**400, "",
     "/Date(-99999999999999)/"],
)  # fmt: skip
def test_what_is_no_date_is_none(written: Cell) -> None:
    assert interpret(written) is None


def _days(
    dates: list[str], other: list[str] | None = None, **options: object
) -> list[tuple[date | None, bool]]:
    rows: list[list[Cell]] = [["Company", "Role", "Date Applied", "Last Updated"]]
    for number, written in enumerate(dates):
        rows.append([f"Oakmere {number}", "Analyst", written, other[number] if other else None])
    applications, _ = outcome_of(document_of(grid(rows)), **options)
    return [(one.applied_on, "date_order_assumed" in one.flags) for one in applications]


def test_one_conclusive_cell_decides_the_whole_column() -> None:
    assert _days(["03/04/2026", "25/04/2026"]) == [(date(2026, 4, 3), False), (date(2026, 4, 25), False)]
    assert _days(["03/04/2026", "04/25/2026"]) == [(date(2026, 3, 4), False), (date(2026, 4, 25), False)]


def test_another_column_of_the_file_decides_where_the_own_cells_do_not() -> None:
    assert _days(["03/04/2026"], ["25/04/2026"]) == [(date(2026, 4, 3), False)]


def test_rows_in_the_order_of_their_dates_decide() -> None:
    dates = ["01/02/2026", "01/05/2026", "02/01/2026", "02/03/2026", "03/02/2026", "03/04/2026", "04/01/2026"]
    assert [day.month for day, _ in _days(dates) if day] == [1, 1, 2, 2, 3, 3, 4]


def test_then_the_user_then_the_locale_then_month_first_and_flagged() -> None:
    assert _days(["03/04/2026"], day_first=True) == [(date(2026, 4, 3), False)]
    assert _days(["03/04/2026"], locale="de-DE") == [(date(2026, 4, 3), True)]
    assert _days(["03/04/2026"], locale="en-US") == [(date(2026, 3, 4), True)]
    assert _days(["03/04/2026"]) == [(date(2026, 3, 4), True)]


def test_a_column_that_contradicts_itself_is_flagged() -> None:
    found = _days(["25/04/2026", "26/04/2026", "04/27/2026"])
    assert [day for day, _ in found] == [date(2026, 4, 25), date(2026, 4, 26), date(2026, 4, 27)]
    assert all(flag for _, flag in found)


def test_a_day_in_the_status_column_is_the_day_of_application() -> None:
    applications, _ = outcome_of(
        document_of(
            table_of("""
Company|Role|Status
Oakmere|Analyst|3/28/2026
Elmstead|Editor|Rejected
""")
        )
    )
    assert [(one.applied_on, str(one.stage)) for one in applications] == [
        (date(2026, 3, 28), "applied"),
        (None, "rejected"),
    ]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Applied 3/4/2026", date(2026, 3, 4)),
        ("applied on 12 March 2026", date(2026, 3, 12)),
        ("on the 12th of March 2026", date(2026, 3, 12)),
        ("Applied: 2026-03-12", date(2026, 3, 12)),
        ("Sent (13.03.2026)", date(2026, 3, 13)),
        ("Application sent on Tue, 27 May 2025", date(2025, 5, 27)),
        ("Submitted March 12, 2026", date(2026, 3, 12)),
        ("✓ sent 12 Mar 2026", date(2026, 3, 12)),
        ("Beworben am 12. März 2026", date(2026, 3, 12)),
        ("Envoyée le 12 mars 2026", date(2026, 3, 12)),
        ("enviado el 12 de marzo de 2026", date(2026, 3, 12)),
        ("投递于 2026年3月12日", date(2026, 3, 12)),
        ("2026-03-12", date(2026, 3, 12)),
    ],
)
def test_a_day_may_stand_behind_the_words_that_announce_it(written: str, day: date) -> None:
    reading = announced(written)
    assert reading is not None
    assert reading.resolve(Order.MONTH_FIRST) == day


@pytest.mark.parametrize(
    "written",
    ["Rejected 4/02/2026", "Interview 3 March 2026", "Deadline 3/4/2026", "applied", "applied 3",
     "sent 45472", "on Monday",
     "applied on on on on on 3/4/2026", "applied to Acme 3/4/2026", None, "sent " * 40],
)  # fmt: skip
def test_behind_other_words_a_day_is_not_the_day_of_application(written: Cell) -> None:
    assert announced(written) is None


def test_a_column_of_announced_days_is_read_like_one_of_days() -> None:
    days = ["Applied 03/04/2026", "on 25/04/2026", "sent on 5/5/2026", "06/05/2026", "Rejected 7/5/2026"]
    assert [day for day, _ in _days(days)] == [
        date(2026, 4, 3),
        date(2026, 4, 25),
        date(2026, 5, 5),
        date(2026, 5, 6),
        None,
    ]
    assert _days(["Applied 03/04/2026"] * 2) == [(date(2026, 3, 4), True)] * 2


def test_announced_days_without_a_year_take_it_from_their_neighbours() -> None:
    assert [day for day, _ in _days(["Applied 3 March 2026", "Applied 4 March"])] == [
        date(2026, 3, 3),
        date(2026, 3, 4),
    ]


def test_a_status_with_a_day_stays_a_status() -> None:
    applications, _ = outcome_of(
        document_of(
            table_of("""
Company|Role|Status
Oakmere|Analyst|Applied 3/28/2026
Elmstead|Editor|Rejected 4/2/2026
Corvin|Editor|Applied 4/3/2026
""")
        )
    )
    assert [str(one.stage) for one in applications] == ["applied", "rejected", "applied"]
