"""The spreadsheet connector keeps every promise of a connector."""

from __future__ import annotations

from pathlib import Path

from connectors.spreadsheet import CONNECTOR
from crm_sync.ports import ConnectorKind
from crm_sync.testing.connector_contract import ConnectorContract

HEADER = "Company,Job Title,Status,Date Applied,Notes\n"
ROWS = "Acme,Data Engineer,Applied,2027-01-29, at a fair \nBolt,Analyst,Rejected,2027-01-20,\n,,,,left over\n"


class TestSpreadsheet(ConnectorContract):
    def kind(self) -> ConnectorKind:
        return CONNECTOR

    def sample(self, folder: Path) -> Path:
        path = folder / "tracker.csv"
        path.write_text(HEADER + ROWS, encoding="utf-8")
        return path

    def changed(self, folder: Path) -> Path:
        path = folder / "tracker.csv"
        path.write_text(HEADER + ROWS + "Cedar,Tester,Applied,2027-01-30,\n", encoding="utf-8")
        return path
