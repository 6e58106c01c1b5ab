"""The doors of the house: what may be plugged in, with the contract on each method."""

from __future__ import annotations

from crm_sync.ports.connectors import (
    Connector,
    ConnectorKind,
    DescribedKind,
    OpenBundle,
    Recognition,
    SharingKind,
)
from crm_sync.ports.crms import (
    CRM,
    Account,
    Browsable,
    Changes,
    Cursor,
    Done,
    Outcome,
    Recounting,
    Refused,
    Reticent,
    Setup,
    SetupStep,
    Survey,
    Unknown,
)
from crm_sync.ports.ledgers import Entry, Lease, Ledger, Run, SourceState, Standing, StandingConflict

__all__ = [
    "CRM",
    "Account",
    "Browsable",
    "Changes",
    "Connector",
    "ConnectorKind",
    "Cursor",
    "DescribedKind",
    "Done",
    "Entry",
    "Lease",
    "Ledger",
    "OpenBundle",
    "Outcome",
    "Recognition",
    "Recounting",
    "Refused",
    "Reticent",
    "Run",
    "Setup",
    "SetupStep",
    "SharingKind",
    "SourceState",
    "Standing",
    "StandingConflict",
    "Survey",
    "Unknown",
]
