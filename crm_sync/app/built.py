"""What became of a plan, and the order in which it is carried out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from crm_sync.domain.keys import RANK, Key, Kind
from crm_sync.errors import CrmSyncError
from crm_sync.planning.operations import (
    Adopt,
    Cancel,
    Connect,
    Create,
    Leave,
    Operation,
    Plan,
    Retire,
    Update,
)
from crm_sync.ports import CRM

T = TypeVar("T")

VERBS: tuple[type[Operation], ...] = (Retire, Leave, Adopt, Cancel, Update, Create, Connect)
"""Ledger-only verbs first; what ends comes before what begins, so that no two calls are open at once."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A record that was not written: refused by the CRM, in the air, or skipped for want of its parent."""

    key: Key
    reason: str
    origin: str = ""
    refused: bool = False


@dataclass(slots=True)
class Built:
    """What became of a plan: how many operations of each verb and kind were done, and what was not.

    ``noticed`` are records that a person had removed and that no word of the CRM had told of.
    """

    done: dict[tuple[str, str], int] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    noticed: list[Key] = field(default_factory=list)
    stopped: CrmSyncError | None = None

    @property
    def complete(self) -> bool:
        """Tell whether nothing is left in the air (what the CRM refused is settled, too)."""
        return self.stopped is None and all(failure.refused for failure in self.failures)


def batches(plan: Plan, crm: CRM) -> Iterator[list[Sequence[Operation]]]:
    """Cut a plan into runs of one verb and one kind, parents before children, each in batches.

    What ends goes the other way, the call before its deal: a task is found through the deal.

    The batches of a run may be on their way together; a run begins when the one before it has ended.
    """
    alike: dict[tuple[type[Operation], Kind], list[Operation]] = {}
    for operation in plan.operations:
        alike.setdefault((type(operation), operation.key.kind), []).append(operation)
    for verb, kind in sorted(alike, key=_rank):
        same = alike.pop((verb, kind))
        size = crm.relations_at_once if verb is Connect else crm.batch_size
        yield cut(same, size)


def cut(same: Sequence[T], size: int) -> list[Sequence[T]]:
    """Return batches of at most *size*, in order."""
    return [same[start : start + size] for start in range(0, len(same), size)]


def _rank(run: tuple[type[Operation], Kind]) -> tuple[int, int]:
    verb, kind = run
    return VERBS.index(verb), -RANK[kind] if verb is Cancel else RANK[kind]
