"""Taking a run back: what nobody touched goes and stays away, what somebody touched is left and told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crm_sync.app.edits import move
from crm_sync.app.house import House
from crm_sync.app.joining import merge
from crm_sync.app.sync import run
from crm_sync.app.taking_back import take_back
from crm_sync.app.undoing import Undoing, survey
from crm_sync.app.words import LoggedCall, log, prepare, resume, snooze
from crm_sync.domain.applications import Snapshot
from crm_sync.domain.dossiers import TaskState
from crm_sync.domain.items import Change
from crm_sync.domain.keys import Kind
from crm_sync.domain.stages import Stage
from crm_sync.domain.touches import CallOutcome
from crm_sync.ports import Run
from tests.app.building import FILE, MONDAY, Place, application
from tests.world.faults import Crash, FaultyCrm, FaultyLedger, Fuse

ACME, BIRCH = application(), application("Birch", "Analyst")


def last_run(place: Place, number: int = 0) -> Run:
    return place.ledger.runs("memory", limit=10)[number]


def undo(place: Place, run_: Run | None = None) -> Undoing:
    return take_back(place.house, run_ or last_run(place))


def reasons(undoing: Undoing) -> set[tuple[str, str, str]]:
    return {(left.key.kind.value, left.field, left.reason) for left in undoing.left}


def counts(place: Place) -> dict[str, int]:
    return {kind.value: len(place.live(kind)) for kind in Kind}


NOTHING = {"company": 0, "contact": 0, "deal": 0, "task": 0, "call": 0}


def test_an_import_is_taken_back_whole_and_stays_away() -> None:
    place = Place()
    place.sync(ACME, BIRCH)
    assert counts(place)["deal"] == 2
    undoing = undo(place)
    assert undoing.left == []
    assert counts(place) == NOTHING
    for _ in range(2):
        place.wait(days=1)
        report = place.sync(ACME, BIRCH, application("Cedar", "Cook"))
        assert report.failures == []
    assert [deal.fields["job_title"] for deal in place.live(Kind.DEAL)] == ["Cook"]
    assert place.dossier().course.decision is not None
    assert place.dossier().course.decision.reason == "undone"


def test_a_look_before_writes_nothing() -> None:
    place = Place()
    place.sync(ACME)
    before, book = counts(place), place.ledger.journal("memory")
    undoing = survey(place.house, last_run(place))
    assert undoing.applications == {place.dossier().key}
    assert (counts(place), place.ledger.journal("memory")) == (before, book)


def test_what_was_taken_back_is_taken_up_by_resume() -> None:
    place = Place()
    place.sync(ACME)
    key = place.dossier().key
    undo(place)
    place.say(lambda desk: resume(desk, key))
    assert counts(place) | {"call": 0} == {"company": 1, "contact": 0, "deal": 1, "task": 1, "call": 0}
    (task,) = place.open_calls()
    assert task.key is not None
    assert task.key.id == f"{key}:1:2"
    assert place.sync(ACME).operations == {}


def _edit(place: Place, kind: Kind, fields: dict[str, Any]) -> None:
    (remote,) = [each for each in place.live(kind) if each.key and _is_acmes(place, each.key.id)]
    assert remote.key is not None
    place.crm.edit(Change(remote.key, remote.id, fields))


def _is_acmes(place: Place, ident: str) -> bool:
    dossier = place.dossier()
    return ident.partition(":")[0] in {dossier.key, dossier.company_key}


TOUCHES = {
    "a stage was moved": lambda place: _edit(place, Kind.DEAL, {"stage": "offer"}),
    "a text was changed": lambda place: _edit(place, Kind.DEAL, {"location": "Oslo"}),
    "the call was moved": lambda place: move(place.house, place.dossier(), MONDAY.date().replace(day=9)),
    "the call was ticked off": lambda place: _edit(place, Kind.TASK, {"open": False}),
    "a call was logged": lambda place: place.say(
        lambda desk: log(desk, place.dossier().key, LoggedCall(place.now, outcome=CallOutcome.BUSY))
    ),
    "it was snoozed": lambda place: place.say(
        lambda desk: snooze(desk, place.dossier().key, MONDAY.date().replace(day=20))
    ),
    "it was prepared": lambda place: place.say(
        lambda desk: prepare(desk, place.dossier().key, "I like it", (), None)
    ),
}


@pytest.mark.parametrize("heard", [False, True], ids=["unheard", "heard"])
@pytest.mark.parametrize("touch", TOUCHES.values(), ids=TOUCHES)
def test_what_somebody_touched_is_left_and_the_rest_goes(touch: Any, heard: bool) -> None:
    place = Place()
    place.sync(ACME, BIRCH)
    first = last_run(place)
    acmes = place.dossier().key
    place.wait(minutes=1)
    touch(place)
    if heard:
        place.wait(minutes=1)
        place.sync(ACME, BIRCH)
    undoing = undo(place, first)
    assert [deal.key.id for deal in place.live(Kind.DEAL) if deal.key] == [acmes]
    assert {left.key.id for left in undoing.left if left.key.kind is Kind.DEAL} == {acmes}
    assert len(place.live(Kind.COMPANY)) == 1


def test_applications_that_somebody_merged_are_left() -> None:
    place = Place()
    place.sync(ACME, application("Acme", "Data Engineer in Lyon", job_url="https://acme.example/2"), BIRCH)
    first = last_run(place)
    one, other = sorted(d.key for d in place.dossiers() if d.application.company == "Acme")
    place.say(lambda desk: merge(desk, one, other))
    undoing = undo(place, first)
    assert {left.key.id for left in undoing.left if left.key.kind is Kind.DEAL} == {one, other}
    assert [deal.fields["job_title"] != "Analyst" for deal in place.live(Kind.DEAL)] == [True]


def test_a_company_that_people_use_stays() -> None:
    place = Place()
    place.sync(ACME)
    (company,) = place.live(Kind.COMPANY)
    place.crm.add(Kind.DEAL, {"name": "another business"}, [company.id])
    undoing = undo(place)
    assert reasons(undoing) == {("company", "", "others belong to it")}
    assert counts(place) == NOTHING | {"company": 1, "deal": 1}


def test_a_company_that_another_user_needs_stays() -> None:
    place = Place()
    place.sync(ACME)
    first = last_run(place)
    other = Place(user="bob", crm=place.crm, ledger=place.ledger)
    other.sync(application(title="Cook"))
    undo(place, first)
    assert [deal.fields["job_title"] for deal in place.live(Kind.DEAL)] == ["Cook"]
    assert len(place.live(Kind.COMPANY)) == 1


def changed(place: Place) -> Run:
    place.sync(ACME, BIRCH)
    place.wait(hours=1)
    place.sync(replace(ACME, location="Lyon", salary="50k"), BIRCH)
    return last_run(place)


def test_fields_are_put_back_and_not_written_again_until_the_source_moves() -> None:
    place = Place()
    undoing = undo(place, changed(place))
    assert undoing.left == []
    deal = next(d for d in place.live(Kind.DEAL) if d.key and d.key.id == place.dossier().key)
    assert (deal.fields["location"], deal.fields["salary"]) == (None, None)
    for _ in range(2):
        place.wait(days=1)
        report = place.sync(replace(ACME, location="Lyon", salary="50k"), BIRCH)
        assert report.conflicts == ()
    assert _acmes_deal(place).fields["location"] is None
    place.sync(replace(ACME, location="Nice", salary="50k"), BIRCH)
    assert (_acmes_deal(place).fields["location"], _acmes_deal(place).fields["salary"]) == ("Nice", None)


def _acmes_deal(place: Place) -> Any:
    (deal,) = [d for d in place.live(Kind.DEAL) if d.key and d.key.id == place.dossier().key]
    return deal


def test_a_field_that_somebody_changed_since_is_left() -> None:
    place = Place()
    run_ = changed(place)
    _edit(place, Kind.DEAL, {"location": "Oslo"})
    undoing = undo(place, run_)
    assert reasons(undoing) == {("deal", "location", "somebody changed it in the CRM")}
    assert (_acmes_deal(place).fields["location"], _acmes_deal(place).fields["salary"]) == ("Oslo", None)


def test_a_record_that_somebody_removed_since_is_told() -> None:
    place = Place()
    run_ = changed(place)
    deal = _acmes_deal(place)
    place.crm.discard(deal.key, deal.id)
    assert ("deal", "", "it is not in the CRM any more") in reasons(undo(place, run_))


def test_a_company_that_somebody_changed_stays() -> None:
    place = Place()
    place.sync(ACME)
    (company,) = place.live(Kind.COMPANY)
    assert company.key is not None
    place.crm.edit(Change(company.key, company.id, {"name": "Acme & Sons"}))
    assert reasons(undo(place)) == {("company", "", "somebody changed its name in the CRM")}
    assert counts(place) == NOTHING | {"company": 1}


def _log_in_the_crm(place: Place) -> None:
    """Log a call on Acme's deal as people do it there, and leave the planned call open."""
    told = {"at": place.now.isoformat(), "outcome": "no_answer"}
    place.crm.add(Kind.CALL, told, [_acmes_deal(place).id])


