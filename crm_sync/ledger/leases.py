"""What every ledger says about leases, and which entries it refuses to write."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from crm_sync.errors import LedgerBusy
from crm_sync.ports import Entry, Lease

LEASE_SECONDS = 120.0
"""How long a holder may be silent before another passes it over."""


def account_is_busy(account: str, holder: str) -> LedgerBusy:
    """Return the error for an account that another run, or this very one, holds."""
    return LedgerBusy(
        f"another run works on the account {account!r}: {holder or 'its holder has just gone'}",
        f"wait for it to end; if it hangs, end that process, or try again in {LEASE_SECONDS:.0f} seconds",
        holder=holder,
    )


def lease_was_lost(lease: Lease, holder: str) -> LedgerBusy:
    """Return the error for a write under a lease that ended, or went to *holder* meanwhile."""
    taken = f"it went to {holder}" if holder else "it was given back"
    return LedgerBusy(
        f"this run no longer holds the account {lease.account!r}: {taken}",
        "nothing of this step was written down; run the command again",
        holder=holder,
    )


def refuse_unfit(entry: Entry, lease: Lease) -> None:
    """Raise ValueError where the entry is not the lease's account's, or holds a time without a zone."""
    refuse_foreign(entry.account, lease)
    for time in _times(entry):
        if time.utcoffset() is None:
            raise ValueError(f"a time without a zone: {time.isoformat()}")


def refuse_foreign(account: str, lease: Lease) -> None:
    """Raise ValueError where something is to be written for another account than the lease's."""
    if account != lease.account:
        raise ValueError(f"an entry for {account!r} under a lease of {lease.account!r}")


def _times(entry: Entry) -> Iterator[datetime]:
    yield from (touch.at for touch in entry.touches)
    yield from (source.seen_at for source in entry.sources)
    yield from (page.at for page in entry.journal)
    yield from entry.fading or ()
    if entry.at is not None:
        yield entry.at
    if entry.run is not None:
        yield entry.run.started_at
        if entry.run.ended_at is not None:
            yield entry.run.ended_at
