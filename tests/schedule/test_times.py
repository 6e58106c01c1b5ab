"""What a person may say about when, and what both clockworks make of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from shutil import which
from zoneinfo import ZoneInfo

import pytest

from crm_sync.errors import UsageError
from crm_sync.schedule.crontab import next_by_cron
from crm_sync.schedule.times import _EVERY, read_times
from crm_sync.schedule.units import next_by_systemd

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2027, 2, 1, 9, 1, tzinfo=BERLIN)
NEEDS_SYSTEMD = pytest.mark.skipif(
    which("systemd-analyze") is None, reason="this machine has no systemd-analyze"
)
SAID = [(every, ()) for every in _EVERY] + [
    (None, ("07:30",)),
    (None, ("9:00", "mon-fri 18:00")),
    (None, ("mon,thu 23:59",)),
    (None, ("fri-mon 06:05",)),
    (None, ("Sunday 00:00",)),
    (None, ("mon-sun 12:00",)),
]


@NEEDS_SYSTEMD
@pytest.mark.parametrize(("every", "at"), SAID)
@pytest.mark.parametrize("now", [MONDAY, datetime(2027, 3, 28, 0, 30, tzinfo=BERLIN)])
def test_cron_and_systemd_come_at_the_same_moment(
    every: str | None, at: tuple[str, ...], now: datetime
) -> None:
    for time in read_times(every, at):
        by_systemd = next_by_systemd(f"{time.calendar} Europe/Berlin", now)
        assert next_by_cron(time.cron, now) == by_systemd, time
        assert timedelta() < by_systemd - now <= timedelta(days=7)


def test_without_a_word_it_runs_every_hour() -> None:
    (time,) = read_times(None, ())
    assert (time.told, time.cron) == ("every 1h", "0 * * * *")


@pytest.mark.parametrize("text", ["7m", "0m", "-5m", "25h", "hourly", "", "1d", "5 m"])
def test_an_interval_that_does_not_divide_the_clock_is_refused(text: str) -> None:
    if text:
        with pytest.raises(UsageError, match="is no interval") as caught:
            read_times(text, ())
        assert "15m" in caught.value.hint
    else:
        assert read_times(text, ())[0].told == "every 1h"


@pytest.mark.parametrize("text", ["24:00", "7", "07:60", "noon", "mon-fri", "7:5", "07:30 mon", "x y 07:30"])
def test_a_time_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--at: "):
        read_times(None, [text])


def test_a_weekday_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match='--at: "mon-foo 07:30" names no weekday'):
        read_times(None, ["mon-foo 07:30"])


def test_both_ways_to_say_when_are_too_many() -> None:
    with pytest.raises(UsageError, match="--every and --at do not go together"):
        read_times("1h", ["07:30"])
