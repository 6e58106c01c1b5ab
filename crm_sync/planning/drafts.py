"""Records of applications that are new to the CRM, written out part by part, when their turn comes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from types import MappingProxyType

from crm_sync.domain.dossiers import Dossier, TaskState
from crm_sync.domain.items import Item
from crm_sync.domain.keys import RANK, Key, Kind
from crm_sync.domain.links import Link
from crm_sync.domain.touches import Touch
from crm_sync.planning.desired import (
    Basis,
    call_key,
    calls_told,
    deal_key,
    own_items,
    party_keys,
    task_key,
)
from crm_sync.planning.plan import is_made

_NOTHING_KNOWN: Mapping[Key, Link] = MappingProxyType({})


def unheard_of(
    dossiers: Iterable[Dossier], touches: Mapping[str, tuple[Touch, ...]], known: Mapping[Key, Link]
) -> Iterator[Dossier]:
    """Yield the dossiers of which neither deal nor call was ever on its way into the CRM, but should be."""
    for dossier in dossiers:
        if dossier.merged_into or dossier.course.deal_removed:
            continue
        if not known or not (
            deal_key(dossier) in known or any(key in known for key in _keys_of_calls(dossier, touches))
        ):
            yield dossier


def _keys_of_calls(dossier: Dossier, touches: Mapping[str, tuple[Touch, ...]]) -> Iterator[Key]:
    for task in (*dossier.course.earlier, dossier.course.task):
        if task is not None:
            yield task_key(dossier, task)
    for touch in touches.get(dossier.key, ()):
        yield call_key(dossier, touch)


class Drafts:
    """What is to be made for dossiers as ``unheard_of`` tells them: counted now, written out later.

    Texts of a hundred thousand calls need not exist at once, and a record that is carried out soon after
    it was thought of is still close at hand.
    """

    def __init__(self, dossiers: Sequence[Dossier], basis: Basis) -> None:
        self._dossiers = list(dossiers)
        self._basis = replace(basis, known=_NOTHING_KNOWN)

    def counts(self) -> Counter[Kind]:
        """Return how many records of each kind are to be made by the parts that are left."""
        tasks = (d.course.task for d in self._dossiers)
        calls = (calls_told(d, self._basis.touches) for d in self._dossiers) if self._basis.touches else ()
        counted = {
            Kind.DEAL: len(self._dossiers),
            Kind.TASK: sum(task is not None and task.state is TaskState.OPEN for task in tasks),
            Kind.CALL: sum(1 for some in calls for _ in some),
        }
        return Counter({kind: number for kind, number in counted.items() if number})

    def parts(self, size: int) -> Iterator[list[list[Item]]]:
        """Yield what is to be made for *size* dossiers after the other, each let go once it was told.

        A part holds a list for each kind, parents first, in the order of their keys: as ``plan`` would create
        them of which nothing is known and nothing was found.
        """
        self._dossiers.reverse()
        while some := self._dossiers[-size:][::-1]:
            del self._dossiers[-size:]
            yield self._part(some)

    def _part(self, dossiers: Iterable[Dossier]) -> list[list[Item]]:
        by_kind: dict[Kind, list[Item]] = {kind: [] for kind in RANK}
        for dossier in dossiers:
            for item in own_items(dossier, self._basis, party_keys(dossier)):
                if is_made(item):
                    by_kind[item.key[0]].append(item)
        return [sorted(same, key=attrgetter("key")) for same in by_kind.values() if same]
