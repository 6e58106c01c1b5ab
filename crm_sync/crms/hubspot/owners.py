"""HubSpot's owners: an id for an e-mail address, and back; each asked for once in a run."""

from __future__ import annotations

from crm_sync.crms.hubspot.api import Api
from crm_sync.crms.hubspot.refusals import Rejection


class Owners:
    """Knows owners by address and by id (never by HubSpot's user id)."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._ids: dict[str, str | None] = {}
        self._addresses: dict[str, str | None] = {}

    def ident(self, address: str) -> str | None:
        """Return the id of the owner with this address; None leaves the record unassigned."""
        wanted = address.strip().lower()
        if wanted not in self._ids:
            owner = self._api.owner_of(wanted) if "@" in wanted else None
            self._ids[wanted] = str(owner["id"]) if owner else None
            if owner:
                self._addresses[str(owner["id"])] = wanted
        return self._ids[wanted]

    def address(self, ident: str) -> str | None:
        """Return the owner's address, or the id where the account does not tell one."""
        if ident not in self._addresses:
            try:
                owner = self._api.owner(ident)
            except Rejection:
                owner = None
            told = str(owner.get("email") or "").lower() if owner else ""
            self._addresses[ident] = told or ident
        return self._addresses[ident]
