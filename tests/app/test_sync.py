"""What one run does, told as stories with a CRM and a ledger in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest

from crm_sync.app.gather import Unchanged
from crm_sync.app.house import Wishes
from crm_sync.app.report import Outage, exit_code
from crm_sync.app.sync import run
from crm_sync.app.words import LoggedCall, log, prepare, resume, set_number, snooze
from crm_sync.crms.memory import MemoryCrm
from crm_sync.domain.applications import RejectedRow, Snapshot
from crm_sync.domain.dossiers import TaskState
from crm_sync.domain.items import Change, Fields, Item, RemoteId
from crm_sync.domain.keys import Key, Kind
from crm_sync.domain.stages import Stage
from crm_sync.domain.touches import CallOutcome, CallResult
from crm_sync.errors import UnsafePlan, UsageError
from crm_sync.ports import Outcome
from tests.app.building import FILE, Place, application
from tests.world.faults import Crash, FaultyCrm, Fuse


def test_an_application_becomes_a_deal_with_a_company_and_a_planned_call() -> None:
    place = Place()
    report = place.sync(application())
    assert (report.created, report.calls_planned, exit_code(report)) == (1, 1, 0)
    (deal,), (company,), (task,) = place.live(Kind.DEAL), place.live(Kind.COMPANY), place.live(Kind.TASK)
    assert deal.fields["name"] == "Data Engineer at Acme"
    assert deal.relations == {company.id}
    assert task.fields["subject"] == "Call Acme about Data Engineer: 1 of 4"
    assert task.relations == {deal.id, company.id}


def test_the_same_file_again_changes_nothing() -> None:
    place = Place()
    place.sync(application())
    made = place.crm.records_made
    report = place.sync(application())
    assert report.plan is not None
    assert report.plan.operations == ()
    assert (report.unchanged, report.created, report.updated) == (1, 0, 0)
    assert place.crm.records_made == made


def test_an_unchanged_source_is_not_thought_about_again() -> None:
    place = Place()
    place.sync(application())
    (state,) = place.ledger.sources("memory", "me")
    report = place.look(Unchanged(state))
    assert report.nothing_new
    assert report.unchanged == 1


def test_a_changed_row_updates_its_deal() -> None:
    place = Place()
    place.sync(application(salary="50k"))
    report = place.sync(application(salary="60k"))
    assert (report.updated, report.created) == (1, 0)
    (deal,) = place.live(Kind.DEAL)
    assert deal.fields["salary"] == "60k"


def test_a_rejection_in_the_file_cancels_the_open_call_in_the_same_run() -> None:
    place = Place()
    place.sync(application())
    report = place.sync(application(stage=Stage.REJECTED))
    assert report.calls_cancelled == 1
    assert place.open_calls() == []
    assert place.live(Kind.TASK) == []  # nobody had touched it
    assert place.ledger.touches("memory", "me") == {}


def test_a_task_that_somebody_had_edited_is_completed_with_a_line_and_counts_as_no_call() -> None:
    place = Place()
    place.sync(application())
    (task,) = place.live(Kind.TASK)
    assert task.key is not None
    place.crm.edit(Change(task.key, task.id, {"subject": "Ring Acme, ask for Jo"}))
    place.sync(application(stage=Stage.REJECTED))
    (left,) = place.live(Kind.TASK)
    assert left.fields["open"] is False
    assert str(left.fields["body"]).endswith("cancelled by crm-sync</p>")
    assert place.ledger.touches("memory", "me") == {}


def test_a_second_application_to_the_same_company_shares_its_record() -> None:
    place = Place()
    place.sync(application("Acme"), application("ACME Inc.", "Analyst"))
    (company,) = place.live(Kind.COMPANY)
    assert all(company.id in deal.relations for deal in place.live(Kind.DEAL))
    assert len(place.live(Kind.DEAL)) == 2


def test_a_company_that_people_made_is_adopted_and_not_doubled() -> None:
    place = Place()
    theirs = place.crm.add(Kind.COMPANY, {"name": "acme", "domain": None})
    place.sync(application())
    (company,) = place.live(Kind.COMPANY)
    assert company.id == theirs.id
    assert company.fields["name"] == "acme"
    assert company.key is not None


def test_a_stage_that_a_person_moved_stands_although_the_file_still_says_applied() -> None:
    place = Place()
    place.sync(application())
    (deal,) = place.live(Kind.DEAL)
    assert deal.key is not None
    place.crm.edit(Change(deal.key, deal.id, {"stage": "interviewing"}))
    report = place.sync(application())
    assert place.live(Kind.DEAL)[0].fields["stage"] == "interviewing"
    assert place.open_calls() == []
    assert report.conflicts == ()


def test_where_both_sides_move_the_stage_it_is_a_conflict_reported_once() -> None:
    place = Place()
    place.sync(application())
    (deal,) = place.live(Kind.DEAL)
    assert deal.key is not None
    place.crm.edit(Change(deal.key, deal.id, {"stage": "interviewing"}))
    report = place.sync(application(stage=Stage.REJECTED))
    assert [c.field for c in report.new_conflicts] == ["stage"]
    assert exit_code(report) == 1
    assert place.open_calls() == []
    again = place.sync(application(stage=Stage.REJECTED))
    assert (len(again.conflicts), again.new_conflicts, exit_code(again)) == (1, (), 0)
    assert place.live(Kind.DEAL)[0].fields["stage"] == "interviewing"
    place.crm.edit(Change(deal.key, deal.id, {"stage": "rejected"}))
    assert place.sync(application(stage=Stage.REJECTED)).conflicts == ()
    assert place.ledger.conflicts("memory") == ()


class ShoutingCrm(MemoryCrm):
    """A CRM that writes every salary in capitals, whatever it was told."""

    def create(self, items: Sequence[Item], ids: Mapping[Key, RemoteId]) -> Iterator[Outcome]:
        loud = [replace(item, fields=self._shout(item.fields)) for item in items]
        return super().create(loud, ids)

    def update(self, changes: Sequence[Change]) -> Iterator[Outcome]:
        return super().update([replace(change, fields=self._shout(change.fields)) for change in changes])

    def _shout(self, fields: Fields) -> Fields:
        salary = fields.get("salary")
        return {**fields, "salary": salary.upper()} if isinstance(salary, str) else fields


def test_a_crm_that_rewrites_what_it_is_told_makes_neither_conflicts_nor_endless_writes() -> None:
    place = Place(crm=ShoutingCrm())
    place.sync(application(salary="50k"))
    quiet = place.sync(application(salary="50k"))
    assert quiet.plan is not None
    assert (quiet.plan.operations, quiet.conflicts) == ((), ())
    place.sync(application(salary="60k"))
    assert place.live(Kind.DEAL)[0].fields["salary"] == "60K"
    assert place.ledger.conflicts("memory") == ()


def test_in_a_dispute_the_terminal_word_of_either_side_ends_the_open_call() -> None:
    place = Place()
    place.sync(application())
    (deal,) = place.live(Kind.DEAL)
    assert deal.key is not None
    place.crm.edit(Change(deal.key, deal.id, {"stage": "rejected"}))
    report = place.sync(application(stage=Stage.SAVED))
    assert [c.field for c in report.conflicts] == ["stage"]
    assert place.open_calls() == []


def test_once_both_sides_agreed_on_a_stage_the_file_can_move_it_again() -> None:
    place = Place()
    place.sync(application())
    (deal,) = place.live(Kind.DEAL)
    assert deal.key is not None
    place.crm.edit(Change(deal.key, deal.id, {"stage": "interviewing"}))
    place.sync(application(stage=Stage.INTERVIEWING))
    place.sync(application(stage=Stage.APPLIED))
    assert place.live(Kind.DEAL)[0].fields["stage"] == "applied"
    place.sync(application(stage=Stage.APPLIED, salary="50k"))
    assert place.dossier().course.stage is Stage.APPLIED
    assert len(place.open_calls()) == 1


def test_a_create_whose_answer_died_with_the_process_is_no_conflict_though_the_crm_rewrote_it() -> None:
    place = Place(crm=ShoutingCrm())
    fuse = Fuse()
    fuse.set(5, "crash", after=True)  # changes, deals of a lost book, strangers, the company, the deal
    house = replace(place.house, crm=FaultyCrm(place.crm, fuse))
    looks = [Snapshot(FILE, "spreadsheet", (application(salary="50k"),), bookmark="1")]
    with pytest.raises(Crash):
        run(house, "import", looks)
    assert len(place.live(Kind.DEAL)) == 1
    report = place.sync(application(salary="50k"))
    assert report.conflicts == ()
    assert place.live(Kind.DEAL)[0].fields["salary"] == "50K"


def test_a_lost_answer_is_cleared_up_in_the_same_run() -> None:
    place = Place()
    fuse = Fuse()
    fuse.set(4, "lost", after=True)  # changes, deals of a lost book, strangers, the first write
    faulty = replace(place.house, crm=FaultyCrm(place.crm, fuse))
    report = run(faulty, "import", [Snapshot(FILE, "spreadsheet", (application(),), bookmark="1")])
    assert fuse.left is None
    assert (report.failures, report.stopped) == ([], "")
    assert len(place.live(Kind.COMPANY)) == 1
    assert not place.ledger.unsettled("memory")


def test_a_write_in_the_air_of_a_record_nobody_wishes_any_more_comes_to_rest() -> None:
    place = Place()
    place.sync(application())
    fuse = Fuse()
    fuse.set(3, "lost", after=False)  # changes, strangers, then the new company that never arrives
    house = replace(place.house, crm=FaultyCrm(place.crm, fuse))
    rows = (replace(application(), row=2), replace(application("Bolt"), row=3))
    run(house, "import", [Snapshot(FILE, "spreadsheet", rows, bookmark="1")])
    assert [key.kind for key in place.ledger.unsettled("memory")] == [Kind.COMPANY]
    bolt = next(d for d in place.live(Kind.DEAL) if d.fields["name"] == "Data Engineer at Bolt")
    assert bolt.key is not None
    place.crm.discard(bolt.key, bolt.id)
    place.sync(application(), application("Bolt"))
    assert not place.ledger.unsettled("memory")


def test_an_unknown_status_word_makes_a_deal_without_calls_and_asks() -> None:
    place = Place()
    report = place.sync(application(stage=Stage.UNKNOWN, stage_word="Frobnicated"))
    assert [reason for _, reason in report.asks] == ["stage_unknown"]
    (deal,) = place.live(Kind.DEAL)
    assert deal.fields["stage"] == "applied"
    assert place.open_calls() == []


def test_a_saved_row_becomes_a_deal_without_a_call() -> None:
    place = Place()
    report = place.sync(application(stage=Stage.SAVED))
    assert (report.created, report.calls_planned, report.asks) == (1, 0, [])


def test_a_row_that_vanished_cancels_its_call_at_the_second_look_after_twelve_hours() -> None:
    place = Place()
    other = application("Bolt", "Analyst")
    place.sync(application(), other)
    place.wait(hours=1)
    place.sync(other)
    assert place.task_state() is TaskState.OPEN
    place.wait(hours=2)
    place.sync(other)
    assert place.task_state() is TaskState.OPEN
    place.wait(hours=12)
    place.sync(other)
    assert place.task_state() is TaskState.CANCELLED_BY_US
    assert len(place.live(Kind.DEAL)) == 2
    place.sync(application(), other)
    assert place.task_state() is TaskState.OPEN


def test_unchanged_bytes_count_as_a_look() -> None:
    place = Place()
    other = application("Bolt", "Analyst")
    place.sync(application(), other)
    place.sync(other)
    (state,) = place.ledger.sources("memory", "me")
    place.wait(hours=24)
    place.look(Unchanged(state))
    assert place.task_state() is TaskState.CANCELLED_BY_US


def test_a_source_that_could_not_be_read_or_not_to_the_end_closes_nothing() -> None:
    place = Place()
    place.sync(application(), application("Bolt", "Analyst"))
    for _ in range(3):
        place.wait(hours=20)
        place.sync(complete=False)
        report = place.look(Outage(FILE, "it is away", "look again"))
    assert exit_code(report) == 4
    assert place.task_state("Acme") is TaskState.OPEN
    assert all(not d.course.vanished_looks for d in place.dossiers())


def test_a_source_that_lost_a_third_of_its_rows_is_refused_until_somebody_allows_it() -> None:
    place = Place()
    rows = [application(f"Firm {number}") for number in range(12)]
    place.sync(*rows)
    with pytest.raises(UnsafePlan) as refused:
        place.sync(*rows[:8])
    assert (refused.value.count, refused.value.limit) == (4, 3)
    assert all(not d.course.vanished_looks for d in place.dossiers())
    place.sync(*rows[:8], wishes=Wishes(allow_loss=True))
    assert sum(d.course.vanished_looks for d in place.dossiers()) == 4


def test_a_plan_is_shown_without_writing_and_applied_only_as_it_was_shown() -> None:
    place = Place()
    planned = place.sync(application(), wishes=Wishes(plan_only=True))
    assert planned.digest
    assert place.crm.records_made == 0
    assert place.dossiers() == []
    assert place.sync(application(), wishes=Wishes(plan_only=True)).digest == planned.digest
    with pytest.raises(UnsafePlan):
        place.sync(application(), application("Bolt"), wishes=Wishes(expect=planned.digest))
    assert place.crm.records_made == 0
    place.sync(application(), wishes=Wishes(expect=planned.digest))
    assert len(place.live(Kind.DEAL)) == 1


def test_rejected_rows_are_told_at_every_run() -> None:
    place = Place()
    row = RejectedRow(9, None, "no company and no job title", ("x",))
    assert exit_code(place.sync(application(), rejected=(row,))) == 1
    (state,) = place.ledger.sources("memory", "me")
    report = place.look(Unchanged(state))
    assert [r for _, r in report.rejected] == [row]


def test_a_logged_call_is_recorded_in_the_crm_and_the_next_one_is_planned_at_once() -> None:
    place = Place()
    place.sync(application())
    key = place.dossier().key
    report = place.say(lambda desk: log(desk, key, LoggedCall(place.now)))
    (call,) = place.live(Kind.CALL)
    assert call.fields["outcome"] == "no_answer"
    assert [str(t.fields["subject"])[-6:] for t in place.open_calls()] == ["2 of 4"]
    assert report.calls_planned == 1
    assert place.dossier().course.task is not None
    assert place.dossier().course.task.pushed_due == date(2027, 2, 4)


def test_while_the_crm_refuses_to_close_a_call_no_second_one_is_opened() -> None:
    place = Place()
    place.sync(application())
    key = place.dossier().key
    fuse = Fuse()
    house = replace(place.house, crm=FaultyCrm(place.crm, fuse))
    fuse.set(3, "refusal", after=False)  # changes, the look-up of the task, then its closing
    run(house, "log", words=lambda desk: log(desk, key, LoggedCall(place.now)))
    assert fuse.left is None
    assert len(place.open_calls()) == 1
    place.sync(application(), wishes=Wishes(retry_failed=True))
    place.sync(application())
    assert [str(t.fields["subject"])[-6:] for t in place.open_calls()] == ["2 of 4"]


def test_a_call_logged_by_a_person_in_the_crm_is_heard_and_closes_the_task() -> None:
    place = Place()
    place.sync(application())
    (deal,) = place.live(Kind.DEAL)
    place.crm.add(Kind.CALL, {"at": place.now.isoformat(), "outcome": "left_voicemail"}, [deal.id])
    report = place.sync(application())
    assert report.heard
    assert [str(t.fields["subject"])[-6:] for t in place.open_calls()] == ["2 of 4"]
    assert len(place.live(Kind.CALL)) == 1


def test_a_ticked_task_is_a_call_whose_outcome_nobody_told() -> None:
    place = Place()
    place.sync(application())
    (task,) = place.open_calls()
    assert task.key is not None
    place.crm.edit(Change(task.key, task.id, {"open": False}))
    place.sync(application())
    (touches,) = place.ledger.touches("memory", "me").values()
    assert [t.outcome for t in touches] == [CallOutcome.UNKNOWN]
    assert [str(t.fields["subject"])[-6:] for t in place.open_calls()] == ["2 of 4"]


@pytest.mark.parametrize("arrived", [False, True])
def test_a_text_in_the_air_when_its_task_is_ticked_keeps_no_next_call_from_being_made(arrived: bool) -> None:
    place = _with_a_text_in_the_air(arrived)
    (task,) = place.open_calls()
    assert task.key is not None
    place.crm.edit(Change(task.key, task.id, {"open": False}))

    report = place.sync(application())

    assert not report.failures
    assert not place.ledger.unsettled("memory")
    assert [str(t.fields["subject"])[-6:] for t in place.open_calls()] == ["2 of 4"]


def _with_a_text_in_the_air(arrived: bool) -> Place:
    """Return a place where the process died while a prepared text was written, before or after it arrived."""
    for door in range(1, 12):
        place, fuse = Place(), Fuse()
        place.sync(application())
        house = replace(place.house, crm=FaultyCrm(place.crm, fuse))
        fuse.set(door, "crash", after=arrived)
        key = place.dossier().key
        with suppress(Crash):
            run(house, "words", words=lambda desk, key=key: prepare(desk, key, "Bridges", (), "A third less"))  # type: ignore[misc]
        if Kind.TASK in {key.kind for key in place.ledger.unsettled("memory")}:
            return place
    raise AssertionError("no door at which the text is in the air")


def test_a_removed_task_never_comes_back_by_itself_and_resume_plans_a_new_one() -> None:
    place = Place()
    place.sync(application())
    (task,) = place.open_calls()
    assert task.key is not None
    place.crm.discard(task.key, task.id)
    report = place.sync(application())
    assert [reason for _, reason in report.asks] == ["task_deleted_by_user"]
    place.wait(days=9)
    place.sync(application())
    assert place.open_calls() == []
    key = place.dossier().key
    place.say(lambda desk: _do(resume(desk, key)))
    (again,) = place.open_calls()
    assert again.key != task.key


def test_a_removed_deal_stays_away_with_its_calls() -> None:
    place = Place()
    place.sync(application())
    (deal,) = place.live(Kind.DEAL)
    assert deal.key is not None
    place.crm.discard(deal.key, deal.id)
    place.sync(application(salary="70k"))
    place.sync(application(salary="80k"))
    assert place.live(Kind.DEAL) == []
    assert place.open_calls() == []


def test_a_deal_removed_without_a_word_of_the_crm_stays_away_once_its_row_changes() -> None:
    place = Place()
    place.sync(application())
    (deal,) = place.live(Kind.DEAL)
    assert deal.key is not None
    place.crm.discard(deal.key, deal.id)
    deaf = FaultyCrm(place.crm, Fuse())
    deaf.unheard.add(deal.id)
    house = replace(place.house, crm=deaf)
    for salary in ("70k", "80k", "90k"):
        run(house, "import", [Snapshot(FILE, "spreadsheet", (application(salary=salary),), bookmark=salary)])
    assert place.live(Kind.DEAL) == []
    assert place.open_calls() == []
    assert place.dossier().course.deal_removed


def test_an_interview_agreed_on_the_phone_holds_the_calls_and_moves_the_deal() -> None:
    place = Place()
    place.sync(application())
    key = place.dossier().key
    call = LoggedCall(place.now, outcome=CallOutcome.CONNECTED, result=CallResult.INTERVIEW)
    place.say(lambda desk: log(desk, key, call))
    assert place.open_calls() == []
    assert place.live(Kind.DEAL)[0].fields["stage"] == "interviewing"
    place.sync(application())
    assert place.live(Kind.DEAL)[0].fields["stage"] == "interviewing"
    place.sync(application(stage=Stage.REJECTED))
    assert place.live(Kind.DEAL)[0].fields["stage"] == "rejected"


def test_a_referral_begins_one_linked_application_however_often_it_is_logged() -> None:
    place = Place()
    place.sync(application())
    key = place.dossier().key
    call = LoggedCall(
        place.now, outcome=CallOutcome.CONNECTED, result=CallResult.REFERRED, referred_to="Ann Example"
    )
    for _ in range(2):
        place.say(lambda desk: log(desk, key, call))
    (new,) = [d for d in place.dossiers() if d.led_from]
    assert (new.led_from, new.application.contact_name, new.application.source) == (
        key,
        "Ann Example",
        "referral",
    )
    assert len(place.live(Kind.DEAL)) == 2
    assert len(place.live(Kind.COMPANY)) == 1
    place.sync(application())
    assert len(place.live(Kind.DEAL)) == 2


def test_do_not_call_stops_every_application_to_that_person() -> None:
    place = Place()
    jane = {"contact_name": "Jane Roe", "contact_email": "jane@acme.example"}
    place.sync(application(**jane), application("Acme", "Analyst", **jane), application("Bolt"))
    key = next(d.key for d in place.dossiers() if d.application.job_title == "Analyst")
    call = LoggedCall(place.now, outcome=CallOutcome.CONNECTED, result=CallResult.DO_NOT_CALL)
    place.say(lambda desk: log(desk, key, call))
    assert [t.fields["subject"] for t in place.open_calls()] == ["Call Bolt about Data Engineer: 1 of 4"]
    with pytest.raises(UsageError):
        place.say(lambda desk: _do(resume(desk, key)))


def test_one_person_is_not_due_twice_within_three_days() -> None:
    place = Place()
    jane = {"contact_name": "Jane Roe", "contact_email": "jane@acme.example"}
    place.sync(application(**jane), application("Acme", "Analyst", **jane))
    days = sorted(d.course.task.pushed_due for d in place.dossiers() if d.course.task)
    assert (days[1] - days[0]).days >= 3
    flags = [flag for d in place.dossiers() if d.course.task for flag in d.course.task.flags]
    assert "person_busy" in flags


def test_a_snooze_moves_the_open_task_and_preparation_reaches_its_text() -> None:
    place = Place()
    place.sync(application())
    key = place.dossier().key
    place.say(lambda desk: snooze(desk, key, date(2027, 2, 22)))
    place.say(lambda desk: prepare(desk, key, "They mend bridges", (), "I cut costs by a third"))
    (task,) = place.open_calls()
    assert str(task.fields["due_at"]).startswith("2027-02-22")
    assert "They mend bridges" in str(task.fields["body"])


def test_a_fact_entered_once_stands_in_every_brief_of_that_company() -> None:
    place = Place()
    place.sync(application(), application("Acme", "Analyst"), application("Bolt"))
    key = next(d.key for d in place.dossiers() if d.application.job_title == "Analyst")
    place.say(lambda desk: prepare(desk, key, None, ("They opened a plant in Leeds",), None))
    told = {str(t.fields["subject"]): "plant in Leeds" in str(t.fields["body"]) for t in place.open_calls()}
    assert told == {
        "Call Acme about Analyst: 1 of 4": True,
        "Call Acme about Data Engineer: 1 of 4": True,
        "Call Bolt about Data Engineer: 1 of 4": False,
    }


def test_a_wrong_number_asks_and_a_new_number_plans_again() -> None:
    place = Place()
    place.sync(application(contact_phone="+1 555 0100"))
    key = place.dossier().key
    report = place.say(lambda desk: log(desk, key, LoggedCall(place.now, outcome=CallOutcome.WRONG_NUMBER)))
    assert [reason for _, reason in report.asks] == ["need_number"]
    place.wait(minutes=5)
    place.say(lambda desk: set_number(desk, key, "+1 555 0199"))
    (task,) = place.open_calls()
    assert "+1 555 0199" in str(task.fields["body"])


def test_users_of_one_account_share_companies_and_nothing_else() -> None:
    place = Place()
    place.sync(application())
    other = Place(user="ann", crm=place.crm, ledger=place.ledger)
    other.sync(application("Acme", "Analyst"))
    assert len(place.live(Kind.COMPANY)) == 1
    assert {d.application.job_title for d in other.dossiers()} == {"Analyst"}
    assert {d.application.job_title for d in place.dossiers()} == {"Data Engineer"}


def test_what_one_users_run_hears_of_another_is_acted_on_in_their_own_run() -> None:
    place = Place()
    place.sync(application())
    (state,) = place.ledger.sources("memory", "me")
    (task,) = place.open_calls()
    assert task.key is not None
    place.crm.edit(Change(task.key, task.id, {"open": False}))
    Place(user="ann", crm=place.crm, ledger=place.ledger).sync(application("Bolt"))
    report = place.look(Unchanged(state))
    assert report.calls_planned == 1


def test_a_renamed_title_in_an_otherwise_same_row_is_the_same_deal() -> None:
    place = Place()
    facts = {"location": "Leeds", "salary": "50k", "source": "Job fair", "contact_name": "Jo Roe"}
    before = application("Acme", "Data Enginer", **facts)
    after = replace(before, job_title="Data Engineer", cells=("Acme", "Data Engineer", *before.cells[2:]))
    place.sync(before)
    report = place.sync(after)
    assert report.renamed == 1
    (deal,) = place.live(Kind.DEAL)
    assert deal.fields["job_title"] == "Data Engineer"


def _do(_: object) -> None:
    """Take the words that a command would print."""
