"""The tables of the book, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Double,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    TypeDecorator,
    text,
)

VERSIONS = ("0001", "0002", "0003")
"""The versions of the schema that this program knows, oldest first; the last is its own."""

VERSION_TABLE = "ledger_version"


class Words(TypeDecorator[str]):
    """Any text at all, also such as no database keeps: file names hold lone surrogates, cells hold NULs.

    A text with one of these, or with a backslash, is kept as the inside of a JSON string. Ordered by code
    point everywhere, as Python does.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return Text(collation="C") if dialect.name == "postgresql" else Text()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value if value is None else shielded(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return value if value is None or "\\" not in value else json.loads(f'"{value}"')


def shielded(words: str) -> str:
    """Return the text as it is kept in a column of ``Words``."""
    if "\\" in words or "\0" in words or not (words.isascii() or _is_unicode(words)):
        return json.dumps(words)[1:-1]
    return words


def all_shielded(many: list[str]) -> list[str]:
    """Return texts as they are kept in a column of ``Words``; nearly always none of them needs a shield."""
    together = "".join(many)
    if together.isascii() and "\\" not in together and "\0" not in together:
        return many
    return list(map(shielded, many))


def _is_unicode(words: str) -> bool:
    try:
        words.encode()
    except UnicodeEncodeError:
        return False
    return True


METADATA = MetaData()


def _table(name: str, *columns: Column[Any] | Index, key: tuple[str, ...], **options: Any) -> Table:
    primary = PrimaryKeyConstraint(*key, name=f"{name}_key")
    return Table(name, METADATA, *columns, primary, **options)


def _words(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, Words, nullable=nullable)


ACCOUNTS = _table("ledger_accounts", _words("account"), _words("cursor", nullable=True), key=("account",))

LEASES = _table(
    "ledger_leases",
    _words("account"),
    Column("epoch", BigInteger, nullable=False),
    _words("holder"),
    _words("host"),
    Column("pid", Integer, nullable=False),
    _words("home"),
    _words("birth"),
    Column("expires_at", Double, nullable=False),
    key=("account",),
)

LINKS = _table(
    "ledger_links",
    _words("account"),
    _words("id"),
    _words("kind"),
    _words("owner"),
    _words("remote_id", nullable=True),
    Column("retired", Boolean, nullable=False),
    Column("unsettled", Boolean, nullable=False),
    Column("body", Text, nullable=False),
    Index(
        "ledger_links_by_remote_id",
        "account",
        "kind",
        "remote_id",
        sqlite_where=text("remote_id IS NOT NULL"),
        postgresql_where=text("remote_id IS NOT NULL"),
    ),
    Index(
        "ledger_links_unsettled",
        "account",
        sqlite_where=text("unsettled"),
        postgresql_where=text("unsettled"),
    ),
    key=("account", "id", "kind", "owner"),
)

INTENTS = _table(
    "ledger_intents",
    _words("account"),
    Column("number", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    key=("account", "number"),
)
"""The items that are about to be made, a row for each batch: the last word about their links."""

DOSSIERS = _table(
    "ledger_dossiers",
    _words("account"),
    _words("key"),
    _words("user_name"),
    _words("stage"),
    _words("decide_on", nullable=True),
    _words("origin"),
    _words("callee", nullable=True),
    Column("body", Text, nullable=False),
    Index("ledger_dossiers_by_user", "account", "user_name", "stage", "decide_on"),
    Index(
        "ledger_dossiers_by_callee",
        "account",
        "callee",
        sqlite_where=text("callee IS NOT NULL"),
        postgresql_where=text("callee IS NOT NULL"),
    ),
    key=("key", "account"),
)

TOUCHES = _table(
    "ledger_touches",
    _words("account"),
    _words("id"),
    _words("application"),
    Column("at", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Index("ledger_touches_by_application", "account", "application"),
    key=("account", "id"),
)

EVIDENCE = _table(
    "ledger_evidence",
    _words("account"),
    _words("owner"),
    _words("evidence"),
    _words("id"),
    key=("account", "owner", "evidence"),
    sqlite_with_rowid=False,
)

SOURCES = _table(
    "ledger_sources",
    _words("account"),
    _words("user_name"),
    _words("source"),
    Column("body", Text, nullable=False),
    key=("account", "user_name", "source"),
)

CONFLICTS = _table(
    "ledger_conflicts",
    _words("account"),
    _words("id"),
    _words("kind"),
    _words("owner"),
    _words("field"),
    Column("since", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    key=("account", "id", "kind", "owner", "field"),
)

RUNS = _table(
    "ledger_runs",
    _words("account"),
    _words("id"),
    _words("user_name", nullable=True),
    Column("started_at", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Index("ledger_runs_by_start", "account", "started_at"),
    Index("ledger_runs_by_user", "account", "user_name", "started_at"),
    key=("account", "id"),
)

JOURNAL = _table(
    "ledger_journal",
    _words("account"),
    _words("run"),
    Column("number", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    key=("account", "run", "number"),
)

FORGOTTEN = _table(
    "ledger_forgotten", _words("account"), _words("digest"), _words("whose"), key=("account", "digest")
)

SECRETS = _table("ledger_secrets", _words("name"), _words("value"), key=("name",))
