"""Our fields as HubSpot's properties, and back: pure, no request.

An owner is told as HubSpot's owner id in both directions; ``owners`` knows the addresses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm_sync.crms.fields import BLANK
from crm_sync.crms.hubspot import calls
from crm_sync.crms.hubspot.details import LABELS, facts_in, lines_of_people, with_facts
from crm_sync.crms.hubspot.markers import MARKED, PROPERTY, ident_in, key_in, marked, unmarked, value_of
from crm_sync.crms.hubspot.portal import Portal
from crm_sync.crms.hubspot.times import iso, moment, utc_text
from crm_sync.domain.items import Fields, Remote, RemoteId, Value
from crm_sync.domain.keys import Key, Kind
from crm_sync.domain.stages import Stage
from crm_sync.errors import RecordRefused

Properties = dict[str, str]

TYPES: Mapping[Kind, str] = {
    Kind.COMPANY: "companies",
    Kind.CONTACT: "contacts",
    Kind.DEAL: "deals",
    Kind.TASK: "tasks",
    Kind.CALL: "calls",
}
"""HubSpot's names of the object types."""

UNIQUE = frozenset({Kind.COMPANY, Kind.DEAL})
"""Kinds that carry our key in a unique property."""

BESIDES = ("amount", "hs_next_step", "num_notes")
"""Properties of a deal that people fill, or that count what they logged on it; none of them is ours."""

READ: Mapping[Kind, tuple[str, ...]] = {
    Kind.COMPANY: ("name", "domain", PROPERTY, "hs_merged_object_ids"),
    Kind.CONTACT: ("firstname", "lastname", "email", "phone", "jobtitle"),
    Kind.DEAL: (
        "dealname", "dealstage", "pipeline", "hubspot_owner_id", "description", PROPERTY,
        "hs_is_closed_won", "hs_is_closed_lost", "hs_merged_object_ids", *BESIDES,
    ),
    Kind.TASK: (
        "hs_task_subject", "hs_task_body", "hs_task_status", "hs_task_priority", "hs_timestamp",
        "hubspot_owner_id", "hs_task_completion_date",
    ),
    Kind.CALL: ("hs_timestamp", "hs_call_disposition", "hs_call_body", "hs_call_direction"),
}  # fmt: skip
"""The properties we ask for, by kind."""

LONGEST = 65_000
"""Characters of a text property; HubSpot refuses more than 65,536."""

_PLAIN: Mapping[Kind, Mapping[str, str]] = {
    Kind.COMPANY: {"name": "name", "domain": "domain"},
    Kind.CONTACT: {"email": "email", "phone": "phone", "title": "jobtitle"},
    Kind.DEAL: {"name": "dealname", "owner": "hubspot_owner_id"},
    Kind.TASK: {"subject": "hs_task_subject", "owner": "hubspot_owner_id"},
    Kind.CALL: {},
}
_HALF_A_SIGN = re.compile(r"(<[^<>]*|&[^;&]{0,12})$")


@dataclass(frozen=True, slots=True)
class Record:
    """A record as HubSpot answers it; a property that was not told is empty."""

    id: str
    properties: Mapping[str, str | None]
    updated_at: datetime | None

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Record:
        told = answer.get("properties") or {}
        return cls(str(answer.get("id")), told, moment(answer.get("updatedAt")))


def properties_of(key: Key, fields: Fields, portal: Portal, before: Record | None = None) -> Properties:
    """Return the properties that write tidied *fields* (see ``crms.fields``) over the record *before*.

    Raises RecordRefused for a stage that the portal has no place for.
    """
    plain = _PLAIN[key.kind]
    written = {plain[name]: _text(value) for name, value in fields.items() if name in plain}
    match key.kind:
        case Kind.CONTACT if "name" in fields:
            written |= _split_name(fields["name"])
        case Kind.DEAL:
            written |= _deal(fields, portal, before)
        case Kind.TASK:
            written |= _task(key, fields)
        case Kind.CALL:
            written |= calls.properties(key, fields, portal, before.properties if before else {})
        case _:
            pass
    return {name: _cut(value) for name, value in written.items()}


def creation_of(key: Key, fields: Fields, portal: Portal) -> Properties:
    """Return the properties of a new record: what it needs besides, and our key."""
    told = {name: value for name, value in fields.items() if value is not None}
    written = properties_of(key, told, portal)
    if key.kind in UNIQUE:
        written[PROPERTY] = value_of(key)
    if key.kind is Kind.TASK:
        written.setdefault("hs_task_status", "NOT_STARTED")
        written.setdefault("hs_task_body", marked(key, ""))
        written["hs_task_type"] = "CALL"
    if key.kind is Kind.DEAL:
        written.setdefault("dealstage", portal.column_of(Stage.APPLIED) or "")
        written.setdefault("pipeline", portal.pipeline)
    return {name: value for name, value in written.items() if value}


