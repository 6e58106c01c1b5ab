"""Several users of one account: they share companies and people, and nobody is called by two of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from crm_sync.app.words import LoggedCall, log
from crm_sync.domain.applications import Application
from crm_sync.domain.decisions import Action
from crm_sync.domain.dossiers import TaskState
from crm_sync.domain.keys import Kind
from crm_sync.domain.stages import Stage
from crm_sync.domain.touches import CallOutcome, CallResult
from tests.app.building import Place, application


def other(place: Place, user: str = "ada") -> Place:
    """Return the same place for another user."""
    return replace(place, user=user)


def to_jane(title: str = "Data Engineer", **more: Any) -> Application:
    facts = {"contact_name": "Jane Roe", "contact_email": "jane@acme.example"}
    return application(title=title, **(facts | more))


def due(place: Place, company: str = "Acme") -> date:
    task = place.dossier(company).course.task
    assert task is not None
    assert task.state is TaskState.OPEN
    return task.pushed_due


def test_two_users_are_not_due_to_call_one_person_within_three_days() -> None:
    place = Place()
    ada = other(place)

    place.sync(to_jane())
    ada.sync(to_jane("Analyst"), source="/ada.csv")

    assert abs((due(ada) - due(place)).days) >= 3
    task = ada.dossier().course.task
    assert task is not None
    assert "person_busy" in task.flags


def test_a_person_known_to_one_user_by_name_and_to_the_other_by_address_too_is_one_person() -> None:
    place = Place()
    ada = other(place)

    place.sync(to_jane(contact_email=None))
    ada.sync(to_jane("Analyst"), source="/ada.csv")

    assert abs((due(ada) - due(place)).days) >= 3


def test_a_call_that_is_over_locks_nobody() -> None:
    place = Place()
    ada = other(place)
    place.sync(to_jane())
    first = due(place)
    place.sync(replace(to_jane(), stage=Stage.REJECTED))

    ada.sync(to_jane("Analyst"), source="/ada.csv")

    assert due(ada) == first


def test_do_not_call_said_to_one_user_stops_the_other_at_their_next_run() -> None:
    place = Place()
    ada = other(place)
    ada.sync(to_jane("Analyst"), source="/ada.csv")
    place.sync(to_jane())

    key = place.dossier().key
    said = LoggedCall(place.now, outcome=CallOutcome.CONNECTED, result=CallResult.DO_NOT_CALL)
    place.say(lambda desk: log(desk, key, said))
    ada.look()

    decision = ada.dossier().course.decision
    assert decision is not None
    assert (decision.action, decision.reason) == (Action.STOP, "do_not_call")
    assert place.open_calls() == []


def test_do_not_call_holds_for_applications_that_come_later_and_name_the_person_otherwise() -> None:
    place = Place()
    place.sync(to_jane())
    key = place.dossier().key
    said = LoggedCall(place.now, outcome=CallOutcome.CONNECTED, result=CallResult.DO_NOT_CALL)
    place.say(lambda desk: log(desk, key, said))

    ada = other(place)
    ada.sync(to_jane("Analyst", contact_email=None), source="/ada.csv")

    decision = ada.dossier().course.decision
    assert decision is not None
    assert decision.reason == "do_not_call"


def test_a_user_who_calls_nobody_of_another_is_left_alone() -> None:
    place = Place()
    ada = other(place)
    ada.sync(application("Bolt"), source="/ada.csv")
    before = ada.dossier("Bolt")

    place.sync(to_jane(), application("Bolt", "Welder"))

    assert ada.dossier("Bolt") == before
    assert ada.look().nothing_new


def test_companies_that_users_spell_differently_are_one_record_with_the_first_spelling() -> None:
    place = Place()
    ada = other(place)

    place.sync(application("Acme GmbH"))
    ada.sync(application("ACME", "Analyst"), source="/ada.csv")
    place.sync(application("Acme GmbH"), application("acme", "Welder"))

    (company,) = place.live(Kind.COMPANY)
    assert company.fields["name"] == "Acme GmbH"


def test_the_same_file_of_two_users_makes_each_of_them_a_deal_of_their_own() -> None:
    place = Place()
    ada = other(place)

    place.sync(application())
    ada.sync(application())

    assert len(place.live(Kind.DEAL)) == 2
    assert place.dossier().key != ada.dossier().key
    assert not place.sync(application()).plan.operations  # type: ignore[union-attr]
