"""Which sources tell of an application, and which applications may be one, as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from crm_sync.app.asks import MAY_BE_ONE
from crm_sync.app.shelf import Shelf
from crm_sync.cadence.wording import say_day
from crm_sync.domain.dossiers import Dossier, Saying
from crm_sync.planning.sayings import words_of
from crm_sync.planning.twins import Twins, suspected


def told_by(shelf: Shelf, dossier: Dossier) -> list[dict[str, Any]]:
    """Return every row that tells of the application: source, sheet, row, whether it is there, its key."""
    members = (dossier, *shelf.merged.get(dossier.key, ()))
    return [_row(member, word) for member in members for word in words_of(member)]


def _row(dossier: Dossier, word: Saying) -> dict[str, Any]:
    return {
        "source": word.source,
        "sheet": word.application.sheet,
        "row": word.application.row,
        "there": not word.missed_looks,
        "key": dossier.key,
    }


def twin_asks(shelf: Shelf) -> Iterator[dict[str, Any]]:
    """Yield an ask for every two applications of one user that may be one."""
    by_user: dict[str, dict[str, Dossier]] = {}
    for dossier in (*shelf.dossiers.values(), *(d for group in shelf.merged.values() for d in group)):
        by_user.setdefault(dossier.user, {})[dossier.key] = dossier
    for user, dossiers in by_user.items():
        yield from map(_ask, _suspected(shelf, user, dossiers))


def _suspected(shelf: Shelf, user: str, dossiers: dict[str, Dossier]) -> Iterable[Twins]:
    return suspected(dossiers, shelf.ledger.evidence(shelf.account, user).keys())


def _ask(twins: Twins) -> dict[str, Any]:
    one, other = twins.one, twins.other
    return {
        "key": one.key,
        "user": one.user,
        "company": one.application.company,
        "job_title": one.application.job_title,
        "stage": one.course.stage.value,
        "reason": MAY_BE_ONE,
        "other": other.key,
        "meaning": f"{other.key} may be the same application ({_because(twins)})",
        "command": f"crm-sync merge {one.key} {other.key}, or crm-sync split {one.key} {other.key}",
    }


def _because(twins: Twins) -> str:
    if twins.by_url:
        return "one job URL"
    days = [dossier.application.applied_on for dossier in (twins.one, twins.other)]
    told = " and ".join(say_day(day) if day else "without a date" for day in days)
    return f"same company and title, {told}"
