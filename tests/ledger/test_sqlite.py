"""The ledger in a SQLite file keeps the contract."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_sync.ledger import SqlLedger
from crm_sync.ports import Ledger
from crm_sync.testing.ledger_contract import LedgerContract


class TestSqliteLedger(LedgerContract):
    @pytest.fixture(autouse=True)
    def _in_a_file(self, tmp_path: Path) -> Iterator[None]:
        self.path = tmp_path / "ledger.sqlite3"
        self.doors: list[SqlLedger] = []
        yield
        for door in self.doors:
            door.close()

    def make_ledger(self, *, lease_seconds: float = 120.0) -> Ledger:
        self.doors.append(SqlLedger(str(self.path), lease_seconds=lease_seconds))
        return self.doors[-1]
