"""Applications that a person said are one: each keeps its key and its rows, one of them speaks for all.

So nothing about recognising rows changes by a merge, and a split only takes the word back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from crm_sync.domain.dossiers import Course, Dossier, Saying
from crm_sync.domain.touches import Touch
from crm_sync.domain.values import replace
from crm_sync.planning.sayings import words_of

Families = Mapping[str, tuple[str, ...]]
"""By application the ones that were merged into it, directly; only those that have any."""


def families(dossiers: Mapping[str, Dossier]) -> Families:
    """Return who was merged into whom."""
    found: dict[str, tuple[str, ...]] = {}
    for key, dossier in dossiers.items():
        if dossier.merged_into:
            found[dossier.merged_into] = (*found.get(dossier.merged_into, ()), key)
    return found


def head_of(key: str, dossiers: Mapping[str, Dossier]) -> str:
    """Return the application that speaks for *key*: itself, unless it was merged into another."""
    while (dossier := dossiers.get(key)) is not None and dossier.merged_into in dossiers:
        key = dossier.merged_into
    return key


def members(key: str, kin: Families) -> Iterator[str]:
    """Yield the application and all that were merged into it, whichever way."""
    yield key
    for child in kin.get(key, ()):
        yield from members(child, kin)


def words_of_all(key: str, kin: Families, dossiers: Mapping[str, Dossier]) -> tuple[Saying, ...]:
    """Return what every source says of the application and of those merged into it."""
    return tuple([word for member in members(key, kin) for word in words_of(dossiers[member])])


def standing(course: Course, words: Iterable[Saying]) -> Course:
    """Return the course as the sources show it: a row has vanished when every source lost it."""
    told = list(words)
    looks = min(word.missed_looks for word in told)
    at: datetime | None = max((w.missed_at for w in told if w.missed_at is not None), default=None)
    at = at if looks else None
    if (course.vanished_looks, course.vanished_at) == (looks, at):
        return course
    return replace(course, vanished_looks=looks, vanished_at=at)


def gathered(
    touches: Mapping[str, tuple[Touch, ...]], dossiers: Mapping[str, Dossier]
) -> dict[str, tuple[Touch, ...]]:
    """Return touches by the application that speaks for theirs, oldest first; each keeps its own."""
    found = dict(touches)
    for key in [key for key in touches if (dossier := dossiers.get(key)) and dossier.merged_into]:
        head = head_of(key, dossiers)
        found[head] = tuple(sorted([*found.get(head, ()), *found.pop(key)], key=lambda t: (t.at, t.id)))
    return found
