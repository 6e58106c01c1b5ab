"""What a configuration says about one user, as plain values; None is what it does not say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from crm_sync.cadence.policy import Policy

UNLIMITED = "unlimited"
DATABASE_VARIABLE = "CRM_SYNC_DATABASE_URL"


@dataclass(frozen=True, slots=True)
class Source:
    """One source of a user: an absolute path, pattern or folder, or a link, and how it is to be read.

    ``columns`` are pairs of field and header; ``at`` tells where in the configuration it stands.
    """

    text: str
    connector: str | None = None
    employer: str | None = None
    sheet: str | None = None
    day_first: bool | None = None
    columns: tuple[tuple[str, str], ...] = ()
    at: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Told:
    """What the configuration says about one user, the defaults filled in.

    ``calls_per_day`` may be "unlimited". ``cadences`` are all that there are by name, None where there is no
    configuration. ``origins`` tells by setting where it stands.
    """

    user: str | None = None
    owner: str | None = None
    time_zone: str | None = None
    country: str | None = None
    subdivision: str | None = None
    locale: str | None = None
    days_off: frozenset[date] | None = None
    calls_per_day: int | str | None = None
    policy: Policy | None = None
    policy_name: str | None = None
    crm: str | None = None
    sources: tuple[Source, ...] = ()
    home: Path | None = None
    database: str | None = None
    connectors: Path | None = None
    private_addresses: bool | None = None
    google_key: Path | None = None
    cadences: Mapping[str, Policy] | None = None
    origins: Mapping[str, str] = field(default_factory=dict)


NOTHING = Told()
