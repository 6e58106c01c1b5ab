"""What stays of a page, a run or a source's state when somebody is forgotten."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from crm_sync.domain.forgetting import Oblivion
from crm_sync.domain.journal import Line, Page
from crm_sync.domain.keys import Key
from crm_sync.ports import Run, SourceState

REPEATED = "duplicate of row"
"""How the reason of a rejected row begins that may repeat a forgotten one."""


def concerns(oblivion: Oblivion, key: Key) -> bool:
    """Tell whether a record is to be forgotten."""
    if key in oblivion.parties:
        return True
    whose = key.owner == oblivion.user
    return whose and (oblivion.whole or key.id.partition(":")[0] in oblivion.applications)


def scrubbed_page(page: Page, oblivion: Oblivion) -> Page | None:
    """Return the page without the forgotten: itself where it tells nothing of them, None if nothing stays."""
    kept = [_scrubbed_line(line, oblivion) for line in page.lines]
    lines = tuple(line for line in kept if line is not None)
    if len(lines) == len(page.lines) and all(a is b for a, b in zip(lines, page.lines, strict=True)):
        return page
    return replace(page, lines=lines) if lines else None


def _scrubbed_line(line: Line, oblivion: Oblivion) -> Line | None:
    told = {
        ident: news
        for ident, news in line.told.items()
        if not concerns(oblivion, Key(line.kind, line.owner, ident))
    }
    if len(told) == len(line.told):
        return line
    return replace(line, told=told) if told else None


def scrubbed_run(run: Run, oblivion: Oblivion) -> Run | None:
    """Return the run without what it tells of the forgotten, None where it was theirs alone."""
    if run.user == oblivion.user and oblivion.whole:
        return None
    report = _scrubbed_report(run.report, oblivion.applications)
    return run if report == run.report else replace(run, report=report)


def _scrubbed_report(report: Mapping[str, Any], keys: frozenset[str]) -> dict[str, Any]:
    return {
        name: [each for each in told if not _tells_of(each, keys)] if isinstance(told, list) else told
        for name, told in report.items()
    }


def _tells_of(told: Any, keys: frozenset[str]) -> bool:
    text = json.dumps(told)
    return any(key in text for key in keys)


def scrubbed_source(state: SourceState, oblivion: Oblivion) -> SourceState | None:
    """Return what stays of a source's state; rows that repeated another are told again when it is read."""
    if state.user != oblivion.user:
        return state
    if oblivion.whole:
        return None
    return replace(state, rejected=tuple(r for r in state.rejected if not r.reason.startswith(REPEATED)))
