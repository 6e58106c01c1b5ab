"""The next step of one application, and why it is that one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from crm_sync.app.asks import sentence
from crm_sync.app.explaining import Explained
from crm_sync.cadence.explain import Reason
from crm_sync.cadence.reckoning import Rule
from crm_sync.cli.render.wording import day, moment, named_dossier, pointed
from crm_sync.config.settings import Settings
from crm_sync.domain.decisions import Action
from crm_sync.domain.dossiers import CallTask, Dossier
from crm_sync.reading.places import zone_of

_LEAD = {Action.ASK: "Asks for you", Action.HOLD: "Waits", Action.STOP: "No more calls"}


def next_step_text(told: Explained, settings: Settings) -> str:
    """Return the next step with its weekday and the reason, in one to three lines."""
    task = told.dossier.course.open_task
    lines = [_call(task, told.dossier, settings)] if task else []
    decision = told.dossier.course.decision
    if decision is not None and decision.action in _LEAD:
        lines.append(_rest(told.dossier, decision.action, decision.reason))
    elif task:
        lines += _why(told.reasons)
    return "\n".join(lines)


def begun_text(dossier: Dossier, settings: Settings) -> str:
    """Return that an application began by a call on another one, with its own next call."""
    task = dossier.course.open_task
    who = f", {dossier.application.contact_name}" if dossier.application.contact_name else ""
    head = f"Begun from it: {dossier.key}  {named_dossier(dossier)}{who} ({dossier.application.source})."
    return f"{head}\n  {_call(task, dossier, settings)}" if task else head


def no_call_text(dossier: Dossier) -> str:
    """Return why no call is planned for an application."""
    decision = dossier.course.decision
    name = f"{named_dossier(dossier)}: no call is planned."
    if decision is None or decision.action not in _LEAD:
        return name
    return f"{name}\n{_rest(dossier, decision.action, decision.reason)}"


def _call(task: CallTask, dossier: Dossier, settings: Settings) -> str:
    zone = zone_of(dossier.application.location) or settings.time_zone
    counted = task.attempt <= settings.policy.max_calls
    attempt = f"call {task.attempt} of {settings.policy.max_calls}" if counted else "the promised call"
    last = ", the last one" if task.final else ""
    on = day(task.day)
    clock = moment(task.due_at.isoformat(), zone).rpartition(", ")[2]
    return f"Next: {attempt} on {on}, {clock} in {zone}{last}."


def _rest(dossier: Dossier, action: Action, reason: str) -> str:
    meaning, command = sentence(reason, key=dossier.key, word=dossier.application.stage_word)
    if reason.startswith("crossed_off"):
        return f"Resolved: {meaning}. A clear answer; the day is free for another call."
    if action is Action.STOP and reason == dossier.course.stage.value:
        meaning = f"its stage is {meaning}"
    stop = "" if meaning.endswith("?") else "."
    return f"{_LEAD[action]}: {meaning}{stop} {pointed(command)}".rstrip()


def _why(reasons: tuple[Reason, ...]) -> Iterator[str]:
    by_rule = {reason.rule: reason for reason in reasons}
    window, chosen = by_rule.get(Rule.WINDOW), by_rule.get(Rule.DAY)
    if window is not None and chosen is not None:
        yield f"Why: {'; '.join(_clauses(window, chosen))}."
        return
    yield from (f"Why: {r.looked_at}; {r.concluded}." for r in reasons if r.decides)


def _clauses(window: Reason, chosen: Reason) -> Iterator[str]:
    """Yield the window, what stood in the way, and the day."""
    promised = window.concluded.startswith("that is the day")
    yield window.looked_at if promised else f"{window.looked_at}, {window.concluded}"
    yield from chosen.looked_at.split("; ")[1:]
    yield chosen.concluded


def explanation_text(told: Explained, settings: Settings) -> str:
    """Return the whole explanation, one line per rule that was asked."""
    dossier = told.dossier
    head = [f"{dossier.key}  {named_dossier(dossier)} ({dossier.course.stage.value.replace('_', ' ')})"]
    head += [line for line in next_step_text(told, settings).splitlines() if not line.startswith("Why:")]
    head += _sources(told)
    rules = [
        f"{'→' if reason.decides else ' '} {reason.rule:>2}  {reason.looked_at}; {reason.concluded}."
        for reason in told.reasons
    ]
    return "\n".join([*head, *(["", "Rule by rule", *rules] if rules else [])])


def _sources(told: Explained) -> list[str]:
    """Return where the application is told of, where that is more than one row."""
    if len(told.sources) < 2:
        return []
    return [f"From {len(told.sources)} sources", *(f"  {_source(row, told)}" for row in told.sources)]


def _source(row: Mapping[str, Any], told: Explained) -> str:
    sheet = f", {row['sheet']}" if row["sheet"] else ""
    gone = "" if row["there"] else ", which it shows no more"
    merged = f" (merged: {row['key']})" if row["key"] != told.dossier.key else ""
    return f"{PurePath(row['source']).name}{sheet}, row {row['row']}{gone}{merged}"
