"""Where the queues of an account are kept for all its threads, processes and machines."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Float,
    LargeBinary,
    MetaData,
    Row,
    Select,
    Table,
    Text,
    bindparam,
    cast,
    extract,
    func,
    literal,
    select,
    update,
)  # fmt: skip
from sqlalchemy.dialects import postgresql, sqlite

from crm_sync.crms.accounts_database import in_words, make_private_file, parsed, start_engine
from crm_sync.crms.throttle.slots import Queue

_METADATA = MetaData()
_LOCK = 0x736C6F74  # any number will do, as long as every process takes the same

_QUEUES = Table(
    "throttle_queues",
    _METADATA,
    Column("account", Text, primary_key=True),
    Column("bucket", Text, primary_key=True),
    Column("grants", LargeBinary, nullable=False),
    Column("held_until", Float(53), nullable=False),
    Column("seen", Float(53), nullable=False),
)
"""One row for each queue, so that a grant is one update. Times are seconds since 1970."""

_DAYS = Table(
    "throttle_days",
    _METADATA,
    Column("account", Text, primary_key=True),
    Column("day_left", BigInteger, nullable=False),
    Column("told_at", Float(53), nullable=False),
)
"""What the answers told last about the requests left of an account's day."""

_MINE = (_QUEUES.c.account == bindparam("its_account"), _QUEUES.c.bucket == bindparam("its_bucket"))
_SAVE = update(_QUEUES).where(*_MINE)


@dataclass(slots=True)
class Turn:
    """A queue while nobody else may touch it; ``day_age`` is in seconds, both None before the first word."""

    queue: Queue
    now: float
    day_left: int | None
    day_age: float | None


class SlotBook:
    """The queues of keys and accounts in a database: a SQLite file of one machine, or PostgreSQL.

    Times are PostgreSQL's where it is used, else those of *clock*. Opens nothing until it is needed, then
    makes what is missing (a new file has mode 0600). Waits up to *wait* seconds for others. Thread-safe.
    Raises LedgerError where the database cannot be opened, read or written.
    """

    def __init__(self, url: str, clock: Callable[[], float], wait: float) -> None:
        self._url = parsed(url)
        self._is_sqlite = self._url.get_backend_name() == "sqlite"
        self._clock = clock
        self._engine = start_engine(self._url, wait)
        self._look = _looking(self._now_there)
        self._lock = threading.Lock()  # SQLite's own waiting is by polling
        self._is_open = False

    @contextmanager
    def turn(self, account: str, bucket: str, day_of: str) -> Iterator[Turn]:
        """Give a queue to its only user, with the day of the account *day_of*.

        Kept when the block ends, as before when it fails.
        """
        mine = {"its_account": account, "its_bucket": bucket, "day_of": day_of}
        with self._writing() as connection:
            row = connection.execute(self._look, mine).one_or_none()
            if row is None:
                self._begin_queue(connection, account, bucket)
                row = connection.execute(self._look, mine).one()
            turn = self._turn(row)
            yield turn
            queue = turn.queue
            kept = {"grants": queue.packed(), "held_until": queue.held_until, "seen": queue.seen}
            connection.execute(_SAVE, {"its_account": account, "its_bucket": bucket, **kept})

    def held(self, account: str, bucket: str) -> float:
        """Return for how many seconds nobody may send."""
        statement = select(_QUEUES.c.held_until, self._now_there.label("now")).where(*_MINE)
        with self._writing() as connection:
            row = connection.execute(statement, {"its_account": account, "its_bucket": bucket}).one()
            return max(0.0, float(row.held_until) - self._now(row))

    def tell_day(self, account: str, day_left: int) -> None:
        """Keep how many requests are left of the account's day."""
        with self._writing() as connection:
            now = self._now(connection.execute(select(self._now_there.label("now"))).one())
            told = {"day_left": day_left, "told_at": now}
            row = self._insert(_DAYS).values(account=account, **told)
            connection.execute(row.on_conflict_do_update(index_elements=["account"], set_=told))

    def close(self) -> None:
        """Release files and connections; harmless when repeated."""
        self._engine.dispose()

    def _begin_queue(self, connection: Connection, account: str, bucket: str) -> None:
        empty = {"grants": b"", "held_until": 0.0, "seen": 0.0}
        row = self._insert(_QUEUES).values(account=account, bucket=bucket, **empty)
        connection.execute(row.on_conflict_do_nothing())

    def _turn(self, row: Row[Any]) -> Turn:
        now = self._now(row)
        queue = Queue(Queue.unpacked(row.grants), row.held_until, row.seen)
        return Turn(queue, now, row.day_left, None if row.told_at is None else now - row.told_at)

    def _now(self, row: Row[Any]) -> float:
        return self._clock() if self._is_sqlite else float(row.now)

    @property
    def _now_there(self) -> ColumnElement[float]:
        """The server's clock when the row is returned: that of the transaction would be older than a wait."""
        if self._is_sqlite:
            return literal(0.0)
        return cast(extract("epoch", func.clock_timestamp()), Float(53))

    def _insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        return sqlite.insert(table) if self._is_sqlite else postgresql.insert(table)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._lock, in_words(self._url):
            if not self._is_open:
                self._open()
            with self._engine.begin() as connection:
                yield connection

    def _open(self) -> None:
        if self._is_sqlite and self._url.database:
            make_private_file(self._url.database)
        with self._engine.begin() as connection:
            if not self._is_sqlite:
                connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
            _METADATA.create_all(connection)
        self._is_open = True


def _looking(now: ColumnElement[float]) -> Select[Any]:
    """Return the look at one queue and its day; its time is read when the row's lock is had, not before."""
    day = _QUEUES.outerjoin(_DAYS, _DAYS.c.account == bindparam("day_of"))
    queue = (_QUEUES.c.grants, _QUEUES.c.held_until, _QUEUES.c.seen)
    locked = select(*queue, _DAYS.c.day_left, _DAYS.c.told_at).select_from(day).where(*_MINE)
    return select(locked.with_for_update(of=_QUEUES).subquery(), now.label("now"))
