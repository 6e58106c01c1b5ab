"""The whole configuration file."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, field_validator

from crm_sync.cadence.policy import POLICIES
from crm_sync.config.connections import HUBSPOT, LOCAL, checked_address
from crm_sync.config.file.cadences import CadenceEntry
from crm_sync.config.file.entries import Entry, SecretEntry, SecretReference, form_of, read_by, wrong
from crm_sync.config.file.notices import NotifyEntry
from crm_sync.config.file.users import DefaultsEntry, UserEntry
from crm_sync.config.problems import shown
from crm_sync.errors import ConfigError


def _portal(value: Any) -> str:
    text = str(value)
    if type(value) not in (int, str) or not text.isdecimal():
        raise ValueError(f"{shown(value)} is no portal id")
    return text


def _address(value: Any) -> str:
    try:
        return checked_address(str(value), "base_url")
    except ConfigError as error:
        raise ValueError(f"{shown(value)} is no https address without a password") from error


_NAME = re.compile(r"\w([\w.@+ -]{0,62}[\w.@+-])?")
_PATTERNS = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
Portal = Annotated[str, *read_by(_portal, {"type": ["integer", "string"]})]
Address = Annotated[str, *read_by(_address, {"type": "string"})]


class LocalEntry(Entry):
    """The embedded CRM."""

    kind: Literal["local"] = Field(description="`local`, the embedded CRM.", examples=[LOCAL])


class HubspotEntry(Entry):
    """A HubSpot account."""

    kind: Literal["hubspot"] = Field(description="`hubspot`.", examples=[HUBSPOT])
    token: SecretReference = Field(
        description="Where the access token is kept; never the token itself.",
        examples=[{"env": "HUBSPOT_ACCESS_TOKEN"}],
    )
    portal: Portal | None = Field(
        None, description="Id of the account; a token of another one is refused.", examples=[12345678]
    )
    pipeline: str | None = Field(
        None, description="Deal pipeline by label or id; else the default one.", examples=["Job applications"]
    )
    api_version: str = Field(
        "v3",
        pattern=r"^(v3|20\d\d-\d\d)$",
        description="`v3`, or a dated version such as `2026-09`.",
        examples=["v3"],
    )
    tier: Literal["free", "starter", "professional", "enterprise"] = Field(
        "free", description="What the account allows per ten seconds and per day.", examples=["professional"]
    )
    base_url: Address | None = Field(
        None, description="Another address of the API.", examples=["https://api.hubapi.com"]
    )


def _kind(value: Any) -> str | None:
    told = value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)
    return told if isinstance(told, str) else None


CrmEntry = Annotated[
    Annotated[LocalEntry, Tag(LOCAL)] | Annotated[HubspotEntry, Tag(HUBSPOT)],
    Discriminator(_kind),
]


def _patterns(value: Any) -> list[str]:
    patterns = value if isinstance(value, list) else [value]
    if not all(isinstance(pattern, str) and pattern for pattern in patterns):
        raise ValueError("include names files")
    return patterns


def _database(value: Any) -> Any:
    if isinstance(value, str) and "@" in value.rpartition("://")[2]:
        raise wrong(
            "a database's address with a password never stands in this file",
            "Write {env: NAME} or {file: PATH}.",
        )
    return value


OpenDatabase = Annotated[
    Annotated[str, Field(pattern="^(sqlite|postgresql)"), Tag("short")] | Annotated[SecretEntry, Tag("long")],
    Discriminator(form_of),
    BeforeValidator(_database),
]


class StateEntry(Entry):
    """Where crm-sync keeps its own books."""

    home: str | None = Field(
        None,
        min_length=1,
        description="The folder in which state lives; else the platform's user data folder.",
        examples=["~/.local/share/crm-sync"],
    )
    database: OpenDatabase | None = Field(
        None,
        description="Where the ledger is kept; else a SQLite file in the home.",
        examples=[{"env": "LEDGER_DATABASE"}],
    )


class LinksEntry(Entry):
    """What a source that is a link may do."""

    private_addresses: bool | None = Field(
        None, description="Allow links into your own network.", examples=[True]
    )
    google_key: str | None = Field(
        None,
        min_length=1,
        description="File of a Google service account, for private sheets.",
        examples=["~/.config/crm-sync/google.json"],
    )


class ConfigFile(Entry):
    """The configuration of crm-sync: who applies where, how calls are planned, and which CRM holds them."""

    include: Annotated[list[str], *read_by(_patterns, _PATTERNS)] | None = Field(
        None,
        description="More files, relative to this one; they may hold `users`, `crms` and `cadences`.",
        examples=["users.d/*.yaml"],
    )
    state: StateEntry | None = Field(None, description="Where crm-sync keeps its own books.")
    crms: dict[str, CrmEntry] = Field(
        default_factory=dict,
        description="Connections to CRMs, by a name of your choice.",
        examples=[{"agency": {"kind": "hubspot", "token": {"env": "HUBSPOT_ACCESS_TOKEN"}}}],
    )
    cadences: dict[str, CadenceEntry] = Field(
        default_factory=dict,
        description="Your own cadences, beside `steady`, `gentle` and `once`.",
        examples=[{"patient": {"like": "gentle", "max_calls": 3}}],
    )
    defaults: DefaultsEntry | None = Field(
        None, description="What holds for every user who says nothing else."
    )
    users: dict[str, UserEntry] = Field(
        default_factory=dict,
        description="Whose applications are kept, by a name of your choice.",
        examples=[{"jane": {"sources": ["my-applications.xlsx"]}}],
    )
    connectors: str | None = Field(
        None,
        min_length=1,
        description="Folder of your own connector descriptions.",
        examples=["connectors.d"],
    )
    links: LinksEntry | None = Field(None, description="What a source that is a link may do.")
    notify: NotifyEntry | None = Field(None, description="Who is told when a run needs a person.")

    @field_validator("crms")
    @classmethod
    def _each_once(cls, crms: dict[str, CrmEntry]) -> dict[str, CrmEntry]:
        """Refuse two entries for one account."""
        seen: dict[str, str] = {}
        for name, entry in crms.items():
            account = entry.portal if isinstance(entry, HubspotEntry) else entry.kind
            if account is not None and seen.setdefault(account, name) != name:
                raise wrong(
                    f"{shown(seen[account])} and {shown(name)} are the same account",
                    "Keep one entry and let every user of the account name it.",
                )
        return crms

    @field_validator("cadences")
    @classmethod
    def _new(cls, cadences: dict[str, CadenceEntry]) -> dict[str, CadenceEntry]:
        for name in POLICIES.keys() & cadences.keys():
            raise wrong(f"{name} is there already", "Give your own cadence another name.")
        return cadences

    @field_validator("users", "cadences", "crms")
    @classmethod
    def _names(cls, entries: dict[str, Any]) -> dict[str, Any]:
        for name in entries:
            if not _NAME.fullmatch(name):
                raise wrong(
                    f"{shown(name)} is no name", "Use letters, digits, dots, dashes and spaces, 64 at most."
                )
        return entries
