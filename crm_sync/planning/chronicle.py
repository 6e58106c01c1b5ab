"""What a run changed in the dossiers, as lines of the journal: only what is new, and never twice.

The journal is written in the transaction of the dossiers, so it tells what they say. What went to the CRM
is told by whoever sends it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from crm_sync.domain.applications import Application
from crm_sync.domain.decisions import Action
from crm_sync.domain.dossiers import Course, Dossier
from crm_sync.domain.journal import Line
from crm_sync.domain.keys import Kind
from crm_sync.domain.touches import Touch

SEEN, SOURCE, DECIDED, STAGE, COURSE = "seen", "source", "decided", "stage", "course"
HEARD, TOUCHED = "heard", "touched"
MERGED = "merged"

_WHEREABOUTS = frozenset({"row", "sheet", "connector", "cells", "flags", "stage_word"})
_FACTS = tuple(f.name for f in fields(Application) if f.name not in _WHEREABOUTS)
_TURNS = (
    "snooze_until",
    "manual_start",
    "phone",
    "do_not_call",
    "deal_removed",
    "undone",
    "vanished_looks",
    "round",
)

Shelves = dict[tuple[str, str, str], dict[str, Any]]
"""What is told by verb, owner and what all share."""


def chronicle(before: Mapping[str, Dossier], after: Iterable[Dossier]) -> Iterator[Line]:
    """Yield what happened to the applications that are laid down now, first sights first."""
    shelves: Shelves = defaultdict(dict)
    for dossier in after:
        old = before.get(dossier.key)
        if old is None:
            _meet(shelves, dossier)
        elif old is not dossier:
            _compare(shelves, old, dossier)
    for (what, owner, about), told in sorted(shelves.items(), key=_place):
        yield Line(what, Kind.DEAL, owner, told, about)


def heard_lines(lines: Iterable[str], dossiers: Mapping[str, Dossier]) -> Iterator[Line]:
    """Yield what people did in the CRM, from lines such as "KEY: stage moved to offer"."""
    by_owner: dict[str, dict[str, str]] = {}
    for line in lines:
        key, _, text = line.partition(": ")
        if key in dossiers:
            told = by_owner.setdefault(dossiers[key].user, {})
            told[key] = f"{told[key]}; {text}" if key in told else text
    for owner, told in by_owner.items():
        yield Line(HEARD, Kind.DEAL, owner, told)


def touch_lines(touches: Iterable[Touch], dossiers: Mapping[str, Dossier]) -> Iterator[Line]:
    """Yield the calls and letters that were told of, by whoever told of them: those of these dossiers."""
    by_owner: dict[str, dict[str, list[Any]]] = {}
    for touch in touches:
        dossier = dossiers.get(touch.application)
        if dossier is not None:
            told = by_owner.setdefault(dossier.user, {}).setdefault(dossier.key, [])
            result = touch.result.value if touch.result else None
            told.append([touch.id, touch.at.isoformat(), touch.kind.value, touch.outcome.value, result])
    for owner, told_by_key in by_owner.items():
        yield Line(TOUCHED, Kind.DEAL, owner, told_by_key)


_ORDER = (SEEN, MERGED, SOURCE, STAGE, COURSE, DECIDED)


def _place(shelf: tuple[tuple[str, str, str], dict[str, Any]]) -> tuple[int, str, str]:
    (what, owner, about), _ = shelf
    return _ORDER.index(what), owner, about


def _meet(shelves: Shelves, dossier: Dossier) -> None:
    """Note where an application was first seen, and what was decided at once."""
    application, user = dossier.application, dossier.user
    place = application.row if application.sheet is None else [application.sheet, application.row]
    shelves[SEEN, user, dossier.origin][dossier.key] = place
    _decide(shelves, dossier)


def _compare(shelves: Shelves, old: Dossier, new: Dossier) -> None:
    user, key = new.user, new.key
    if old.merged_into != new.merged_into:
        how = ("into", "with") if new.merged_into else ("from", "from")
        other = new.merged_into or old.merged_into
        shelves[MERGED, user, ""][key] = [how[0], other]
        shelves[MERGED, user, ""].setdefault(other, [how[1], key])
    if old.application is not new.application:
        facts = dict(_changed(old.application, new.application, _FACTS))
        if facts:
            shelves[SOURCE, user, new.origin][key] = facts
    if old.course is new.course:
        return
    if old.course.stage is not new.course.stage:
        shelves[STAGE, user, ""][key] = [old.course.stage.value, new.course.stage.value]
    turns = dict(_changed(old.course, new.course, _TURNS))
    if old.course.preparation != new.course.preparation:
        turns["preparation"] = [None, "written"]
    if turns:
        shelves[COURSE, user, ""][key] = turns
    if _is_news(old.course, new.course):
        _decide(shelves, new)


def _is_news(old: Course, new: Course) -> bool:
    """Tell whether the decision says something new; a call that is kept was told when it was planned."""
    was, now = old.decision, new.decision
    if now is None or now.action is Action.KEEP:
        return False
    return was is None or (was.action, was.reason, was.due_on) != (now.action, now.reason, now.due_on)


def _decide(shelves: Shelves, dossier: Dossier) -> None:
    decision = dossier.course.decision
    if decision is not None:
        told = decision.due_on.isoformat() if decision.due_on else None
        shelves[DECIDED, dossier.user, f"{decision.action._value_} {decision.reason}"][dossier.key] = told


def _changed(old: Any, new: Any, names: Iterable[str]) -> Iterator[tuple[str, list[Any]]]:
    for name in names:
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            yield name, [_plain(was), _plain(now)]


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value
