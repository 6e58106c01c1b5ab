"""Where the books of these tests are."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy.engine import make_url

from crm_sync.ledger.schema import METADATA

LOOPBACK = "postgresql+psycopg://postgres@127.0.0.1:5432/test"


@contextmanager
def fresh_schema() -> Iterator[str]:
    """Give the URL of an empty schema, dropped afterwards; skip where no server lets us in.

    CRM_SYNC_TEST_POSTGRES names another server.
    """
    server = make_url(os.environ.get("CRM_SYNC_TEST_POSTGRES", LOOPBACK)).set(drivername="postgresql+psycopg")
    engine = sqlalchemy.create_engine(server, connect_args={"connect_timeout": 3})
    schema = f"ledger_test_{uuid.uuid4().hex[:12]}"
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    except sqlalchemy.exc.OperationalError as error:
        pytest.skip(f"no PostgreSQL: {str(error.orig).splitlines()[0]}")
    url = server.set(drivername="postgresql").update_query_dict({"options": f"-csearch_path={schema}"})
    yield url.render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
    engine.dispose()


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """Give the URL of a book that does not exist yet."""
    with fresh_schema() as url:
        yield url


@pytest.fixture(scope="session")
def shared_schema() -> Iterator[str]:
    with fresh_schema() as url:
        yield url


@pytest.fixture
def emptied_postgres_url(shared_schema: str) -> Iterator[str]:
    """Give the URL of a book without a word in it: quicker than a new one."""
    yield shared_schema
    engine = sqlalchemy.create_engine(make_url(shared_schema).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        names = ", ".join(table.name for table in METADATA.sorted_tables)
        connection.exec_driver_sql(f"TRUNCATE {names}")
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def book_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of a book that does not exist yet, on each kind of database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    return str(request.getfixturevalue("postgres_url"))
