"""What people were told already, and since when something fails: beside the book, so that it outlives it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Boolean, Column, Connection, Double, MetaData, PrimaryKeyConstraint, Table, or_, select

from crm_sync.ledger import engine
from crm_sync.ledger.failures import in_words
from crm_sync.ledger.schema import Words, shielded
from crm_sync.ledger.statements import add_missing_rows, replace_rows

Pin = tuple[str, str, str]
"""What a slip is about: user ("" for the operator), kind, subject."""

_METADATA = MetaData()
_SLIPS = Table(
    "notice_slips",
    _METADATA,
    Column("user_name", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("subject", Words, nullable=False),
    Column("since", Double, nullable=False),
    Column("told", Boolean, nullable=False),
    Column("words", Words, nullable=False),
    PrimaryKeyConstraint("user_name", "kind", "subject", name="notice_slips_key"),
)


@dataclass(frozen=True, slots=True)
class Slip:
    """One thing that stands: since when (aware), whether somebody was told, and a word about it."""

    user: str
    kind: str
    subject: str
    since: datetime
    told: bool = field(default=False, compare=False)
    words: str = field(default="", compare=False)

    @property
    def pin(self) -> Pin:
        """Return what it is about."""
        return self.user, self.kind, self.subject


class Noticeboard:
    """Slips on a board, in a SQLite file or a PostgreSQL database; may be used by several processes.

    Raises ConfigError where the URL is none, LedgerError where the board cannot be read or written.
    """

    def __init__(self, url_or_path: str, *, busy_seconds: float = 10.0) -> None:
        url = engine.location(url_or_path)
        self._place = engine.named(url)
        self._engine = engine.start_engine(url, busy_seconds=busy_seconds)
        with self._writing() as connection:
            _METADATA.create_all(connection)

    def slips(self, kinds: Iterable[str] = ()) -> dict[Pin, Slip]:
        """Return what stands, of these kinds or of all."""
        wanted = list(kinds)
        query = select(_SLIPS)
        if wanted:
            query = query.where(_SLIPS.c.kind.in_(wanted))
        with in_words(self._place), engine.readers(self._engine).begin() as connection:
            rows = connection.execute(query).all()
        found = (Slip(r[0], r[1], r[2], datetime.fromtimestamp(r[3], UTC), r[4], r[5]) for r in rows)
        return {slip.pin: slip for slip in found}

    def change(self, put: Iterable[Slip], take: Iterable[Pin] = ()) -> None:
        """Put slips up, over those that stand there, and take others down, at once."""
        with self._writing() as connection:
            for user, kind, subject in take:
                here = (_SLIPS.c.user_name == user, _SLIPS.c.kind == kind, _SLIPS.c.subject == subject)
                connection.execute(_SLIPS.delete().where(*here))
            replace_rows(connection, _SLIPS, map(_row, put))

    def claim(self, slip: Slip) -> bool:
        """Put a slip up unless one stands there; tell whether it was us, whoever else tries."""
        where = (_SLIPS.c.user_name, _SLIPS.c.kind, _SLIPS.c.subject)
        query = select(_SLIPS.c.since).where(*(c == v for c, v in zip(where, slip.pin, strict=True)))
        with self._writing() as connection:
            add_missing_rows(connection, _SLIPS, [_row(slip)])
            return bool(connection.scalar(query) == slip.since.timestamp())

    def forget(self, user: str, key: str | None = None) -> None:
        """Take everything down that is about a user, or about one application."""
        unwanted = _SLIPS.delete().where(_SLIPS.c.user_name == user)
        if key is not None:
            named = _SLIPS.c.subject
            unwanted = unwanted.where(or_(named == key, named.startswith(f"{key}:", autoescape=True)))
        with self._writing() as connection:
            connection.execute(unwanted)

    def close(self) -> None:
        """Release files and connections."""
        self._engine.dispose()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with in_words(self._place), engine.writers(self._engine).begin() as connection:
            yield connection


def _row(slip: Slip) -> tuple[object, ...]:
    user, kind, subject = (shielded(text) for text in slip.pin)
    return user, kind, subject, slip.since.timestamp(), slip.told, shielded(slip.words)
