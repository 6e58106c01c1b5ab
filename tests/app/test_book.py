"""The book of runs and the journal: every run stands in it, however it ended, and it tells what happened."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crm_sync.app.book import Happening, history_of, runs_of, whole_run
from crm_sync.app.house import House, Wishes
from crm_sync.app.joining import merge
from crm_sync.app.sync import run
from crm_sync.app.words import LoggedCall, log, snooze
from crm_sync.domain.applications import RejectedRow, Snapshot
from crm_sync.domain.items import Change
from crm_sync.domain.journal import Page
from crm_sync.domain.keys import Kind
from crm_sync.domain.stages import Stage
from crm_sync.domain.touches import CallOutcome, CallResult
from crm_sync.errors import CrmUnavailable, UnsafePlan
from crm_sync.ledger.volume import Volume
from crm_sync.ports import Entry, Ledger
from crm_sync.testing import ledger_samples as sample
from tests.app.building import FILE, MONDAY, Place, application
from tests.world.faults import Crash, FaultyCrm, Fuse

ACME, BIRCH = application(), application("Birch", "Analyst")


def rows(place: Place) -> list[dict[str, Any]]:
    return runs_of(place.ledger, ["memory"], None, 20)


def history(place: Place, company: str = "Acme") -> list[Happening]:
    return history_of(place.ledger, "memory", place.dossier(company))


def told(place: Place, company: str = "Acme") -> list[tuple[str, str, str]]:
    return [(each.what, each.kind, each.about) for each in history(place, company)]


def test_a_run_tells_what_it_read_wrote_and_left_out() -> None:
    place = Place()
    place.sync(ACME, BIRCH, rejected=(RejectedRow(9, None, "no company"),))
    (row,) = rows(place)
    assert (row["command"], row["user"], row["outcome"], row["exit"]) == ("import", "me", "done", 1)
    assert (row["created"], row["rejected"], row["refused"]) == (2, 1, 0)
    assert row["written"]["create deal"] == 2
    assert len(row["config"]) == 12
    (run_,) = place.ledger.runs("memory")
    whole = whole_run(place.ledger, run_)
    (read,) = whole["read"]
    assert (read["source"], read["state"], read["rows"], read["rejected"]) == (FILE, "read", 2, 1)
    assert read["bookmark"]
    assert whole["happened"]["seen deal"] == whole["happened"]["create deal"] == 2


def test_settings_that_differ_have_another_digest() -> None:
    place = Place()
    place.sync(ACME)
    place.calls_per_day = 3
    place.sync(ACME)
    assert len({row["config"] for row in rows(place)}) == 2


def faulty(place: Place, left: int, kind: str) -> House:
    fuse = Fuse()
    fuse.set(left, kind, after=False)
    return replace(place.house, crm=FaultyCrm(place.crm, fuse))


def look() -> Snapshot:
    return Snapshot(FILE, "spreadsheet", (ACME, BIRCH), bookmark="1")


def test_a_run_whose_process_dies_stands_as_begun_and_never_ended() -> None:
    place = Place()
    with pytest.raises(Crash):
        run(faulty(place, 4, "crash"), "import", [look()])
    (row,) = rows(place)
    assert (row["outcome"], row["ended_at"], row["exit"]) == ("never_ended", None, None)


def test_a_run_that_goes_on_is_told_as_running() -> None:
    place = Place()
    with place.ledger.exclusive("memory") as lease:
        place.ledger.record(
            Entry("memory", run=replace(sample.run("r1", MONDAY, "memory"), ended_at=None, report={})), lease
        )
        assert rows(place)[0]["outcome"] == "running"
    assert rows(place)[0]["outcome"] == "never_ended"


def test_a_run_that_fails_says_why() -> None:
    place = Place()
    with pytest.raises(CrmUnavailable):
        run(faulty(place, 1, "outage"), "sync", [look()])
    (row,) = rows(place)
    assert (row["outcome"], row["reason"]) == ("failed", "away")
    place.sync(ACME, BIRCH)
    with pytest.raises(UnsafePlan):
        place.sync(ACME, BIRCH, wishes=Wishes(expect="000000000000"))
    assert [row["outcome"] for row in rows(place)] == ["failed", "done", "failed"]


def test_a_plan_stands_in_no_book() -> None:
    place = Place()
    place.sync(ACME, wishes=Wishes(plan_only=True))
    assert rows(place) == []
    assert place.ledger.journal("memory") == ()


def test_the_history_of_an_application_is_told_from_its_first_sight() -> None:
    place = Place()
    place.sync(ACME, BIRCH)
    key = place.dossier().key
    place.wait(days=1)
    place.say(lambda desk: log(desk, key, LoggedCall(place.now, outcome=CallOutcome.NO_ANSWER)))
    place.wait(days=1)
    place.sync(replace(ACME, stage=Stage.SCREENING, location="Lyon"), BIRCH)
    place.say(lambda desk: snooze(desk, key, MONDAY.date().replace(day=20)))
    happened = history(place)
    assert [each.told for each in happened if each.what == "seen"] == [2]
    (source,) = [each for each in happened if each.what == "source"]
    assert source.told == {"stage": ["applied", "screening"], "location": [None, "Lyon"]}
    assert (source.about, source.command) == (FILE, "import")
    assert [each.told for each in happened if each.what == "stage"] == [["applied", "screening"]]
    (touched,) = [each for each in happened if each.what == "touched"]
    assert touched.told[0][3] == CallOutcome.NO_ANSWER
    (course,) = [each for each in happened if each.what == "course"]
    assert course.told == {"snooze_until": [None, "2027-02-20"]}
    verbs = [(each.what, each.kind) for each in happened]
    assert (
        verbs.index(("create", "deal")) < verbs.index(("touched", "deal")) < verbs.index(("cancel", "task"))
    )
    assert {each.id.partition(":")[0] for each in happened} == {key}


def test_what_people_do_in_the_crm_is_told() -> None:
    place = Place()
    place.sync(ACME)
    (deal,) = place.live(Kind.DEAL)
    assert deal.key is not None
    place.crm.edit(Change(deal.key, deal.id, {"stage": "offer"}))
    place.sync(ACME)
    assert [each.told for each in history(place) if each.what == "heard"] == ["stage moved to offer"]
    assert ("stage", "deal", "") in told(place)


def test_a_decision_is_told_when_it_changes_and_not_again() -> None:
    place = Place()
    for _ in range(3):
        place.sync(ACME)
        place.wait(days=1)
    decided = [each for each in history(place) if each.what == "decided"]
    assert [each.about.partition(" ")[0] for each in decided] == ["schedule"]
    place.say(
        lambda desk: log(
            desk,
            place.dossier().key,
            LoggedCall(place.now, outcome=CallOutcome.CONNECTED, result=CallResult.NO_INTEREST),
        )
    )
    assert [each.about for each in history(place) if each.what == "decided"][
        -1
    ] == "stop crossed_off:no_interest"


def test_the_history_of_a_merged_application_is_told_with_the_other_one() -> None:
    place = Place()
    place.sync(ACME, application("Acme", "Data Engineer in Lyon", job_url="https://acme.example/2"))
    one, other = sorted(d.key for d in place.dossiers())
    place.say(lambda desk: merge(desk, one, other))
    (head,) = [d for d in place.dossiers() if not d.merged_into]
    happened = history_of(place.ledger, "memory", head)
    assert {each.id.partition(":")[0] for each in happened} == {one, other}
    assert [each.what for each in happened].count("seen") == 2
    assert ["with", ({one, other} - {head.key}).pop()] in [e.told for e in happened if e.what == "merged"]


def test_what_the_crm_refused_is_told_with_its_reason() -> None:
    place = Place()
    run(faulty(place, 6, "refusal"), "import", [look()])
    refused = [
        each for company in ("Acme", "Birch") for each in history(place, company) if each.what == "refused"
    ]
    assert {each.told for each in refused} == {"no"}


def test_an_application_older_than_the_journal_is_told_from_what_is_known() -> None:
    place = Place()
    place.sync(ACME)
    key = place.dossier().key
    place.say(lambda desk: log(desk, key, LoggedCall(place.now, outcome=CallOutcome.NO_ANSWER)))
    volume: Volume = place.ledger._volumes["memory"]
    volume.journal.clear()
    assert [each.what for each in history(place)] == ["seen", "touched"]


def test_a_first_import_writes_few_pages_however_many_rows_it_has() -> None:
    place = Place()
    place.sync(*(application(f"Firm {n}") for n in range(300)))
    pages = place.ledger.journal("memory")
    assert sum(len(line.told) for page in pages for line in page.lines) > 1_000
    assert len(pages) <= 10
    assert_pages_are_numbered(pages, place.ledger)


def assert_pages_are_numbered(pages: tuple[Page, ...], ledger: Ledger) -> None:
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))
    assert {page.run for page in pages} == {ledger.runs("memory")[0].id}
