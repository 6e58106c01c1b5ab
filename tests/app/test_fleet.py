"""A sync of many users: one look at an account serves all of them, and nobody's trouble is another's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crm_sync.app.house import AS_USUAL
from crm_sync.app.portals import setup_of
from crm_sync.app.wiring import state_url
from crm_sync.domain.decisions import Action
from crm_sync.domain.items import Change
from crm_sync.domain.keys import Kind
from crm_sync.errors import CrmUnavailable, UnsafePlan
from crm_sync.ports import Entry
from tests.app.firms import Firm, row, statements
from tests.hubspot_simulator.simulator import Simulator


def clients(count: int) -> list[str]:
    return [f"client{number}" for number in range(count)]


@pytest.fixture
def firm(tmp_path: Path) -> Firm:
    return Firm(tmp_path)


def what_a_quiet_sync_asks(folder: Path, users: int) -> int:
    folder.mkdir()
    firm = Firm(folder).hire(*clients(users))
    assert all(done.report for done in firm.sync().values())
    with statements() as heard:
        done = firm.sync()
    assert [each.report.nothing_new for each in done.values() if each.report] == [True] * users
    return len(heard)


def test_a_sync_with_nothing_new_asks_the_databases_as_often_for_many_users_as_for_few(
    tmp_path: Path,
) -> None:
    few, many = what_a_quiet_sync_asks(tmp_path / "few", 3), what_a_quiet_sync_asks(tmp_path / "many", 30)
    assert few == many


def test_a_sync_with_nothing_new_still_enters_the_book_of_runs_for_every_user(firm: Firm) -> None:
    firm.hire(*clients(3)).sync()
    firm.sync()
    with firm.house() as house:
        runs = house.ledger.runs("local")
    assert sorted(run.user or "" for run in runs) == sorted(clients(3) * 2)
    assert all(run.ended_at for run in runs)


def test_a_run_with_nothing_new_leaves_the_book_after_thirty_days_and_no_other_does(firm: Firm) -> None:
    firm.hire(*clients(2)).sync()
    firm.sync()
    with firm.house() as house, house.ledger.exclusive("local") as lease:
        before = house.ledger.runs("local")
        ages = {"young": timedelta(days=29), "old": timedelta(days=31)}
        aged = [
            replace(run, id=f"{name}{run.id}", started_at=run.started_at - age)
            for run in before
            for name, age in ages.items()
        ]
        house.ledger.record(Entry("local", runs=aged), lease)
    firm.sync()
    quiet = {run.id for run in before if run.report.get("nothing_new")}
    with firm.house() as house:
        left = {run.id for run in house.ledger.runs("local", limit=100)}
    assert len(quiet) == 2
    assert {run.id for run in aged} - left == {f"old{ident}" for ident in quiet}


@pytest.fixture
def portal() -> Iterator[Simulator]:
    with Simulator(tier="enterprise", token="pat-na1-11111111-aaaa") as simulator:
        yield simulator


def in_portal(folder: Path, portal: Simulator, users: int) -> Firm:
    told = f"kind: hubspot, tier: enterprise, token: {{env: TOKEN}}, base_url: '{portal.url}'"
    crm = f"crms: {{agency: {{{told}}}}}"
    firm = Firm(folder, {"CRM_SYNC_NOW": "2027-02-01T09:00:00+01:00", "TOKEN": portal.token})
    around = firm.hire(*clients(users), crm=crm, rows=1).fleet().around
    with setup_of(around.connection("agency"), state_url(around.settings(None))) as setup:
        setup.carry_out(setup.survey())
    return firm


def test_one_look_at_a_portal_serves_all_its_users(tmp_path: Path, portal: Simulator) -> None:
    firm = in_portal(tmp_path, portal, 6)
    assert all(done.report and not done.report.failures for done in firm.sync(jobs=2).values())
    firm.sync()
    before = portal.count()
    firm.sync("client0")
    for_one = portal.count() - before
    done = firm.sync()
    assert all(each.report and each.report.nothing_new for each in done.values())
    assert portal.count() - before == 2 * for_one


def test_what_a_person_did_is_heard_once_and_told_to_those_it_concerns(firm: Firm) -> None:
    firm.hire("ana", "ben", "cid").sync()
    with firm.house() as house:
        (task,) = list(house.crm.records(Kind.TASK, "cid"))[:1]  # type: ignore[attr-defined]
        assert task.key is not None
        house.crm.edit(Change(task.key, task.id, {"open": False}))
    done = firm.sync()
    told = {
        user: [line.partition(": ")[2] for line in d.report.heard] for user, d in done.items() if d.report
    }
    assert told == {"ana": [], "ben": [], "cid": ["call task completed"]}
    assert all(each.report and each.report.nothing_new for each in firm.sync().values())


def test_a_bad_file_a_lost_file_and_a_plan_that_is_refused_are_one_users_each(firm: Firm) -> None:
    firm.hire("ana", "ben", "cid", "dan", "eve", rows=12).sync()
    (firm.folder / "ana.csv").write_bytes(b"PK\x03\x04 this is no workbook")
    (firm.folder / "ben.csv").unlink()
    firm.put("cid", [row("cid", 0)])
    firm.put("dan", [row("dan", number) for number in range(13)])
    done = firm.sync(jobs=3)
    assert [len(done[user].report.outages) for user in ("ana", "ben")] == [1, 1]  # type: ignore[union-attr]
    assert done["cid"].failure is None or isinstance(done["cid"].failure, UnsafePlan)
    assert done["dan"].report is not None
    assert (done["dan"].report.created, done["dan"].report.unchanged) == (1, 12)
    assert done["eve"].report is not None
    assert done["eve"].report.nothing_new


def test_what_nobody_expected_in_one_users_run_is_that_users_failure_only(firm: Firm) -> None:
    firm.hire("ana", "ben", "cid")
    fleet = firm.fleet()
    around = Poisoned(fleet.around, "ben")
    done = {each.user: each for each in replace(fleet, around=around).sync(AS_USUAL)}  # type: ignore[arg-type]
    assert isinstance(done["ben"].failure, Exception)
    assert not done["ben"].shared
    assert [done[user].report.created for user in ("ana", "cid")] == [2, 2]  # type: ignore[union-attr]


class Poisoned:
    """Surroundings in which one user's settings hold what makes every run of theirs break."""

    def __init__(self, around: Any, user: str) -> None:
        self._around, self._user = around, user

    def __getattr__(self, name: str) -> Any:
        return getattr(self._around, name)

    def settings(self, user: str | None) -> Any:
        settings = self._around.settings(user)
        return replace(settings, policy=None) if user == self._user else settings


