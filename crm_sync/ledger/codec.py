"""What the book writes of each noun beside the columns it is found by.

Explicit tables of forms; anything a table does not name is written as plain JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from crm_sync.domain.applications import Application, RejectedRow
from crm_sync.domain.decisions import Action, Decision
from crm_sync.domain.dossiers import CallTask, Course, Dossier, Preparation, Saying, TaskState
from crm_sync.domain.items import Item, RemoteId
from crm_sync.domain.keys import Key, Kind
from crm_sync.domain.links import Link, Mark, fingerprints
from crm_sync.domain.stages import Stage
from crm_sync.domain.touches import CallOutcome, CallResult, Touch, TouchKind
from crm_sync.ledger.bodies import (
    BODY_VERSION,
    DAY,
    NEWEST_BODY,
    TIME,
    TUPLE,
    Body,
    Form,
    Shape,
    UnreadableBody,
    body_from,
    encoded,
    quoted,
    several,
    text_of,
    word,
)
from crm_sync.planning.operations import Conflict
from crm_sync.ports import Run, SourceState

_KINDS = {str(kind): kind for kind in Kind}
"""Looked up hundreds of thousands of times, where ``Kind(text)`` would be slow."""

STAGE = word(Stage)

APPLICATION = Shape(Application, stage=STAGE, applied_on=DAY, next_action_on=DAY, flags=TUPLE, cells=TUPLE)
TASK = Shape(CallTask, state=word(TaskState), pushed_due=DAY, due_at=TIME, flags=TUPLE, crm_due=DAY)
DECISION = Shape(Decision, action=word(Action), due_on=DAY, due_at=TIME, flags=TUPLE)
COURSE = Shape(
    Course,
    stage=STAGE,
    first_seen=DAY,
    stage_changed_at=TIME,
    previous_stage=STAGE,
    said_stage=STAGE,
    crm_stage=STAGE,
    terminal_since=TIME,
    round_started=DAY,
    snooze_until=DAY,
    manual_start=DAY,
    number_changed_at=TIME,
    vanished_at=TIME,
    preparation=Shape(Preparation, facts=TUPLE),
    task=TASK,
    earlier=several(TASK),
    decision=DECISION,
    decide_on=DAY,
)
SAYING = Shape(Saying, application=APPLICATION, missed_at=TIME)
_COLUMNS = ("key", "user", "origin")
_TOLD = {"application": APPLICATION, "sayings": several(SAYING)}
DOSSIER = Shape(Dossier, without=_COLUMNS, course=COURSE, **_TOLD)
_BESIDES_COURSE = Shape(Dossier, without=(*_COLUMNS, "course"), **_TOLD)

TOUCH = Shape(
    Touch,
    without=("id", "application", "at"),
    kind=word(TouchKind),
    outcome=word(CallOutcome),
    result=word(CallResult),
    callback_on=DAY,
)

REJECTED = Shape(RejectedRow, cells=TUPLE)
SOURCE = Shape(
    SourceState,
    without=("user", "source"),
    seen_at=TIME,
    rejected=several(REJECTED),
    notes=TUPLE,
)

RUN = Shape(Run, without=("id", "account"), started_at=TIME, ended_at=TIME, report=Form(dict, None))


def dossier_text(dossier: Dossier) -> str:
    """Return a dossier's body, as ``DOSSIER`` reads it; a course that many dossiers share is encoded once."""
    return f'{{"course":{_course_text(dossier.course)},{text_of(_BESIDES_COURSE.body(dossier))[1:]}'


@lru_cache(maxsize=1024)
def _course_text(course: Course) -> str:
    return encoded(COURSE.body(course))


def link_text(link: Link) -> str:
    """Return what a link remembers beside its key, its record's id and its state.

    A mark on which both sides agree is one print; any other is the list of sent, seen and pending. Put
    together by hand, since every record made is written twice: an encoder takes three times as long.
    """
    marks = [
        quoted(sent)
        if sent is not None and pending is None and sent == seen
        else f"[null,null,{quoted(pending)}]"
        if sent is None and seen is None and pending is not None
        else f"[{_or_null(sent)},{_or_null(seen)},{_or_null(pending)}]"
        for sent, seen, pending in link.marks.values()
    ]
    body = [_marks_named(tuple(link.marks)) % tuple(marks)]
    if link.connected:
        body.append(f'"connected":[{",".join(sorted(map(_key_text, link.connected)))}]')
    if link.attempted:
        body.append('"attempted":true')
    if link.refusal is not None:
        body.append(f'"refusal":{quoted(link.refusal)}')
    if link.refused is not None:
        body.append(f'"refused":{quoted(link.refused)}')
    body.append(f'"v":{BODY_VERSION}}}')
    return ",".join(body)


