"""How much of a file is read at most, so that memory stays bounded whatever the file says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from crm_sync.errors import UsageError

_MOST_BYTES = "CRM_SYNC_MAX_BYTES"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of what ``open_document`` accepts; beyond them a file is refused with a SourceError.

    ``bytes`` bounds the file on the disk, ``unpacked`` what a workbook's zip holds, ``ratio`` how far one
    large part of it may have been compressed, ``text`` what its cells hold when each has its own copy.
    ``rows`` bounds the rows of a table, ``cells`` the cells of all tables together (empty ones between
    filled ones count, an object in JSON counts as four), ``columns`` the columns of a row,
    ``cell_chars`` the text of one cell.
    """

    bytes: int = 100_000_000
    unpacked: int = 400_000_000
    ratio: int = 300
    text: int = 200_000_000
    rows: int = 1_048_576
    cells: int = 6_000_000
    columns: int = 16_384
    cell_chars: int = 4_000_000

    def scaled_to(self, most: int) -> Limits:
        """Return limits for files of up to *most* bytes, what they may hold growing in proportion."""
        factor = max(1.0, most / self.bytes)
        return replace(self, bytes=most, unpacked=int(self.unpacked * factor), cells=int(self.cells * factor))


DEFAULT_LIMITS = Limits()


def limits_of(environment: Mapping[str, str]) -> Limits:
    """Return the limits a file is read with: ``CRM_SYNC_MAX_BYTES`` raises or lowers its size in bytes.

    Raises UsageError where it is no number.
    """
    written = environment.get(_MOST_BYTES, "").replace("_", "").strip()
    if not written:
        return DEFAULT_LIMITS
    if not written.isdigit() or not int(written):
        raise UsageError(f"{_MOST_BYTES} is no number of bytes: {written!r}", "Write for example 200000000.")
    return DEFAULT_LIMITS.scaled_to(int(written))
