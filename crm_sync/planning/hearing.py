"""What people did in the CRM, and what it means for the dossiers (cadence 3.5, design 4 and 9)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from crm_sync.domain.dossiers import CallTask, Course, Dossier, TaskState
from crm_sync.domain.items import Remote, RemoteId
from crm_sync.domain.keys import Key, Kind
from crm_sync.domain.links import Link, Mark, fingerprint
from crm_sync.domain.stages import Stage
from crm_sync.domain.touches import CallOutcome, CallResult, Touch, TouchKind
from crm_sync.domain.values import replace
from crm_sync.planning.desired import HEARD, TICK, deal_key, instant, task_key
from crm_sync.planning.families import head_of

E = TypeVar("E", CallOutcome, CallResult)

DayOf = Callable[[Dossier, datetime], date]
"""The callee's day of a moment."""

Ids = Mapping[tuple[Kind, RemoteId], Key]


@dataclass(frozen=True, slots=True)
class Heard:
    """What hearing changed: dossiers and links to be replaced, touches to be added, and a line for each."""

    dossiers: Mapping[str, Dossier]
    links: Mapping[Key, Link]
    touches: tuple[Touch, ...]
    lines: tuple[str, ...]


def hear(
    records: Iterable[Remote],
    removed: Iterable[tuple[Kind, RemoteId]],
    ids: Ids,
    dossiers: Mapping[str, Dossier],
    links: Mapping[Key, Link],
    day_of: DayOf,
    merged: Iterable[tuple[Kind, RemoteId, RemoteId]] = (),
) -> Heard:
    """Return what people's changes mean; hearing the same change twice changes nothing the second time.

    *ids* maps remote ids to our keys, *dossiers* holds the dossiers concerned by application key, *links*
    the links concerned. Of two deals that were *merged*, the one whose key the remaining record carries
    goes on with it; the other one's application has no deal any more.
    """
    ear = _Ear(dict(dossiers), dict(links), day_of)
    records = list(records)
    held = {(remote.kind, remote.id): remote.key for remote in records}
    for kind, loser, winner in merged:
        if key := ids.get((kind, loser)):
            ear.hear_merge(key, winner, held.get((kind, winner)), ids.get((kind, winner)))
    for remote in records:
        ear.hear_record(remote, remote.key or ids.get((remote.kind, remote.id)), ids)
    for kind, remote_id in removed:
        if key := ids.get((kind, remote_id)):
            ear.hear_removal(key)
    return Heard(
        {key: d for key, d in ear.dossiers.items() if d is not dossiers.get(key)},
        {key: link for key, link in ear.links.items() if link is not links.get(key)},
        tuple(ear.touches),
        tuple(ear.lines),
    )


def named(remote: Remote, dossiers: Mapping[str, Dossier]) -> Remote:
    """Return a task or call under its whole key: the text that carries it does not tell the user."""
    key = remote.key
    if key is None or key.owner or key.kind not in {Kind.TASK, Kind.CALL}:
        return remote
    dossier = dossiers.get(key.id.partition(":")[0])
    return replace(remote, key=Key(key.kind, dossier.user, key.id) if dossier else None)


