"""Reads the nouns back, inside the transaction of whoever calls."""

from __future__ import annotations

import gc
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Select,
    and_,
    cast,
    column,
    func,
    select,
    text,
    type_coerce,
    union,
    values,
)

from crm_sync.domain.dossiers import Dossier, TaskState
from crm_sync.domain.items import RemoteId
from crm_sync.domain.keys import Key, Kind
from crm_sync.domain.links import Link
from crm_sync.domain.touches import Touch
from crm_sync.ledger.bodies import body_from, time_at
from crm_sync.ledger.codec import DOSSIER, RUN, SOURCE, TOUCH, conflict_from, key_from, link_from
from crm_sync.ledger.intents import begun_links
from crm_sync.ledger.schema import (
    ACCOUNTS,
    CONFLICTS,
    DOSSIERS,
    EVIDENCE,
    LINKS,
    RUNS,
    SOURCES,
    TOUCHES,
    Words,
)
from crm_sync.ledger.statements import in_chunks
from crm_sync.ports import Cursor, Run, SourceState, Standing, StandingConflict

LAST_CHARACTER = "\U0010ffff"

_LINK = select(LINKS.c.kind, LINKS.c.owner, LINKS.c.id, LINKS.c.remote_id, LINKS.c.retired, LINKS.c.body)
_DOSSIER = select(DOSSIERS.c.key, DOSSIERS.c.user_name, DOSSIERS.c.origin, DOSSIERS.c.body)
_TOUCH = select(TOUCHES.c.id, TOUCHES.c.application, TOUCHES.c.at, TOUCHES.c.body)


def links(connection: Connection, account: str, keys: Collection[Key] | None) -> dict[Key, Link]:
    """Return the links under these keys, or all."""
    query = _LINK.where(LINKS.c.account == account)
    wanted = None if keys is None else frozenset(keys)
    if wanted is None:
        found = _links(connection.execute(query))
    elif connection.execute(query.limit(1)).first() is None:
        found = {}  # a first import asks for hundreds of thousands
    else:
        found = {}
        for some in in_chunks({key.id for key in wanted}):
            found |= _links(connection.execute(query.where(LINKS.c.id.in_(some))), wanted)
    return found | begun_links(connection, account, wanted)


def unsettled(connection: Connection, account: str) -> dict[Key, Link]:
    """Return the links with a write in the air, not retired."""
    in_the_air = text("unsettled")  # to the letter as in its partial index, which SQLite passes over else
    found = _links(connection.execute(_LINK.where(LINKS.c.account == account, in_the_air)))
    return found | begun_links(connection, account)


def keys_of(
    connection: Connection, account: str, ids: Collection[tuple[Kind, RemoteId]]
) -> dict[tuple[Kind, RemoteId], Key]:
    """Return our keys of these records; a link that is not retired before one that is."""
    wanted = frozenset(ids)
    found: list[tuple[bool, Key, RemoteId]] = []
    query = select(LINKS.c.retired, LINKS.c.kind, LINKS.c.owner, LINKS.c.id, LINKS.c.remote_id)
    for kind in {kind for kind, _ in wanted}:
        of_kind = query.where(LINKS.c.account == account, LINKS.c.kind == kind.value)
        for some in in_chunks({remote_id for each, remote_id in wanted if each is kind}):
            for retired, _, owner, ident, remote_id in connection.execute(
                of_kind.where(LINKS.c.remote_id.in_(some))
            ):
                found.append((retired, Key(kind, owner, ident), RemoteId(remote_id)))
    begun = begun_links(connection, account)
    there = (each for each in sorted(found, reverse=True) if each[1] not in begun)
    return {(key.kind, remote_id): key for _, key, remote_id in there}


def dossiers(
    connection: Connection, account: str, user: str | None, keys: Collection[str] | None
) -> dict[str, Dossier]:
    """Return dossiers by key."""
    query = _DOSSIER.where(DOSSIERS.c.account == account)
    if user is not None:
        query = query.where(DOSSIERS.c.user_name == user)
    return _dossiers(connection, _narrowed(query, DOSSIERS.c.key, keys))


def calling(
    connection: Connection, account: str, callees: Collection[str], besides: str
) -> dict[str, Dossier]:
    """Return the applications of all users but one by which one of these people would be called."""
    query = _DOSSIER.where(DOSSIERS.c.account == account, DOSSIERS.c.user_name != besides)
    return _dossiers(connection, _narrowed(query, DOSSIERS.c.callee, callees))


