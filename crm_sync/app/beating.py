"""A lease that is kept while its run waits: for a slow source, or as long as a CRM told it to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from crm_sync.errors import LedgerError
from crm_sync.ports import Entry, Lease, Ledger

SECONDS = 30.0
"""How often a lease is renewed: a few times before a silent holder would be passed over."""


@contextmanager
def beating(ledger: Ledger, lease: Lease | None, seconds: float = SECONDS) -> Iterator[None]:
    """Renew the lease every so often, from a thread, until the block ends.

    A process that is frozen renews nothing, so its account goes to the next one. When it wakes, its lease
    is lost, and every ``record`` says so: nothing is renewed any more.
    """
    if lease is None:
        yield
        return
    is_over = threading.Event()
    thread = threading.Thread(target=_beat, args=(ledger, lease, seconds, is_over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def _beat(ledger: Ledger, lease: Lease, seconds: float, is_over: threading.Event) -> None:
    while not is_over.wait(seconds):
        try:
            ledger.record(Entry(lease.account), lease)
        except LedgerError:
            return  # whoever writes next is told
