"""How the tables come to be: made, migrated, refused."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text

from crm_sync.domain.items import RemoteId
from crm_sync.domain.keys import Kind
from crm_sync.errors import LedgerError
from crm_sync.ledger import SqlLedger, open_ledger, queries
from crm_sync.ledger.engine import location, start_engine
from crm_sync.ledger.schema import METADATA, VERSION_TABLE, VERSIONS
from crm_sync.ledger.upgrade import SCRIPTS, bring_up_to_date

NEXT = """
from alembic import op
import sqlalchemy as sa

revision = "0004"
down_revision = "0003"

def upgrade():
    op.add_column("ledger_runs", sa.Column("extra", sa.Text))
    {more}
"""


def test_a_new_book_is_the_book_that_the_migrations_make(book_url: str) -> None:
    SqlLedger(book_url).close()
    with disposed(create_engine(location(book_url))) as engine:
        made = shape_of(engine)
        with engine.begin() as connection:
            connection.execute(text(f"DROP TABLE {VERSION_TABLE}"))
            METADATA.drop_all(connection)
            command.upgrade(migrations(connection), "head")
        assert shape_of(engine) == made
        assert len(made) == len(METADATA.tables) + 1
    SqlLedger(book_url).close()


def migrations(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def shape_of(engine: Engine) -> dict[str, Any]:
    with engine.connect() as connection:
        seen = inspect(connection)
        return {
            name: (
                [{**column, "type": repr(column["type"])} for column in seen.get_columns(name)],
                seen.get_pk_constraint(name),
                sorted(map(plain, seen.get_indexes(name)), key=str),
            )
            for name in seen.get_table_names()
        }


def plain(index: Any) -> dict[str, Any]:
    """Return an index with its conditions as text, so that equal ones are equal."""
    return {
        **index,
        "dialect_options": {name: str(option) for name, option in index["dialect_options"].items()},
    }


@contextmanager
def disposed(engine: Engine) -> Iterator[Engine]:
    try:
        yield engine
    finally:
        engine.dispose()


def test_the_versions_the_program_knows_are_those_it_has_scripts_for() -> None:
    scripts = ScriptDirectory.from_config(migrations()).walk_revisions()
    assert tuple(reversed([script.revision for script in scripts])) == VERSIONS


@pytest.mark.parametrize("is_new", [True, False])
def test_opening_a_book_loads_no_alembic_and_importing_the_room_no_sqlalchemy(
    is_new: bool, tmp_path: Path
) -> None:
    path = tmp_path / "ledger.sqlite3"
    if not is_new:
        SqlLedger(str(path)).close()
    code = (
        "import sys, crm_sync.ledger, crm_sync.ledger.memory\n"
        "assert not {'sqlalchemy', 'alembic', 'psycopg'} & set(sys.modules)\n"
        f"crm_sync.ledger.open_ledger({str(path)!r}).links('local')\n"
        "assert not {'alembic', 'psycopg'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_book_made_by_a_newer_program_is_refused_and_left_alone(book_url: str) -> None:
    SqlLedger(book_url).close()
    with disposed(create_engine(location(book_url))) as engine:
        with engine.begin() as connection:
            connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
        with pytest.raises(LedgerError, match=r"was made by a newer crm-sync \(version 9999") as refused:
            open_ledger(book_url)
        assert "install" in refused.value.hint
        with engine.connect() as connection:
            assert connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar() == "9999"


def test_an_older_file_is_copied_before_it_is_migrated(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    SqlLedger(str(path)).close()
    migrate(path, scripts_with(tmp_path, NEXT.format(more="")))
    copy = tmp_path / "ledger.sqlite3.before-0004"
    assert copy.stat().st_mode & 0o777 == 0o600
    assert "extra" in columns_of(path)
    assert "extra" not in columns_of(copy)
    SqlLedger(str(copy)).close()


def test_a_migration_that_fails_leaves_the_book_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    SqlLedger(str(path)).close()
    with pytest.raises(ZeroDivisionError):
        migrate(path, scripts_with(tmp_path, NEXT.format(more="1 / 0")))
    assert "extra" not in columns_of(path)
    SqlLedger(str(path)).close()


def test_a_book_whose_folder_has_a_percent_sign_is_made_like_any_other(tmp_path: Path) -> None:
    with closing(SqlLedger(str(tmp_path / "100%" / "my book.sqlite3"))) as ledger:
        assert ledger.accounts() == ()


def test_what_a_new_book_holds_is_for_its_owners_eyes_only(tmp_path: Path) -> None:
    path = tmp_path / "state" / "ledger.sqlite3"
    with closing(SqlLedger(str(path))) as ledger, ledger.exclusive("local"):
        kept = {each.name: each.stat().st_mode & 0o777 for each in path.parent.iterdir()}
        assert path.parent.stat().st_mode & 0o777 == 0o700
    assert set(kept.values()) == {0o600}
    assert "ledger.sqlite3-wal" in kept


def scripts_with(folder: Path, migration: str) -> Path:
    scripts = folder / "migrations"
    shutil.copytree(SCRIPTS, scripts)
    (scripts / "versions" / "v0004_next.py").write_text(migration)
    return scripts


def migrate(path: Path, scripts: Path) -> None:
    engine = start_engine(location(str(path)))
    try:
        bring_up_to_date(engine, str(path), versions=(*VERSIONS, "0004"), scripts=scripts)
    finally:
        engine.dispose()


def columns_of(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [row[1] for row in connection.execute("PRAGMA table_info(ledger_runs)")]


def test_links_in_the_air_are_found_by_their_index(tmp_path: Path) -> None:
    """A sync with nothing new asks for them once for each user of an account."""
    asked: list[tuple[str, Any]] = []
    ledger = open_ledger(f"sqlite:///{tmp_path}/ledger.db")
    engine = create_engine(f"sqlite:///{tmp_path}/ledger.db")
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
    with closing(ledger), engine.connect() as connection:
        ledger.accounts()
        queries.unsettled(connection, "local")
        plans = [
            connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {what}", by).all() for what, by in tuple(asked)
        ]
    engine.dispose()
    settled, begun = map(str, plans)
    assert "ledger_links_unsettled" in settled
    assert "ledger_intents_key" in begun or "sqlite_autoindex_ledger_intents" in begun


def test_our_keys_of_records_are_found_by_their_index(tmp_path: Path) -> None:
    """It holds no place for links without a record, so a query must not look like one that asks for them."""
    asked: list[tuple[str, Any]] = []
    ledger = open_ledger(f"sqlite:///{tmp_path}/ledger.db")
    engine = create_engine(f"sqlite:///{tmp_path}/ledger.db")
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
    with closing(ledger), engine.connect() as connection:
        ledger.accounts()
        queries.keys_of(connection, "local", [(Kind.DEAL, RemoteId("1")), (Kind.DEAL, RemoteId("2"))])
        statement, values = asked[0]
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    engine.dispose()
    assert "ledger_links_by_remote_id" in str(plan)
