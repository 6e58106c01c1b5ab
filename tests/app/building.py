"""A house in memory for the tests of the use cases, and rows to put into it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from crm_sync.app.gather import Look, Unchanged
from crm_sync.app.house import AS_USUAL, House, Wishes, Words
from crm_sync.app.report import Report
from crm_sync.app.sync import run
from crm_sync.config.settings import Settings
from crm_sync.config.told import Source
from crm_sync.crms.memory import MemoryCrm
from crm_sync.domain.applications import Application, RejectedRow, Snapshot
from crm_sync.domain.dossiers import Dossier, TaskState
from crm_sync.domain.items import Remote
from crm_sync.domain.keys import Kind
from crm_sync.domain.stages import Stage
from crm_sync.ledger.memory import MemoryLedger
from tests.world.test_world import settings_at

MONDAY = datetime(2027, 2, 1, 15, 0, tzinfo=UTC)
FILE = "/home/someone/tracker.csv"


def application(
    company: str | None = "Acme", title: str | None = "Data Engineer", **more: Any
) -> Application:
    facts: dict[str, Any] = {
        "row": 2,
        "sheet": None,
        "connector": "spreadsheet",
        "stage": Stage.APPLIED,
        "applied_on": date(2027, 1, 29),
        "cells": tuple(str(part) for part in (company, title, *more.values()) if part),
    }
    return Application(company=company, job_title=title, **(facts | more))


@dataclass
class Place:
    """A ledger and a CRM in memory, and a clock that the test moves."""

    now: datetime = MONDAY
    user: str = "me"
    calls_per_day: int | None = None
    sources: tuple[Source, ...] = ()
    crm: MemoryCrm = field(default_factory=MemoryCrm)
    ledger: MemoryLedger = field(default_factory=MemoryLedger)

    def __post_init__(self) -> None:
        self.crm.clock = lambda: self.now

    @property
    def settings(self) -> Settings:
        return replace(settings_at(self.now, self.calls_per_day), user=self.user, sources=self.sources)

    @property
    def house(self) -> House:
        return House(self.ledger, self.crm, self.crm.check(), self.settings)

    def sync(
        self,
        *rows: Application,
        source: str = FILE,
        complete: bool = True,
        rejected: tuple[RejectedRow, ...] = (),
        wishes: Wishes = AS_USUAL,
    ) -> Report:
        numbered = tuple(replace(row, row=number) for number, row in enumerate(rows, start=2))
        snapshot = Snapshot(source, "spreadsheet", numbered, rejected, complete, bookmark=str(hash(numbered)))
        return run(self.house, "import", [snapshot], wishes=wishes)

    def look(self, *looks: Look, wishes: Wishes = AS_USUAL) -> Report:
        return run(self.house, "import", list(looks), wishes=wishes)

    def look_unchanged(self, *sources: str) -> Report:
        """Look at sources that are as they were when they were last read."""
        states = {state.source: state for state in self.ledger.sources("memory", self.user)}
        return self.look(*(Unchanged(states[source]) for source in sources))

    def say(self, words: Words) -> Report:
        return run(self.house, "words", words=words)

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)

    def live(self, kind: Kind) -> list[Remote]:
        return list(self.crm.records(kind))

    def dossier(self, company: str = "Acme") -> Dossier:
        (found,) = [d for d in self.dossiers() if d.application.company == company]
        return found

    def dossiers(self) -> list[Dossier]:
        return list(self.ledger.dossiers("memory", self.user).values())

    def open_calls(self) -> list[Remote]:
        return [task for task in self.live(Kind.TASK) if task.fields["open"] is True]

    def task_state(self, company: str = "Acme") -> TaskState | None:
        task = self.dossier(company).course.task
        return task.state if task else None