def begun_text(item: Item) -> str:
    """Return what a link remembers of an item that is about to be made.

    It holds once the item has arrived, too: whether the prints are in the air, or agreed on and the record
    connected with all of its parents, is told by the id of the record in its column. So it is made once.
    """
    prints = _prints_named(tuple(item.fields)) % tuple(fingerprints(item.fields.values()))
    return f'{prints},"with":[{",".join(map(_key_text, item.parents))}],"v":{NEWEST_BODY}}}'


def intent_text(texts: Mapping[Key, str]) -> str:
    """Return the text of a batch that is about to be made: the ``begun_text`` of each of its keys."""
    begun = ",".join([f"[{_key_text(key)},{text}]" for key, text in texts.items()])
    return f'{{"begun":[{begun}],"v":{BODY_VERSION}}}'


def intent_from(text: str) -> dict[Key, str]:
    """Return the ``begun_text`` of each key of a batch; UnreadableBody where it is damaged."""
    try:
        return {key_from(*parts): encoded(body) for parts, body in body_from(text)["begun"]}
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableBody(f"no batch: {error}") from error


@lru_cache(maxsize=1 << 10)
def _prints_named(names: tuple[str, ...]) -> str:
    """Return the text of prints of these names, with a place for each print."""
    places = ",".join(f'{quoted(name).replace("%", "%%")}:"%s"' for name in names)
    return f'{{"begun":{{{places}}}'


@lru_cache(maxsize=1 << 10)
def _marks_named(names: tuple[str, ...]) -> str:
    """Return the text of marks of these names, with a place for each mark."""
    places = ",".join(f"{quoted(name).replace('%', '%%')}:%s" for name in names)
    return f'{{"marks":{{{places}}}'


def _or_null(text: str | None) -> str:
    return "null" if text is None else quoted(text)


def _key_text(key: Key) -> str:
    kind, owner, ident = key
    return f'["{kind._value_}",{quoted(owner)},{quoted(ident)}]'


def link_from(key: Key, remote_id: str | None, *, retired: bool, text: str) -> Link:
    """Return the link of a row; UnreadableBody where it is damaged."""
    body = body_from(text)
    try:
        if "begun" in body:
            return _begun_from(key, remote_id, body, retired=retired)
        return Link(
            key,
            None if remote_id is None else RemoteId(remote_id),
            {
                name: Mark(*mark) if type(mark) is list else Mark(mark, mark)
                for name, mark in body.get("marks", {}).items()
            },
            frozenset([key_from(*parts) for parts in body.get("connected", ())]),
            retired,
            body.get("attempted", False),
            body.get("refusal"),
            body.get("refused"),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableBody(f"no Link: {error}") from error


def _begun_from(key: Key, remote_id: str | None, body: Body, *, retired: bool) -> Link:
    prints: dict[str, str] = body["begun"]
    if remote_id is None:
        marks = {name: Mark(None, None, print_) for name, print_ in prints.items()}
        return Link(key, None, marks, retired=retired, attempted=True)
    marks = {name: Mark(print_, print_) for name, print_ in prints.items()}
    parents = frozenset([key_from(*parts) for parts in body["with"]])
    return Link(key, RemoteId(remote_id), marks, parents, retired, attempted=True)


def key_from(kind: str, owner: str, ident: str) -> Key:
    """Return the key of a row; UnreadableBody where this program knows no such kind."""
    try:
        return Key(_KINDS[kind], owner, ident)
    except KeyError as error:
        raise UnreadableBody(f"no Kind: {kind!r}") from error


def conflict_text(conflict: Conflict) -> str:
    """Return what both sides say."""
    return text_of({"ours": conflict.ours, "theirs": conflict.theirs})


def conflict_from(key: Key, field: str, text: str) -> Conflict:
    """Return the conflict of a row."""
    body = body_from(text)
    return Conflict(key, field, body.get("ours"), body.get("theirs"))
