"""The book in a database: one implementation for SQLite files and PostgreSQL."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from sqlalchemy import Connection

from crm_sync.domain.dossiers import Dossier
from crm_sync.domain.forgetting import Forgotten, Oblivion
from crm_sync.domain.items import RemoteId
from crm_sync.domain.journal import Page
from crm_sync.domain.keys import Key, Kind
from crm_sync.domain.links import Link
from crm_sync.domain.touches import Touch
from crm_sync.errors import LedgerError
from crm_sync.ledger import engine, forgetting, journal, lease_table, queries
from crm_sync.ledger.failures import in_words, while_reading
from crm_sync.ledger.intents import Intents
from crm_sync.ledger.leases import LEASE_SECONDS, account_is_busy, refuse_foreign, refuse_unfit
from crm_sync.ledger.upgrade import bring_up_to_date
from crm_sync.ledger.writing import write
from crm_sync.ports import Cursor, Entry, Lease, Run, SourceState, Standing, StandingConflict

POLL_SECONDS = 0.1


def open_ledger(url: str) -> SqlLedger:
    """Return the book at *url* (``postgresql://...``, ``sqlite:///...``, or a file's path), made if missing.

    Raises ConfigError where the URL is none of these or psycopg is missing, LedgerError where the book
    cannot be opened, is damaged, or was made by a newer program.
    """
    return SqlLedger(url)


class SqlLedger:
    """A ledger on SQLite or PostgreSQL; may be used by several threads, and by several processes at once.

    *lease_seconds* is how long a silent holder is waited for, *busy_seconds* how long a transaction waits
    for another program's.
    """

    def __init__(
        self,
        url_or_path: str,
        *,
        lease_seconds: float = LEASE_SECONDS,
        busy_seconds: float = engine.BUSY_SECONDS,
    ) -> None:
        url = engine.location(url_or_path)
        self._place = engine.named(url)
        self._lease_seconds = lease_seconds
        self._engine = engine.start_engine(url, busy_seconds=busy_seconds)
        self._readers = engine.readers(self._engine)
        self._writers = engine.writers(self._engine)
        self._intents = Intents()
        try:
            with in_words(self._place):
                bring_up_to_date(self._engine, self._place)
        except BaseException:
            self._engine.dispose()
            raise

    @contextmanager
    def exclusive(self, account: str, *, wait: float = 0.0, purpose: str = "") -> Iterator[Lease]:
        patience = time.monotonic() + wait
        while (lease := self._take(account, purpose)) is None:
            if time.monotonic() >= patience:
                with self._reading() as connection:
                    holder = lease_table.holder_of(connection, account)
                raise account_is_busy(account, holder)
            time.sleep(min(POLL_SECONDS, max(patience - time.monotonic(), 0.0)))
        try:
            yield lease
        finally:
            # A book that cannot be written must not hide why the run ends; the lease ends by itself.
            with contextlib.suppress(LedgerError), self._writing() as connection:
                lease_table.release(connection, lease)

    def holder(self, account: str) -> str:
        with self._reading() as connection:
            return lease_table.living_holder_of(connection, account, self._lease_seconds)

    def record(self, entry: Entry, lease: Lease) -> None:
        refuse_unfit(entry, lease)
        with self._writing() as connection:
            lease_table.renew(connection, lease, self._lease_seconds)
            write(connection, entry, self._intents)

    def links(self, account: str, keys: Collection[Key] | None = None) -> dict[Key, Link]:
        with self._reading() as connection:
            return queries.links(connection, account, keys)

    def unsettled(self, account: str) -> dict[Key, Link]:
        with self._reading() as connection:
            return queries.unsettled(connection, account)

    def keys_of(
        self, account: str, ids: Collection[tuple[Kind, RemoteId]]
    ) -> dict[tuple[Kind, RemoteId], Key]:
        with self._reading() as connection:
            return queries.keys_of(connection, account, ids)

    def dossiers(
        self, account: str, user: str | None = None, keys: Collection[str] | None = None
    ) -> dict[str, Dossier]:
        with self._reading() as connection:
            return queries.dossiers(connection, account, user, keys)

    def calling(self, account: str, callees: Collection[str], besides: str) -> dict[str, Dossier]:
        with self._reading() as connection:
            return queries.calling(connection, account, callees, besides)

    def touches(
        self, account: str, user: str | None = None, keys: Collection[str] | None = None
    ) -> dict[str, tuple[Touch, ...]]:
        with self._reading() as connection:
            return queries.touches(connection, account, user, keys)

    def evidence(self, account: str, owner: str) -> dict[str, str]:
        with self._reading() as connection:
            return queries.evidence(connection, account, owner)

    def sources(self, account: str, user: str | None = None) -> tuple[SourceState, ...]:
        with self._reading() as connection:
            return queries.sources(connection, account, user)

    def conflicts(self, account: str, user: str | None = None) -> tuple[StandingConflict, ...]:
        with self._reading() as connection:
            return queries.conflicts(connection, account, user)

    def cursor(self, account: str) -> Cursor | None:
        with self._reading() as connection:
            return queries.cursor(connection, account)

    def calls_due(self, account: str, day: date, most: int) -> tuple[str, ...]:
        with self._reading() as connection:
            return queries.calls_due(connection, account, day, most)

    def standings(self, account: str, users: Collection[str]) -> dict[str, Standing]:
        with self._reading() as connection:
            return queries.standings(connection, account, users)

    def counts(self, account: str, user: str) -> Mapping[str, int]:
        with self._reading() as connection:
            return queries.counts(connection, account, user)

    def find(self, prefix: str) -> tuple[tuple[str, str, str], ...]:
        with self._reading() as connection:
            return queries.find(connection, prefix)

    def users(self, account: str) -> tuple[str, ...]:
        with self._reading() as connection:
            return queries.users(connection, account)

    def accounts(self) -> tuple[str, ...]:
        with self._reading() as connection:
            return queries.accounts(connection)

    def runs(self, account: str, user: str | None = None, *, limit: int = 20) -> tuple[Run, ...]:
        with self._reading() as connection:
            return queries.runs(connection, account, user, limit)

    def find_runs(self, prefix: str) -> tuple[Run, ...]:
        with self._reading() as connection:
            return queries.find_runs(connection, prefix)

    def journal(self, account: str, *, run: str | None = None, about: str | None = None) -> tuple[Page, ...]:
        with self._reading() as connection:
            return journal.pages(connection, account, run, about)

    def forgotten(self, account: str) -> Forgotten:
        with self._reading() as connection:
            return forgetting.forgotten(connection, account)

    def forget(self, oblivion: Oblivion, lease: Lease) -> None:
        refuse_foreign(oblivion.account, lease)
        with self._writing() as connection:
            lease_table.renew(connection, lease, self._lease_seconds)
            forgetting.forget(connection, oblivion, self._intents)
        with in_words(self._place):
            forgetting.leave_no_bytes(self._engine)

    def remember(self, account: str, trace: str, lease: Lease) -> int:
        refuse_foreign(account, lease)
        with self._writing() as connection:
            lease_table.renew(connection, lease, self._lease_seconds)
            return forgetting.remember(connection, account, trace)

    def close(self) -> None:
        """Close all connections; a method called afterwards opens new ones."""
        self._engine.dispose()

    def _take(self, account: str, purpose: str) -> Lease | None:
        with self._writing() as connection:
            return lease_table.take(connection, account, self._lease_seconds, purpose)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with while_reading(self._place), self._readers.begin() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with in_words(self._place), self._writers.begin() as connection:
            yield connection
