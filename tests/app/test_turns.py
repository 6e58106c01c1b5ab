"""The turns an application takes: undone and reopened stages, moved and snoozed calls, calls logged late."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from crm_sync.app.desk import Desk
from crm_sync.app.edits import move, set_stage
from crm_sync.app.house import Wishes
from crm_sync.app.report import Outage, exit_code
from crm_sync.app.words import LoggedCall, log, resume, say_stage, snooze
from crm_sync.domain.applications import Snapshot
from crm_sync.domain.decisions import Action
from crm_sync.domain.dossiers import CallTask, TaskState
from crm_sync.domain.keys import Kind
from crm_sync.domain.stages import Stage
from crm_sync.domain.touches import CallOutcome, CallResult, TouchKind
from crm_sync.errors import UsageError
from tests.app.building import Place, application

REJECTED = replace(application(), stage=Stage.REJECTED)


def begun() -> tuple[Place, str]:
    place = Place()
    place.sync(application())
    return place, place.dossier().key


def task_of(place: Place) -> CallTask:
    task = place.dossier().course.task
    assert task is not None
    return task


def is_quiet(place: Place) -> bool:
    plan = place.look(wishes=Wishes(plan_only=True)).plan
    return plan is not None and not plan.operations


def call(place: Place, key: str, **more: object) -> None:
    told = LoggedCall(**({"at": place.now} | more))  # type: ignore[arg-type]
    place.say(lambda desk: log(desk, key, told))


def test_a_rejection_that_is_undone_within_a_day_goes_on_in_its_round_under_a_new_number() -> None:
    place, _ = begun()
    place.sync(REJECTED)
    place.wait(hours=5)
    place.sync(application())

    task = task_of(place)
    assert (task.state, task.round, task.seq) == (TaskState.OPEN, 1, 2)
    assert len(place.open_calls()) == 1
    assert is_quiet(place)


def test_an_application_that_is_reopened_later_begins_a_new_round() -> None:
    place, key = begun()
    call(place, key)
    place.sync(REJECTED)
    place.wait(days=9)
    place.sync(application())

    task = task_of(place)
    assert (task.round, task.attempt, task.seq) == (2, 1, 3)
    assert task.pushed_due >= place.settings.today + timedelta(days=3)


def test_a_file_that_goes_back_and_forth_never_reuses_a_number_and_keeps_one_open_call() -> None:
    place, _ = begun()
    numbers = [task_of(place).seq]
    for _ in range(3):
        place.sync(REJECTED)
        assert place.open_calls() == []
        place.wait(days=2)
        place.sync(application())
        numbers.append(task_of(place).seq)
        assert len(place.open_calls()) == 1

    assert numbers == sorted(set(numbers))


def test_coming_back_from_an_interview_plans_a_call_counted_from_that_day() -> None:
    place, key = begun()
    call(place, key, outcome=CallOutcome.CONNECTED, result=CallResult.INTERVIEW)
    assert place.open_calls() == []
    place.wait(days=7)

    set_stage(place.house, place.dossier(), Stage.APPLIED)
    place.say(lambda desk: say_stage(desk, key, Stage.APPLIED))

    assert place.dossier().course.stage is Stage.APPLIED
    assert task_of(place).pushed_due >= place.settings.today + timedelta(days=3)
    place.sync(application())
    assert place.dossier().course.stage is Stage.APPLIED
    assert len(place.open_calls()) == 1


def test_a_call_moved_to_a_weekend_stands_there() -> None:
    place, _ = begun()
    saturday = date(2027, 2, 6)
    move(place.house, place.dossier(), saturday)
    place.look()

    decision = place.dossier().course.decision
    assert decision is not None
    assert (decision.action, decision.due_on) == (Action.KEEP, saturday)
    assert "user_date_not_callable" in decision.flags
    place.sync(application())
    assert [str(t.fields["due_at"])[:10] for t in place.open_calls()] == ["2027-02-06"]


def test_a_call_can_be_moved_twice_and_then_snoozed() -> None:
    place, key = begun()
    for day in (date(2027, 2, 6), date(2027, 2, 9)):
        move(place.house, place.dossier(), day)
        place.look()
    place.say(lambda desk: snooze(desk, key, date(2027, 2, 20)))

    assert task_of(place).pushed_due == date(2027, 2, 22)
    (task,) = place.open_calls()
    assert str(task.fields["due_at"]).startswith("2027-02-22")
    assert is_quiet(place)


@pytest.mark.parametrize(
    ("until", "due"),
    [
        (date(2027, 2, 2), date(2027, 2, 2)),
        (date(2027, 2, 6), date(2027, 2, 8)),
        (date(2027, 2, 11), date(2027, 2, 11)),
    ],
)
def test_a_snooze_moves_the_call_to_the_first_callable_day_from_then_on(until: date, due: date) -> None:
    place, key = begun()
    place.say(lambda desk: snooze(desk, key, until))
    assert task_of(place).pushed_due == due
    assert task_of(place).seq == 1


def test_a_snooze_to_today_is_refused() -> None:
    place, key = begun()
    with pytest.raises(UsageError):
        place.say(lambda desk: snooze(desk, key, place.settings.today))


def test_a_call_logged_late_counts_on_the_callees_day() -> None:
    place = Place(now=datetime(2027, 2, 2, 15, 0, tzinfo=UTC))
    place.sync(application(location="Tokyo, Japan"))
    key = place.dossier().key
    yesterday_evening = datetime(2027, 2, 1, 23, 30, tzinfo=UTC)  # 18:30 in New York, the 2nd in Tokyo

    call(place, key, at=yesterday_evening)

    assert task_of(place).pushed_due == date(2027, 2, 5)
    assert task_of(place).attempt == 2


def test_a_call_in_the_future_is_refused_and_changes_nothing() -> None:
    place, key = begun()
    with pytest.raises(UsageError):
        call(place, key, at=place.now + timedelta(minutes=1))
    assert task_of(place).state is TaskState.OPEN


def test_their_call_waits_for_what_they_said_and_then_goes_on() -> None:
    place, key = begun()
    call(place, key, kind=TouchKind.INBOUND, outcome=CallOutcome.CONNECTED)
    decision = place.dossier().course.decision
    assert decision is not None
    assert decision.reason == "employer_contacted_you"
    assert len(place.open_calls()) == 1

    place.wait(minutes=5)
    call(place, key, kind=TouchKind.INBOUND, outcome=CallOutcome.CONNECTED, result=CallResult.IN_PROCESS)

    assert len(place.open_calls()) == 1
    assert task_of(place).attempt == 1
    assert place.live(Kind.CALL) == []


def test_calls_end_after_eight_days_of_dialling_whatever_was_promised() -> None:
    place, key = begun()
    for _ in range(8):
        day = place.settings.today + timedelta(days=7)
        call(place, key, outcome=CallOutcome.CONNECTED, result=CallResult.CALL_BACK, call_back=day)
        place.wait(days=7)

    decision = place.dossier().course.decision
    assert decision is not None
    assert (decision.action, decision.reason) == (Action.STOP, "hard_total")
    assert place.open_calls() == []


def test_calls_after_the_clocks_change_keep_their_hour() -> None:
    place = Place(now=datetime(2027, 3, 11, 18, 0, tzinfo=UTC))
    place.sync(application(applied_on=date(2027, 3, 11)))

    assert task_of(place).due_at == datetime(2027, 3, 15, 14, 0, tzinfo=UTC)  # 10:00 in New York, in summer


def test_a_new_round_after_the_last_call_begins_only_when_a_person_says_so() -> None:
    place, key = begun()
    for _ in range(4):
        call(place, key)
        place.wait(days=4)
    assert place.open_calls() == []
    place.sync(application())
    assert place.open_calls() == []

    place.say(lambda desk: _take_up(desk, key))

    task = task_of(place)
    assert (task.round, task.attempt, task.seq) == (2, 1, 5)


def _take_up(desk: Desk, key: str) -> None:
    resume(desk, key)


def test_a_file_that_cannot_be_read_stops_no_other() -> None:
    place = Place()
    good = Snapshot("/good.csv", "spreadsheet", (application("Bolt"),), bookmark="1")
    report = place.look(Outage("/bad.csv", "it is a picture", ""), good)

    assert report.created == 1
    assert len(place.open_calls()) == 1
    assert exit_code(report) == 4


def test_the_day_is_never_fuller_than_its_room_but_for_promises() -> None:
    place = Place(calls_per_day=2)
    rows = [application(f"Company {n}", f"Job {n}") for n in range(9)]
    place.sync(*rows)
    for _ in range(6):
        load: dict[date, int] = {}
        for dossier in place.dossiers():
            task = dossier.course.task
            if task and task.state is TaskState.OPEN:
                day = max(task.pushed_due, place.settings.today)
                load[day] = load.get(day, 0) + 1
        planned_ahead = {day: n for day, n in load.items() if day > place.settings.today}
        assert all(n <= 2 for n in planned_ahead.values()), load
        place.wait(days=1)
        place.sync(*rows)
