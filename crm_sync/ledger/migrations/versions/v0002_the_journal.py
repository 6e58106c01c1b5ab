"""The journal, what is left of the forgotten, and the last run of each user found at once."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the tables; nothing that stands is changed."""
    _table(
        "ledger_journal",
        _words("account"),
        _words("run"),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        key=["account", "run", "number"],
    )
    _table(
        "ledger_forgotten", _words("account"), _words("digest"), _words("whose"), key=["account", "digest"]
    )
    _table("ledger_secrets", _words("name"), _words("value"), key=["name"])
    op.create_index("ledger_runs_by_user", "ledger_runs", ["account", "user_name", "started_at"])


def _table(name: str, *columns: sa.Column[Any], key: list[str]) -> None:
    primary = sa.PrimaryKeyConstraint(*key, name=f"{name}_key")
    op.create_table(name, *columns, primary)


def _words(name: str) -> sa.Column[str]:
    plain = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    return sa.Column(name, plain, nullable=False)