class _Ear:
    """Collects what was heard while the records are gone through one by one."""

    def __init__(self, dossiers: dict[str, Dossier], links: dict[Key, Link], day_of: DayOf) -> None:
        self.dossiers = dossiers
        self.links = links
        self.day_of = day_of
        self.touches: list[Touch] = []
        self.lines: list[str] = []

    def hear_record(self, remote: Remote, key: Key | None, ids: Ids) -> None:
        if remote.kind is Kind.DEAL and key:
            self._hear_deal(remote, key)
        elif remote.kind is Kind.TASK and key:
            self._hear_task(remote, key)
        elif remote.kind is Kind.CALL and key is None:
            self._hear_call(remote, ids)

    def _hear_deal(self, remote: Remote, key: Key) -> None:
        dossier, stage = self.dossiers.get(key.id), _stage(remote.fields.get("stage"))
        if dossier is None or stage is None or dossier.merged_into:
            return
        mark = self.links[key].mark("stage") if key in self.links else Mark()
        ours = fingerprint(stage.value) in {mark.seen, mark.pending} and dossier.course.crm_stage is None
        if not ours and dossier.course.crm_stage is not stage:
            self._change(dossier, replace(dossier.course, crm_stage=stage), f"stage moved to {stage.value}")

    def _hear_task(self, remote: Remote, key: Key) -> None:
        application = key.id.partition(":")[0]
        dossier = self.dossiers.get(application)
        task = dossier.course.task if dossier else None
        if dossier is None or task is None or task_key(dossier, task) != key:
            return
        if task.state is TaskState.OPEN and remote.fields.get("open") is False:
            self._tick(dossier, task, key, remote)
        elif task.state is TaskState.OPEN:
            self._move(dossier, task, key, remote)

    def _tick(self, dossier: Dossier, task: CallTask, key: Key, remote: Remote) -> None:
        at = _moment(remote.fields.get("completed_at")) or remote.modified_at or task.due_at
        tick = Touch(f"{TICK}{key.id}", dossier.key, at, outcome=CallOutcome.UNKNOWN, round=task.round)
        self.touches.append(tick)
        done = replace(task, state=TaskState.COMPLETED)
        self._change(dossier, replace(dossier.course, task=done), "call task completed")

    def _move(self, dossier: Dossier, task: CallTask, key: Key, remote: Remote) -> None:
        due = _moment(remote.fields.get("due_at"))
        if due is None or due == task.due_at:
            return
        day = self.day_of(dossier, due)
        moved = replace(task, crm_due=day, due_at=due)
        self._change(dossier, replace(dossier.course, task=moved), f"call moved to {day:%a} {day}")
        self._acknowledge(key, remote, task)

    def _acknowledge(self, key: Key, remote: Remote, task: CallTask) -> None:
        """Settle a person's date on both sides, so that a later word of a person through us can move it."""
        if link := self.links.get(key):
            theirs = remote.fields.get("due_at")
            due = _moment(theirs)
            ours = instant(due) if due else instant(task.due_at)
            marks = {**link.marks, "due_at": Mark(fingerprint(ours), fingerprint(theirs))}
            self.links[key] = replace(link, marks=marks)

    def _hear_call(self, remote: Remote, ids: Ids) -> None:
        for related in sorted(remote.relations):
            key = ids.get((Kind.DEAL, related))
            dossier = self.dossiers.get(head_of(key.id, self.dossiers)) if key else None
            at = _moment(remote.fields.get("at")) or remote.modified_at
            if dossier and at:
                touch = touch_of(remote, dossier, at)
                self.touches.append(touch)
                self._change(dossier, _after_call(dossier.course, touch), "call logged in the CRM")
                return

    def hear_merge(self, key: Key, winner: RemoteId, carried: Key | None, known: Key | None) -> None:
        """Follow our key into the record that stands for both; else its deal is gone."""
        link = self.links.get(key)
        if link is None or link.retired or link.remote_id == winner:
            return
        if carried == key or (carried is None and known is None):
            self.links[key] = replace(link, remote_id=winner)
            return
        self.hear_removal(key)
        if key.id in self.dossiers:
            self.lines.append(f"{key.id}: its deal was merged into another one")

    def hear_removal(self, key: Key) -> None:
        """Retire what a person removed; its task or deal is never made again (design 4)."""
        if link := self.links.get(key):
            if link.retired:
                return
            self.links[key] = replace(link, retired=True)
        dossier = self.dossiers.get(key.id.partition(":")[0])
        if dossier is None:
            return
        task = dossier.course.task
        if key == deal_key(dossier):
            self._change(dossier, replace(dossier.course, deal_removed=True), "deal removed")
        elif task and task_key(dossier, task) == key and task.state is TaskState.OPEN:
            gone = replace(task, state=TaskState.DELETED_BY_USER)
            course = replace(dossier.course, task=gone, resumed_after_delete=False)
            self._change(dossier, course, "call task removed")

    def _change(self, dossier: Dossier, course: Course, line: str) -> None:
        self.dossiers[dossier.key] = replace(dossier, course=course)
        self.lines.append(f"{dossier.key}: {line}")


def _after_call(course: Course, touch: Touch) -> Course:
    """A call that was logged does what its open task asked for: the task is done, too."""
    if touch.kind is not TouchKind.CALL or course.task is None or course.task.state is not TaskState.OPEN:
        return course
    return replace(course, task=replace(course.task, state=TaskState.COMPLETED))


def said_by_touches(dossier: Dossier, touches: Iterable[Touch]) -> Course:
    """Return the course after the results of calls spoke: an interview holds the calls (cadence 3.5)."""
    interviews = [t for t in touches if t.result is CallResult.INTERVIEW and t.round == dossier.course.round]
    applied = dossier.course.stage in {Stage.APPLIED, Stage.UNKNOWN}
    if not (interviews and applied) or dossier.course.said_stage is not None:
        return dossier.course
    changed = dossier.course.stage_changed_at
    if changed is not None and max(t.at for t in interviews) < changed:
        return dossier.course
    return replace(dossier.course, said_stage=Stage.INTERVIEWING)


def blocked_callees(touches: Iterable[Touch]) -> Iterator[str]:
    """Yield the applications on which somebody said "do not call us again"."""
    return (t.application for t in touches if t.result is CallResult.DO_NOT_CALL)


def touch_of(remote: Remote, dossier: Dossier, at: datetime) -> Touch:
    """Return a call that the CRM holds as a touch of the dossier's round."""
    fields = remote.fields
    callback = fields.get("callback_on")
    return Touch(
        HEARD + remote.id,
        dossier.key,
        at,
        kind=TouchKind.INBOUND if fields.get("inbound") is True else TouchKind.CALL,
        outcome=_member(CallOutcome, fields.get("outcome")) or CallOutcome.UNKNOWN,
        result=_member(CallResult, fields.get("result")),
        callback_on=date.fromisoformat(callback) if isinstance(callback, str) else None,
        round=dossier.course.round,
        note=_text(fields.get("note")),
    )


def _member(kind: type[E], value: object) -> E | None:
    return kind(value) if isinstance(value, str) and value in set(kind) else None


def _stage(value: object) -> Stage | None:
    return Stage(value) if isinstance(value, str) and value in set(Stage) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _moment(value: object) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else None
