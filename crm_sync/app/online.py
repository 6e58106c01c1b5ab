"""Ask a CRM, before any run does, whether it would let us work: who it is, its clock, its setup."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crm_sync.app.wiring import open_crm, state_url
from crm_sync.config.connections import Connection
from crm_sync.config.settings import Settings
from crm_sync.errors import ConfigError, NotAllowed

_SKEW = timedelta(minutes=2)


def account_told(settings: Settings, connection: Connection) -> str:
    """Return who answers; raise NotAllowed, NotSetUp, CrmUnavailable, or ConfigError for clocks apart."""
    with open_crm(settings, connection) as crm:
        account = crm.check()
        now = datetime.now(UTC)
    if account.at is not None and abs(account.at - now) > _SKEW:
        minutes = round(abs(account.at - now).total_seconds() / 60)
        side = "behind" if now < account.at else "ahead of"
        raise ConfigError(
            f"the clock of this machine is {minutes} minutes {side} that of {account.name}",
            "Set it by the network (NTP): calls would be logged and planned at wrong times.",
        )
    zone = f", time zone {account.time_zone}" if account.time_zone else ""
    return f"answers as {account.name}{zone}"


def setup_told(settings: Settings, connection: Connection) -> str:
    """Return how a HubSpot account is set up; nothing is written.

    Raises NotAllowed for what is missing, with all of it: scopes, properties, the pipeline.
    """
    from crm_sync.app.portals import setup_of

    with setup_of(connection, state_url(settings)) as setup:
        survey = setup.survey()
    missing = [step for step in survey.steps if not step.stands]
    if missing:
        told = "; ".join(f"{step.name}: {step.told}" for step in missing)
        raise NotAllowed(told, missing[0].by_hand or f"Run: crm-sync setup --crm {connection.name}")
    return f"{len(survey.stages)} stages have a place, {len(survey.outcomes)} call outcomes are known"
