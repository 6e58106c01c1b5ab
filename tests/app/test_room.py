"""How much of a day's room is used up by calls that were made already."""

from __future__ import annotations

from datetime import date

from crm_sync.app.views import calls, open_shelf
from crm_sync.app.words import LoggedCall, log
from tests.app.building import Place, application

EARLIER = date(2027, 1, 22)


def test_calls_made_today_leave_no_room_for_more_than_the_days_calls() -> None:
    place = Place(calls_per_day=2)
    place.sync(*(application(f"Firm {n}", applied_on=EARLIER) for n in range(2)))
    for dossier in place.dossiers():
        place.say(lambda desk, key=dossier.key: log(desk, key, LoggedCall(place.now)))  # type: ignore[misc]

    place.sync(
        *(application(f"Firm {n}", applied_on=EARLIER) for n in range(2)),
        application("Late", applied_on=EARLIER),
    )

    task = place.dossier("Late").course.task
    assert task is not None
    assert task.pushed_due == date(2027, 2, 2)


def test_what_was_called_today_counts_into_the_list_of_the_day() -> None:
    place = Place(calls_per_day=None)
    rows = [application(f"Firm {n}", applied_on=EARLIER) for n in range(4)]
    place.sync(*rows)
    first = place.dossier("Firm 0").key
    place.say(lambda desk: log(desk, first, LoggedCall(place.now)))
    place.calls_per_day = 2

    shelf = open_shelf(place.ledger, "memory", "me", place.settings)
    waiting = [row["waiting"] for row in calls(shelf, place.settings.today)]

    assert waiting == [False, True, True]


def test_yesterdays_calls_take_no_room_today() -> None:
    place = Place(calls_per_day=1)
    place.sync(application("Firm", applied_on=EARLIER))
    place.say(lambda desk: log(desk, next(iter(desk.dossiers)), LoggedCall(place.now)))
    place.wait(days=1)

    place.sync(application("Firm", applied_on=EARLIER), application("Late", applied_on=EARLIER))

    task = place.dossier("Late").course.task
    assert task is not None
    assert task.pushed_due == date(2027, 2, 2)
