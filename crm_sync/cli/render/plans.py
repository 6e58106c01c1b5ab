"""A plan as a person reads it: one line per thing that would happen."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from crm_sync.app.report import Report
from crm_sync.cli.render.wording import moment
from crm_sync.domain.items import Fields, Item
from crm_sync.domain.keys import Key, Kind
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
from crm_sync.planning.plan import describe

_WORDS = {Kind.TASK: "call", Kind.CALL: "call made"}


def plan_data(plan: Plan | None) -> list[dict[str, Any]]:
    """Return the operations as data: verb, kind, key, and the stable line that the digest is made of."""
    return [
        {
            "operation": type(operation).__name__.lower(),
            "kind": operation.key.kind.value,
            "key": operation.key.id,
            "line": describe(operation),
        }
        for operation in (plan.operations if plan else ())
    ]


def plan_lines(report: Report, zone: str) -> list[str]:
    """Return one line per operation; *zone* is the user's. Relations made with their record are left out."""
    operations = report.plan.operations if report.plan else ()
    made = {operation.key for operation in operations if isinstance(operation, Create)}
    told = [op for op in operations if not (isinstance(op, Connect) and op.key in made)]
    return [_line(operation, zone) for operation in told]


def _line(operation: Operation, zone: str) -> str:
    match operation:
        case Create(item):
            return _create(item, zone)
        case Update(key, _, changes, origin):
            return f"change {_what(key)}: {_changes(changes, zone)}{_from(origin)}"
        case Connect(key, parent):
            return f"connect {_what(key)} with {_what(parent)}"
        case Adopt(item):
            return f"take over {_what(item.key)}{_name(item)}, which is there already"
        case Cancel(key):
            verb = "remove" if key.kind is Kind.DEAL else "cancel"
            return f"{verb} {_what(key)}"
        case Leave(key):
            return f"leave {_what(key)} in the CRM: it was merged into another, but a person worked on it"
        case Retire(key):
            return f"leave {_what(key)} alone: a person removed it"


def _name(item: Item) -> str:
    name = item.fields.get("name")
    return f" {name}" if name else ""


def _create(item: Item, zone: str) -> str:
    fields = item.fields
    match item.key.kind:
        case Kind.TASK:
            return f"plan call {moment(str(fields['due_at']), zone)} (your time): {fields['subject']}"
        case Kind.DEAL:
            return f"create deal {fields['name']} ({fields.get('stage') or 'no stage'})"
        case Kind.CALL:
            return f"record call {moment(str(fields['at']), zone)}: {fields['outcome']}"
        case kind:
            return f"create {kind.value} {fields.get('name') or fields.get('email') or fields.get('domain')}"


def _what(key: Key) -> str:
    return f"{_WORDS.get(key.kind, key.kind.value)} {key.id.partition(':')[0]}"


def _changes(changes: Fields, zone: str) -> str:
    return ", ".join(_change(name, changes, zone) for name in sorted(changes)) or "give it our key"


def _change(name: str, changes: Mapping[str, Any], zone: str) -> str:
    value = changes[name]
    if name == "body":
        return "its text"
    if name == "open":
        return "open" if value else "done"
    if name == "due_at" and value:
        return f"due {moment(str(value), zone)} (your time)"
    return f"{name.replace('_', ' ')} {value if value is not None else '(empty)'}"


def _from(origin: str) -> str:
    path, comma, row = origin.rpartition(", row ")
    return f" ({PurePath(path.partition(', ')[0]).name}, row {row})" if comma else ""
