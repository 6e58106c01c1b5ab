"""A run in the book: written down when it fails, whatever it was about to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from crm_sync.app.diary import failed
from crm_sync.errors import LedgerError
from crm_sync.ports import Entry, Lease, Ledger, Run


@contextmanager
def written_down(ledger: Ledger, record: Run, lease: Lease | None) -> Iterator[None]:
    """Write into the book of runs why a run failed; a book that cannot be written hides no reason."""
    try:
        yield
    except (Exception, KeyboardInterrupt) as error:
        if lease is not None:
            with suppress(LedgerError):
                ledger.record(Entry(record.account, run=failed(record, error)), lease)
        raise
