"""Local first, UTC last: hours that come twice, hours that never come, and zones that do not exist."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from crm_sync.cadence.clocks import local_now, start_of_call, zone_named
from crm_sync.cadence.policy import Policy

NEW_YORK = "America/New_York"


def start(now: datetime, day: date, attempt: int = 1, policy: Policy | None = None) -> datetime:
    return start_of_call(day, attempt, local_now(now, NEW_YORK), policy or Policy())


def test_ten_in_the_morning_is_another_instant_after_the_clocks_change() -> None:
    now = datetime(2027, 3, 11, 17, tzinfo=UTC)
    assert start(now, date(2027, 3, 12)) == datetime(2027, 3, 12, 15, tzinfo=UTC)
    assert start(now, date(2027, 3, 15)) == datetime(2027, 3, 15, 14, tzinfo=UTC)


def test_a_slot_that_is_exactly_now_is_not_past() -> None:
    now = datetime(2027, 2, 1, 15, tzinfo=UTC)
    assert start(now, date(2027, 2, 1)) == now


def test_after_all_slots_the_next_quarter_hour_is_taken() -> None:
    now = datetime(2027, 2, 1, 20, 7, 59, tzinfo=UTC)
    assert start(now, date(2027, 2, 1)) == datetime(2027, 2, 1, 20, 15, tzinfo=UTC)


def test_the_next_quarter_hour_is_later_even_in_the_hour_that_comes_twice() -> None:
    night = Policy(slots=(time(0, 30),), last_start=time(23))
    for minute in (0, 20, 44, 59):
        second_time = datetime(2027, 11, 7, 1, minute, fold=1, tzinfo=ZoneInfo(NEW_YORK)).astimezone(UTC)
        found = start(second_time, date(2027, 11, 7), policy=night)
        assert 0 < (found - second_time).total_seconds() <= 15 * 60


def test_a_slot_in_the_hour_that_never_comes_still_falls_on_its_day() -> None:
    night = Policy(slots=(time(2, 30),), last_start=time(23))
    found = start(datetime(2027, 3, 10, 12, tzinfo=UTC), date(2027, 3, 14), policy=night)
    assert found.astimezone(ZoneInfo(NEW_YORK)).date() == date(2027, 3, 14)


def test_a_zone_that_does_not_exist_is_refused() -> None:
    for name in ("Mars/Olympus", "", "../etc/passwd"):
        with pytest.raises(ValueError, match="no time zone"):
            zone_named(name)


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        local_now(datetime(2027, 2, 1), NEW_YORK)  # noqa: DTZ001
