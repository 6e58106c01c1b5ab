"""Where a CRM is and how to get in: plain values, from the environment or from the configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from crm_sync.config.secrets import Secret
from crm_sync.errors import ConfigError

LOCAL, HUBSPOT = "local", "hubspot"
KINDS = (LOCAL, HUBSPOT)
TIERS = ("free", "starter", "professional", "enterprise")
TOKEN_VARIABLE = "HUBSPOT_ACCESS_TOKEN"  # noqa: S105 - the variable's name, not a token
ADDRESS_VARIABLE = "HUBSPOT_BASE_URL"
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Connection:
    """One CRM account.

    ``name`` is the entry below ``crms:`` (the kind, without configuration). ``portal`` is the id the token
    must belong to, None where any will do; ``pipeline`` the label or id of the pipeline, None for the
    default. ``api_version`` is "v3" or a dated path such as "2026-09"; ``tier`` names the limits;
    ``base_url`` another address of the API, without a slash at its end.
    """

    kind: str = LOCAL
    name: str = LOCAL
    token: Secret | None = None
    portal: str | None = None
    pipeline: str | None = None
    api_version: str = "v3"
    tier: str = "free"
    base_url: str | None = None

    def needed_token(self) -> Secret:
        """Return the token; raise ConfigError where there is none, saying where it belongs."""
        if self.token is None:
            raise ConfigError(
                f'the CRM "{self.name}" has no token',
                f"Put it into the environment variable {TOKEN_VARIABLE}, or write below crms: "
                f"token: {{env: {TOKEN_VARIABLE}}}.",
                path=TOKEN_VARIABLE,
            )
        return self.token


LOCAL_CONNECTION = Connection()
"""The embedded CRM, which needs nothing."""


def hubspot_from_environment(environ: Mapping[str, str]) -> Connection:
    """Return the HubSpot account that the environment tells: HUBSPOT_ACCESS_TOKEN, HUBSPOT_BASE_URL.

    The token is None where none is set (see ``Connection.needed_token``). Raises ConfigError for an address
    that is none.
    """
    token = environ.get(TOKEN_VARIABLE, "").strip()
    address = environ.get(ADDRESS_VARIABLE, "").strip()
    return Connection(
        kind=HUBSPOT,
        name=HUBSPOT,
        token=Secret(token, TOKEN_VARIABLE) if token else None,
        base_url=checked_address(address, ADDRESS_VARIABLE) if address else None,
    )


def checked_address(address: str, where: str) -> str:
    """Return an API's address without a slash at its end.

    Raises ConfigError naming *where* it stands, for what is no https address (http only on this machine,
    since a token must not travel in the clear) and for one that holds a password.
    """
    try:
        parts = urlsplit(address)
        host, password = parts.hostname, parts.password
    except ValueError:
        host, password, parts = None, None, urlsplit("")
    if password is not None:
        raise ConfigError(f"{where} holds a password", "Leave it out of the address.", path=where)
    if host and (parts.scheme == "https" or (parts.scheme == "http" and host in _HERE)):
        return address.rstrip("/")
    raise ConfigError(
        f'{where}: "{address}" is no address that a token may be sent to',
        "Write https://api.hubapi.com; http is for this machine only.",
        path=where,
    )
