"""The book or the CRM is lost, or an old copy of it is put back: nothing is doubled, nothing stays silent."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crm_sync.app.gather import Unchanged
from crm_sync.app.house import House
from crm_sync.app.report import Report
from crm_sync.app.sync import run
from crm_sync.app.words import LoggedCall, log
from crm_sync.crms.local import LocalCrm
from crm_sync.domain.applications import Application, Snapshot
from crm_sync.domain.dossiers import Dossier, TaskState
from crm_sync.domain.items import Change, Remote
from crm_sync.domain.keys import Kind
from crm_sync.domain.stages import Stage
from crm_sync.ledger.sql import open_ledger
from tests.app.building import FILE, application
from tests.world.test_world import settings_at


@dataclass
class Disk:
    """A folder with a book and a CRM; each run is a process of its own."""

    folder: Path
    now: datetime = datetime(2027, 2, 1, 15, 0, tzinfo=UTC)
    seen: list[Application] = field(default_factory=list)

    def _open(self) -> Iterator[House]:
        ledger = open_ledger(f"sqlite:///{self.folder}/ledger.db")
        crm = LocalCrm(f"sqlite:///{self.folder}/crm.db", clock=lambda: self.now)
        yield House(ledger, crm, crm.check(), settings_at(self.now, None))
        crm.close()
        ledger.close()

    def sync(self, *rows: Application) -> Report:
        for house in self._open():
            report = run(house, "import", [Snapshot(FILE, "spreadsheet", rows, bookmark="same")])
        return report

    def look(self) -> Report:
        for house in self._open():
            report = run(house, "import", [Unchanged(s) for s in house.ledger.sources("local")])
        return report

    def log(self, company: str) -> None:
        (key,) = (d.key for d in self.dossiers() if d.application.company == company)
        call = LoggedCall(self.now)
        for house in self._open():
            run(house, "log", words=lambda desk: log(desk, key, call))

    def live(self, kind: Kind) -> list[Remote]:
        for house in self._open():
            found = list(house.crm.records(kind))  # type: ignore[attr-defined]
        return found

    def edit(self, record: Remote, **fields: str) -> None:
        for house in self._open():
            assert record.key is not None
            house.crm.edit(Change(record.key, record.id, fields))

    def dossiers(self) -> list[Dossier]:
        for house in self._open():
            found = list(house.ledger.dossiers("local").values())
        return found

    def dossier(self, company: str = "Acme") -> Dossier:
        (found,) = [d for d in self.dossiers() if d.application.company == company]
        return found

    def lose(self, name: str) -> None:
        for path in self.folder.glob(f"{name}*"):
            path.unlink()

    def keep_copy(self, name: str) -> None:
        shutil.copy(self.folder / name, self.folder / f"copy-of-{name}")

    def put_back(self, name: str) -> None:
        self.lose(name)
        shutil.copy(self.folder / f"copy-of-{name}", self.folder / name)

    def counts(self) -> dict[Kind, int]:
        return {kind: len(self.live(kind)) for kind in Kind}

    def open_calls(self) -> list[Remote]:
        return [task for task in self.live(Kind.TASK) if task.fields["open"] is True]


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path)


ROWS = (
    application(contact_email="jane@acme.example", contact_name="Jane Roe"),
    application("Bolt"),
    application("Crane"),
)


def test_a_lost_crm_is_filled_again_although_the_file_is_unchanged(disk: Disk) -> None:
    disk.sync(*ROWS)
    disk.log("Bolt")
    before, open_ = disk.counts(), len(disk.open_calls())
    disk.lose("crm.db")

    report = disk.look()

    assert any("not the one" in note for note in report.notes)
    after = disk.counts()
    assert {k: after[k] for k in (Kind.COMPANY, Kind.CONTACT, Kind.DEAL, Kind.CALL)} == {
        k: before[k] for k in (Kind.COMPANY, Kind.CONTACT, Kind.DEAL, Kind.CALL)
    }
    assert len(disk.open_calls()) == open_ == 3
    assert disk.look().nothing_new


def test_what_a_person_had_removed_stays_away_from_a_crm_that_is_filled_again(disk: Disk) -> None:
    disk.sync(*ROWS)
    deal = next(d for d in disk.live(Kind.DEAL) if d.fields["name"] == "Data Engineer at Crane")
    for house in disk._open():
        assert deal.key is not None
        house.crm.discard(deal.key, deal.id)
    disk.look()
    disk.lose("crm.db")

    disk.sync(*ROWS)

    assert len(disk.live(Kind.DEAL)) == 2


def test_an_old_copy_of_the_crm_gets_what_it_lacks_and_nothing_is_let_go(disk: Disk) -> None:
    disk.sync(*ROWS[:2])
    disk.keep_copy("crm.db")
    disk.sync(*ROWS)
    disk.put_back("crm.db")

    disk.look()

    assert disk.counts() == {Kind.COMPANY: 3, Kind.CONTACT: 1, Kind.DEAL: 3, Kind.TASK: 3, Kind.CALL: 0}
    assert not any(d.course.deal_removed for d in disk.dossiers())
    assert disk.look().nothing_new


def test_a_lost_book_doubles_nothing_and_remembers_the_calls_that_the_crm_holds(disk: Disk) -> None:
    disk.sync(*ROWS)
    disk.log("Bolt")
    before = disk.counts()
    (bolt,) = [t for t in disk.open_calls() if "Bolt" in str(t.fields["subject"])]
    disk.lose("ledger.db")

    disk.sync(*ROWS)

    assert disk.counts() == before
    task = disk.dossier("Bolt").course.task
    assert task is not None
    assert (task.state, task.seq, task.attempt) == (TaskState.OPEN, 2, 2)
    assert bolt.fields["due_at"] == task.due_at.isoformat()
    assert len(disk.open_calls()) == 3
    assert not disk.sync(*ROWS).plan.operations  # type: ignore[union-attr]


def test_a_lost_book_does_not_overrule_a_stage_that_a_person_had_moved(disk: Disk) -> None:
    disk.sync(*ROWS)
    acme = next(d for d in disk.live(Kind.DEAL) if d.fields["name"] == "Data Engineer at Acme")
    disk.edit(acme, stage="interviewing")
    disk.look()
    disk.lose("ledger.db")

    report = disk.sync(*ROWS)

    acme = next(d for d in disk.live(Kind.DEAL) if d.fields["name"] == "Data Engineer at Acme")
    assert acme.fields["stage"] == "interviewing"
    assert [(c.field, c.theirs) for c in report.new_conflicts] == [("stage", "interviewing")]
    assert disk.dossier().course.stage_disputed


def test_after_a_lost_book_calls_go_on_where_they_stood(disk: Disk) -> None:
    disk.sync(*ROWS)
    disk.lose("ledger.db")
    disk.sync(*ROWS)

    disk.log("Acme")
    disk.sync(replace(ROWS[0], stage=Stage.REJECTED), *ROWS[1:])

    assert disk.dossier().course.task is not None
    assert disk.dossier().course.stage is Stage.REJECTED
    assert len(disk.open_calls()) == 2
    assert len(disk.live(Kind.DEAL)) == 3


def test_an_old_copy_of_the_book_doubles_nothing(disk: Disk) -> None:
    disk.sync(*ROWS[:2])
    disk.keep_copy("ledger.db")
    disk.sync(*ROWS)
    before = disk.counts()
    disk.put_back("ledger.db")

    disk.sync(*ROWS)

    assert disk.counts() == before
    assert not disk.sync(*ROWS).plan.operations  # type: ignore[union-attr]
