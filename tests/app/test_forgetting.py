"""Forgetting that is cut off anywhere is finished by the same again, and takes nobody else along."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm_sync.app.forgetting import forget
from crm_sync.domain.forgetting import user_trace
from crm_sync.domain.items import Change
from crm_sync.domain.keys import Kind
from tests.app.building import Place, application
from tests.world.faults import Crash, FaultyCrm, Fuse

ACME, BIRCH = application(), application("Birch", "Analyst")


def counts(place: Place) -> dict[str, int]:
    return {kind.value: len(place.live(kind)) for kind in Kind if place.live(kind)}


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_the_crm_it_is_finished_by_the_same_again(after: bool) -> None:
    for left in range(1, 20):
        place = Place()
        place.sync(ACME, BIRCH)
        fuse = Fuse()
        fuse.set(left, "crash", after=after)
        house = replace(place.house, crm=FaultyCrm(place.crm, fuse))
        try:
            forget(place.ledger, "memory", "me", None, house)
        except Crash:
            assert set(place.ledger.dossiers("memory"))  # the ledger still knows what is to be forgotten
            forget(place.ledger, "memory", "me", None, place.house)
            assert (counts(place), place.ledger.dossiers("memory")) == ({}, {})
            continue
        assert left > 2
        return
    pytest.fail("it never came to its end")


def test_companies_that_people_had_made_stay() -> None:
    place = Place()
    company = place.crm.add(Kind.COMPANY, {"name": "Acme"})
    place.sync(ACME, BIRCH)
    told = forget(place.ledger, "memory", "me", None, place.house)
    assert [key.kind for key in told.staying] == [Kind.COMPANY]
    assert [each.id for each in place.live(Kind.COMPANY)] == [company.id]


def test_calls_that_people_logged_on_a_deal_go_with_it() -> None:
    place = Place()
    place.sync(ACME)
    (deal,) = place.live(Kind.DEAL)
    place.crm.add(Kind.CALL, {"at": place.now.isoformat(), "outcome": "no_answer"}, [deal.id])
    forget(place.ledger, "memory", "me", None, place.house)
    assert counts(place) == {}


def test_a_deal_that_was_left_in_the_crm_goes_too() -> None:
    place = Place()
    place.sync(ACME)
    (deal,) = place.live(Kind.DEAL)
    assert deal.key is not None
    place.crm.discard(deal.key, deal.id)
    place.sync(ACME)
    place.crm.add(Kind.DEAL, {"name": "somebody else's"})
    forget(place.ledger, "memory", "me", None, place.house)
    assert [each.fields["name"] for each in place.live(Kind.DEAL)] == ["somebody else's"]


def test_a_record_that_the_crm_does_not_remove_keeps_the_ledger_from_forgetting() -> None:
    place = Place()
    place.sync(ACME)
    fuse = Fuse()
    fuse.set(2, "refusal", after=False)
    told = forget(place.ledger, "memory", "me", None, replace(place.house, crm=FaultyCrm(place.crm, fuse)))
    assert told.not_removed
    assert place.ledger.dossiers("memory")
    assert not place.ledger.forgotten("memory").holds(user_trace("me"))


def test_nothing_of_a_forgotten_user_is_written_down_by_a_sync() -> None:
    place = Place()
    place.sync(ACME)
    forget(place.ledger, "memory", "me", None, place.house)
    (other,) = [place.crm.add(Kind.COMPANY, {"name": "Cedar"})]
    assert other.key is None
    report = place.sync(ACME, BIRCH)
    assert (report.forgotten, report.created) == (2, 0)
    assert place.ledger.runs("memory") == ()
    assert place.ledger.users("memory") == ()
    assert counts(place) == {"company": 1}


def test_another_users_edits_are_still_heard() -> None:
    place = Place()
    place.sync(ACME)
    bob = Place(user="bob", crm=place.crm, ledger=place.ledger)
    bob.sync(BIRCH)
    forget(place.ledger, "memory", "me", None, place.house)
    (deal,) = bob.live(Kind.DEAL)
    assert deal.key is not None
    place.crm.edit(Change(deal.key, deal.id, {"stage": "offer"}))
    bob.sync(BIRCH)
    assert bob.dossier("Birch").course.stage == "offer"