def _deal(fields: Fields, portal: Portal, before: Record | None) -> Properties:
    written: Properties = {}
    facts = {name: fields[name] for name in LABELS if name in fields}
    if "stage" in fields:
        stage = _stage(fields["stage"])
        column = portal.column_of(stage)
        if column is None:
            raise RecordRefused(f'the pipeline "{portal.pipeline_label}" has no place for the stage {stage}')
        written |= {"dealstage": column, "pipeline": portal.pipeline}
        facts["stage"] = stage.value if portal.is_shared(stage) else None
    if facts:
        written["description"] = with_facts(before.properties.get("description") if before else "", facts)
    return written


def _stage(value: Value) -> Stage:
    if not isinstance(value, str) or value not in set(Stage):
        raise RecordRefused(f"there is no stage {value!r}")
    return Stage(value)


def _task(key: Key, fields: Fields) -> Properties:
    written: Properties = {}
    if "open" in fields:
        written["hs_task_status"] = "COMPLETED" if fields["open"] is False else "NOT_STARTED"
    if "due_at" in fields:
        written["hs_timestamp"] = utc_text(fields["due_at"])
    if "priority" in fields:
        written["hs_task_priority"] = _text(fields["priority"]).upper() or "NONE"
    if "body" in fields:
        written["hs_task_body"] = _fitting(_text(fields["body"]), key)
    return written


def _fitting(body: str, key: Key) -> str:
    """Return the body with its marker, cut before the marker where it is too long."""
    whole = marked(key, body)
    if len(whole) <= LONGEST:
        return whole
    return marked(key, _HALF_A_SIGN.sub("", body[: LONGEST - 100]).replace(f"[crm-sync:{key.id}]", "") + "…")


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""


def _split_name(name: Value) -> Properties:
    first, _, last = _text(name).strip().rpartition(" ")
    return {"firstname": first, "lastname": last} if first else {"firstname": last, "lastname": ""}


def remote_of(
    kind: Kind, record: Record, portal: Portal, relations: frozenset[RemoteId] = frozenset()
) -> Remote:
    """Return what HubSpot holds in our words. A task's and a call's key has no user: a marker tells none."""
    told = record.properties
    fields = dict(BLANK[kind])
    fields |= {name: _kept(told.get(its)) for name, its in _PLAIN[kind].items()}
    match kind:
        case Kind.CONTACT:
            fields["name"] = _kept(f"{told.get('firstname') or ''} {told.get('lastname') or ''}")
        case Kind.DEAL:
            fields |= _told_by_deal(told, portal)
        case Kind.TASK:
            fields |= _told_by_task(told, record.updated_at)
        case Kind.CALL:
            fields |= calls.told_by(told, portal)
        case _:
            pass
    return Remote(RemoteId(record.id), kind, key_of(kind, told), fields, relations, record.updated_at)


def key_of(kind: Kind, told: Mapping[str, str | None]) -> Key | None:
    """Return our key in a record, None where it carries none."""
    if kind in UNIQUE:
        return key_in(kind, told.get(PROPERTY))
    if kind in MARKED:
        ident = ident_in(told.get("hs_task_body" if kind is Kind.TASK else "hs_call_body"))
        return Key(kind, "", ident) if ident else None
    return None


def _told_by_deal(told: Mapping[str, str | None], portal: Portal) -> dict[str, Value]:
    facts = facts_in(told.get("description"))
    stage = portal.stage_of(told.get("dealstage"), facts.pop("stage", None))
    if stage is None and told.get("hs_is_closed_won") == "true":
        stage = Stage.ACCEPTED
    elif stage is None and told.get("hs_is_closed_lost") == "true":
        stage = Stage.CLOSED
    fields: dict[str, Value] = {**facts, "stage": stage.value if stage else None}
    besides = [str(said) for name in BESIDES if (said := told.get(name)) not in {None, "", "0"}]
    besides += lines_of_people(told.get("description"))
    return fields | {"besides": "; ".join(besides)} if besides else fields


def _told_by_task(told: Mapping[str, str | None], updated_at: datetime | None) -> dict[str, Value]:
    closed = told.get("hs_task_status") == "COMPLETED"
    ended = iso(told.get("hs_task_completion_date")) or (updated_at.isoformat() if updated_at else None)
    priority = (told.get("hs_task_priority") or "").lower()
    return {
        "open": not closed,
        "completed_at": ended if closed else None,
        "due_at": iso(told.get("hs_timestamp")),
        "priority": None if priority in {"", "none"} else priority,
        "body": _kept(unmarked(told.get("hs_task_body") or "")),
    }


def _kept(text: str | None) -> str | None:
    return (text or "").strip() or None
