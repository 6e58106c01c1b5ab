"""One import as the command line tells it: the run, and what a person wants to know after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from crm_sync.app.board import remember_read
from crm_sync.app.gather import Look, gather
from crm_sync.app.house import typed, typed_before
from crm_sync.app.outlook import outlook_of
from crm_sync.app.report import Report, exit_code
from crm_sync.app.sync import House, Wishes, run, understanding
from crm_sync.cli.failures import sentence
from crm_sync.cli.output import note
from crm_sync.cli.progress import reading, writing
from crm_sync.cli.render.plans import plan_data, plan_lines
from crm_sync.cli.render.reports import import_text
from crm_sync.cli.render.wording import day, nouns
from crm_sync.config.settings import Settings
from crm_sync.domain.applications import Snapshot
from crm_sync.errors import SourceError


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import came to."""

    report: Report
    settings: Settings
    outlook: list[str]
    plan_only: bool
    sources: bool = True

    @property
    def exit_code(self) -> int:
        return exit_code(self.report)

    @property
    def outages(self) -> list[str]:
        """Return a sentence for each file that could not be read."""
        return [f"crm-sync: {failure}" for failure in source_failures(self.report)]

    def as_data(self) -> dict[str, Any]:
        """Return the report, with the plan's operations where only a plan was wanted."""
        data = self.report.as_data()
        return data | {"plan": plan_data(self.report.plan)} if self.plan_only else data

    def as_text(self) -> str:
        lines = plan_lines(self.report, self.settings.time_zone) if self.plan_only else []
        return import_text(self.report, lines, self.outlook, plan_only=self.plan_only, sources=self.sources)


def source_failures(report: Report) -> list[str]:
    """Return a sentence for each source that could not be read, without the program's name."""
    return [
        sentence(SourceError(o.message, o.hint, source=o.source)).removeprefix("crm-sync: ")
        for o in report.outages
    ]


def import_into(
    house: House, files: Sequence[str], connector: str | None, wishes: Wishes, called: str | None = None
) -> Outcome:
    """Gather the sources, run once, and add what a person asks next."""
    ledger, account, settings = house.ledger, house.account.name, house.settings
    if not ledger.runs(account, limit=1):
        for warning in settings.warnings:
            note(warning)
    before = {s.source: typed_before(s.understanding) for s in ledger.sources(account, settings.user)}
    understood = understanding(settings)
    with reading(len(files)) as read:
        looks = gather(files, settings, ledger, account, understood, connector, called, read)
    with writing() as progress:
        report = run(house, "import", looks, wishes=wishes, progress=progress)
    report.notes += [*doubts(looks), *_read_otherwise(looks, before, typed(settings))]
    if not (wishes.plan_only or report.outages or report.stopped or report.is_about_nobody):
        remember_read(settings, account)
    outlook = [] if wishes.plan_only or report.nothing_new else outlook_of(ledger, account, settings, looks)
    return Outcome(report, settings, outlook, wishes.plan_only)


def _read_otherwise(looks: Sequence[Look], before: Mapping[str, str], now: str) -> Iterator[str]:
    """Yield a note for each source that was read by other options of the command line last time."""
    for source in [look.source for look in looks if isinstance(look, Snapshot)]:
        last = before.get(source, "")
        if last and last != now:
            yield (
                f"{PurePath(source).name} was read with {last} last time, and "
                f"{f'with {now}' if now else 'without'} now."
            )


def sync_without_files(house: House, wishes: Wishes) -> Outcome:
    """Hear the CRM and decide again, without looking at any source."""
    with writing() as progress:
        report = run(house, "sync", wishes=wishes, progress=progress)
    return Outcome(report, house.settings, [], wishes.plan_only, sources=False)


def doubts(looks: Sequence[Look]) -> list[str]:
    """Return a note for each file whose dates could be read in two ways."""
    return [note for look in looks if isinstance(look, Snapshot) for note in _doubt(look)]


def _doubt(look: Snapshot) -> Iterator[str]:
    rows = [a for a in look.applications if "date_order_assumed" in a.flags and a.applied_on]
    if rows:
        name, one = PurePath(look.source).name, rows[0]
        yield (
            f"{name}: day and month of {nouns(len(rows), 'applied date')} are assumed; row {one.row} is "
            f"taken for {day(one.applied_on)}. If that is wrong, set CRM_SYNC_LOCALE=de-DE (day first) or "
            "en-US (month first) and import again."
        )
