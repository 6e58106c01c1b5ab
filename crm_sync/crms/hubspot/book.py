"""Where setup's decisions about portals are kept: beside the rate limits, for all machines."""

from __future__ import annotations

from sqlalchemy import Column, MetaData, Table, Text, delete, insert, select

from crm_sync.crms.accounts_database import in_words, make_private_file, parsed, start_engine
from crm_sync.crms.hubspot.portal import Portal

_METADATA = MetaData()
_PORTALS = Table(
    "hubspot_portals",
    _METADATA,
    Column("portal", Text, primary_key=True),
    Column("state", Text, nullable=False),
)
_WAIT = 30.0


class PortalBook:
    """What was decided about each portal, in the database at *url* (SQLite or PostgreSQL).

    Raises LedgerError where the database cannot be opened, read or written.
    """

    def __init__(self, url: str) -> None:
        self._url = parsed(url)
        self._engine = start_engine(self._url, _WAIT)
        self._is_open = False

    def portal(self, ident: str) -> Portal | None:
        """Return what setup decided about a portal; None where it is not set up, or by another version."""
        self._open()
        with in_words(self._url), self._engine.begin() as connection:
            text = connection.scalar(select(_PORTALS.c.state).where(_PORTALS.c.portal == ident))
        try:
            return Portal.from_text(text) if text else None
        except (ValueError, KeyError, TypeError):
            return None

    def holds(self, state: str) -> bool:
        """Tell whether a survey's state is what was decided about its portal."""
        portal = Portal.from_text(state)
        return self.portal(portal.id) == portal

    def keep(self, state: str) -> None:
        """Keep a survey's state as what was decided about its portal."""
        portal = Portal.from_text(state)
        self._open()
        with in_words(self._url), self._engine.begin() as connection:
            connection.execute(delete(_PORTALS).where(_PORTALS.c.portal == portal.id))
            connection.execute(insert(_PORTALS).values(portal=portal.id, state=state))

    def close(self) -> None:
        """Release files and connections; harmless when repeated."""
        self._engine.dispose()

    def _open(self) -> None:
        if self._is_open:
            return
        with in_words(self._url):
            if self._url.get_backend_name() == "sqlite" and self._url.database:
                make_private_file(self._url.database)
            with self._engine.begin() as connection:
                _METADATA.create_all(connection)
        self._is_open = True
