"""Writes an entry's parts, inside the transaction of whoever calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, select

from crm_sync.domain.dossiers import Dossier
from crm_sync.domain.keys import Key
from crm_sync.domain.links import Link
from crm_sync.domain.touches import Touch
from crm_sync.ledger import schema
from crm_sync.ledger.bodies import instant, text_of, time_at
from crm_sync.ledger.codec import DOSSIER, RUN, SOURCE, TOUCH, conflict_text, key_from, link_text
from crm_sync.ledger.statements import in_chunks, make_missing, replace
from crm_sync.planning.operations import Conflict
from crm_sync.ports import Entry, Run, SourceState

Rows = list[dict[str, Any]]


def write(connection: Connection, entry: Entry) -> None:
    """Write all parts of the entry."""
    account = entry.account
    _write_account(connection, entry)
    _replace_all(connection, schema.LINKS, [_link_row(account, each) for each in entry.links])
    _replace_all(connection, schema.DOSSIERS, [_dossier_row(account, each) for each in entry.dossiers])
    _replace_all(connection, schema.TOUCHES, [_touch_row(account, each) for each in entry.touches])
    _keep_first(connection, schema.EVIDENCE, _evidence_rows(account, entry.evidence))
    _replace_all(connection, schema.SOURCES, [_source_row(account, each) for each in entry.sources])
    if entry.conflicts:
        _replace_conflicts(connection, account, entry.conflicts, entry.at or datetime.now(UTC))
    if entry.run is not None:
        _replace_all(connection, schema.RUNS, [_run_row(account, entry.run)])


def _write_account(connection: Connection, entry: Entry) -> None:
    row = {"account": entry.account, "cursor": entry.cursor}
    verb = make_missing if entry.cursor is None else replace
    connection.execute(verb(connection, schema.ACCOUNTS), row)


def _replace_all(connection: Connection, table: Table, rows: Rows) -> None:
    if rows:
        connection.execute(replace(connection, table), rows)


def _keep_first(connection: Connection, table: Table, rows: Rows) -> None:
    if rows:
        connection.execute(make_missing(connection, table), rows)


def _link_row(account: str, link: Link) -> dict[str, Any]:
    return {
        "account": account,
        "id": link.key.id,
        "kind": link.key.kind.value,
        "owner": link.key.owner,
        "remote_id": link.remote_id,
        "retired": link.retired,
        "unsettled": link.in_the_air and not link.retired,
        "body": link_text(link),
    }


def _dossier_row(account: str, dossier: Dossier) -> dict[str, Any]:
    course = dossier.course
    return {
        "account": account,
        "key": dossier.key,
        "user_name": dossier.user,
        "stage": course.stage.value,
        "decide_on": None if course.decide_on is None else course.decide_on.isoformat(),
        "origin": dossier.origin,
        "body": text_of(DOSSIER.body(dossier)),
    }


def _touch_row(account: str, touch: Touch) -> dict[str, Any]:
    return {
        "account": account,
        "id": touch.id,
        "application": touch.application,
        "at": instant(touch.at),
        "body": text_of(TOUCH.body(touch)),
    }


def _evidence_rows(account: str, evidence: Mapping[tuple[str, str], str]) -> Rows:
    return [
        {"account": account, "owner": owner, "evidence": text, "id": ident}
        for (owner, text), ident in evidence.items()
    ]


def _source_row(account: str, state: SourceState) -> dict[str, Any]:
    return {
        "account": account,
        "user_name": state.user,
        "source": state.source,
        "body": text_of(SOURCE.body(state)),
    }


def _run_row(account: str, run: Run) -> dict[str, Any]:
    return {
        "account": account,
        "id": run.id,
        "user_name": run.user,
        "started_at": instant(run.started_at),
        "body": text_of(RUN.body(run)),
    }


def _replace_conflicts(
    connection: Connection, account: str, conflicts: Mapping[Key, Sequence[Conflict]], at: datetime
) -> None:
    before = _standing(connection, account, conflicts)
    table = schema.CONFLICTS
    ended = [_place_row(*place) for place in before]
    if ended:
        where = [table.c[name] == bindparam(f"old_{name}") for name in ("id", "kind", "owner", "field")]
        connection.execute(delete(table).where(table.c.account == account, *where), ended)
    rows = [
        {
            "account": account,
            "id": key.id,
            "kind": key.kind.value,
            "owner": key.owner,
            "field": conflict.field,
            "since": instant(before.get((key, conflict.field), at)),
            "body": conflict_text(conflict),
        }
        for key, disputes in conflicts.items()
        for conflict in disputes
    ]
    _replace_all(connection, table, rows)


def _place_row(key: Key, field: str) -> dict[str, str]:
    return {"old_id": key.id, "old_kind": key.kind.value, "old_owner": key.owner, "old_field": field}


def _standing(
    connection: Connection, account: str, keys: Mapping[Key, object]
) -> dict[tuple[Key, str], datetime]:
    """Return since when each field of these keys is in dispute."""
    table = schema.CONFLICTS
    found: dict[tuple[Key, str], datetime] = {}
    query = select(table.c.id, table.c.kind, table.c.owner, table.c.field, table.c.since)
    for some in in_chunks({key.id for key in keys}):
        for ident, kind, owner, field, since in connection.execute(
            query.where(table.c.account == account, table.c.id.in_(some))
        ):
            key = key_from(kind, owner, ident)
            if key in keys:
                found[key, field] = time_at(since)
    return found
