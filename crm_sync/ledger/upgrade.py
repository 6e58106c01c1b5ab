"""Brings the tables to the newest version, under a lock, however many processes start at once."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    insert,
    inspect,
    text,
)

from crm_sync.errors import LedgerError
from crm_sync.ledger.engine import readers, writers
from crm_sync.ledger.schema import METADATA, VERSION_TABLE, VERSIONS

SCRIPTS = Path(__file__).parent / "migrations"

_LOCK = 0x63726D73796E63  # any number will do that nobody else uses: "crmsync"


def bring_up_to_date(
    engine: Engine, place: str, *, versions: Sequence[str] = VERSIONS, scripts: Path = SCRIPTS
) -> None:
    """Make or migrate the tables; a SQLite file that holds an older version is copied first.

    Raises LedgerError where a newer program made them. A new book is made as the newest version has it;
    Alembic, which takes its time to load, is loaded only where an older one is to be migrated.
    """
    with readers(engine).begin() as connection:
        if _checked(connection, place, versions) == versions[-1]:
            return
    with writers(engine).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        stored = _checked(connection, place, versions)
        if stored == versions[-1]:
            return
        if stored is None and versions == VERSIONS:
            _make(connection, versions[-1])
            return
        if stored is not None and connection.dialect.name == "sqlite":
            _keep_a_copy(Path(str(engine.url.database)), versions[-1])
        _migrate(connection, versions[-1], scripts)


def stored_version(connection: Connection) -> str | None:
    """Return the version of the tables, None where there are none yet."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608


def _checked(connection: Connection, place: str, versions: Sequence[str]) -> str | None:
    stored = stored_version(connection)
    if stored is not None and stored not in versions:
        raise LedgerError(
            f"the book {place} was made by a newer crm-sync (version {stored} of its tables, "
            f"this program knows {versions[-1]})",
            "install the newest crm-sync, or use the one that made it",
        )
    return stored


def _keep_a_copy(path: Path, version: str) -> None:
    """Copy the file as it was before *version*; the write lock that we hold keeps it so."""
    copy = path.with_name(f"{path.name}.before-{version}")
    copy.unlink(missing_ok=True)
    os.close(os.open(copy, os.O_CREAT | os.O_RDWR, 0o600))
    source, target = sqlite3.connect(path), sqlite3.connect(copy)
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()


def _make(connection: Connection, version: str) -> None:
    """Make what the migrations make one after the other (a test compares the two)."""
    METADATA.create_all(connection, checkfirst=False)
    table = Table(VERSION_TABLE, MetaData(), Column("version_num", String(32), nullable=False))
    table.append_constraint(PrimaryKeyConstraint("version_num", name=f"{VERSION_TABLE}_pkc"))
    table.create(connection, checkfirst=False)
    connection.execute(insert(table), {"version_num": version})


def _migrate(connection: Connection, version: str, scripts: Path) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, version)
