"""The tables of the local CRM."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, Table, Text, false

METADATA = MetaData()

_NUMBER = BigInteger().with_variant(Integer(), "sqlite")

COUNTERS = Table(
    "crm_counters",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)
"""``record``: the last number given to a record; ``person``: the last person's act; ``removed``: how many
records were ever removed; ``schema``: the version of these tables; ``birth``: a random number by which a
cursor knows its own database."""

RECORDS = Table(
    "crm_records",
    METADATA,
    Column("number", _NUMBER, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("key", Text, unique=True),
    Column("owner", Text, nullable=False),
    Column("fields", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("modified_at", Text, nullable=False),
    Column("person_seq", _NUMBER),
    Column("removed", Boolean, nullable=False, server_default=false()),
)
"""One row per record, for ever: a removed one stays as a tombstone without key, owner and fields.

``fields`` is a JSON object, times are ISO text in UTC. ``person_seq`` is the number of the last act of a
person on it, empty where only crm-sync wrote.
"""

Index(
    "crm_records_heard",
    RECORDS.c.person_seq,
    sqlite_where=RECORDS.c.person_seq.is_not(None),
    postgresql_where=RECORDS.c.person_seq.is_not(None),
)
Index("crm_records_browsed", RECORDS.c.kind, RECORDS.c.owner, RECORDS.c.number)

RELATIONS = Table(
    "crm_relations",
    METADATA,
    Column("child", _NUMBER, primary_key=True, autoincrement=False),
    Column("parent", _NUMBER, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

FEATURES = Table(
    "crm_features",
    METADATA,
    Column("feature", Text, primary_key=True),
    Column("number", _NUMBER, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""By what a record that carries no key of ours can be found: ``company:domain:acme.example``."""