def test_a_call_that_was_made_and_so_ended_is_not_opened_again() -> None:
    place = Place()
    place.sync(ACME, BIRCH)
    _log_in_the_crm(place)
    place.wait(hours=1)
    place.sync(replace(ACME, location="Lyon"), BIRCH)
    undoing = undo(place)
    assert ("task", "open", "a call that ended is not opened again") in reasons(undoing)
    assert _acmes_deal(place).fields["location"] is None


def test_a_field_that_a_later_run_wrote_is_left_until_that_one_is_taken_back() -> None:
    place = Place()
    run_ = changed(place)
    place.wait(hours=1)
    place.sync(replace(ACME, location="Nice", salary="50k"), BIRCH)
    later = last_run(place)
    undoing = undo(place, run_)
    told = f"a later run wrote it; take {later.id} back first"
    assert reasons(undoing) == {("deal", "location", told)}
    undo(place, later)
    assert _acmes_deal(place).fields["location"] == "Lyon"


def test_a_stage_is_put_back_and_decides_again() -> None:
    place = Place()
    place.sync(ACME, BIRCH)
    place.sync(replace(ACME, stage=Stage.REJECTED), BIRCH)
    assert place.task_state() is TaskState.CANCELLED_BY_US
    undo(place)
    place.sync(replace(ACME, stage=Stage.REJECTED), BIRCH)
    assert _acmes_deal(place).fields["stage"] == "applied"
    assert place.dossier().course.stage is Stage.APPLIED


