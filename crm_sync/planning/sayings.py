"""What several sources of one user say about one application, and which word stands (design 9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any

from crm_sync.domain.applications import Application
from crm_sync.domain.dossiers import Dossier, Saying
from crm_sync.domain.stages import Stage
from crm_sync.domain.values import replace

_WHEREABOUTS = frozenset({"row", "sheet", "connector", "cells", "flags"})
_FACTS = tuple(f.name for f in fields(Application) if f.name not in _WHEREABOUTS)


def facts(application: Application) -> tuple[object, ...]:
    """Return what an application says, without where it stands in its source."""
    return tuple(getattr(application, name) for name in _FACTS)


def sources_of(dossier: Dossier) -> tuple[str, ...]:
    """Return the sources that speak of the dossier."""
    return tuple(saying.source for saying in dossier.sayings) or (dossier.origin,)


def hear_source(old: Dossier, source: str, new: Application) -> tuple[Application, tuple[Saying, ...]]:
    """Return the application, and what each source said last, after *source* spoke.

    A source alone has the whole word. Of several, each changes what it changed its own word about: a file
    that says again what it always said takes nothing back. One that speaks for the first time adds and
    changes facts, but empties none.
    """
    if sources_of(old) == (source,) and not old.sayings:
        return new, ()
    told = {s.source: s.application for s in old.sayings} or {old.origin: old.application}
    before = told.get(source)
    kept = dict(_first_word(old, new) if before is None else _later_word(old, before, new, told.values()))
    told[source] = new
    return replace(new, **kept), tuple(Saying(*each) for each in told.items())


def without_source(dossier: Dossier, source: str) -> Dossier:
    """Return the dossier after one of several sources stopped speaking of it; its facts stay."""
    left = tuple(saying for saying in dossier.sayings if saying.source != source)
    origin = left[-1].source if dossier.origin == source else dossier.origin
    return replace(dossier, sayings=left, origin=origin)


def _first_word(old: Dossier, new: Application) -> Iterator[tuple[str, Any]]:
    """Yield the facts that stand although a source speaks for the first time: it left them out."""
    for name in _FACTS:
        if getattr(new, name) is None or (name == "stage" and _has_no_stage(new)):
            yield name, getattr(old.application, name)


def _later_word(
    old: Dossier, before: Application, new: Application, others: Iterable[Application]
) -> Iterator[tuple[str, Any]]:
    """Yield the facts that stand although a source spoke again: it did not change its word about them."""
    everyone = (*others,)
    for name in _FACTS:
        said = getattr(new, name)
        if said == getattr(before, name):
            yield name, getattr(old.application, name)
        elif said is None:
            stated = (getattr(other, name) for other in everyone if other is not before)
            yield name, next((value for value in stated if value is not None), None)


def _has_no_stage(application: Application) -> bool:
    """Tell whether a row says nothing about the stage: "applied" without a word is a constant."""
    silent = application.stage is Stage.APPLIED and application.stage_word is None
    return silent or application.stage is Stage.UNKNOWN