def _dossiers(connection: Connection, queries: Iterable[Select[Any]]) -> dict[str, Dossier]:
    with _undisturbed():
        return {
            key: DOSSIER.value(body_from(body), key=key, user=whose, origin=origin)
            for query in queries
            for key, whose, origin, body in connection.execute(query)
        }


def touches(
    connection: Connection, account: str, user: str | None, keys: Collection[str] | None
) -> dict[str, tuple[Touch, ...]]:
    """Return touches by application, oldest first."""
    query = _TOUCH.where(TOUCHES.c.account == account).order_by(TOUCHES.c.at, TOUCHES.c.id)
    if user is not None:
        same = and_(DOSSIERS.c.account == TOUCHES.c.account, DOSSIERS.c.key == TOUCHES.c.application)
        query = query.join(DOSSIERS, same).where(DOSSIERS.c.user_name == user)
    found: dict[str, list[Touch]] = {}
    for some in _narrowed(query, TOUCHES.c.application, keys):
        for ident, application, at, body in connection.execute(some):
            touch = TOUCH.value(body_from(body), id=ident, application=application, at=time_at(at))
            found.setdefault(application, []).append(touch)
    return {application: tuple(many) for application, many in found.items()}


def evidence(connection: Connection, account: str, owner: str) -> dict[str, str]:
    """Return every evidence of an owner with the id it names."""
    query = select(EVIDENCE.c.evidence, EVIDENCE.c.id)
    rows = connection.execute(query.where(EVIDENCE.c.account == account, EVIDENCE.c.owner == owner))
    return {text: ident for text, ident in rows}  # noqa: C416 - a result is no sequence of pairs to dict()


def sources(connection: Connection, account: str, user: str | None) -> tuple[SourceState, ...]:
    """Return what was last seen of each source."""
    query = select(SOURCES.c.user_name, SOURCES.c.source, SOURCES.c.body).where(SOURCES.c.account == account)
    if user is not None:
        query = query.where(SOURCES.c.user_name == user)
    states = [
        SOURCE.value(body_from(body), user=whose, source=source)
        for whose, source, body in connection.execute(query)
    ]
    return tuple(sorted(states, key=lambda each: (each.user, each.source)))


def conflicts(connection: Connection, account: str, user: str | None) -> tuple[StandingConflict, ...]:
    """Return the standing conflicts, oldest first."""
    query = select(CONFLICTS).where(CONFLICTS.c.account == account)
    if user is not None:
        query = query.where(CONFLICTS.c.owner == user)
    standing = [
        StandingConflict(
            conflict_from(key_from(row.kind, row.owner, row.id), row.field, row.body), time_at(row.since)
        )
        for row in connection.execute(query)
    ]
    return tuple(sorted(standing, key=lambda each: (each.since, each.conflict.key, each.conflict.field)))


def cursor(connection: Connection, account: str) -> Cursor | None:
    """Return how far the CRM's changes were heard."""
    stored = connection.scalar(select(ACCOUNTS.c.cursor).where(ACCOUNTS.c.account == account))
    return None if stored is None else Cursor(stored)


def standings(connection: Connection, account: str, users: Collection[str]) -> dict[str, Standing]:
    """Return how each of these users stands, all of them in one statement."""
    found: dict[str, Standing] = {}
    for some in in_chunks(set(users)):
        asked = values(column("name", Words), name="asked").data([(user,) for user in some]).cte("whose")
        last = select(RUNS.c.body).where(RUNS.c.account == account, RUNS.c.user_name == asked.c.name)
        last = last.order_by(RUNS.c.started_at.desc(), RUNS.c.id.desc()).limit(1)
        days = select(func.min(DOSSIERS.c.decide_on)).where(DOSSIERS.c.account == account)
        days = days.where(DOSSIERS.c.user_name == asked.c.name)
        rows = connection.execute(select(asked.c.name, last.scalar_subquery(), days.scalar_subquery()))
        found |= {user: _standing(body, day) for user, body, day in rows}
    return found


def _standing(run: str | None, day: str | None) -> Standing:
    ended = run is not None and RUN.value(body_from(run), id="", account="").ended_at is not None
    return Standing(ended, None if day is None else date.fromisoformat(day))


