"""What a batch is about to make as one row, and two indexes that hold less."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the table and make the indexes anew; every word that stands is kept."""
    op.create_table(
        "ledger_intents",
        _words("account"),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("account", "number", name="ledger_intents_key"),
    )
    _keep_no_place_for_missing_ids()
    if op.get_context().dialect.name == "sqlite":
        _keep_evidence_once()


def _keep_no_place_for_missing_ids() -> None:
    somewhere = sa.text("remote_id IS NOT NULL")
    op.drop_index("ledger_links_by_remote_id", "ledger_links")
    op.create_index(
        "ledger_links_by_remote_id",
        "ledger_links",
        ["account", "kind", "remote_id"],
        sqlite_where=somewhere,
        postgresql_where=somewhere,
    )


def _keep_evidence_once() -> None:
    """Let the table be its own index, as only SQLite can."""
    names = ("account", "owner", "evidence", "id")
    op.create_table(
        "ledger_evidence_anew",
        *(_words(name) for name in names),
        sa.PrimaryKeyConstraint(*names[:3], name="ledger_evidence_key"),
        sqlite_with_rowid=False,
    )
    listed = ", ".join(names)
    op.execute(
        f"INSERT INTO ledger_evidence_anew ({listed}) "  # noqa: S608 - our own names
        f"SELECT {listed} FROM ledger_evidence ORDER BY account, owner, evidence"
    )
    op.drop_table("ledger_evidence")
    op.rename_table("ledger_evidence_anew", "ledger_evidence")


def _words(name: str) -> sa.Column[str]:
    plain = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    return sa.Column(name, plain, nullable=False)
