"""Writes an entry's parts, inside the transaction of whoever calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import Connection, bindparam, delete, select

from crm_sync.domain.dossiers import Dossier
from crm_sync.domain.items import RemoteId
from crm_sync.domain.keys import Key
from crm_sync.domain.links import Link
from crm_sync.domain.touches import Touch
from crm_sync.ledger.bodies import instant, text_of, time_at
from crm_sync.ledger.codec import (
    RUN,
    SOURCE,
    TOUCH,
    conflict_text,
    dossier_text,
    key_from,
    link_text,
)
from crm_sync.ledger.fading import fade
from crm_sync.ledger.intents import Intents, Texts
from crm_sync.ledger.journal import page_row
from crm_sync.ledger.schema import (
    ACCOUNTS,
    CONFLICTS,
    DOSSIERS,
    EVIDENCE,
    JOURNAL,
    LINKS,
    RUNS,
    SOURCES,
    TOUCHES,
    all_shielded,
    shielded,
)
from crm_sync.ledger.statements import Row, add_missing_rows, in_chunks, replace_rows
from crm_sync.planning.callees import callee_of
from crm_sync.planning.operations import Conflict
from crm_sync.ports import Entry, Run, SourceState


def write(connection: Connection, entry: Entry, intents: Intents) -> None:
    """Write all parts of the entry."""
    account = shielded(entry.account)
    _write_account(connection, account, entry)
    _write_links(connection, account, entry, intents)
    replace_rows(connection, DOSSIERS, (_dossier_row(account, each) for each in entry.dossiers))
    replace_rows(connection, TOUCHES, (_touch_row(account, each) for each in entry.touches))
    add_missing_rows(connection, EVIDENCE, _evidence_rows(account, entry.evidence))
    replace_rows(connection, SOURCES, [source_row(account, each) for each in entry.sources])
    if entry.conflicts:
        _replace_conflicts(connection, entry.account, entry.conflicts, entry.at or datetime.now(UTC))
    runs = (entry.run, *entry.runs)
    replace_rows(connection, RUNS, (run_row(account, run) for run in runs if run is not None))
    if entry.fading is not None:
        fade(connection, entry.account, *entry.fading)
    replace_rows(connection, JOURNAL, (page_row(account, each) for each in entry.journal))
    for some in in_chunks(entry.untold):
        connection.execute(delete(TOUCHES).where(TOUCHES.c.account == entry.account, TOUCHES.c.id.in_(some)))


def _write_account(connection: Connection, account: str, entry: Entry) -> None:
    if entry.cursor is None:
        add_missing_rows(connection, ACCOUNTS, [(account, None)])
    else:
        replace_rows(connection, ACCOUNTS, [(account, shielded(entry.cursor))])


def _write_links(connection: Connection, account: str, entry: Entry, intents: Intents) -> None:
    """Write what is said of links: each key has its last word in one place, an intent's row or its own."""
    begun = intents.take(connection, entry.account, partial(_told_of, entry))
    replace_rows(connection, LINKS, (_link_row(account, each) for each in entry.links))
    replace_rows(connection, LINKS, _arrived_rows(account, entry.arrived, begun))
    intents.begin(connection, entry.account, entry.begun)


def _told_of(entry: Entry) -> Set[Key]:
    """Return the keys of all links and items of the entry."""
    if not entry.links and not entry.begun:
        return entry.arrived.keys()
    return {*entry.arrived, *[link.key for link in entry.links], *[item.key for item in entry.begun]}


# Rows are in the order of their table's columns in ``schema``.


def _link_row(account: str, link: Link) -> Row:
    key = link.key
    return (
        account,
        shielded(key.id),
        key.kind._value_,  # as ``value``, at a tenth of the price
        shielded(key.owner),
        None if link.remote_id is None else shielded(link.remote_id),
        link.retired,
        link.in_the_air and not link.retired,
        link_text(link),
    )


def _arrived_rows(account: str, arrived: Mapping[Key, RemoteId], begun: Texts) -> Iterator[Row]:
    idents = all_shielded([key[2] for key in arrived])
    owners = all_shielded([key[1] for key in arrived])
    remote_ids = all_shielded(list(arrived.values()))
    for key, ident, owner, remote_id in zip(arrived, idents, owners, remote_ids, strict=True):
        yield account, ident, key[0]._value_, owner, remote_id, False, False, begun[key]


def _dossier_row(account: str, dossier: Dossier) -> Row:
    course = dossier.course
    return (
        account,
        shielded(dossier.key),
        shielded(dossier.user),
        course.stage._value_,
        None if course.decide_on is None else course.decide_on.isoformat(),
        shielded(dossier.origin),
        None if (callee := callee_of(dossier)) is None else shielded(callee),
        dossier_text(dossier),
    )


def _touch_row(account: str, touch: Touch) -> Row:
    body = text_of(TOUCH.body(touch))
    return (account, shielded(touch.id), shielded(touch.application), instant(touch.at), body)


def _evidence_rows(account: str, evidence: Mapping[tuple[str, str], str]) -> Iterator[Row]:
    told: dict[str, dict[str, str]] = {}
    for (owner, text), ident in evidence.items():
        told.setdefault(owner, {})[text] = ident
    for owner in sorted(told):  # in the order of their key: half the price
        texts, whose = told[owner], shielded(owner)
        for text in sorted(texts):
            yield account, whose, shielded(text), shielded(texts[text])


def source_row(account: str, state: SourceState) -> Row:
    """Return what is remembered of a source as a row of its table."""
    return (account, shielded(state.user), shielded(state.source), text_of(SOURCE.body(state)))


def run_row(account: str, run: Run) -> Row:
    """Return the run as a row of its table."""
    user = None if run.user is None else shielded(run.user)
    return (account, shielded(run.id), user, instant(run.started_at), text_of(RUN.body(run)))


def _replace_conflicts(
    connection: Connection, account: str, conflicts: Mapping[Key, Sequence[Conflict]], at: datetime
) -> None:
    before = _standing(connection, account, conflicts)
    table = CONFLICTS
    ended = [_place_row(*place) for place in before]
    if ended:
        where = [table.c[name] == bindparam(f"old_{name}") for name in ("id", "kind", "owner", "field")]
        connection.execute(delete(table).where(table.c.account == account, *where), ended)
    rows = [
        (
            shielded(account),
            shielded(key.id),
            key.kind.value,
            shielded(key.owner),
            shielded(conflict.field),
            instant(before.get((key, conflict.field), at)),
            conflict_text(conflict),
        )
        for key, disputes in conflicts.items()
        for conflict in disputes
    ]
    replace_rows(connection, CONFLICTS, rows)


def _place_row(key: Key, field: str) -> dict[str, str]:
    return {"old_id": key.id, "old_kind": key.kind.value, "old_owner": key.owner, "old_field": field}


def _standing(
    connection: Connection, account: str, keys: Mapping[Key, object]
) -> dict[tuple[Key, str], datetime]:
    """Return since when each field of these keys is in dispute."""
    table = CONFLICTS
    found: dict[tuple[Key, str], datetime] = {}
    query = select(table.c.id, table.c.kind, table.c.owner, table.c.field, table.c.since)
    query = query.where(table.c.account == account)
    any_at_all = connection.execute(query.limit(1)).first() is not None  # seldom
    for some in in_chunks({key.id for key in keys}) if any_at_all else ():
        for ident, kind, owner, field, since in connection.execute(query.where(table.c.id.in_(some))):
            key = key_from(kind, owner, ident)
            if key in keys:
                found[key, field] = time_at(since)
    return found
