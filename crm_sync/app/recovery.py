"""A book or a CRM that was lost, or put back from an old copy: nothing is doubled, nothing is let go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from crm_sync.app.desk import Desk
from crm_sync.app.house import House
from crm_sync.app.today import callee_day
from crm_sync.domain.dossiers import CallTask, Course, Dossier, TaskState
from crm_sync.domain.items import Item, Remote, RemoteId
from crm_sync.domain.keys import Key, Kind
from crm_sync.domain.links import Link
from crm_sync.domain.stages import Stage
from crm_sync.domain.touches import CallOutcome, Touch, TouchKind
from crm_sync.planning.desired import deal_key
from crm_sync.planning.hearing import named, touch_of
from crm_sync.planning.plan import CANCELLED_LINE
from crm_sync.planning.staging import wished_stage
from crm_sync.ports import Browsable, Changes, Cursor, Entry, Lease, Recounting

ANEW = (
    "The CRM is not the one that this book knew, or an older state of it: "
    "its records were looked up by their keys, and what is missing is made again."
)
TAKEN_UP = "The book is new, but the CRM held deals of these applications; they were taken up as they stand"


def begin_anew(house: House, desk: Desk, lease: Lease | None) -> str:
    """Forget which records were ours in a CRM that is gone, and return a note about it.

    They are looked up by their keys, and made if missing; what a person had removed stays away.
    """
    account = house.account.name
    forgotten = {key: link.forgotten() for key, link in house.ledger.links(account).items()}
    desk.links.update(forgotten)
    if lease is not None:
        house.ledger.record(Entry(account, links=tuple(forgotten.values())), lease)
    return ANEW


def settle_strays(house: House, desk: Desk, items: Iterable[Item], lease: Lease | None) -> None:
    """Let writes rest that are in the air although nobody wishes their record any more.

    What is found has arrived; what is not has not, and may be made again when it is wished again.
    """
    account, mine = house.account.name, {"", house.settings.user}
    wished = {item.key for item in items}
    unsettled = house.ledger.unsettled(account).items()
    strays = {key: link for key, link in unsettled if key not in wished and key.owner in mine}
    if not strays or lease is None:
        return
    found = house.crm.look_up({key: link.remote_id for key, link in strays.items()})
    settled = tuple(_at_rest(link, found.get(key)) for key, link in strays.items())
    desk.links.update((link.key, link) for link in settled)
    house.ledger.record(Entry(account, links=settled), lease)


def _at_rest(link: Link, found: Remote | None) -> Link:
    if found is None:
        return Link(link.key) if link.remote_id is None else replace(link, retired=True)
    if link.remote_id is None:
        return replace(link.arrived(), remote_id=found.id)
    return link.landed(name for name, mark in link.marks.items() if mark.pending is not None)


def cursor_after(house: House, changes: Changes) -> Cursor | None:
    """Return the cursor after our own writes.

    Of the embedded CRM, so that an old copy of it is noticed; None where somebody did something meanwhile,
    which the next run must hear. Of a CRM that tells our own writes as changes, with these counted in.
    """
    if isinstance(house.crm, Recounting):
        return house.crm.recounted(changes.cursor)
    if house.account.kind != "local":
        return None
    after = house.crm.changes(changes.cursor)
    return None if after.records or after.removed else after.cursor


def take_up(house: House, desk: Desk, changes: Changes) -> list[str]:
    """Adopt the deals that the CRM holds under our keys, with their calls, and return notes about it.

    For a book that never heard of this user. A stage that differs is a dispute, since nobody knows who
    moved; calls that were made count; an open call task stays the next step, and no number is used again.
    """
    if desk.before:
        return []
    deals = house.crm.look_up({deal_key(dossier): None for dossier in desk.dossiers.values()})
    by_id = {remote.id: key.id for key, remote in deals.items()}
    for key, remote in deals.items():
        desk.links[key] = Link(key, attempted=True)
        _take_up_stage(desk, key.id, remote)
    if deals:
        calls, tasks = (_there(house, kind, changes) for kind in (Kind.CALL, Kind.TASK))
        _take_up_calls(desk, calls, by_id)
        _take_up_tasks(desk, tasks, set(by_id.values()))
    return [f"{TAKEN_UP}: {len(deals)}."] if deals else []


def _there(house: House, kind: Kind, changes: Changes) -> Iterable[Remote]:
    """Return the records of a kind: browsed, or told by a new book's first look."""
    if isinstance(house.crm, Browsable):
        return house.crm.records(kind)
    return [remote for remote in changes.records if remote.kind is kind]


