"""The last entry of a run: what is in dispute now, and whether the run has ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from crm_sync.app.built import Built
from crm_sync.app.house import House, clock
from crm_sync.domain.items import Item
from crm_sync.domain.keys import Key
from crm_sync.planning.operations import Conflict, Plan, Retire
from crm_sync.ports import Entry, Run


def closing_entry(house: House, plan_: Plan, looked: Iterable[Item], built: Built, run: Run) -> Entry:
    """Return what settles the run; it has ended only when nothing is in the air.

    A run that noticed a removal has not ended either: the next one draws the conclusions.
    """
    conflicts: dict[Key, Sequence[Conflict]] = {item.key: () for item in looked}
    for standing in house.ledger.conflicts(house.account.name, house.settings.user):
        conflicts[standing.conflict.key] = ()
    for conflict in plan_.conflicts:
        conflicts[conflict.key] = (*conflicts.get(conflict.key, ()), conflict)
    noticed = built.noticed or any(isinstance(operation, Retire) for operation in plan_.operations)
    ended = clock() if built.complete and not noticed else None
    return Entry(house.account.name, conflicts=conflicts, run=replace(run, ended_at=ended), at=clock())
