"""Standard input -> a file, since tables are read from both ends."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crm_sync.errors import SourceError
from crm_sync.sources.access import Access

_CHUNK = 1 << 16


@contextmanager
def spooled(access: Access) -> Iterator[Path]:
    """Return a file with all of standard input; it is gone afterwards.

    Raises SourceError where there is none, or more than the limit.
    """
    stream = access.stdin()
    if stream is None:
        raise SourceError("there is no standard input", "Name a file.")
    with tempfile.TemporaryDirectory(prefix="crm-sync-") as folder:
        path = Path(folder) / "standard-input.data"
        size = 0
        with path.open("wb") as handle:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > access.most_bytes:
                    raise SourceError(
                        f"more than the limit of {access.most_bytes / 1_000_000:,.1f} MB",
                        "Allow more with CRM_SYNC_MAX_BYTES, or give a smaller file.",
                    )
                handle.write(chunk)
        yield path