def _take_up_stage(desk: Desk, application: str, deal: Remote) -> None:
    dossier, held = desk.dossiers[application], deal.fields.get("stage")
    if isinstance(held, str) and held in set(Stage) and held != wished_stage(dossier):
        desk.change(application, replace(dossier.course, crm_stage=Stage(held)))


def _take_up_calls(desk: Desk, calls: Iterable[Remote], applications: Mapping[RemoteId, str]) -> None:
    for call in (named(call, desk.dossiers) for call in calls):
        application = next((applications[r] for r in sorted(call.relations) if r in applications), None)
        at = _moment(call, "at") or call.modified_at
        if application is None or at is None:
            continue
        touch = touch_of(call, desk.dossiers[application], at)
        if call.key is not None:
            desk.links[call.key] = Link(call.key, attempted=True)
            touch = replace(touch, id=call.key.id.partition(":")[2])
        desk.add_touches([touch])


def _take_up_tasks(desk: Desk, tasks: Iterable[Remote], applications: set[str]) -> None:
    known = (named(task, desk.dossiers) for task in tasks)
    ours = [(task.key, task) for task in known if task.key is not None]
    for key, task in sorted(ours, key=lambda pair: _numbers(pair[0])):
        application, *_ = key.id.split(":")
        if application in applications:
            desk.links[key] = Link(key, attempted=True)
            desk.change(application, _with_task(desk, desk.dossiers[application], key, task))


def _numbers(key: Key) -> tuple[str, int, int]:
    application, round_, seq = key.id.split(":")
    return application, int(round_), int(seq)


def _with_task(desk: Desk, dossier: Dossier, key: Key, remote: Remote) -> Course:
    """Return the course with a task of ours, the newest being the last that is told."""
    _, round_, seq = _numbers(key)
    course = replace(dossier.course, round=round_, last_seq=max(seq, dossier.course.last_seq))
    due = _moment(remote, "due_at")
    if remote.fields.get("open") is not True or due is None:
        _count_as_made(desk, dossier, key, remote)
        return course
    made = {
        callee_day(desk.settings, dossier, t.at) for t in desk.touches.get(dossier.key, ()) if _is_call(t)
    }
    attempt = min(len(made) + 1, desk.settings.policy.max_calls)
    day = callee_day(desk.settings, dossier, due)
    final = attempt >= desk.settings.policy.max_calls
    return replace(course, task=CallTask(seq, round_, TaskState.OPEN, day, due, attempt, final))


def _count_as_made(desk: Desk, dossier: Dossier, key: Key, remote: Remote) -> None:
    """Count a completed task as a call whose outcome nobody told, unless we had cancelled it."""
    at = _moment(remote, "completed_at")
    if at is None or CANCELLED_LINE in str(remote.fields.get("body")):
        return
    _, round_, _ = _numbers(key)
    tick = Touch(f"tick:{key.id}", dossier.key, at, outcome=CallOutcome.UNKNOWN, round=round_)
    desk.add_touches([tick])


def _is_call(touch: Touch) -> bool:
    return touch.kind is TouchKind.CALL


def _moment(remote: Remote, name: str) -> datetime | None:
    value = remote.fields.get(name)
    return datetime.fromisoformat(value) if isinstance(value, str) else None