def test_once_the_crm_is_away_nobody_else_waits_for_it_and_quiet_users_do_not_notice(
    tmp_path: Path, portal: Simulator
) -> None:
    firm = in_portal(tmp_path, portal, 4)
    firm.sync()
    firm.sync()  # hears what the first one wrote
    for user in ("client1", "client3"):
        firm.put(user, [row(user, 0), row(user, 1)])
    portal.fail("429-daily", pattern="batch/(create|upsert|update)")
    written = portal.count(writes=True)
    done = firm.sync()
    assert list(done) == clients(4)
    assert [done[user].report.nothing_new for user in ("client0", "client2")] == [True, True]  # type: ignore[union-attr]
    assert done["client1"].report is None or done["client1"].report.stopped
    assert isinstance(done["client3"].failure, CrmUnavailable)
    assert done["client3"].shared
    assert portal.count(writes=True) <= written + 1


def test_marks_of_one_user_reach_no_record_report_or_run_of_another(firm: Firm) -> None:
    users = ["xanthippe", "yorick", "zenobia"]
    firm.hire(*users)
    for user in users:
        others = "Shared Hall", "Engineer", "2027-01-29", "Applied", "Jane Roe", "jane@hall.example"
        firm.put(user, [row(user, 0), (*others, f"secret-of-{user}")])
    reports = firm.sync(jobs=2)
    reports |= {f"{user} again": done for user, done in firm.sync().items()}
    with firm.house() as house:
        for user in users:
            seen = [str(done.report.as_data()) for name, done in reports.items() if name.startswith(user)]
            seen += [str(record) for kind in Kind for record in house.crm.records(kind, user)]  # type: ignore[attr-defined]
            seen += [json.dumps(run.report) for run in house.ledger.runs("local", user)]
            seen += [str(dossier) for dossier in house.ledger.dossiers("local", user).values()]
            seen += [str(touch) for touch in house.ledger.touches("local", user).values()]
            assert len(seen) > 8
            for other in set(users) - {user}:
                assert [text for text in seen if other in text.casefold()] == []
        shared = [str(record) for kind in (Kind.COMPANY, Kind.CONTACT) for record in house.crm.records(kind)]  # type: ignore[attr-defined]
    assert [text for text in shared if "secret-of" in text] == []


def test_a_person_whom_somebody_else_is_due_to_call_is_told_without_saying_who(firm: Firm) -> None:
    users = ["ana", "ben"]
    firm.hire(*users)
    for user in users:
        firm.put(user, [row(user, 0, company="Hall", contact="Jane Roe", mail="jane@hall.example")])
    firm.sync()
    with firm.house() as house:
        (ben,) = house.ledger.dossiers("local", "ben").values()
        tasks = list(house.crm.records(Kind.TASK, "ben"))  # type: ignore[attr-defined]
    assert ben.course.task is not None
    assert "person_busy" in ben.course.task.flags
    assert ben.course.decision is not None
    assert ben.course.decision.action is Action.SCHEDULE
    assert [str(task) for task in tasks if "ana" in str(task).casefold().replace("analyst", "")] == []
