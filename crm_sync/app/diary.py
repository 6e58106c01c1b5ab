"""The pages that a run writes into the journal, and what is told of it in the book of runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from crm_sync.app.built import Built
from crm_sync.app.gather import Look, Unchanged
from crm_sync.app.house import clock
from crm_sync.app.report import Outage, Report, exit_code
from crm_sync.domain.applications import Snapshot
from crm_sync.domain.items import Item, Value
from crm_sync.domain.journal import Line, Page
from crm_sync.domain.keys import Key, Kind
from crm_sync.errors import CrmSyncError, Interrupted
from crm_sync.planning.operations import Adopt, Cancel, Leave, Operation, Retire, Update
from crm_sync.ports import Refused, Run

AT_ONCE = 2_000
LONGEST = 200
"""Longer texts are not kept: those of call tasks follow from the facts."""


class Diary:
    """Numbers the pages of one run."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._number = 0

    def pages(self, lines: Iterable[Line]) -> tuple[Page, ...]:
        """Return the lines on pages, each short enough to be read alone."""
        return tuple(self._pages(lines))

    def _pages(self, lines: Iterable[Line]) -> Iterator[Page]:
        at = clock()
        waiting: list[Line] = []
        for line in (part for each in lines for part in _cut(each)):
            if waiting and sum(len(each.told) for each in waiting) + len(line.told) > AT_ONCE:
                yield self._page(at, waiting)
                waiting = []
            waiting.append(line)
        if waiting:
            yield self._page(at, waiting)

    def _page(self, at: Any, lines: Sequence[Line]) -> Page:
        self._number += 1
        return Page(self.run.id, self._number, at, tuple(lines))


def _cut(line: Line) -> Iterator[Line]:
    if len(line.told) <= AT_ONCE:
        yield line
        return
    told = iter(line.told.items())
    while some := dict(islice(told, AT_ONCE)):
        yield replace(line, told=some)


def lines_of(what: str, told: Iterable[tuple[Key, Any]]) -> list[Line]:
    """Return what happened to records, as a line for each kind and owner."""
    groups: dict[tuple[Kind, str], dict[str, Any]] = {}
    for (kind, owner, ident), news in told:
        groups.setdefault((kind, owner), {})[ident] = news
    return [Line(what, kind, owner, each) for (kind, owner), each in groups.items()]


def created(items: Sequence[Item]) -> list[Line]:
    """Tell which records of one kind are about to be made; of call tasks, when they are due.

    Apart from the other verbs, for a first import makes records by the hundred thousand.
    """
    lines = []
    for owner in sorted({item.key[1] for item in items}):
        mine = [item for item in items if item.key[1] == owner]
        kind = mine[0].key.kind
        told: dict[str, Any] = dict.fromkeys([item.key[2] for item in mine])
        if kind is Kind.TASK:
            told = {item.key.id: item.fields.get("due_at") for item in mine}
        lines.append(Line("create", kind, owner, told))
    return lines


def updated(steps: Iterable[Update]) -> list[Line]:
    """Tell which fields are about to be written, with what stood there: [before, after] by name."""
    return lines_of("update", ((step.key, _before_and_after(step)) for step in steps))


def cancelled(steps: Iterable[Cancel]) -> list[Line]:
    """Tell which call tasks are about to end."""
    return lines_of("cancel", ((step.key, None) for step in steps))


def turned_down(refusals: Iterable[Refused]) -> list[Line]:
    """Tell what the CRM refused, and why."""
    return lines_of("refused", ((refusal.key, refusal.reason) for refusal in refusals))


def remembered(batch: Sequence[Operation]) -> list[Line]:
    """Tell what is only written down; a create that is found to have arrived was told when it was sent."""
    adopted = lines_of(
        "adopt", ((s.key, s.remote.id) for s in batch if isinstance(s, Adopt) and not s.arrived)
    )
    left = lines_of("leave", ((s.key, None) for s in batch if isinstance(s, Leave)))
    return adopted + left + lines_of("retire", ((s.key, None) for s in batch if isinstance(s, Retire)))


def _before_and_after(update: Update) -> dict[str, list[Value]]:
    """Return what stood and what is written, by field; [] for texts that are too long to keep."""
    return {
        name: [] if _is_long(now) or _is_long(was := update.before.get(name)) else [was, now]
        for name, now in update.changes.items()
    }


def _is_long(value: Value) -> bool:
    return isinstance(value, str) and len(value) > LONGEST


def told_of(report: Report, looks: Iterable[Look], built: Built) -> dict[str, Any]:
    """Return what the book of runs keeps: the report, what was read, what was written, the exit code.

    What is nothing is left out: a thousand users have many runs in which nothing was new.
    """
    told = {
        **report.as_data(),
        "read": [_look(look) for look in looks],
        "written": {f"{verb} {kind}": number for (verb, kind), number in sorted(built.done.items())},
    }
    kept = {name: value for name, value in told.items() if value}
    return {**kept, "exit": exit_code(report), "told_at": clock().isoformat(timespec="seconds")}


def _look(look: Look) -> Mapping[str, Any]:
    match look:
        case Outage(source, message):
            return {"source": source, "state": "not read", "message": message}
        case Unchanged(state):
            return {
                "source": state.source,
                "state": "unchanged",
                "rows": state.applications,
                "bookmark": state.bookmark,
            }
        case Snapshot():
            return {
                "source": look.source,
                "state": "read" if look.complete else "read in part",
                "connector": look.connector,
                "rows": len(look.applications),
                "rejected": len(look.rejected),
                "bookmark": look.bookmark,
            }


def failed(run: Run, error: BaseException) -> Run:
    """Return the run as one that ended with an error; the next one takes its work up."""
    message = error.message if isinstance(error, CrmSyncError) else type(error).__name__
    message = Interrupted().message if isinstance(error, KeyboardInterrupt) else message
    told = {"failed": message, "told_at": clock().isoformat(timespec="seconds")}
    return replace(run, report={**run.report, **told})
