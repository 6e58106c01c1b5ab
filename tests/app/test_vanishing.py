"""Rows that leave a file: what ends, what is left alone, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm_sync.app.desk import Desk
from crm_sync.app.house import Wishes
from crm_sync.app.report import exit_code
from crm_sync.app.words import LoggedCall, log, resume
from crm_sync.domain.applications import Application, Snapshot
from crm_sync.domain.dossiers import TaskState
from crm_sync.domain.items import Change
from crm_sync.domain.keys import Kind
from crm_sync.domain.stages import Stage
from crm_sync.domain.touches import CallOutcome, CallResult
from crm_sync.errors import UnsafePlan
from tests.app.building import FILE, Place, application

SHOWN = Snapshot(FILE, "spreadsheet", (), (), complete=True, bookmark="1")


def rows(count: int) -> list[Application]:
    return [application(f"Company {number}", f"Job {number}") for number in range(count)]


def test_the_second_look_ends_what_the_first_look_was_allowed_to_miss() -> None:
    place = Place()
    place.sync(*rows(20))
    place.sync(*rows(20)[6:])

    place.wait(hours=13)
    report = place.sync(*rows(20)[6:])

    assert report.calls_cancelled == 6
    assert len(place.live(Kind.DEAL)) == 20


def test_a_loss_that_a_person_allowed_is_not_refused_at_the_next_look() -> None:
    place = Place()
    place.sync(*rows(30))
    with pytest.raises(UnsafePlan):
        place.sync(*rows(30)[15:])
    place.sync(*rows(30)[15:], wishes=Wishes(allow_loss=True))

    place.wait(hours=13)
    report = place.sync(*rows(30)[15:])

    assert report.calls_cancelled == 15


def test_a_row_that_comes_back_is_called_again_under_a_new_number() -> None:
    place = Place()
    place.sync(application(), application("Bolt"))
    place.sync(application("Bolt"))
    place.wait(hours=13)
    place.sync(application("Bolt"))
    assert place.task_state() is TaskState.CANCELLED_BY_US

    place.sync(application(), application("Bolt"))

    task = place.dossier().course.task
    assert task is not None
    assert (task.state, task.seq) == (TaskState.OPEN, 2)
    assert len(place.live(Kind.DEAL)) == 2
    assert not place.sync(application(), application("Bolt")).plan.operations  # type: ignore[union-attr]


def test_a_row_that_comes_back_before_the_second_look_keeps_its_call() -> None:
    place = Place()
    place.sync(application(), application("Bolt"))
    place.sync(application("Bolt"))
    place.wait(hours=2)
    place.sync(application(), application("Bolt"))
    place.wait(hours=13)
    place.sync(application("Bolt"))

    assert place.task_state() is TaskState.OPEN


def test_calls_resumed_after_the_row_left_go_on_however_often_the_file_is_read() -> None:
    place = Place()
    place.sync(application(), application("Bolt"))
    for _ in range(2):
        place.sync(application("Bolt"))
        place.wait(hours=13)
    key = place.dossier().key

    place.say(lambda desk: _take_up(desk, key))
    for _ in range(3):
        place.sync(application("Bolt"))
        place.wait(hours=13)

    assert place.task_state() is TaskState.OPEN


def test_a_dossier_that_a_call_led_to_never_vanishes() -> None:
    place = Place()
    place.sync(application())
    key = place.dossier().key
    told = LoggedCall(
        place.now, outcome=CallOutcome.CONNECTED, result=CallResult.REFERRED, referred_to="Mo Lin"
    )
    place.say(lambda desk: log(desk, key, told))

    for _ in range(3):
        place.sync(application())
        place.wait(hours=13)

    assert len(place.dossiers()) == 2
    (led,) = [d for d in place.dossiers() if d.led_from == key]
    assert led.course.vanished_looks == 0
    assert led.course.task is not None
    assert led.course.task.state is TaskState.OPEN


def test_a_disputed_row_that_leaves_the_file_is_still_looked_for_a_second_time() -> None:
    place = Place()
    place.sync(application(), application("Bolt"))
    place.crm.edit(_stage(place, Stage.OFFER))
    place.sync(replace(application(), stage=Stage.SCREENING), application("Bolt"))
    place.sync(application("Bolt"))

    assert place.dossier().course.stage_disputed
    assert place.dossier().course.decide_on is not None


def _stage(place: Place, stage: Stage) -> Change:
    (deal,) = [d for d in place.live(Kind.DEAL) if d.fields["name"] == "Data Engineer at Acme"]
    assert deal.key is not None
    return Change(deal.key, deal.id, {"stage": stage.value})


def test_rows_of_another_file_do_not_vanish() -> None:
    place = Place()
    place.sync(application())
    for _ in range(3):
        place.sync(application("Bolt"), source="/other.csv")
        place.wait(hours=13)

    assert place.task_state() is TaskState.OPEN
    assert place.dossier().origin == FILE


def test_a_row_that_another_file_still_shows_has_not_vanished() -> None:
    place = Place()
    place.sync(application(), application("Bolt"))
    place.sync(application(), source="/other.csv")
    for _ in range(3):
        place.sync(application("Crane"), source="/other.csv")
        place.wait(hours=13)

    assert place.task_state() is TaskState.OPEN
    assert place.dossier().course.vanished_looks == 0


def _take_up(desk: Desk, key: str) -> None:
    resume(desk, key)


def test_of_several_files_the_one_that_lost_too_much_is_set_aside_and_the_others_go_on() -> None:
    place = Place()
    place.sync(*rows(20))
    lost = replace(SHOWN, applications=tuple(rows(20)[10:]), bookmark="2")
    other = replace(SHOWN, source="/other.csv", applications=(application("Bolt"),))

    report = place.look(lost, other)

    assert exit_code(report) == 3
    assert report.created == 1
    assert [outage.source for outage in report.outages] == [FILE]
    assert all(not d.course.vanished_looks for d in place.dossiers())
    assert {s.source: s.applications for s in place.ledger.sources("memory", "me")} == {
        FILE: 20,
        "/other.csv": 1,
    }


def test_a_file_that_was_set_aside_is_taken_once_a_person_allows_it() -> None:
    place = Place()
    place.sync(*rows(20))
    lost = replace(SHOWN, applications=tuple(rows(20)[10:]), bookmark="2")
    other = replace(SHOWN, source="/other.csv", applications=(application("Bolt"),))
    place.look(lost, other)

    report = place.look(lost, other, wishes=Wishes(allow_loss=True))

    assert (exit_code(report), report.vanished) == (0, 10)
