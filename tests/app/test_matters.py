"""What of a run is news, compared with what stands on the board."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crm_sync.app.fleet import UserRun
from crm_sync.app.matters import ASK, FAILURE, OUTAGE, SYNCED, Change, compared
from crm_sync.app.report import Outage, Report
from crm_sync.errors import CrmUnavailable, Interrupted, LedgerBusy, NotAllowed
from crm_sync.ledger.noticeboard import Slip

NOW = datetime(2027, 2, 1, 8, 0, tzinfo=UTC)
DOWN = Slip("jane", FAILURE, "CrmUnavailable", NOW - timedelta(hours=3), told=True, words="down")
ASKED = Slip("jane", ASK, "gldk:need_number", NOW - timedelta(days=2), told=True)


def change(run: UserRun, *standing: Slip) -> Change:
    return compared(run, {slip.pin: slip for slip in standing}, NOW, str)


def report(**facts: object) -> UserRun:
    return UserRun("jane", report=Report("jane", "local", **facts))  # type: ignore[arg-type]


@pytest.mark.parametrize("error", [LedgerBusy("busy"), Interrupted()])
def test_a_busy_account_and_an_interrupted_run_say_nothing(error: Exception) -> None:
    told = change(UserRun("jane", failure=error), DOWN, ASKED)
    assert not told.news
    assert (told.put, told.take) == ((), ())


def test_a_failure_that_stands_keeps_since_when_and_is_no_news() -> None:
    told = change(UserRun("jane", failure=CrmUnavailable("still down")), DOWN, ASKED)
    assert not told.news
    assert [(slip.since, slip.told) for slip in told.put] == [(DOWN.since, True)]
    assert told.take == ()


def test_another_failure_is_news_and_no_end_of_the_first() -> None:
    told = change(UserRun("jane", failure=NotAllowed("revoked")), DOWN)
    assert [slip.words for slip in told.news.new] == ["revoked"]
    assert told.news.over == ()
    assert told.take == (DOWN.pin,)


def test_a_failure_nobody_was_told_of_ends_without_a_word() -> None:
    silent = Slip(*DOWN.pin, DOWN.since)
    assert change(report(nothing_new=True), DOWN).news.over == (DOWN,)
    assert not change(report(nothing_new=True), silent).news
    assert change(report(nothing_new=True), silent).take == (silent.pin,)


def test_a_run_with_nothing_new_leaves_what_was_asked() -> None:
    told = change(report(nothing_new=True), ASKED)
    assert (told.news.new, told.take) == ((), ())
    assert change(report(), ASKED).take == (ASKED.pin,)


def test_what_nobody_could_be_told_is_news_until_somebody_is() -> None:
    untold = Slip(*ASKED.pin, ASKED.since)
    told = change(report(nothing_new=True), untold)
    assert told.news.new == (untold,)
    assert untold in told.put


def test_a_run_in_which_a_source_failed_is_no_success() -> None:
    outage = Outage("/srv/a.csv", "there is no such file", "Check the path.")
    told = change(report(outages=[outage]))
    assert [slip.kind for slip in told.put] == [OUTAGE]
    assert [slip.kind for slip in change(report()).put] == [SYNCED]
    assert [slip.kind for slip in change(report(stopped="gone half-way")).put] == [FAILURE]
