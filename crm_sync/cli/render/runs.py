"""The book of runs, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from crm_sync.cadence.wording import say_day
from crm_sync.cli.render.grids import Grid
from crm_sync.cli.render.wording import listing, nouns

NO_RUNS = "No runs yet. Begin with: crm-sync import my-applications.xlsx"

_MOST = 10
_HEADERS = ("Run", "Started", "User", "Command", "CRM", "What came of it")
_ENDS = {
    "done": "done",
    "nothing_new": "nothing new",
    "unfinished": "not finished; the next run goes on with it",
    "stopped": "stopped half-way",
    "failed": "failed",
    "running": "running now",
    "never_ended": "begun and never ended; the next run goes on with it",
}


def runs_grid(rows: Sequence[Mapping[str, Any]], zone: str) -> Grid:
    """Return the runs as a table, on the clock of *zone*."""
    return Grid(
        _HEADERS,
        [
            (
                row["run"],
                _moment(row["started_at"], zone),
                row["user"] or "-",
                row["command"],
                row["account"],
                came_of(row),
            )
            for row in rows
        ],
    )


def came_of(row: Mapping[str, Any]) -> str:
    """Return in a line how a run ended and what it did."""
    ended = _ENDS[row["outcome"]]
    if row["outcome"] in {"failed", "stopped"} and row["reason"]:
        return f"{ended}: {row['reason']}"
    counts = "; ".join(_counts(row))
    if row["outcome"] in {"done", "nothing_new"}:
        return counts or ended
    return f"{ended} ({counts})" if counts else ended


def _counts(row: Mapping[str, Any]) -> Iterator[str]:
    if row["outcome"] == "nothing_new":
        yield "nothing new"
    if row["undoes"]:
        yield f"took {row['undoes']} back ({nouns(row['undone'], 'record')})"
    for name, word in (("created", "new"), ("updated", "changed"), ("renamed", "renamed")):
        if row[name]:
            yield f"{row[name]:,} {word}"
    for name, word in (("calls_planned", "planned"), ("calls_cancelled", "cancelled")):
        if row[name]:
            yield f"{nouns(row[name], 'call')} {word}"
    rejected = row["rejected"] if isinstance(row["rejected"], int) else len(row["rejected"])
    for number, word in ((rejected, "rejected"), (row["refused"], "not written")):
        if number:
            yield f"{number:,} {word}"
    if row["unread"]:
        yield f"{nouns(row['unread'], 'source')} not read"


def run_text(told: Mapping[str, Any], zone: str) -> str:
    """Return all that is kept of one run."""
    whom = f" for {told['user']}" if told["user"] else ""
    code = f", exit code {told['exit']}" if told["exit"] is not None else ""
    head = [
        f"Run {told['run']}: {told['command']}{whom} in {told['account']}",
        f"Started {_moment(told['started_at'], zone)}{_ended(told, zone)}",
        f"By crm-sync {told['version']}, configuration {told['config'] or 'not kept'}",
        f"What came of it: {came_of(told)}{code}",
    ]
    blocks = [head, *(block for block in _blocks(told) if len(block) > 1)]
    return "\n\n".join("\n".join(block) for block in blocks)


def _ended(told: Mapping[str, Any], zone: str) -> str:
    return f", ended {_moment(told['ended_at'], zone)}" if told["ended_at"] else ", never ended"


def _blocks(told: Mapping[str, Any]) -> Iterator[list[str]]:
    yield ["Read", *map(_source, told["read"])]
    yield ["In the journal", *(f"  {_worded(name)}: {n:,}" for name, n in told["happened"].items())]
    yield ["Written to the CRM", *(f"  {name}: {number:,}" for name, number in told["written"].items())]
    refused = [f"  {f['origin'] or f['key']}: {f['reason']}" for f in told["failures"]]
    rejected = [f"  {r['source']}, row {r['row']}: {r['reason']}" for r in told["rejected"]]
    conflicts = [
        f"  {c['key']}: {c['field']} is {c['source_says']!r} in the file, {c['crm_says']!r} in the CRM"
        for c in told["conflicts"]
    ]
    more = f"crm-sync runs {told['run']} --json"
    yield ["Not written", *listing(refused, _MOST, more)]
    yield ["Rows left out", *listing(rejected, _MOST, more)]
    yield ["In dispute", *listing(conflicts, _MOST, more)]
    yield [
        "Asked for a person",
        *listing([f"  {a['key']}: {a['reason']}" for a in told["asks"]], _MOST, more),
    ]
    yield ["Heard from the CRM", *listing([f"  {line}" for line in told["heard"]], _MOST, more)]
    yield ["Notes", *(f"  {note}" for note in told["notes"])]


def _worded(name: str) -> str:
    what, kind = name.split()
    thing = "application" if what in _OF_APPLICATIONS else kind
    return f"{thing} {_OF_APPLICATIONS.get(what, what)}"


_OF_APPLICATIONS = {
    "seen": "first seen",
    "source": "changed by its source",
    "decided": "decided",
    "stage": "moved to another stage",
    "course": "changed in its course",
    "merged": "merged or split",
    "heard": "changed by people in the CRM",
    "touched": "called or written to",
}


def _source(read: Mapping[str, Any]) -> str:
    rows = f", {nouns(read['rows'], 'row')}" if "rows" in read else ""
    rejected = f", {read['rejected']} rejected" if read.get("rejected") else ""
    by = f" by {read['connector']}" if read.get("connector") else ""
    mark = f" ({read['bookmark']})" if read.get("bookmark") else ""
    why = f": {read['message']}" if read.get("message") else ""
    return f"  {read['source']}: {read['state']}{by}{rows}{rejected}{mark}{why}"


def _moment(iso: str, zone: str) -> str:
    at = datetime.fromisoformat(iso).astimezone(ZoneInfo(zone))
    return f"{say_day(at.date())}, {at:%H:%M:%S}"
