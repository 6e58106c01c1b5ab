"""Two files of one user that speak of the same applications."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from crm_sync.domain.dossiers import TaskState
from crm_sync.domain.keys import Kind
from crm_sync.domain.stages import Stage
from tests.app.building import Place, application

OTHER = "/home/someone/linkedin.csv"


def test_a_second_file_adds_facts_and_makes_no_second_deal() -> None:
    place = Place()
    place.sync(application())
    place.sync(application(location="Berlin"), source=OTHER)

    (deal,) = place.live(Kind.DEAL)
    assert deal.fields["location"] == "Berlin"


def test_a_file_that_says_nothing_new_does_not_take_back_what_another_said() -> None:
    place = Place()
    place.sync(application(), application("Bolt"))
    place.sync(replace(application(), stage=Stage.REJECTED), source=OTHER)
    assert place.task_state() is TaskState.CANCELLED_BY_US

    report = place.sync(application(), application("Bolt"), application("Crane"))

    assert place.dossier().course.stage is Stage.REJECTED
    assert place.task_state() is TaskState.CANCELLED_BY_US
    assert report.created == 1


def test_the_file_that_changes_its_word_is_heard() -> None:
    place = Place()
    place.sync(application())
    place.sync(application(), source=OTHER)

    place.sync(replace(application(), stage=Stage.REJECTED))

    assert place.dossier().course.stage is Stage.REJECTED


def test_files_read_in_turn_change_nothing_once_both_were_heard() -> None:
    place = Place()
    first, second = application(location="Berlin"), application(location="Hamburg", salary="50k")
    place.sync(first)
    place.sync(second, source=OTHER)

    for _ in range(2):
        for row, source in ((first, "/home/someone/tracker.csv"), (second, OTHER)):
            report = place.sync(row, source=source)
            assert report.plan is not None
            assert not report.plan.operations
            assert report.updated == 0


def test_a_fact_that_one_file_empties_stays_where_the_other_still_states_it() -> None:
    place = Place()
    place.sync(application(salary="50k", applied_on=date(2027, 1, 29)))
    place.sync(application(salary="50k"), source=OTHER)

    place.sync(application(), source=OTHER)

    assert place.dossier().application.salary == "50k"
