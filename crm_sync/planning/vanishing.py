"""Rows that a complete look does not show any more: the second one, twelve hours on, counts (design 4)."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crm_sync.domain.dossiers import Course, Dossier, Saying
from crm_sync.domain.values import replace
from crm_sync.planning.deciding import VANISHED_AFTER, VANISHED_LOOKS
from crm_sync.planning.families import Families, head_of, standing, words_of_all
from crm_sync.planning.sayings import by_order, speaks_of, told_together, words_of


@dataclass(frozen=True, slots=True)
class Missing:
    """A source that was looked at, and by what its words are weighed.

    *known* are the user's dossiers, *kin* who was merged into whom, *order* the configuration's sources.
    """

    source: str
    known: Mapping[str, Dossier]
    kin: Families
    order: Sequence[str]
    now: datetime

    def missed(self, unseen: Collection[Dossier]) -> Iterator[Dossier]:
        """Yield what changes because a complete look did not show the rows of *unseen*.

        A row that another source still shows has not vanished: this source only speaks of it no more.
        """
        changed: dict[str, Dossier] = {}
        for dossier in unseen:
            if not dossier.sayings and not dossier.merged_into:
                course = miss(dossier.course, self.now)
                if course is not dossier.course:
                    changed[dossier.key] = replace(dossier, course=course)
                continue
            own = self._without_row(changed.get(dossier.key, dossier))
            if own is not dossier:
                changed[dossier.key] = own
                head = self._head(dossier.key, changed)
                changed[head.key] = head
        yield from changed.values()

    def looked_again(self) -> Iterator[Dossier]:
        """Yield what changes because an unchanged source was looked at once more."""
        mine = told_by(self.source, self.known)
        yield from self.missed([dossier for dossier in mine if misses(dossier, self.source) == 1])

    def _without_row(self, dossier: Dossier) -> Dossier:
        words = tuple([miss_word(w, self.now) if w.source == self.source else w for w in words_of(dossier)])
        if words == words_of(dossier):
            return dossier
        return replace(dossier, sayings=words, course=standing(dossier.course, words))

    def _head(self, key: str, changed: dict[str, Dossier]) -> Dossier:
        """Return the application that speaks for all, told by the sources that are left first."""
        all_: Mapping[str, Dossier] = ChainMap(changed, self.known)  # type: ignore[arg-type]
        head = all_[head_of(key, all_)]
        words = words_of_all(head.key, self.kin, all_)
        return replace(
            head,
            application=told_together(words, self.order, head.application),
            course=standing(head.course, words),
            origin=by_order(words_of(head), self.order)[0].source,
        )


def told_by(source: str, dossiers: Mapping[str, Dossier]) -> list[Dossier]:
    """Return the dossiers of which the source ever told."""
    return [dossier for dossier in dossiers.values() if speaks_of(source, dossier)]


def misses(dossier: Dossier, source: str) -> int:
    """Return how many complete looks at the source missed its row."""
    if not dossier.sayings:
        return dossier.course.vanished_looks
    return max(word.missed_looks for word in dossier.sayings if word.source == source)


def miss(course: Course, now: datetime) -> Course:
    """Return the course after a complete look that did not show its row."""
    looks, at = _count(course.vanished_looks, course.vanished_at, now)
    if looks == course.vanished_looks:
        return course
    return replace(course, vanished_looks=looks, vanished_at=at)


def miss_word(word: Saying, now: datetime) -> Saying:
    """Return the word of one of several sources after such a look."""
    looks, at = _count(word.missed_looks, word.missed_at, now)
    return word if looks == word.missed_looks else replace(word, missed_looks=looks, missed_at=at)


def _count(looks: int, at: datetime | None, now: datetime) -> tuple[int, datetime | None]:
    if at is None:
        return 1, now
    if looks < VANISHED_LOOKS and now - at >= VANISHED_AFTER:
        return VANISHED_LOOKS, at
    return looks, at
