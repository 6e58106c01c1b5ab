"""A book of every released version is migrated by itself, and a copy is made first."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, MetaData, Table, create_engine

from crm_sync.domain.items import Item, RemoteId
from crm_sync.domain.keys import Key, Kind
from crm_sync.domain.links import Link
from crm_sync.domain.values import replace
from crm_sync.ledger import SqlLedger
from crm_sync.ledger.engine import location
from crm_sync.ledger.schema import VERSIONS
from crm_sync.ledger.upgrade import bring_up_to_date
from crm_sync.ports import Ledger, StandingConflict
from crm_sync.testing import ledger_samples as sample
from tests.ledger import children
from tests.ledger.test_processes import said_by

RELEASED = sorted((Path(__file__).parent / "released").glob("*.sql"))
ACCOUNT = "local"


def test_there_is_a_book_of_every_version_that_was_released() -> None:
    assert [path.stem for path in RELEASED] == list(VERSIONS[:-1])


@pytest.mark.parametrize("released", RELEASED, ids=lambda path: path.stem)
def test_a_book_of_a_released_version_is_migrated_and_says_what_it_said(
    released: Path, tmp_path: Path
) -> None:
    path = written(released, tmp_path)
    with closing(SqlLedger(str(path))) as ledger:
        assert_holds_the_sample(ledger)
        assert ledger.journal(ACCOUNT) == ()
    assert version_of(path) == VERSIONS[-1]
    assert version_of(path.with_name(f"ledger.db.before-{VERSIONS[-1]}")) == released.stem


@pytest.mark.parametrize("released", RELEASED, ids=lambda path: path.stem)
def test_a_released_book_in_postgresql_is_migrated_too(
    released: Path, tmp_path: Path, postgres_url: str
) -> None:
    path = written(released, tmp_path)
    with disposed(create_engine(location(postgres_url))) as engine:
        bring_up_to_date(engine, "here", versions=VERSIONS[: VERSIONS.index(released.stem) + 1])
        with closing(sqlite3.connect(path)) as book, engine.begin() as connection:
            copy_rows(book, connection)
    with closing(SqlLedger(postgres_url)) as ledger:
        assert_holds_the_sample(ledger)


def test_what_an_older_program_had_begun_stands_as_it_did(tmp_path: Path) -> None:
    """Version 0002 kept a link's row for each item from the moment it was begun."""
    made = Item(
        Key(Kind.DEAL, "ada", "k-one"),
        {"name": "Engineer at Acme", "stage": "applied", "salary": None},
        (Key(Kind.COMPANY, "", "acme"),),
    )
    waiting = Item(Key(Kind.TASK, "ada", "k-one:1:1"), {"open": True}, (made.key,))
    with closing(SqlLedger(str(written(RELEASED[1], tmp_path)))) as ledger:
        in_the_air = {waiting.key: Link(waiting.key).intending(waiting.fields)}
        arrived = Link(made.key).intending(made.fields).made(RemoteId("501"), made.parents)
        assert ledger.links("hubspot:1") == {made.key: arrived, **in_the_air}
        assert ledger.unsettled("hubspot:1") == in_the_air
        assert len(ledger.journal("hubspot:1")) == 1


def test_one_process_migrates_while_the_others_wait(tmp_path: Path) -> None:
    path = written(RELEASED[0], tmp_path)
    instant = str(time.time() + 1.5)
    assert said_by([children.start("open_at", str(path), instant) for _ in range(4)]) == ["opened"] * 4
    with closing(SqlLedger(str(path))) as ledger:
        assert len(ledger.links(ACCOUNT)) == 2 + 4
    assert version_of(path.with_name(f"ledger.db.before-{VERSIONS[-1]}")) == RELEASED[0].stem


def assert_holds_the_sample(ledger: Ledger) -> None:
    full = sample.full_dossier("k-one")  # with what came after the first release as it was then
    then = replace(full, merged_into="", course=replace(full.course, undone=False))
    dossiers = {"k-one": then, "k-two": sample.plain_dossier("k-two", "bob")}
    assert ledger.dossiers(ACCOUNT) == dossiers
    assert list(ledger.links(ACCOUNT).values()) == [sample.full_link("k-one"), sample.full_link("k-two")]
    assert ledger.touches(ACCOUNT) == {"k-one": (sample.touch("t-1", "k-one"),)}
    assert ledger.evidence(ACCOUNT, "ada")[sample.ODD_TEXTS[2]] == "k-odd"
    assert ledger.sources(ACCOUNT) == (sample.source(),)
    assert ledger.conflicts(ACCOUNT) == (StandingConflict(sample.conflict("k-one"), sample.NOON),)
    assert ledger.cursor(ACCOUNT) == "c-7"
    assert ledger.runs(ACCOUNT) == (replace(sample.run("r-1"), config=""),)


def written(released: Path, folder: Path) -> Path:
    """Write the released book as a file and return its path."""
    path = folder / "ledger.db"
    with closing(sqlite3.connect(path)) as book:
        book.executescript(released.read_text(encoding="utf-8"))
    return path


def version_of(path: Path) -> Any:
    with closing(sqlite3.connect(path)) as book:
        return book.execute("SELECT version_num FROM ledger_version").fetchone()[0]


def copy_rows(book: sqlite3.Connection, connection: Connection) -> None:
    """Copy what the tables of a SQLite book hold into the same tables of a server."""
    metadata = MetaData()
    metadata.reflect(connection)
    for table in metadata.sorted_tables:
        if table.name != "ledger_version":
            rows = [fit(table, row) for row in dicts(book, table.name)]
            if rows:
                connection.execute(table.insert(), rows)


def dicts(book: sqlite3.Connection, table: str) -> Iterator[dict[str, Any]]:
    found = book.execute(f"SELECT * FROM {table}")
    names = [column[0] for column in found.description]
    yield from (dict(zip(names, row, strict=True)) for row in found)


def fit(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """Return the row with truth values where the server wants them."""
    return {
        name: bool(value) if table.c[name].type.python_type is bool else value for name, value in row.items()
    }


@contextmanager
def disposed(engine: Engine) -> Iterator[Engine]:
    try:
        yield engine
    finally:
        engine.dispose()
