"""What a run came to, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath

from crm_sync.app.asks import sentence
from crm_sync.app.report import Report
from crm_sync.cli.render.applications import rejection
from crm_sync.cli.render.wording import below, listing, named_dossier, nouns
from crm_sync.domain.dossiers import Dossier
from crm_sync.planning.operations import Conflict

_MOST = 10


def import_text(
    report: Report, plan: Sequence[str], outlook: Sequence[str], *, plan_only: bool, sources: bool = True
) -> str:
    """Return the report of a run: what came in, what needs a look, what comes next.

    Without *sources* nothing was to come in: only what people did in the CRM, and what follows of it.
    """
    counts = _counts(report, plan_only) if sources else _calls(report, plan_only)
    blocks = [list(plan), list(counts), *_matters(report)]
    if plan_only:
        blocks.append([_digest(report)])
    elif not report.stopped and _read(report):
        blocks.append([*(f"{line[:1].upper()}{line[1:]}." for line in outlook), *_next(report)])
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _counts(report: Report, plan_only: bool) -> Iterator[str]:
    left_out = f"; {nouns(len(report.rejected), 'row')} left out" if report.rejected else ""
    if report.forgotten:
        yield f"{nouns(report.forgotten, 'row')} of those who were forgotten left out."
    if report.nothing_new:
        yield f"Nothing new: {nouns(report.unchanged, 'application')} unchanged{left_out}."
        return
    read = _read(report)
    if not (read or report.rejected or report.outages or report.vanished):
        yield "No applications found. How the file is understood: crm-sync inspect FILE"
        return
    if read or report.rejected:
        parts = [f"{report.created:,} new", f"{report.updated:,} changed", f"{report.unchanged:,} unchanged"]
        parts += [f"{report.renamed:,} renamed"] if report.renamed else []
        yield f"{nouns(read, 'application')}: {', '.join(parts)}{left_out}."
    if report.vanished:
        gone = nouns(report.vanished, "application")
        yield f"{gone} left the file; a second look, twelve hours on, ends the calls."
    yield from _calls(report, plan_only)


def _calls(report: Report, plan_only: bool) -> Iterator[str]:
    would = "would be " if plan_only else ""
    calls = [f"{nouns(report.calls_planned, 'call')} {would}planned"] if report.calls_planned else []
    calls += [f"{nouns(report.calls_cancelled, 'call')} {would}cancelled"] if report.calls_cancelled else []
    if calls:
        yield f"{', '.join(calls)}."
    elif not report.operations and not report.outages:
        yield "Nothing to do: the CRM is up to date."


def _read(report: Report) -> int:
    return report.created + report.updated + report.unchanged


def problems_text(report: Report) -> str:
    """Return what went wrong or differs, "" where nothing did: for commands about one application."""
    return "\n".join(line for block in _problems(report) for line in block)


def _matters(report: Report) -> Iterator[list[str]]:
    """Yield a block for everything that a person should look at."""
    if report.rejected:
        sources = {source for source, _ in report.rejected}
        rows = [
            f"  {rejection(row, PurePath(source).name if len(sources) > 1 else None)}"
            for source, row in report.rejected
        ]
        yield ["Rows left out", *listing(rows, _MOST, "crm-sync status")]
    if report.asks:
        lines = [_ask(reason, report.about[key]) for key, reason in report.asks]
        verb = "asks" if len(lines) == 1 else "ask"
        yield [
            f"{nouns(len(lines), 'application')} {verb} for you",
            *listing(lines, _MOST, "crm-sync status"),
        ]
    yield from _problems(report)
    if report.heard:
        yield [
            "Heard from the CRM",
            *listing([f"  {line}" for line in report.heard], _MOST, "crm-sync status"),
        ]
    if report.notes:
        yield [f"Note: {note}" for note in report.notes]


def _problems(report: Report) -> Iterator[list[str]]:
    if report.stopped:
        yield [
            f"Stopped half-way: {report.stopped}",
            "  Run the same command again; it goes on where it stopped.",
        ]
    if report.conflicts:
        lines = [f"  {conflict_text(conflict)}" for conflict in report.conflicts]
        yield [
            "The file and the CRM differ (the CRM's value stands)",
            *listing(lines, _MOST, "crm-sync status"),
        ]
    if report.failures:
        lines = [f"  {failure.origin or failure.key}: {failure.reason}" for failure in report.failures]
        yield ["Not written", *listing(lines, _MOST, "crm-sync status")]


def _ask(reason: str, dossier: Dossier) -> str:
    meaning, command = sentence(reason, key=dossier.key, word=dossier.application.stage_word)
    return f"  {dossier.key} {named_dossier(dossier)}: {meaning}{below(command)}"


def conflict_text(conflict: Conflict) -> str:
    """Return a conflict in one line."""
    ours, theirs = conflict.ours or "nothing", conflict.theirs or "nothing"
    field = conflict.field.replace("_", " ")
    return f'{conflict.key.id}: {field} is "{ours}" in the file, "{theirs}" in the CRM'


def _next(report: Report) -> Iterator[str]:
    yield (
        "Next: crm-sync calls"
        if not report.asks
        else "Next: crm-sync calls, and crm-sync status for what asks"
    )


def _digest(report: Report) -> str:
    if not report.operations:
        return f"Plan {report.digest}: nothing to do."
    return f"Plan {report.digest}. Nothing was written. To apply exactly this, add: --expect {report.digest}"
