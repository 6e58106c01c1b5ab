"""Items on their way into the CRM, and which of them arrived exactly as they were sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from crm_sync.domain.items import Item, RemoteId
from crm_sync.domain.keys import Key
from crm_sync.ports import Done, Outcome


@dataclass(frozen=True, slots=True)
class Begun:
    """One batch: the items of which nothing was known before, and the ids of all parents that are known."""

    items: Mapping[Key, Item] = field(default_factory=dict)
    ids: Mapping[Key, RemoteId] = field(default_factory=dict)

    def sort_out(self, outcomes: Iterable[Outcome]) -> tuple[dict[Key, RemoteId], list[Outcome]]:
        """Return the ids of the items that were made exactly as begun, and the outcomes of all others."""
        arrived: dict[Key, RemoteId] = {}
        others: list[Outcome] = []
        item_of, id_of = self.items.get, self.ids.get
        for outcome in outcomes:
            item = item_of(outcome.key)
            if item is not None and isinstance(outcome, Done) and _is_as_begun(item, outcome, id_of):
                arrived[item.key] = outcome.remote.id
            else:
                others.append(outcome)
        return arrived, others


def _is_as_begun(item: Item, done: Done, id_of: Callable[[Key], RemoteId | None]) -> bool:
    """Tell whether the CRM holds every field as it was told, and every relation with a parent."""
    if done.as_told:
        return True
    remote = done.remote
    if not item.fields.items() <= remote.fields.items():
        return False
    return not item.parents or remote.relations.issuperset(map(id_of, item.parents))


NOTHING_BEGUN = Begun()
