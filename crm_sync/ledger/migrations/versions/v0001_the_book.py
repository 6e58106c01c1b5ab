"""The book as it was first made.

Never changed once released: a later shape of the tables is a later migration, and its version is added to
``crm_sync.ledger.schema.VERSIONS``.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    _make_accounts()
    _make_links()
    _make_dossiers()
    _make_touches()
    _make_memory_of_sources()
    _make_conflicts()
    _make_runs()


def _make_accounts() -> None:
    _table("ledger_accounts", _words("account"), _words("cursor", nullable=True), key=["account"])
    _table(
        "ledger_leases",
        _words("account"),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        _words("holder"),
        _words("host"),
        sa.Column("pid", sa.Integer, nullable=False),
        _words("home"),
        _words("birth"),
        sa.Column("expires_at", sa.Double, nullable=False),
        key=["account"],
    )


def _make_links() -> None:
    _table(
        "ledger_links",
        _words("account"),
        _words("id"),
        _words("kind"),
        _words("owner"),
        _words("remote_id", nullable=True),
        sa.Column("retired", sa.Boolean, nullable=False),
        sa.Column("unsettled", sa.Boolean, nullable=False),
        _body(),
        key=["account", "id", "kind", "owner"],
    )
    op.create_index("ledger_links_by_remote_id", "ledger_links", ["account", "kind", "remote_id"])
    unsettled = sa.text("unsettled")
    op.create_index(
        "ledger_links_unsettled",
        "ledger_links",
        ["account"],
        sqlite_where=unsettled,
        postgresql_where=unsettled,
    )


def _make_dossiers() -> None:
    _table(
        "ledger_dossiers",
        _words("account"),
        _words("key"),
        _words("user_name"),
        _words("stage"),
        _words("decide_on", nullable=True),
        _words("origin"),
        _words("callee", nullable=True),
        _body(),
        key=["key", "account"],
    )
    op.create_index(
        "ledger_dossiers_by_user", "ledger_dossiers", ["account", "user_name", "stage", "decide_on"]
    )
    somebody = sa.text("callee IS NOT NULL")
    op.create_index(
        "ledger_dossiers_by_callee",
        "ledger_dossiers",
        ["account", "callee"],
        sqlite_where=somebody,
        postgresql_where=somebody,
    )


def _make_touches() -> None:
    _table(
        "ledger_touches",
        _words("account"),
        _words("id"),
        _words("application"),
        sa.Column("at", sa.BigInteger, nullable=False),
        _body(),
        key=["account", "id"],
    )
    op.create_index("ledger_touches_by_application", "ledger_touches", ["account", "application"])


def _make_memory_of_sources() -> None:
    _table(
        "ledger_evidence",
        _words("account"),
        _words("owner"),
        _words("evidence"),
        _words("id"),
        key=["account", "owner", "evidence"],
    )
    _table(
        "ledger_sources",
        _words("account"),
        _words("user_name"),
        _words("source"),
        _body(),
        key=["account", "user_name", "source"],
    )


def _make_conflicts() -> None:
    _table(
        "ledger_conflicts",
        _words("account"),
        _words("id"),
        _words("kind"),
        _words("owner"),
        _words("field"),
        sa.Column("since", sa.BigInteger, nullable=False),
        _body(),
        key=["account", "id", "kind", "owner", "field"],
    )


def _make_runs() -> None:
    _table(
        "ledger_runs",
        _words("account"),
        _words("id"),
        _words("user_name", nullable=True),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        _body(),
        key=["account", "id"],
    )
    op.create_index("ledger_runs_by_start", "ledger_runs", ["account", "started_at"])


def _table(name: str, *columns: sa.Column[Any], key: list[str]) -> None:
    primary = sa.PrimaryKeyConstraint(*key, name=f"{name}_key")
    op.create_table(name, *columns, primary)


def _words(name: str, *, nullable: bool = False) -> sa.Column[str]:
    plain = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    return sa.Column(name, plain, nullable=nullable)


def _body() -> sa.Column[str]:
    return sa.Column("body", sa.Text, nullable=False)
