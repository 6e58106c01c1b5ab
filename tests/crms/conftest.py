"""Where the databases of these tests are."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator

import pytest
import sqlalchemy
from sqlalchemy.engine import URL, make_url

LOOPBACK = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"


@pytest.fixture(scope="session")
def postgres_schema() -> Iterator[URL]:
    """Give the URL of a fresh schema, dropped after the session; skip where no server lets us in.

    CRM_SYNC_TEST_POSTGRES names another server.
    """
    server = make_url(os.environ.get("CRM_SYNC_TEST_POSTGRES", LOOPBACK))
    engine = sqlalchemy.create_engine(server, connect_args={"connect_timeout": 3})
    schema = f"crm_test_{uuid.uuid4().hex[:12]}"
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    except sqlalchemy.exc.OperationalError as error:
        pytest.skip(f"no PostgreSQL: {str(error.orig).splitlines()[0]}")
    yield server.update_query_dict({"options": f"-csearch_path={schema}"})
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
    engine.dispose()


@pytest.fixture
def postgres_url(postgres_schema: URL) -> str:
    """Give the URL of an empty local CRM on PostgreSQL."""
    engine = sqlalchemy.create_engine(postgres_schema)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "DROP TABLE IF EXISTS crm_records, crm_relations, crm_features, crm_counters"
        )
    engine.dispose()
    return postgres_schema.render_as_string(hide_password=False)
