"""The memory CRM keeps the contract."""

from __future__ import annotations

from crm_sync.crms.memory import MemoryCrm
from tests.crms.promises import House, HousePromises


class TestMemoryCrm(HousePromises):
    def make_crm(self) -> House:
        return MemoryCrm()
