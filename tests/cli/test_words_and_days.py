"""The small parts: days people type, texts that are shown."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from crm_sync.cli.days import read_day, read_moment
from crm_sync.cli.hiding import hide_secrets
from crm_sync.cli.output import clean
from crm_sync.cli.render.flags import flag_words
from crm_sync.cli.render.grids import Grid, grid_lines
from crm_sync.cli.render.wording import day, nouns
from crm_sync.errors import UsageError

MONDAY = date(2027, 2, 1)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("2027-03-09", date(2027, 3, 9)),
        ("today", MONDAY),
        ("Tomorrow", date(2027, 2, 2)),
        ("yesterday", date(2027, 1, 31)),
        ("thursday", date(2027, 2, 4)),
        ("thu", date(2027, 2, 4)),
        ("monday", date(2027, 2, 8)),
        ("next friday", date(2027, 2, 5)),
    ],
)
def test_a_day_is_what_a_person_means_by_it(word: str, told: date) -> None:
    assert read_day(word, MONDAY) == told


def test_where_today_is_meant_too_a_weekday_may_be_today() -> None:
    assert read_day("monday", MONDAY, ahead=False) == MONDAY


@pytest.mark.parametrize("word", ["", "t", "th", "someday", "2027-02-30", "3/4/2027"])
def test_what_is_no_day_is_refused(word: str) -> None:
    with pytest.raises(UsageError):
        read_day(word, MONDAY)


def test_a_time_is_read_on_the_users_clock() -> None:
    now = datetime(2027, 2, 1, 12, tzinfo=UTC)
    assert read_moment(None, now, BERLIN) == now
    assert read_moment("08:30", now, BERLIN) == datetime(2027, 2, 1, 7, 30, tzinfo=UTC)
    assert read_moment("2027-01-31T08:30", now, BERLIN) == datetime(2027, 1, 31, 7, 30, tzinfo=UTC)
    assert read_moment("2027-01-31T08:30-05:00", now, BERLIN) == datetime(2027, 1, 31, 13, 30, tzinfo=UTC)


def test_days_stand_with_their_weekday() -> None:
    assert (day("2027-02-04"), day(None), day("2027-02-04T09:00:00+00:00")) == (
        "Thu 4 Feb 2027",
        "-",
        "Thu 4 Feb 2027",
    )


def test_numbers_agree_with_their_nouns() -> None:
    assert (nouns(1, "company"), nouns(2, "company"), nouns(1234, "call")) == (
        "1 company",
        "2 companies",
        "1,234 calls",
    )


def test_flags_are_told_in_words_also_those_nobody_has_words_for() -> None:
    assert flag_words(["overdue_1", "overdue_3", "brand_new"]) == [
        "waiting for 1 day",
        "waiting for 3 days",
        "brand new",
    ]


def test_columns_are_aligned_by_what_a_terminal_needs_and_empty_ones_left_out() -> None:
    grid = Grid(("A", "B", "C"), [("日本", "", "x"), ("ab", "", "y")])
    assert grid_lines(grid) == ["A     C", "日本  x", "ab    y"]


def test_what_steers_a_terminal_is_taken_out() -> None:
    assert clean("a\x1b[31mb\u202ec\nd") == "a [31mbc\nd"
    assert clean("a\nb", one_line=True) == "a b"


def test_a_url_without_a_password_hides_nothing() -> None:
    assert hide_secrets("me@example.org", {"CRM_SYNC_DATABASE_URL": "sqlite:///x@y.db"}) == "me@example.org"
