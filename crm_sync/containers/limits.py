"""How much of a file is read at most, so that memory stays bounded whatever the file says of itself."""

from __future__ import annotations

from dataclasses import dataclass, replace


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
