"""What a run needs, and how it is meant."""

from __future__ import annotations

import shlex
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2s

from crm_sync import __version__
from crm_sync.app.brake import Brake
from crm_sync.app.desk import Desk
from crm_sync.app.plugins import fingerprint
from crm_sync.config.settings import Settings
from crm_sync.ports import CRM, Account, Ledger, Run

Words = Callable[[Desk], None]
"""A person's words given on our side (a call that was made, a snooze), laid on the desk."""


@dataclass(frozen=True, slots=True)
class House:
    """What a run needs: the book, the CRM, and the settings of the user.

    When ``stop`` is set, every wait of the CRM ends at once with CrmUnavailable, and no batch is begun.
    """

    ledger: Ledger
    crm: CRM
    account: Account
    settings: Settings
    stop: Brake = field(default_factory=Brake)


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a run is meant: only to plan, to apply exactly a reviewed plan, to allow losses, to try again.

    ``full`` looks every record of ours up in the CRM (see ``census``).
    """

    plan_only: bool = False
    expect: str | None = None
    allow_loss: bool = False
    retry_failed: bool = False
    wait: float = 0.0
    full: bool = False

    @property
    def thorough(self) -> bool:
        """Tell whether the run must think although nothing is new: to name a plan, or to try again."""
        return self.plan_only or self.retry_failed or self.expect is not None


AS_USUAL = Wishes()


def new_run(house: House, command: str) -> Run:
    """Return a run that begins now, under an id of its own."""
    user, config = house.settings.user, config_digest(house.settings)
    ident, account = uuid.uuid4().hex[:12], house.account.name
    return Run(ident, account, user, command, clock(), None, __version__, config=config)


def config_digest(settings: Settings) -> str:
    """Return a digest of the settings by which a run decides: another one means another configuration."""
    told = f"{understanding(settings)}|{settings.owner}|{settings.database}"
    return blake2s(told.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def clock() -> datetime:
    """Return the machine's time: the book of runs is not rehearsed."""
    return datetime.now(UTC)


def understanding(settings: Settings) -> str:
    """Return what names the way a source is read and decided: a change of it means a fresh look."""
    return "|".join(
        map(
            str,
            (
                __version__,
                settings.locale,
                settings.time_zone,
                settings.country,
                settings.subdivision,
                settings.calls_per_day,
                settings.policy,
                sorted(settings.days_off),
                settings.employer,
                settings.sources,
                fingerprint(),
                f"{_TYPED}{typed(settings)}",
            ),
        )
    )


_TYPED = "typed:"


def typed(settings: Settings) -> str:
    """Return how a source is read by the options of this command, as one types them; "" without any."""
    source = settings.reading
    if source is None:
        return ""
    order = {None: [], True: ["--day-first"], False: ["--month-first"]}[source.day_first]
    sheet = ["--sheet", source.sheet] if source.sheet else []
    columns = [word for pair in source.columns for word in ("--column", "=".join(pair))]
    return shlex.join([*sheet, *order, *columns])


def typed_before(understood: str) -> str:
    """Return by which options a source was read that was understood like this."""
    return understood.rpartition(f"|{_TYPED}")[2] if f"|{_TYPED}" in understood else ""
