"""What several sources of one user say about one application, and which word stands (design 9).

Of the sources that the configuration names, the first one that says anything about a fact owns it. Those it
does not name are heard when they have news: each changes what it changed its own word about, so that a list
which says again what it always said takes nothing back. Blanks are no opinions. "Applied" and "saved" are
where every row begins: they give way to a source that tells more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from crm_sync.domain.applications import Application
from crm_sync.domain.dossiers import Dossier, Saying
from crm_sync.domain.stages import Stage
from crm_sync.domain.values import replace
from crm_sync.reading.identity import who_key

_WHEREABOUTS = frozenset({"row", "sheet", "connector", "cells", "flags"})
_FACTS = tuple(f.name for f in fields(Application) if f.name not in _WHEREABOUTS)
_STAGE = ("stage", "stage_word")
_CONTACT = ("contact_name", "contact_title", "contact_email", "contact_phone")
_ALONE = tuple(name for name in _FACTS if name not in {*_STAGE, *_CONTACT, "external_id"})
"""Facts of which each stands for itself. The external id belongs to the row that is pointed at."""

_BEGINNINGS = (Stage.UNKNOWN, Stage.SAVED, Stage.APPLIED)
"""Stages that give way, the weakest first."""


@dataclass(frozen=True, slots=True)
class News:
    """What one source said now, and what it had said before (None: it speaks for the first time)."""

    before: Application | None
    now: Application


def facts(application: Application) -> tuple[object, ...]:
    """Return what an application says, without where it stands in its source."""
    return tuple([getattr(application, name) for name in _FACTS])


def words_of(dossier: Dossier) -> tuple[Saying, ...]:
    """Return what each source of the dossier said last, also where there is one only."""
    course = dossier.course
    return dossier.sayings or (
        Saying(dossier.origin, dossier.application, course.vanished_looks, course.vanished_at),
    )


def sources_of(dossier: Dossier) -> tuple[str, ...]:
    """Return the sources that speak of the dossier."""
    return tuple([saying.source for saying in dossier.sayings]) or (dossier.origin,)


def speaks_of(source: str, dossier: Dossier) -> bool:
    """Tell whether the dossier is one that the source told of."""
    if not dossier.sayings:
        return dossier.origin == source
    return any(saying.source == source for saying in dossier.sayings)


def word_of(dossier: Dossier, source: str) -> Application | None:
    """Return what the source said last about the dossier, None where it never did."""
    if not dossier.sayings:
        return dossier.application if dossier.origin == source else None
    return next((saying.application for saying in dossier.sayings if saying.source == source), None)


def by_order(words: Iterable[Saying], order: Sequence[str]) -> list[Saying]:
    """Return the words in the order in which they are asked.

    Rows that stand come before rows that their source shows no more, then the order of the configuration
    counts, then who spoke first.
    """
    place = {source: number for number, source in enumerate(order)}
    return sorted(words, key=lambda word: (word.missed_looks > 0, place.get(word.source, len(place))))


def told_together(
    words: Sequence[Saying], order: Sequence[str], held: Application | None = None, news: News | None = None
) -> Application:
    """Return the application as its sources tell it together.

    *order* names the sources of the configuration. *held* is how it was told so far and *news* what made a
    source speak; without them, every word is as new as the others and the first one stands.
    """
    asked = by_order(words, order)
    ranked = [word.application for word in asked if word.source in order]
    alike = [word.application for word in asked]
    told: dict[str, Any] = {"external_id": alike[0].external_id}
    if held is None:
        told |= _first_told(alike)
    else:
        told |= _after_news(alike, held, news) | _owned(ranked, alone=len(ranked) == len(alike))
    return replace(alike[0], **told)


def told_as_one(words: Sequence[Saying], order: Sequence[str], held: Application) -> Application:
    """Return the application after another one was merged into it: what it lacks is filled from that one.

    *words* are those of both, *held* is how the first was told so far.
    """
    asked = by_order(words, order)
    ranked = [word.application for word in asked if word.source in order]
    alike = [word.application for word in asked]
    told = _first_told([held, *alike]) | _owned(ranked, alone=len(ranked) == len(alike))
    return replace(alike[0], **told, external_id=alike[0].external_id)


def _first_told(asked: Sequence[Application]) -> dict[str, Any]:
    return _facts_alone(asked) | _contact(asked) | _stage(asked)


def _owned(ranked: Sequence[Application], *, alone: bool) -> dict[str, Any]:
    """Return what the sources of the configuration own; *alone* where nobody else speaks."""
    told = {name: value for name, value in _facts_alone(ranked).items() if value is not None}
    contact = _contact(ranked)
    told |= contact if any(contact.values()) else {}
    stage = _stage(ranked)
    settled = alone or (stage and stage["stage"] not in _BEGINNINGS)
    return told | (stage if settled else {})


def _facts_alone(asked: Sequence[Application]) -> dict[str, Any]:
    return {name: _first(getattr(one, name) for one in asked) for name in _ALONE}


def _contact(asked: Sequence[Application]) -> dict[str, Any]:
    """Return one person: the first that is told of, filled from others that may mean the same one."""
    person: dict[str, Any] = dict.fromkeys(_CONTACT)
    for one in asked:
        theirs = _contact_of(one)
        if _may_be_one(person, theirs):
            person = {name: person[name] or theirs[name] for name in _CONTACT}
    return person


def _contact_of(application: Application) -> dict[str, Any]:
    return {name: getattr(application, name) for name in _CONTACT}


def _may_be_one(person: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether two contacts may be one: their addresses, or else their names, do not differ."""
    mine, theirs = ((who["contact_email"], who["contact_name"]) for who in (person, other))
    both = [(a, b) for a, b in zip(mine, theirs, strict=True) if a and b]
    return not both or who_key(None, both[0][0]) == who_key(None, both[0][1])


