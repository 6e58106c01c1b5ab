"""What can be chosen about a simulated portal before it opens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

TOKEN = "pat-eu1-00000000-simulated"
_OBJECTS = [
    f"crm.objects.{name}.{verb}" for name in ("contacts", "companies", "deals") for verb in ("read", "write")
]
_SCHEMAS = [
    f"crm.schemas.{name}.{verb}" for name in ("contacts", "companies", "deals") for verb in ("read", "write")
]
SYNC_SCOPES = frozenset([*_OBJECTS, "crm.objects.owners.read"])
ALL_SCOPES = SYNC_SCOPES | frozenset(_SCHEMAS)
TIERS = {
    "free": (100, 250_000, 10, 1),
    "starter": (100, 250_000, 1000, 2),
    "professional": (190, 625_000, 1000, 15),
    "enterprise": (190, 1_000_000, 1000, 100),
}


def utc_now() -> datetime:
    """Return the time of this machine."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Limits:
    """How many requests are let through; *enforced* off counts them and lets all through.

    *associations* is the burst limit of association calls where they are counted apart, else None.
    """

    enforced: bool = False
    burst: int = 100
    window: float = 10.0
    search_per_second: int = 5
    daily: int = 250_000
    associations: int | None = None


@dataclass(frozen=True, slots=True)
class Owner:
    """A user of the portal who can own records; *id* owns them, *user_id* does not."""

    id: str
    email: str
    user_id: int
    first_name: str = ""
    last_name: str = ""
    archived: bool = False


OWNERS = (
    Owner("51000001", "ada@quince.example", 7001, "Ada", "Quince"),
    Owner("51000002", "ben@quince.example", 7002, "Ben", "Medlar"),
    Owner("51000003", "gone@quince.example", 7003, "Gwen", "Sloe", archived=True),
)


@dataclass(slots=True)
class Options:
    """A portal as it is opened; can be changed while it is open, but for ``limits`` and ``seed``.

    Where HubSpot's answer is unknown, either can be chosen.

    - ``clock``: returns an aware time; the index lag, the rate windows and every date follow it.
    - ``index_lag``: seconds until search knows of a write.
    - ``required``: properties that an administrator demands, per type of object.
    - ``merged_ids``: two merged records become ``new`` (a third id, as HubSpot does now) or ``winner``.
    - ``merged_read``: batch read of a merged id gives the ``winner`` or is ``absent``.
    - ``email_clash``: 409 ``conflict``, or the 400 that tells of ``coordinates``.
    - ``traced_creates``: batch create echoes the trace ids.
    - ``partial_email_upserts``: off, one bad contact refuses the whole upsert by e-mail.
    - ``no_pipeline`` and ``no_property``: the status where the tier allows no more of them.
    - ``tells_limits``: the account tells how many pipelines and records it may hold.
    - ``auto_companies``: a contact's e-mail domain makes a company.
    - ``auto_close_date``: closing a deal sets its close date.
    - ``due_as_completion``: an open task tells its due date as completion date, as some portals do.
    - ``seed``: the order in which results come back.
    """

    token: str = TOKEN
    scopes: frozenset[str] = ALL_SCOPES
    tier: str = "free"
    portal: int = 4_242_424
    account_type: str = "STANDARD"
    time_zone: str = "Europe/Berlin"
    currency: str = "EUR"
    owners: tuple[Owner, ...] = OWNERS
    clock: Callable[[], datetime] = utc_now
    index_lag: float = 0.0
    limits: Limits | None = None
    latency: float = 0.0
    required: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    merged_ids: str = "new"
    merged_read: str = "winner"
    email_clash: str = "conflict"
    traced_creates: bool = False
    partial_email_upserts: bool = True
    no_pipeline: int = 403
    no_property: int = 400
    tells_limits: bool = True
    auto_companies: bool = False
    auto_close_date: bool = True
    due_as_completion: bool = False
    seed: int = 1
    control: bool = False

    def properties_allowed(self) -> int:
        """Return how many custom properties the tier allows in all."""
        return TIERS[self.tier][2]

    def pipelines_allowed(self) -> int:
        """Return how many deal pipelines the tier allows."""
        return TIERS[self.tier][3]

    def limits_of_tier(self, *, enforced: bool) -> Limits:
        """Return the limits of requests of the tier."""
        return Limits(enforced=enforced, burst=TIERS[self.tier][0], daily=TIERS[self.tier][1])
