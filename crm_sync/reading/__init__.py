"""From raw cells to applications: pure understanding, no I/O."""

from __future__ import annotations

from collections.abc import Iterator

from crm_sync.domain.applications import Application, RejectedRow
from crm_sync.domain.tables import Document
from crm_sync.reading.rows import Reader
from crm_sync.reading.understanding import Understanding, understand

__all__ = ["Understanding", "read", "understand"]


def read(document: Document, understanding: Understanding) -> Iterator[Application | RejectedRow]:
    """Yield an application or a rejected row for every filled row, in row order, one at a time.

    Rows that hold only prepared defaults, and header rows that repeat themselves, are passed in silence.
    ``document`` is the one that was understood.
    """
    del document
    seen: dict[tuple[object, ...], tuple[int, str | None]] = {}
    for plan in understanding.plans:
        yield from Reader(plan, seen).read()