def _stage(asked: Sequence[Application]) -> dict[str, Any]:
    """Return the stage of the first who tells more than a beginning, else the beginning that is furthest."""
    if not asked:
        return {}
    further = next((one for one in asked if one.stage not in _BEGINNINGS), None)
    one = further or max(asked, key=lambda one: _BEGINNINGS.index(one.stage))
    return {"stage": one.stage, "stage_word": one.stage_word}


def _after_news(words: Sequence[Application], held: Application, news: News | None) -> dict[str, Any]:
    """Return what stands after one source spoke, whichever sources are named in the configuration."""
    kept = {name: getattr(held, name) for name in (*_ALONE, *_CONTACT, *_STAGE)}
    if news is None:
        return kept
    return kept | (_introduced(held, news.now) if news.before is None else _changed(words, news))


def _introduced(held: Application, new: Application) -> dict[str, Any]:
    """Return what a source changes that speaks for the first time: it adds and changes, but empties none."""
    told = {name: value for name in _ALONE if (value := getattr(new, name)) is not None}
    theirs = _contact_of(new)
    if any(theirs.values()):
        same = _may_be_one(_contact_of(held), theirs)
        told |= {name: value for name, value in theirs.items() if value is not None or not same}
    return told | _stage_introduced(held, new)


def _stage_introduced(held: Application, new: Application) -> dict[str, Any]:
    """A constant says nothing; a beginning gives way to what was told."""
    if new.stage in _BEGINNINGS and held.stage not in _BEGINNINGS:
        return {}
    weaker = new.stage in _BEGINNINGS and _BEGINNINGS.index(new.stage) <= _BEGINNINGS.index(held.stage)
    return {} if weaker else {"stage": new.stage, "stage_word": new.stage_word}


def _changed(words: Sequence[Application], news: News) -> dict[str, Any]:
    """Return what a source changed its own word about; what it emptied stays where another states it."""
    assert news.before is not None
    others = [word for word in words if word is not news.now]
    told: dict[str, Any] = {}
    for name in (*_ALONE, *_CONTACT):
        said = getattr(news.now, name)
        if said != getattr(news.before, name):
            told[name] = said if said is not None else _first(getattr(other, name) for other in others)
    if news.now.stage is not news.before.stage:
        told |= _stage(others if news.now.stage is Stage.UNKNOWN and others else [news.now])
    return told


def _first(values: Iterable[Any]) -> Any:
    return next((value for value in values if value is not None), None)
