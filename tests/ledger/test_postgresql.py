"""The ledger in PostgreSQL keeps the contract, where a server answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm_sync.ledger import SqlLedger
from crm_sync.ports import Ledger
from crm_sync.testing.ledger_contract import LedgerContract


class TestPostgresqlLedger(LedgerContract):
    @pytest.fixture(autouse=True)
    def _in_a_schema(self, emptied_postgres_url: str) -> Iterator[None]:
        self.url = emptied_postgres_url
        self.doors: list[SqlLedger] = []
        yield
        for door in self.doors:
            door.close()

    def make_ledger(self, *, lease_seconds: float = 120.0) -> Ledger:
        self.doors.append(SqlLedger(self.url, lease_seconds=lease_seconds))
        return self.doors[-1]
