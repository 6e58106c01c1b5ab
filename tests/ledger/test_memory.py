"""The ledger in memory keeps the contract."""

from __future__ import annotations

from crm_sync.errors import LedgerBusy
from crm_sync.ledger import MemoryLedger
from crm_sync.ports import Ledger
from crm_sync.testing.ledger_contract import LedgerContract


class TestMemoryLedger(LedgerContract):
    _book: MemoryLedger | None = None

    def make_ledger(self, *, lease_seconds: float = 120.0) -> Ledger:
        if self._book is None:
            self._book = MemoryLedger(lease_seconds=lease_seconds)
        return self._book


def test_the_clock_can_be_a_tests_own() -> None:
    now = 0.0
    ledger = MemoryLedger(lease_seconds=10, clock=lambda: now)
    with ledger.exclusive("a") as old:
        now = 9.0
        try:
            with ledger.exclusive("a"):
                raise AssertionError("taken from a holder that is not silent yet")
        except LedgerBusy:
            now = 11.0
        with ledger.exclusive("a") as new:
            assert new.epoch == old.epoch + 1
