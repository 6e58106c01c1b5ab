"""Days on which calls can be made."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_sync.cadence.calendar import Calendar, calendar_for
from tests.cadence import strategies as some

FRIDAY = date(2027, 2, 5)


def test_weekends_holidays_and_days_off_are_not_callable_and_say_why() -> None:
    calendar = Calendar((5, 6), [date(2027, 2, 8)], [date(2027, 2, 9)])
    told = [calendar.why_not(FRIDAY + timedelta(days=n)) for n in range(6)]
    assert told == [None, "weekend", "weekend", "holiday", "day off", None]
    assert calendar.on_or_after(date(2027, 2, 6)) == date(2027, 2, 10)


@given(some.calendars, some.days, st.integers(0, 8))
def test_the_nth_callable_day_has_n_callable_days_behind_it(calendar: Calendar, day: date, n: int) -> None:
    reached = calendar.after(day, n)
    between = [day + timedelta(days=k) for k in range(1, (reached - day).days + 1)]
    assert sum(calendar.is_callable(each) for each in between) == n


def test_a_calendar_without_any_working_day_is_refused() -> None:
    with pytest.raises(ValueError, match="no day to call"):
        Calendar(range(7))
    with pytest.raises(ValueError, match="weekday numbers"):
        Calendar((7,))


def test_a_country_brings_its_weekend_and_its_holidays() -> None:
    usa = calendar_for("US", None, [2027])
    assert usa.why_not(date(2027, 2, 15)) == "holiday"
    riyadh = calendar_for("Saudi Arabia")
    assert riyadh.weekend == {4, 5}
    assert riyadh.is_callable(date(2027, 2, 7))


def test_a_region_has_holidays_of_its_own() -> None:
    corpus_christi = date(2027, 5, 27)
    assert calendar_for("DE").is_callable(corpus_christi)
    assert not calendar_for("DE", "BY").is_callable(corpus_christi)
    assert not calendar_for("Germany", "bayern").is_callable(corpus_christi)


def test_years_that_were_not_prepared_are_looked_up_when_they_are_needed() -> None:
    calendar = calendar_for("US", None, [2027], [date(2031, 7, 7)])
    assert calendar.why_not(date(2031, 7, 4)) == "holiday"
    assert calendar.why_not(date(2031, 7, 7)) == "day off"


@pytest.mark.parametrize(
    ("country", "region", "suggestion"),
    [("gremany", None, "DE"), ("DE", "Bayren", "BY"), ("nowhere at all", None, "no country")],
)
def test_an_unknown_place_is_refused_with_a_suggestion(
    country: str, region: str | None, suggestion: str
) -> None:
    with pytest.raises(ValueError, match=suggestion):
        calendar_for(country, region)


def test_the_library_of_holidays_is_not_loaded_before_a_country_is_asked_for() -> None:
    program = "import sys, crm_sync.cadence.capacity; print('holidays' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
