"""The book: SQLite or PostgreSQL through SQLAlchemy Core, and a twin in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crm_sync.ledger.memory import MemoryLedger
    from crm_sync.ledger.sql import SqlLedger, open_ledger

__all__ = ["MemoryLedger", "SqlLedger", "open_ledger"]


def __getattr__(name: str) -> Any:
    """Load a ledger's module when it is asked for: only commands that keep a book pay for SQLAlchemy."""
    if name == "MemoryLedger":
        from crm_sync.ledger.memory import MemoryLedger

        return MemoryLedger
    if name in ("SqlLedger", "open_ledger"):
        from crm_sync.ledger import sql

        return getattr(sql, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