def test_a_planned_call_of_a_later_run_is_removed_as_if_it_had_been_skipped() -> None:
    place = Place()
    place.sync(replace(ACME, stage=Stage.SAVED))
    place.wait(hours=1)
    place.sync(ACME)
    assert len(place.open_calls()) == 1
    undoing = undo(place)
    assert place.open_calls() == []
    assert place.task_state() is TaskState.DELETED_BY_USER
    assert undoing.applications == frozenset()
    place.sync(ACME)
    assert place.open_calls() == []


def test_a_deal_that_people_had_made_is_not_taken_away() -> None:
    place = Place()
    company = place.crm.add(Kind.COMPANY, {"name": "Acme"})
    place.sync(ACME)
    undo(place)
    assert [each.id for each in place.live(Kind.COMPANY)] == [company.id]


def test_a_run_is_taken_back_once() -> None:
    place = Place()
    place.sync(ACME)
    first = last_run(place)
    undo(place, first)
    assert undo(place, first).is_empty
    assert [run_.command for run_ in place.ledger.runs("memory")] == ["undo", "undo", "import"]


def look() -> Snapshot:
    return Snapshot(FILE, "spreadsheet", (ACME, replace(BIRCH, row=3)), bookmark="1")


def with_fuse(place: Place, left: int, *, after: bool) -> House:
    fuse = Fuse()
    fuse.set(left, "crash", after=after)
    house = place.house
    return replace(
        house,
        crm=FaultyCrm(place.crm, fuse),
        ledger=FaultyLedger(place.ledger, fuse),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_an_import_that_was_killed_anywhere_is_taken_back_whole(after: bool) -> None:
    for left in range(3, 40):
        place = Place()
        try:
            run(with_fuse(place, left, after=after), "import", [look()])
        except Crash:
            undo(place)
            assert counts(place) == NOTHING, left
            place.sync(ACME, BIRCH)
            assert counts(place)["deal"] in {0, 2}
            continue
        assert left > 10
        return
    pytest.fail("the import never came to its end")


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_an_undo_that_was_killed_anywhere_is_finished_by_the_same_undo(after: bool) -> None:
    for left in range(1, 40):
        place = Place()
        place.sync(ACME, BIRCH)
        first = last_run(place)
        try:
            take_back(with_fuse(place, left, after=after), first)
        except Crash:
            if left % 2:  # a sync may come in between
                place.wait(hours=1)
                place.sync(ACME, BIRCH)
            undo(place, first)
            assert counts(place) == NOTHING, left
            place.sync(ACME, BIRCH)
            assert counts(place) == NOTHING, left
            continue
        assert left >= 8
        return
    pytest.fail("the undo never came to its end")


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_fields_that_were_half_put_back_are_all_put_back_by_the_same_undo(after: bool) -> None:
    for left in range(1, 20):
        place = Place()
        run_ = changed(place)
        try:
            take_back(with_fuse(place, left, after=after), run_)
        except Crash:
            undoing = undo(place, run_)
            assert undoing.left == [], left
            assert _acmes_deal(place).fields["location"] is None, left
            place.sync(replace(ACME, location="Lyon", salary="50k"), BIRCH)
            assert _acmes_deal(place).fields["location"] is None, left
            continue
        return
    pytest.fail("the undo never came to its end")
