"""Who a token belongs to; asked before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm_sync.crms.hubspot.api import Api
from crm_sync.errors import NotAllowed
from crm_sync.ports import Account


def checked_account(api: Api, expected: str | None) -> Mapping[str, Any]:
    """Return HubSpot's details of the account; raise NotAllowed where it is not the portal *expected*."""
    told = api.account()
    found = str(told.get("portalId"))
    if expected and found != expected:
        raise NotAllowed(
            f"the access token belongs to portal {found}, not to {expected}",
            "Give the token of the right portal, or correct `portal` in crm-sync.yaml.",
        )
    return told


def account_of(told: Mapping[str, Any]) -> Account:
    """Return the account that HubSpot's details tell."""
    return Account(f"hubspot-{told.get('portalId')}", "hubspot", told.get("timeZone"), told.get("at"))