def calls_due(connection: Connection, account: str, day: date, most: int) -> tuple[str, ...]:
    """Return the keys of the applications whose open call is due on or before *day*, the latest first.

    Read out of the bodies: only a CRM that does not tell of removals is asked for it, and a look at each
    row's text is cheaper than an index that every write would have to keep.
    """
    body: ColumnElement[Any] = (
        type_coerce(DOSSIERS.c.body, JSON)
        if connection.dialect.name == "sqlite"
        else cast(DOSSIERS.c.body, JSON)
    )
    state, theirs, ours = (
        body["course", "task", name].as_string() for name in ("state", "crm_due", "pushed_due")
    )
    due_on = func.coalesce(theirs, ours)
    query = select(DOSSIERS.c.key).where(DOSSIERS.c.account == account, state == TaskState.OPEN.value)
    ordered = query.where(due_on <= day.isoformat()).order_by(due_on.desc(), DOSSIERS.c.key)
    return tuple(connection.scalars(ordered.limit(most)))


def counts(connection: Connection, account: str, user: str) -> Mapping[str, int]:
    """Return how many applications of a user are in each stage."""
    query = select(DOSSIERS.c.stage, func.count()).group_by(DOSSIERS.c.stage)
    rows = connection.execute(query.where(DOSSIERS.c.account == account, DOSSIERS.c.user_name == user))
    return {stage: number for stage, number in rows}  # noqa: C416


def find(connection: Connection, prefix: str) -> tuple[tuple[str, str, str], ...]:
    """Return (account, user, key) of the applications whose key begins with *prefix*."""
    query = select(DOSSIERS.c.account, DOSSIERS.c.user_name, DOSSIERS.c.key)
    after = DOSSIERS.c.key <= prefix + LAST_CHARACTER
    rows = connection.execute(query.where(DOSSIERS.c.key >= prefix, after))
    return tuple(sorted((account, user, key) for account, user, key in rows))


def users(connection: Connection, account: str) -> tuple[str, ...]:
    """Return the users of an account, sorted."""
    query = union(
        select(DOSSIERS.c.user_name).where(DOSSIERS.c.account == account),
        select(SOURCES.c.user_name).where(SOURCES.c.account == account),
    )
    return tuple(sorted(connection.scalars(query)))


def accounts(connection: Connection) -> tuple[str, ...]:
    """Return the accounts that the book knows, sorted."""
    return tuple(sorted(connection.scalars(select(ACCOUNTS.c.account))))


def runs(connection: Connection, account: str, user: str | None, limit: int) -> tuple[Run, ...]:
    """Return the latest runs of one user, or of all, newest first."""
    query = select(RUNS.c.id, RUNS.c.body).where(RUNS.c.account == account)
    if user is not None:
        query = query.where(RUNS.c.user_name == user)
    newest = query.order_by(RUNS.c.started_at.desc(), RUNS.c.id.desc()).limit(max(limit, 0))
    return tuple(run_from(account, ident, body) for ident, body in connection.execute(newest))


def find_runs(connection: Connection, prefix: str) -> tuple[Run, ...]:
    """Return the runs whose id begins with *prefix*, newest first."""
    query = select(RUNS.c.account, RUNS.c.id, RUNS.c.body)
    query = query.where(RUNS.c.id >= prefix, RUNS.c.id <= prefix + LAST_CHARACTER)
    newest = query.order_by(RUNS.c.started_at.desc(), RUNS.c.id.desc())
    return tuple(run_from(*row) for row in connection.execute(newest))


def run_from(account: str, ident: str, body: str) -> Run:
    """Return the run of a row."""
    return RUN.value(body_from(body), id=ident, account=account)


def _links(rows: Iterable[Any], wanted: Container[Key] | None = None) -> dict[Key, Link]:
    with _undisturbed():
        return {
            key: link_from(key, remote_id, retired=retired, text=body)
            for kind, owner, ident, remote_id, retired, body in rows
            if (key := key_from(kind, owner, ident)) and (wanted is None or key in wanted)
        }


def _narrowed(query: Select[Any], column: Any, keys: Collection[str] | None) -> Iterator[Select[Any]]:
    """Return the query for all keys, or one for each few of these."""
    if keys is None:
        return iter([query])
    return (query.where(column.in_(some)) for some in in_chunks(set(keys)))


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep the garbage collector from walking again and again through a heap that only grows.

    Reading 300,000 links makes millions of objects that stay; it takes a third of the time without.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
