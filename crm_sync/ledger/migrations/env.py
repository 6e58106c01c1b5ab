"""What Alembic runs: the migrations, on the connection and in the transaction it was handed."""

from __future__ import annotations

from alembic import context

from crm_sync.ledger.schema import VERSION_TABLE

context.configure(connection=context.config.attributes["connection"], version_table=VERSION_TABLE)
context.run_migrations()
