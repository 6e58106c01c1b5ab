"""HubSpot through its official SDK: batches, within its limits, read back."""

from __future__ import annotations

from crm_sync.crms.hubspot.account import account_of, checked_account
from crm_sync.crms.hubspot.api import Api
from crm_sync.crms.hubspot.crm import HubSpotCrm
from crm_sync.crms.hubspot.portal import Portal
from crm_sync.crms.hubspot.setup import PortalSetup
from crm_sync.crms.hubspot.wire import Pace, Wire

__all__ = ["Api", "HubSpotCrm", "Pace", "Portal", "PortalSetup", "Wire", "account_of", "checked_account"]
