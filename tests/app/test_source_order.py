"""Whose word stands where several sources of one user tell of an application."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from crm_sync.config.told import Source
from crm_sync.domain.applications import Application
from crm_sync.domain.dossiers import TaskState
from crm_sync.domain.items import Change
from crm_sync.domain.keys import Kind
from crm_sync.domain.stages import Stage
from tests.app.building import Place, application

SHEET, TEAL = "/home/someone/sheet.csv", "/home/someone/teal.csv"


def named(*sources: str) -> Place:
    """Return a place whose configuration names these sources in this order."""
    return Place(sources=tuple(Source(source) for source in sources))


def both(place: Place, sheet: Application, teal: Application) -> Place:
    place.sync(sheet, source=SHEET)
    place.sync(teal, source=TEAL)
    return place


def deal(place: Place) -> Any:
    (found,) = place.live(Kind.DEAL)
    return found.fields


@pytest.mark.parametrize(("order", "stands"), [((SHEET, TEAL), "Bonn"), ((TEAL, SHEET), "Ulm")])
def test_the_first_source_of_the_configuration_owns_a_field(order: tuple[str, ...], stands: str) -> None:
    place = both(named(*order), application(location="Bonn"), application(location="Ulm", salary="50k"))

    assert (deal(place)["location"], deal(place)["salary"]) == (stands, "50k")
    for _ in range(2):
        assert not place.sync(application(location="Bonn"), source=SHEET).plan.operations  # type: ignore[union-attr]


def test_a_later_source_that_changes_its_word_does_not_take_a_field_from_its_owner() -> None:
    place = both(named(SHEET, TEAL), application(location="Bonn"), application(location="Ulm"))
    place.sync(application(location="Kiel", salary="60k"), source=TEAL)

    assert (deal(place)["location"], deal(place)["salary"]) == ("Bonn", "60k")


def test_a_field_that_its_owner_empties_passes_to_the_next() -> None:
    place = both(named(SHEET, TEAL), application(location="Bonn"), application(location="Ulm"))
    place.sync(application(), source=SHEET)

    assert deal(place)["location"] == "Ulm"


def test_another_order_is_heard_at_the_next_look() -> None:
    place = both(named(SHEET, TEAL), application(location="Bonn"), application(location="Ulm"))
    place.sources = (Source(TEAL), Source(SHEET))
    place.sync(application(location="Bonn"), source=SHEET)

    assert deal(place)["location"] == "Ulm"


def test_a_row_that_its_owner_lost_is_told_by_the_next_until_it_comes_back() -> None:
    place = both(named(SHEET, TEAL), application(location="Bonn", salary="9k"), application(location="Ulm"))
    place.sync(source=SHEET)
    assert (deal(place)["location"], deal(place)["salary"]) == ("Ulm", "9k")

    place.sync(application(location="Bonn", salary="9k"), source=SHEET)
    assert (deal(place)["location"], deal(place)["salary"]) == ("Bonn", "9k")


def test_a_source_that_is_not_in_the_configuration_only_adds() -> None:
    place = both(named(SHEET), application(location="Bonn"), application(location="Ulm", salary="50k"))

    assert (deal(place)["location"], deal(place)["salary"]) == ("Bonn", "50k")


@pytest.mark.parametrize("order", [(SHEET, TEAL), (TEAL, SHEET), (SHEET,), (TEAL,), ()])
def test_applied_gives_way_to_a_source_that_tells_more(order: tuple[str, ...]) -> None:
    applied = replace(application(), stage_word="Applied")
    rejected = replace(application(), stage=Stage.REJECTED, stage_word="Rejected")
    place = both(named(*order), applied, rejected)

    assert place.dossier().course.stage is Stage.REJECTED
    place.sync(applied, source=SHEET)
    place.sync(replace(applied, salary="1k"), source=SHEET)
    assert place.dossier().course.stage is Stage.REJECTED
    assert place.open_calls() == []


def test_a_saved_row_is_an_application_once_another_source_shows_it_was_sent() -> None:
    place = both(named(SHEET, TEAL), replace(application(), stage=Stage.SAVED), application())

    assert place.dossier().course.stage is Stage.APPLIED
    assert len(place.open_calls()) == 1


def test_of_two_that_tell_more_the_first_one_stands() -> None:
    offer, screening = (replace(application(), stage=stage) for stage in (Stage.OFFER, Stage.SCREENING))
    assert both(named(SHEET, TEAL), screening, offer).dossier().course.stage is Stage.SCREENING
    assert both(named(TEAL, SHEET), screening, offer).dossier().course.stage is Stage.OFFER


def test_no_source_pulls_a_deal_back_that_a_person_moved() -> None:
    place = both(named(SHEET, TEAL), application(), application())
    (record,) = place.live(Kind.DEAL)
    assert record.key is not None
    place.crm.edit(Change(record.key, record.id, {"stage": "interviewing"}))

    for _ in range(2):
        for source in (TEAL, SHEET):
            report = place.sync(application(salary="9k"), source=source)
            assert deal(place)["stage"] == "interviewing"
            assert report.conflicts == ()
    assert place.dossier().course.stage is Stage.INTERVIEWING


def test_two_people_are_never_mixed_into_one_contact() -> None:
    jane = application(contact_name="Jane Roe", contact_email="jane@acme.example")
    bob = application(contact_name="Bob Poe", contact_phone="+1 555 0101")
    place = both(named(SHEET, TEAL), jane, bob)

    told = place.dossier().application
    assert (told.contact_name, told.contact_phone) == ("Jane Roe", None)


def test_the_same_person_is_filled_from_both() -> None:
    jane = application(contact_name="Jane Roe")
    full = application(contact_name="Jane Roe", contact_phone="+1 555 0101", contact_title="Recruiter")
    told = both(named(SHEET, TEAL), jane, full).dossier().application

    assert (told.contact_phone, told.contact_title) == ("+1 555 0101", "Recruiter")


def test_a_person_finds_the_row_in_the_source_that_is_asked_first() -> None:
    assert both(named(SHEET, TEAL), application(), application()).dossier().origin == SHEET
    assert both(named(TEAL, SHEET), application(), application()).dossier().origin == TEAL


@pytest.mark.parametrize("order", [(SHEET, TEAL), (TEAL, SHEET), ()])
def test_a_row_has_vanished_only_when_every_source_lost_it(order: tuple[str, ...]) -> None:
    place = both(named(*order), application(salary="1k"), application(applied_on=date(2027, 1, 30)))
    other = application("Bolt")
    for _ in range(3):
        place.sync(other, source=SHEET)
        place.wait(hours=13)
    assert place.task_state() is TaskState.OPEN
    assert place.dossier().course.vanished_looks == 0
    assert "1k" in {record.fields["salary"] for record in place.live(Kind.DEAL)}

    place.sync(other, source=TEAL)
    place.wait(hours=13)
    assert place.task_state() is TaskState.OPEN
    place.sync(other, source=TEAL)
    assert place.task_state() is TaskState.CANCELLED_BY_US
    assert len(place.live(Kind.DEAL)) == 2

    place.sync(other, application(salary="1k"), source=SHEET)
    assert place.task_state() is TaskState.OPEN


def test_unchanged_sources_count_as_looks_for_each_row_they_lost() -> None:
    place = both(named(SHEET, TEAL), application(), application())
    place.sync(application("Bolt"), source=SHEET)
    place.sync(application("Bolt"), source=TEAL)
    place.wait(hours=20)
    place.look_unchanged(SHEET, TEAL)

    assert place.task_state() is TaskState.CANCELLED_BY_US
