"""A person's edits in the CRM, given through our commands: stage, done, skip, move (design 9)."""

from __future__ import annotations

from datetime import UTC, date, datetime

from crm_sync.app.sync import House
from crm_sync.app.today import callee_day, zone_for
from crm_sync.domain.dossiers import CallTask, Dossier, TaskState
from crm_sync.domain.items import Change, Fields, RemoteId
from crm_sync.domain.keys import Key
from crm_sync.domain.stages import Stage
from crm_sync.errors import CrmUnavailable, RecordRefused, UsageError
from crm_sync.planning.desired import deal_key, instant, task_key
from crm_sync.ports import Done, Outcome, Refused


def set_stage(house: House, dossier: Dossier, stage: Stage) -> None:
    """Move the deal to *stage* in the CRM, as a person would."""
    key = deal_key(dossier)
    _edit(house, key, {"stage": stage.value})


def complete(house: House, dossier: Dossier) -> None:
    """Tick the open call task off; it counts as a call whose outcome nobody told (cadence 3.5)."""
    _edit(house, task_key(dossier, _open_task(dossier)), {"open": False})


def skip(house: House, dossier: Dossier) -> None:
    """Remove the open call task: no call was made, nothing new is planned before `resume`."""
    key = task_key(dossier, _open_task(dossier))
    _expect(house.crm.discard(key, _remote_id(house, key)))


def move(house: House, dossier: Dossier, day: date) -> None:
    """Put the open call task on another day, at the same time of the callee's day.

    Raises UsageError for a day in the past; a weekend is the person's own choice.
    """
    task = _open_task(dossier)
    if day < callee_day(house.settings, dossier, house.settings.now):
        raise UsageError(f"{day:%a} {day} is over", "Give today or a later day.")
    zone = zone_for(house.settings, dossier)
    clock = task.due_at.astimezone(zone).time()
    due = datetime.combine(day, clock, zone).astimezone(UTC)
    _edit(house, task_key(dossier, task), {"due_at": instant(due)})


def _open_task(dossier: Dossier) -> CallTask:
    task = dossier.course.task
    if task is None or task.state is not TaskState.OPEN:
        raise UsageError("no call is planned here", f"See why: crm-sync explain {dossier.key}")
    return task


def _edit(house: House, key: Key, fields: Fields) -> None:
    _expect(house.crm.edit(Change(key, _remote_id(house, key), fields)))


def _remote_id(house: House, key: Key) -> RemoteId:
    link = house.ledger.links(house.account.name, [key]).get(key)
    if link is None or link.remote_id is None or link.retired:
        raise UsageError(f"its {key.kind} is not in the CRM", "Import the file again, then try once more.")
    return link.remote_id


def _expect(outcome: Outcome) -> None:
    if isinstance(outcome, Refused):
        raise RecordRefused(f"the CRM refused it: {outcome.reason}", key=outcome.key.id)
    if not isinstance(outcome, Done):
        raise CrmUnavailable(
            f"nobody knows whether it arrived: {outcome.reason}", "Look with `crm-sync deals`."
        )
