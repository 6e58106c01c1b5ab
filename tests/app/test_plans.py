"""A plan is a value: the same twice, and the same a minute later."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from crm_sync.app.gather import gather
from crm_sync.app.house import Wishes
from crm_sync.app.words import LoggedCall, log
from crm_sync.config.settings import Settings
from crm_sync.domain.applications import Snapshot
from crm_sync.domain.items import Change
from crm_sync.domain.keys import Kind
from crm_sync.domain.stages import Stage
from crm_sync.domain.touches import CallOutcome
from crm_sync.ledger.memory import MemoryLedger
from tests.app.building import Place, application

ONLY_PLAN = Wishes(plan_only=True)


class WestCoast(Place):
    """A place whose user lives by Pacific time: an afternoon there passes midnight in UTC."""

    @property
    def settings(self) -> Settings:
        return replace(super().settings, time_zone="America/Los_Angeles")


def test_a_plan_has_the_same_name_a_minute_later_also_where_its_call_passes_midnight_in_utc() -> None:
    place = WestCoast(now=datetime(2027, 2, 2, 23, 40, tzinfo=UTC))
    names = set()
    for _ in range(30):
        names.add(place.sync(application(), wishes=ONLY_PLAN).digest)
        place.wait(minutes=1)
    assert len(names) == 1


@pytest.mark.parametrize("zone_hour", range(14, 22))
def test_texts_in_the_crm_do_not_change_with_the_clock(zone_hour: int) -> None:
    place = Place()
    place.sync(application(contact_phone="+1 555 0100"), application("Bolt", location="Berlin"))
    place.now = place.now.replace(hour=zone_hour, minute=7)
    for _ in range(9):
        report = place.sync(application(contact_phone="+1 555 0100"), application("Bolt", location="Berlin"))
        assert report.plan is not None
        assert report.plan.operations == ()
        place.wait(days=1, minutes=11)


def test_the_order_of_rows_does_not_name_another_plan() -> None:
    rows = [application(f"Company {n}", contact_email=f"p@c{n % 2}.example") for n in range(6)]
    forth, back = Place(calls_per_day=2), Place(calls_per_day=2)
    assert forth.sync(*rows, wishes=ONLY_PLAN).digest == back.sync(*reversed(rows), wishes=ONLY_PLAN).digest


def test_what_several_rows_say_of_one_company_and_one_person_reaches_their_records() -> None:
    place = Place()
    jane: dict[str, Any] = {"contact_email": "jane@acme.example", "contact_name": "Jane Roe"}
    place.sync(
        application("Acme", "Engineer", **jane),
        application("Acme", "Analyst", company_domain="acme.example"),
        application("Acme", "Welder", **jane, contact_phone="+1 555 0100", contact_title="Head of Data"),
    )
    (company,), (contact,) = place.live(Kind.COMPANY), place.live(Kind.CONTACT)
    assert company.fields["domain"] == "acme.example"
    assert (contact.fields["phone"], contact.fields["title"]) == ("+1 555 0100", "Head of Data")


def test_a_deal_follows_its_title_unless_a_person_named_it() -> None:
    place = Place()
    place.sync(application(external_id="7"), application("Bolt", external_id="8"))
    deal = next(d for d in place.live(Kind.DEAL) if d.fields["name"] == "Data Engineer at Bolt")
    assert deal.key is not None
    place.crm.edit(Change(deal.key, deal.id, {"name": "The one in Leeds"}))

    report = place.sync(
        application(title="Senior Data Engineer", external_id="7"),
        application("Bolt", "Senior Data Engineer", external_id="8"),
    )

    names = sorted(str(d.fields["name"]) for d in place.live(Kind.DEAL))
    assert names == ["Senior Data Engineer at Acme", "The one in Leeds"]
    assert report.conflicts == ()
    assert {d.fields["job_title"] for d in place.live(Kind.DEAL)} == {"Senior Data Engineer"}


def test_a_new_number_in_the_file_ends_the_question_for_one_and_reaches_the_brief() -> None:
    place = Place()
    place.sync(application(contact_phone="+1 555 0100"))
    key = place.dossier().key
    place.say(lambda desk: log(desk, key, LoggedCall(place.now, outcome=CallOutcome.WRONG_NUMBER)))
    assert place.open_calls() == []
    place.wait(minutes=5)

    place.sync(application(contact_phone="+1 555 0199"))

    (task,) = place.open_calls()
    assert "+1 555 0199" in str(task.fields["body"])


def test_one_file_is_one_source_however_its_path_is_written(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "jobs.csv").write_text(
        "Company,Position,Status\nAcme,Engineer,Applied\nBolt,Welder,Applied\n"
    )
    (tmp_path / "link").symlink_to(tmp_path, target_is_directory=True)
    monkeypatch.chdir(tmp_path / "sub")
    written = ["../jobs.csv", str(tmp_path / "sub" / ".." / "jobs.csv"), str(tmp_path / "link" / "jobs.csv")]

    looks = gather(written, Place().settings, MemoryLedger(), "memory", "now")

    (look,) = looks
    assert isinstance(look, Snapshot)
    assert look.source == str((tmp_path / "jobs.csv").resolve())


def test_overdue_calls_of_disputed_applications_count_into_todays_room() -> None:
    place = Place(calls_per_day=1)
    place.sync(application())
    (deal,) = place.live(Kind.DEAL)
    assert deal.key is not None
    place.crm.edit(Change(deal.key, deal.id, {"stage": "screening"}))
    place.wait(days=1)
    place.sync(replace(application(), stage=Stage.INTERVIEWING))
    assert place.dossier().course.stage_disputed
    assert len(place.open_calls()) == 1

    place.sync(replace(application(), stage=Stage.INTERVIEWING), application("Bolt"))

    task = place.dossier("Bolt").course.task
    assert task is not None
    assert task.pushed_due > place.settings.today
