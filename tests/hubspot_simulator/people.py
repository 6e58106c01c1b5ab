"""People in the portal: what they do by hand, past scopes, limits and faults."""

from __future__ import annotations

from typing import Any

from tests.hubspot_simulator import records
from tests.hubspot_simulator.answers import iso
from tests.hubspot_simulator.front import Front
from tests.hubspot_simulator.kinds import KINDS, ObjectKind, kind_named
from tests.hubspot_simulator.portal import Portal
from tests.hubspot_simulator.store import Record
from tests.hubspot_simulator.writing import prepared

Ties = list[tuple[str, str]]


class People:
    """Acts of people. Every type is named in the plural, ids are texts; unknown ids raise KeyError.

    What they type is checked as HubSpot checks it: Refusal is raised.
    """

    def __init__(self, front: Front) -> None:
        self._front = front

    def create(self, kind: str, properties: dict[str, Any], ties: Ties | None = None) -> str:
        """Make a record, joined to others by type and id; return its id."""
        with self._front.lock:
            portal, chosen = self._portal, _kind(kind)
            record = records.add(portal, chosen, prepared(portal, chosen, properties, None), [])
            for other, number in ties or []:
                portal.associations.connect(chosen.name, record.id, _kind(other).name, number)
            return record.id

    def edit(self, kind: str, number: str, **properties: Any) -> None:
        """Write properties of a record."""
        with self._front.lock:
            record = self._record(kind, number)
            changes = prepared(self._portal, record.kind, properties, record)
            self._portal.store.change(record, changes)

    def complete(self, task: str) -> None:
        """Tick a task off."""
        self.edit("tasks", task, hs_task_status="COMPLETED")

    def reopen(self, task: str) -> None:
        """Take the tick off a task."""
        self.edit("tasks", task, hs_task_status="NOT_STARTED")

    def reschedule(self, task: str, due: str) -> None:
        """Give a task another due date: ISO instant."""
        self.edit("tasks", task, hs_timestamp=due)

    def move(self, deal: str, stage: str) -> None:
        """Move a deal to a stage, by the stage's id."""
        self.edit("deals", deal, dealstage=stage)

    def delete(self, kind: str, number: str) -> None:
        """Delete a record."""
        with self._front.lock:
            records.remove(self._portal, self._record(kind, number))

    def merge(self, kind: str, winner: str, loser: str) -> str:
        """Merge two records; return the id of what remains."""
        with self._front.lock:
            ends = self._record(kind, winner), self._record(kind, loser)
            return records.join(self._portal, *ends).id

    def connect(self, kind: str, number: str, other: str, far: str) -> None:
        """Join two records."""
        with self._front.lock:
            self._portal.associations.connect(_kind(kind).name, number, _kind(other).name, far)

    def disconnect(self, kind: str, number: str, other: str, far: str) -> None:
        """Part two records."""
        with self._front.lock:
            self._portal.associations.disconnect(_kind(kind).name, number, _kind(other).name, far)

    def log_call(
        self,
        ties: Ties,
        outcome: str = "",
        body: str = "",
        *,
        at: str | None = None,
        direction: str = "OUTBOUND",
        **more: Any,
    ) -> str:
        """Log a call that was made; *outcome* is a label of the account or an id; return its id."""
        portal = self._portal
        found = next((o.value for o in portal.dispositions if outcome.lower() == o.label.lower()), outcome)
        said = {
            "hs_timestamp": at or iso(portal.now()),
            "hs_call_disposition": found,
            "hs_call_body": body,
            "hs_call_direction": direction,
            "hs_call_status": "COMPLETED",
        }
        return self.create("calls", {**said, **more}, ties)

    def rename_stage(self, pipeline: str, stage: str, label: str) -> None:
        """Give a stage of the pipeline another label."""
        with self._front.lock:
            self._portal.pipelines.rename(pipeline, stage, label)

    @property
    def _portal(self) -> Portal:
        return self._front.portal

    def _record(self, kind: str, number: str) -> Record:
        found = self._portal.store.find(_kind(kind), number)
        if found is None:
            raise KeyError(f"no {kind} {number}")
        return found


def _kind(word: str) -> ObjectKind:
    return kind_named(word) or KINDS[word]
