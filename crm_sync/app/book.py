"""The book of runs, and the history of one application, as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm_sync.domain.dossiers import Dossier
from crm_sync.domain.journal import Line, Page
from crm_sync.domain.touches import Touch
from crm_sync.errors import UsageError
from crm_sync.planning.chronicle import MERGED, SEEN, TOUCHED
from crm_sync.ports import Ledger, Run

SHORTEST = 3
_COUNTS = ("created", "updated", "unchanged", "renamed", "vanished", "calls_planned", "calls_cancelled")


def runs_of(ledger: Ledger, accounts: Iterable[str], user: str | None, limit: int) -> list[dict[str, Any]]:
    """Return the latest runs of these accounts as rows, newest first."""
    found = [run for name in accounts for run in ledger.runs(name, user, limit=limit)]
    found.sort(key=lambda run: (run.started_at, run.id), reverse=True)
    return [row_of(run, ledger) for run in found[:limit]]


def row_of(run: Run, ledger: Ledger) -> dict[str, Any]:
    """Return one run as a row: who, what, when, and what came of it."""
    report = run.report
    return {
        "run": run.id,
        "account": run.account,
        "user": run.user,
        "command": run.command,
        "started_at": run.started_at.isoformat(timespec="seconds"),
        "ended_at": run.ended_at.isoformat(timespec="seconds") if run.ended_at else report.get("told_at"),
        "version": run.version,
        "config": run.config or None,
        "outcome": outcome_of(run, ledger),
        "reason": report.get("failed") or report.get("stopped"),
        "exit": report.get("exit"),
        "undoes": report.get("undoes"),
        "undone": report.get("undone", 0),
        **{name: report.get(name, 0) for name in _COUNTS},
        "rejected": len(report.get("rejected", ())),
        "refused": len(report.get("failures", ())),
        "unread": len(report.get("outages", ())),
        "asks": len(report.get("asks", ())),
        "written": report.get("written", {} if "told_at" in report else report.get("operations", {})),
    }


def outcome_of(run: Run, ledger: Ledger) -> str:
    """Return in a word what became of a run.

    done, nothing_new, unfinished (the next run goes on with it), stopped (the CRM went away), failed,
    running, or never_ended: begun, and then its process was gone.
    """
    report = run.report
    if "failed" in report:
        return "failed"
    if report.get("stopped"):
        return "stopped"
    if run.ended_at is not None:
        return "nothing_new" if report.get("nothing_new") else "done"
    if report:
        return "unfinished"
    return "running" if ledger.holder(run.account) and _is_newest(run, ledger) else "never_ended"


def _is_newest(run: Run, ledger: Ledger) -> bool:
    return ledger.runs(run.account, limit=1)[0].id == run.id


def find_run(ledger: Ledger, text: str) -> Run:
    """Return the run whose id begins with *text*; raise UsageError where none or several do."""
    prefix = text.strip().lower()
    found = ledger.find_runs(prefix) if len(prefix) >= SHORTEST else ()
    if not found:
        raise UsageError(f'there is no run "{text}"', "See `crm-sync runs`.")
    if len(found) > 1:
        names = ", ".join(run.id for run in found[:5])
        raise UsageError(f'"{text}" could be {names}', "Give more characters of the run.")
    return found[0]


def whole_run(ledger: Ledger, run: Run) -> dict[str, Any]:
    """Return everything that is kept of one run."""
    report = run.report
    happened: dict[str, int] = {}
    for page in ledger.journal(run.account, run=run.id):
        for line in page.lines:
            name = f"{line.what} {line.kind.value}"
            happened[name] = happened.get(name, 0) + len(line.told)
    kept = ("read", "asks", "conflicts", "failures", "heard", "notes", "outages")
    return {
        **row_of(run, ledger),
        **{name: report.get(name, []) for name in kept},
        "rejected": report.get("rejected", []),
        "happened": happened,
    }


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened to an application; ``told`` is plain data that depends on ``what``.

    ``at`` is when the book heard of it, ``run`` and ``command`` by which run; "" before there was a journal.
    """

    at: datetime
    what: str
    kind: str
    id: str
    told: Any
    about: str = ""
    run: str = ""
    command: str = ""

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON-able data."""
        return {
            "at": self.at.isoformat(timespec="seconds"),
            "run": self.run or None,
            "command": self.command or None,
            "what": self.what,
            "kind": self.kind,
            "id": self.id,
            "about": self.about or None,
            "told": self.told,
        }


def history_of(ledger: Ledger, account: str, dossier: Dossier) -> list[Happening]:
    """Return all that ever happened to one application, in the order in which the book heard of it."""
    members, pages = _family(ledger, account, dossier.key)
    commands = _commands(ledger, pages)
    told = [each for page in pages for each in _happenings(page, commands.get(page.run, ""))]
    touches = ledger.touches(account, keys=members).values()
    untold = list(_untold((touch for group in touches for touch in group), told))
    first = [] if any(each.what == SEEN for each in told) else [_first_sight(dossier, told)]
    return [*first, *sorted([*untold, *told], key=lambda each: each.at)]


def _family(ledger: Ledger, account: str, key: str) -> tuple[list[str], list[Page]]:
    """Return an application with those that were ever merged into it, and the pages that tell of them."""
    members, pages = [key], list(ledger.journal(account, about=key))
    for member in members:  # which grows meanwhile
        own = pages if member == key else list(ledger.journal(account, about=member))
        lines = [line for page in own for line in page.lines if line.what == MERGED]
        told = [line.told[member] for line in lines if member in line.told]
        members += [child for how, child in told if how == "with" and child not in members]
        pages = pages if member == key else pages + own
    return members, sorted(pages, key=lambda page: (page.at, page.run, page.number))


def _commands(ledger: Ledger, pages: Iterable[Page]) -> Mapping[str, str]:
    return {ident: run.command for ident in {p.run for p in pages} for run in ledger.find_runs(ident)}


def _happenings(page: Page, command: str) -> Iterator[Happening]:
    for line in page.lines:
        for ident, told in line.told.items():
            yield _happening(page, line, ident, told, command)


def _happening(page: Page, line: Line, ident: str, told: Any, command: str) -> Happening:
    return Happening(page.at, line.what, line.kind.value, ident, told, line.about, page.run, command)


def _untold(touches: Iterable[Touch], told: Iterable[Happening]) -> Iterator[Happening]:
    """Yield touches that the journal does not tell of: they are older than it."""
    known = {touch[0] for each in told if each.what == TOUCHED for touch in each.told}
    for touch in touches:
        if touch.id not in known:
            result = touch.result.value if touch.result else None
            news = [touch.id, touch.at.isoformat(), touch.kind.value, touch.outcome.value, result]
            yield Happening(touch.at, TOUCHED, "deal", touch.application, [news])


def _first_sight(dossier: Dossier, told: Iterable[Happening]) -> Happening:
    """Return the first sight of an application that is older than the journal."""
    day = datetime.combine(dossier.course.first_seen, datetime.min.time()).astimezone()
    return Happening(day, SEEN, "deal", dossier.key, None, dossier.origin)
