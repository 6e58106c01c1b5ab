"""What a person says about two applications that are one, or one that is two."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from crm_sync.app.desk import Desk
from crm_sync.app.joining import keep_apart, merge, split
from crm_sync.app.report import Report
from crm_sync.app.sync import run
from crm_sync.app.words import LoggedCall, log
from crm_sync.domain.applications import Application
from crm_sync.domain.dossiers import TaskState
from crm_sync.domain.items import Change
from crm_sync.domain.keys import Kind
from crm_sync.domain.stages import Stage
from crm_sync.domain.touches import CallOutcome
from crm_sync.errors import CrmUnavailable, UsageError
from crm_sync.planning.sayings import sources_of
from crm_sync.planning.twins import Twins, suspected
from tests.app.building import Place, application
from tests.world.faults import FaultyCrm, Fuse

SHEET, TEAL = "/home/someone/sheet.csv", "/home/someone/teal.csv"
MINE = application(salary="50k")
THEIRS = application("Acme Group", applied_on=date(2027, 1, 12), location="Bonn")


def two(mine: Application = MINE, theirs: Application = THEIRS) -> tuple[Place, str, str]:
    """Return a place with two deals, one of either source, and their keys."""
    place = Place()
    place.sync(mine, source=SHEET)
    first = place.dossiers()[0].key
    place.sync(theirs, source=TEAL)
    (second,) = [d.key for d in place.dossiers() if d.key != first]
    return place, first, second


def merged(place: Place, first: str, second: str) -> Report:
    def words(desk: Desk) -> None:
        assert merge(desk, first, second) == first

    return place.say(words)


def parted(place: Place, key: str) -> list[str]:
    alone: list[str] = []
    place.say(lambda desk: alone.extend(split(desk, key)[1]))
    return alone


def is_quiet(place: Place, mine: Application = MINE, theirs: Application = THEIRS) -> None:
    for source, row in ((SHEET, mine), (TEAL, theirs)) * 2:
        report = place.sync(row, source=source)
        assert report.plan is not None
        assert not report.plan.operations, report.plan
        assert (report.created, report.updated) == (0, 0)


def deals(place: Place) -> dict[str, Any]:
    return {deal.key.id: deal for deal in place.live(Kind.DEAL) if deal.key}


def test_two_become_one_deal_with_what_both_know_and_one_call() -> None:
    place, first, second = two()
    report = merged(place, first, second)

    assert set(deals(place)) == {first}
    assert {deals(place)[first].fields[name] for name in ("salary", "location")} == {"50k", "Bonn"}
    assert len(place.open_calls()) == 1
    assert report.calls_cancelled == 1
    is_quiet(place)


def test_the_calls_of_both_belong_to_the_one_that_goes_on() -> None:
    place, first, second = two()
    for key in (first, second):
        place.say(lambda desk, key=key: log(desk, key, LoggedCall(place.now)))  # type: ignore[misc]
    merged(place, first, second)

    calls = place.live(Kind.CALL)
    assert len(calls) == 2
    assert all(deals(place)[first].id in call.relations for call in calls)
    task = next(d for d in place.dossiers() if d.key == first).course.open_task
    assert task is not None
    assert task.attempt == 2  # both calls were made on one day, to one employer
    is_quiet(place)


def test_a_split_takes_a_merge_back_with_key_calls_and_deal() -> None:
    place, first, second = two()
    before = {key: dict(deal.fields) for key, deal in deals(place).items()}
    place.say(lambda desk: log(desk, second, LoggedCall(place.now)))
    merged(place, first, second)
    assert parted(place, first) == [second]

    assert {key: dict(deal.fields) for key, deal in deals(place).items()} == before
    assert len(place.open_calls()) == 2
    touches = place.ledger.touches("memory", "me")
    assert set(touches) == {second}
    (call,) = place.live(Kind.CALL)
    assert deals(place)[second].id in call.relations
    is_quiet(place)


def test_a_split_while_a_removal_is_in_the_air_makes_no_conflict_of_what_the_file_says_now() -> None:
    place, first, second = _with_a_removal_in_the_air()
    parted(place, first)

    report = place.sync(replace(THEIRS, salary="60k"), source=TEAL)

    assert not report.conflicts
    assert deals(place)[second].fields["salary"] == "60k"
    is_quiet(place, theirs=replace(THEIRS, salary="60k"))


def _with_a_removal_in_the_air() -> tuple[Place, str, str]:
    """Merge two while the CRM goes away when the deal of the other is about to be removed."""
    for door in range(1, 12):
        place, first, second = two()
        fuse = Fuse()
        house = replace(place.house, crm=FaultyCrm(place.crm, fuse))
        fuse.set(door, "outage", after=False)
        with suppress(CrmUnavailable):
            run(house, "words", words=lambda desk, a=first, b=second: merge(desk, a, b))  # type: ignore[misc]
        if Kind.DEAL in {key.kind for key in place.ledger.unsettled("memory")}:
            return place, first, second
    raise AssertionError("no door at which the removal is in the air")


def test_what_was_merged_and_split_is_remembered_as_two() -> None:
    place, first, second = two(MINE, replace(MINE, applied_on=date(2026, 12, 1)))
    assert len(suspects(place)) == 1
    merged(place, first, second)
    assert suspects(place) == []
    parted(place, first)
    assert suspects(place) == []


def suspects(place: Place) -> list[Twins]:
    dossiers = place.ledger.dossiers("memory", "me")
    return suspected(dossiers, place.ledger.evidence("memory", "me"))


def test_a_merge_after_a_split_after_a_merge_holds() -> None:
    place, first, second = two()
    for _ in range(2):
        merged(place, first, second)
        is_quiet(place)
        parted(place, second)  # its own key does as well
        is_quiet(place)
    merged(place, first, second)
    assert set(deals(place)) == {first}


def test_the_rows_of_both_sources_are_heard_after_a_merge() -> None:
    place, first, second = two()
    merged(place, first, second)
    place.sync(replace(THEIRS, stage=Stage.REJECTED), source=TEAL)

    assert deals(place)[first].fields["stage"] == "rejected"
    assert place.open_calls() == []


def test_what_was_merged_has_vanished_only_when_both_rows_are_gone() -> None:
    place, first, second = two()
    merged(place, first, second)
    for _ in range(2):
        place.sync(application("Bolt"), source=SHEET)
        place.wait(hours=13)
    assert len([t for t in place.open_calls() if first in str(t.key)]) == 1
    for _ in range(2):
        place.sync(application("Bolt"), source=TEAL)
        place.wait(hours=13)
    assert not [t for t in place.open_calls() if first in str(t.key)]


def test_a_deal_that_a_person_changed_is_left_and_told() -> None:
    place, first, second = two()
    deal = deals(place)[second]
    place.crm.edit(Change(deal.key, deal.id, {"salary": "70k"}))
    report = merged(place, first, second)

    assert deals(place)[second].fields["salary"] == "70k"
    assert any(second in note for note in report.notes)
    is_quiet(place)

    parted(place, first)
    assert deals(place)[second].id == deal.id
    assert deals(place)[second].fields["salary"] == "70k"
    assert len(place.live(Kind.DEAL)) == 2
    is_quiet(place)


def test_a_call_that_a_person_logged_on_the_deal_keeps_it_and_counts() -> None:
    place, first, second = two()
    place.crm.add(Kind.CALL, {"at": place.now.isoformat(), "outcome": "no_answer"}, [deals(place)[second].id])
    merged(place, first, second)

    assert set(deals(place)) == {first, second}
    place.wait(hours=1)
    place.crm.add(Kind.CALL, {"at": place.now.isoformat(), "outcome": "busy"}, [deals(place)[second].id])
    place.sync(MINE, source=SHEET)
    assert {t.application for group in place.ledger.touches("memory", "me").values() for t in group} == {
        first,
        second,
    }
    is_quiet(place)


def test_a_stage_that_a_person_set_on_the_other_deal_goes_on() -> None:
    place, first, second = two()
    deal = deals(place)[second]
    place.crm.edit(Change(deal.key, deal.id, {"stage": "interviewing"}))
    merged(place, first, second)

    assert deals(place)[first].fields["stage"] == "interviewing"
    assert place.open_calls() == []
    is_quiet(place)


def test_two_rows_of_one_source_are_one_by_a_persons_word_alone() -> None:
    place = Place()
    rows = (application(), application("Acme Group", "Data Engineer (m/f/d)"))
    place.sync(*rows)
    first, second = (d.key for d in place.dossiers())
    merged(place, first, second)

    for _ in range(2):
        report = place.sync(*rows)
        assert report.plan is not None
        assert not report.plan.operations
    assert len(place.live(Kind.DEAL)) == 1


def test_what_was_recognised_as_one_is_two_for_ever_once_a_person_said_so() -> None:
    place = Place()
    theirs = application(location="Bonn")
    place.sync(MINE, source=SHEET)
    place.sync(theirs, source=TEAL)
    (one,) = place.dossiers()
    (other,) = parted(place, one.key)

    assert set(deals(place)) == {one.key, other}
    assert deals(place)[one.key].fields["location"] is None
    assert deals(place)[other].fields["location"] == "Bonn"
    is_quiet(place, MINE, theirs)
    place.sync(replace(theirs, job_title="Data Engineer II"), source=TEAL)
    place.sync(theirs, source=TEAL)
    assert set(deals(place)) == {one.key, other}

    merged(place, one.key, other)
    assert set(deals(place)) == {one.key}
    is_quiet(place, MINE, theirs)


def test_a_row_that_was_split_off_is_known_by_its_address_whatever_it_was_called_since() -> None:
    place = Place()
    link = "https://jobs.acme.example/posting/7701"
    place.sync(application(job_url=link), source=SHEET)
    place.sync(application(job_url=link, salary="1k"), source=TEAL)
    (one,) = place.dossiers()
    (other,) = parted(place, one.key)

    for title, day in (("Analyst", 20), ("Data Engineer III", 12), ("Head of Data", 3)):
        row = application("Acme", title, job_url=link, applied_on=date(2027, 1, day), notes=f"seen {day}")
        place.sync(row, source=TEAL)
        assert set(deals(place)) == {one.key, other}
    assert deals(place)[other].fields["job_title"] == "Head of Data"


@pytest.mark.parametrize("link", ["https://jobs.acme.example/posting/7701", None])
def test_three_sources_that_were_split_stay_three(link: str | None) -> None:
    place = Place()
    rows = {source: application(job_url=link, salary=source[-5:]) for source in (SHEET, TEAL, "/x/third.csv")}
    for source, row in rows.items():
        place.sync(row, source=source)
    assert len(place.dossiers()) == 1
    assert len(parted(place, place.dossiers()[0].key)) == 2

    for _ in range(2):
        for source, row in reversed(rows.items()):
            place.sync(row, source=source)
    assert len(place.live(Kind.DEAL)) == 3


def test_one_that_has_parts_is_merged_and_split_part_by_part() -> None:
    place, first, second = two()
    place.sync(application("Acme Holding"), source="/x/third.csv")
    (third,) = {d.key for d in place.dossiers()} - {first, second}
    merged(place, first, second)
    merged(place, third, first)
    assert set(deals(place)) == {third}

    assert parted(place, third) == [first]
    assert set(deals(place)) == {third, first}
    assert parted(place, first) == [second]
    assert set(deals(place)) == {first, second, third}


def test_two_that_only_look_alike_are_kept_apart() -> None:
    place, first, second = two(MINE, replace(MINE, applied_on=date(2026, 12, 1)))
    said: list[str] = []
    place.say(lambda desk: said.extend(keep_apart(desk, second, first)))
    assert said == []

    place.sync(MINE, source=SHEET)
    place.sync(MINE, source=TEAL)  # its date was put right: it is known for another one all the same
    assert set(deals(place)) == {first, second}


def test_a_row_that_changed_beyond_recognition_is_not_the_one_it_was_kept_apart_from() -> None:
    place, first, second = two()
    said: list[str] = []
    place.say(lambda desk: said.extend(keep_apart(desk, first, second)))
    place.sync(replace(MINE, cells=("quite", "another", "row")), source=TEAL)

    assert len(place.live(Kind.DEAL)) == 3
    assert sum(TEAL in sources_of(dossier) for dossier in place.dossiers() if dossier.key == first) == 0


def test_a_second_row_may_be_the_one_that_the_first_was_kept_apart_from() -> None:
    place, first, second = two()
    said: list[str] = []
    place.say(lambda desk: said.extend(keep_apart(desk, first, second)))
    place.sync(THEIRS, MINE, source=TEAL)

    assert set(deals(place)) == {first, second}
    assert TEAL in sources_of(next(d for d in place.dossiers() if d.key == first))


def test_what_cannot_be_meant_is_refused() -> None:
    place, first, second = two()
    with pytest.raises(UsageError, match=f"{first} is one row of one source"):
        parted(place, first)
    merged(place, first, second)
    for pair in ((first, second), (second, first)):
        with pytest.raises(UsageError, match="are one application already"):
            merged(place, *pair)


def test_the_one_whose_deal_was_removed_cannot_go_on() -> None:
    place, first, second = two()
    deal = deals(place)[first]
    place.crm.discard(deal.key, deal.id)
    place.sync(MINE, source=SHEET)
    with pytest.raises(UsageError, match="removed"):
        merged(place, first, second)
    merged(place, second, first)
    assert set(deals(place)) == {second}


def test_a_number_that_was_asked_for_counts_for_the_one_that_goes_on() -> None:
    place, first, second = two()
    place.say(lambda desk: log(desk, second, LoggedCall(place.now, outcome=CallOutcome.WRONG_NUMBER)))
    merged(place, first, second)
    task = next(d for d in place.dossiers() if d.key == second).course.task
    assert task is None or task.state is not TaskState.OPEN
    assert len(place.open_calls()) <= 1
    is_quiet(place)
