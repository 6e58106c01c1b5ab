"""Removes somebody from the book for good, and keeps digests by which the next import knows them."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, delete, or_, select, update

from crm_sync.domain.forgetting import Forgotten, Oblivion, keyed_digest
from crm_sync.ledger import copies, journal, queries
from crm_sync.ledger.codec import key_from
from crm_sync.ledger.intents import Intents, begun_links
from crm_sync.ledger.schema import (
    CONFLICTS,
    DOSSIERS,
    EVIDENCE,
    FORGOTTEN,
    JOURNAL,
    LINKS,
    RUNS,
    SECRETS,
    SOURCES,
    TOUCHES,
    shielded,
)
from crm_sync.ledger.scrubbing import concerns, scrubbed_page, scrubbed_run, scrubbed_source
from crm_sync.ledger.statements import add_missing_rows, in_chunks, replace_rows
from crm_sync.ledger.writing import run_row, source_row
from crm_sync.planning.callees import DO_NOT_CALL

_SECRET = "forgetting"  # noqa: S105 - a name


def forgotten(connection: Connection, account: str) -> Forgotten:
    """Return whom the account has forgotten."""
    digests = connection.scalars(select(FORGOTTEN.c.digest).where(FORGOTTEN.c.account == account))
    return Forgotten(_secret(connection), frozenset(digests))


def _secret(connection: Connection) -> bytes:
    kept = connection.scalar(select(SECRETS.c.value).where(SECRETS.c.name == _SECRET))
    return bytes.fromhex(kept or "")


def forget(connection: Connection, oblivion: Oblivion, intents: Intents) -> None:
    """Remove everything that is named; see ``Ledger.forget``."""
    add_missing_rows(connection, SECRETS, [(_SECRET, secrets.token_hex(32))])
    _keep_digests(connection, oblivion)
    _drop_applications(connection, oblivion)
    _drop_begun(connection, oblivion, intents)
    _drop_records(connection, oblivion)
    _drop_evidence(connection, oblivion)
    _scrub_pages(connection, oblivion)
    _scrub_runs(connection, oblivion)
    _scrub_sources(connection, oblivion)


def remember(connection: Connection, account: str, trace: str) -> int:
    """Drop the digests that were kept under this trace."""
    whose = keyed_digest(_secret(connection), trace)
    gone = delete(FORGOTTEN).where(FORGOTTEN.c.account == account, FORGOTTEN.c.whose == whose)
    return connection.execute(gone).rowcount


def leave_no_bytes(engine: Engine) -> None:
    """Write a SQLite file anew, so that no page of it or of its log holds what was removed.

    A server cleans its own pages up; what it still keeps in logs and backups is its keeper's matter.
    """
    if engine.dialect.name != "sqlite":
        return
    copies.leave_no_bytes(Path(str(engine.url.database)))


def _keep_digests(connection: Connection, oblivion: Oblivion) -> None:
    secret, account = _secret(connection), shielded(oblivion.account)
    rows = [
        (account, keyed_digest(secret, text), keyed_digest(secret, whose))
        for text, whose in oblivion.traces.items()
    ]
    replace_rows(connection, FORGOTTEN, rows)


def _drop_applications(connection: Connection, oblivion: Oblivion) -> None:
    for some in in_chunks(oblivion.applications):
        _drop(connection, DOSSIERS, oblivion.account, DOSSIERS.c.key, some)
        _drop(connection, TOUCHES, oblivion.account, TOUCHES.c.application, some)


def _drop_begun(connection: Connection, oblivion: Oblivion, intents: Intents) -> None:
    begun = begun_links(connection, oblivion.account)
    intents.take(connection, oblivion.account, lambda: {key for key in begun if concerns(oblivion, key)})


def _drop_records(connection: Connection, oblivion: Oblivion) -> None:
    for table in (LINKS, CONFLICTS):
        owners = {oblivion.user, ""} if oblivion.parties else {oblivion.user}
        query = select(table.c.kind, table.c.owner, table.c.id).distinct()
        rows = connection.execute(query.where(table.c.account == oblivion.account, table.c.owner.in_(owners)))
        gone = [key for row in rows if concerns(oblivion, key := key_from(*row))]
        for owner in owners:
            for some in in_chunks({key.id for key in gone if key.owner == owner}):
                _drop(connection, table, oblivion.account, table.c.id, some, table.c.owner == owner)


def _drop_evidence(connection: Connection, oblivion: Oblivion) -> None:
    account, mine = EVIDENCE.c.account == oblivion.account, EVIDENCE.c.owner == oblivion.user
    if oblivion.whole:
        connection.execute(delete(EVIDENCE).where(account, mine))
    asked = EVIDENCE.c.evidence.startswith(DO_NOT_CALL, autoescape=True)
    shared = EVIDENCE.c.owner == ""
    for some in in_chunks(oblivion.applications):
        connection.execute(delete(EVIDENCE).where(account, mine, EVIDENCE.c.id.in_(some)))
        stays = update(EVIDENCE).where(account, shared, asked, EVIDENCE.c.id.in_(some))
        connection.execute(stays.values(id=""))
    for some in in_chunks({key.id for key in oblivion.parties}):
        connection.execute(delete(EVIDENCE).where(account, shared, ~asked, EVIDENCE.c.id.in_(some)))


def _drop(
    connection: Connection, table: Table, account: str, column: object, some: Collection[str], *more: object
) -> None:
    where = [table.c.account == account, column.in_(some), *more]  # type: ignore[attr-defined]
    connection.execute(delete(table).where(*where))


def _scrub_pages(connection: Connection, oblivion: Oblivion) -> None:
    for page in journal.pages(connection, oblivion.account, None, None):
        kept = scrubbed_page(page, oblivion)
        if kept is None:
            which = (JOURNAL.c.run == page.run, JOURNAL.c.number == page.number)
            connection.execute(delete(JOURNAL).where(JOURNAL.c.account == oblivion.account, *which))
        elif kept is not page:
            replace_rows(connection, JOURNAL, [journal.page_row(shielded(oblivion.account), kept)])


def _scrub_runs(connection: Connection, oblivion: Oblivion) -> None:
    mine = (RUNS.c.account == oblivion.account, RUNS.c.user_name == oblivion.user)
    if oblivion.whole:
        connection.execute(delete(RUNS).where(*mine))
        return
    rows: Iterable[tuple[str, str]] = connection.execute(
        select(RUNS.c.id, RUNS.c.body).where(
            *mine, or_(*(RUNS.c.body.contains(key, autoescape=True) for key in sorted(oblivion.applications)))
        )
    ).all()
    for ident, body in rows:
        kept = scrubbed_run(queries.run_from(oblivion.account, ident, body), oblivion)
        if kept is not None:
            replace_rows(connection, RUNS, [run_row(shielded(oblivion.account), kept)])


def _scrub_sources(connection: Connection, oblivion: Oblivion) -> None:
    for state in queries.sources(connection, oblivion.account, oblivion.user):
        kept = scrubbed_source(state, oblivion)
        if kept is None:
            which = (SOURCES.c.user_name == state.user, SOURCES.c.source == state.source)
            connection.execute(delete(SOURCES).where(SOURCES.c.account == oblivion.account, *which))
        else:
            replace_rows(connection, SOURCES, [source_row(shielded(oblivion.account), kept)])
