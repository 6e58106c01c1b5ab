"""Items on their way into the CRM, and which of them arrived exactly as they were sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crm_sync.domain.items import Item, Remote, RemoteId
from crm_sync.domain.keys import Key
from crm_sync.ports import Done, Outcome


@dataclass(frozen=True, slots=True)
class Begun:
    """One batch: the items of which nothing was known before, and the ids of all the batch's parents."""

    items: Mapping[Key, Item] = field(default_factory=dict)
    ids: Mapping[Key, RemoteId] = field(default_factory=dict)

    def sort_out(self, outcomes: Iterable[Outcome]) -> tuple[dict[Key, RemoteId], list[Outcome]]:
        """Return the ids of the items that were made exactly as begun, and the outcomes of all others."""
        arrived: dict[Key, RemoteId] = {}
        others: list[Outcome] = []
        for outcome in outcomes:
            item = self.items.get(outcome.key)
            if item is not None and isinstance(outcome, Done) and self._is_as_begun(item, outcome.remote):
                arrived[item.key] = outcome.remote.id
            else:
                others.append(outcome)
        return arrived, others

    def _is_as_begun(self, item: Item, remote: Remote) -> bool:
        """Tell whether the CRM holds every field as it was told, and every relation with a parent."""
        if not item.fields.items() <= remote.fields.items():
            return False
        for parent in item.parents:  # noqa: SIM110 - asked by the hundred thousand
            if self.ids.get(parent) not in remote.relations:
                return False
        return True


NOTHING_BEGUN = Begun()
