"""HubSpot's portals as the settings name them: opened for a run, or to be set up."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_sync.config.connections import Connection
from crm_sync.errors import NotSetUp
from crm_sync.ports import Setup, Survey

if TYPE_CHECKING:
    from crm_sync.crms.hubspot import Api, HubSpotCrm
    from crm_sync.crms.hubspot.book import PortalBook


@contextmanager
def requests_of(connection: Connection, state: str, stop: threading.Event | None = None) -> Iterator[Api]:
    """Open the requests of a connection, paced by the limits kept at *state*; nothing is sent yet.

    When *stop* is set, waits end at once. Raises ConfigError where the connection has no token.
    """
    from crm_sync.crms.hubspot import Api, Wire
    from crm_sync.crms.patient import Patience
    from crm_sync.crms.throttle import Throttle, limits_for

    token = connection.needed_token().reveal()
    digest = hashlib.blake2b(token.encode(), digest_size=6).hexdigest()
    portal = f"hubspot-{connection.portal}" if connection.portal else None
    limits = limits_for(connection.tier)
    stop = stop or threading.Event()
    throttle = Throttle(state, f"hubspot-key-{digest}", limits, account=portal, stop=stop)
    try:
        version = None if connection.api_version == "v3" else connection.api_version
        yield Api(Wire(token, connection.base_url, version, Patience(stop=stop), throttle, stop=stop))
    finally:
        throttle.close()


@contextmanager
def open_portal(
    connection: Connection, state: str, stop: threading.Event | None = None
) -> Iterator[HubSpotCrm]:
    """Open a portal that is set up; raise NotSetUp for one that is not, NotAllowed for the wrong one."""
    from crm_sync.crms.hubspot import HubSpotCrm, account_of, checked_account
    from crm_sync.crms.hubspot.book import PortalBook

    book = PortalBook(state)
    try:
        with requests_of(connection, state, stop) as api:
            account = checked_account(api, connection.portal)
            ident = str(account.get("portalId"))
            portal = book.portal(ident)
            wanted = connection.pipeline
            if portal is None or (wanted and wanted not in {portal.pipeline, portal.pipeline_label}):
                raise NotSetUp(
                    f"the HubSpot portal {ident} is not set up for crm-sync",
                    f"Run once: crm-sync setup --crm {connection.name}",
                )
            yield HubSpotCrm(api, portal, account_of(account))
    finally:
        book.close()


@dataclass(frozen=True, slots=True)
class KeptSetup:
    """A portal's setup whose decisions are kept once they are carried out."""

    setup: Setup
    book: PortalBook

    def survey(self) -> Survey:
        """Return how the portal stands; write nothing."""
        return self.setup.survey()

    def is_done(self, survey: Survey) -> bool:
        """Tell whether the portal was set up just like this, so that there is nothing to confirm."""
        return self.book.holds(survey.state) and all(step.stands for step in survey.steps)

    def carry_out(self, survey: Survey) -> Survey:
        """Make what is missing, and keep what was decided."""
        done = self.setup.carry_out(survey)
        self.book.keep(done.state)
        return done


@contextmanager
def setup_of(connection: Connection, state: str) -> Iterator[KeptSetup]:
    """Open the setup of a portal."""
    from crm_sync.crms.hubspot import PortalSetup
    from crm_sync.crms.hubspot.book import PortalBook

    book = PortalBook(state)
    try:
        with requests_of(connection, state) as api:
            yield KeptSetup(PortalSetup(api, connection.portal, connection.pipeline, book.portal), book)
    finally:
        book.close()
