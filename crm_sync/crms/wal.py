"""Write-ahead logging of the SQLite files of this room."""

from __future__ import annotations

import sqlite3
import time
from typing import Any


def use_wal(raw: Any, wait: float) -> None:
    """Switch a connection to write-ahead logging, waiting at most so many seconds for others.

    SQLite does not wait by itself when several programs switch a new file at once: it tells them at once
    that it is locked. Raises sqlite3.OperationalError where it stays so.
    """
    patience = time.monotonic() + wait
    while raw.execute("PRAGMA journal_mode").fetchone()[0] not in {"wal", "memory"}:
        try:
            raw.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > patience:
                raise
            time.sleep(0.01)
