"""How much text the cells of a workbook come to, when every cell gets its own copy of a shared text.

A text of a megabyte that a million cells share takes little room in the file and a terabyte in memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

Chunks = Callable[[], Iterable[bytes]]

_REFERENCE = re.compile(rb'\bt="s"[^>]*>\s*<(?:\w+:)?v>(\d{1,9})<')
_ODD = re.compile(rb"<si\s*/|<!|:si\b")


def copied_text(shared: Iterable[bytes], sheets: Sequence[Chunks], references: int, most: int) -> int:
    """Return how many bytes the shared texts come to in all sheets: an estimate where that is below *most*.

    *references* says how many cells share a text. References and texts in unusual writing are counted as
    the longest text.
    """
    lengths = _text_lengths(shared)
    longest = max(lengths, default=0)
    if longest * references <= most:
        return longest * references
    return sum(_copied(sheet(), lengths, longest) for sheet in sheets)


def _text_lengths(chunks: Iterable[bytes]) -> list[int]:
    """Return the length of each text, its markup included; one for all where texts cannot be told apart."""
    lengths: list[int] = []
    begun, rest, odd, size = 0, b"", False, 0
    for chunk in chunks:
        size += len(chunk)
        *closed, rest = (rest + chunk).split(b"</si>")
        odd = odd or _ODD.search(chunk) is not None
        for piece in closed:
            lengths.append(begun + len(piece) - max(0, piece.find(b"<si")))
            begun = 0
        begun, rest = begun + max(0, len(rest) - 8), rest[-8:]
    return [size] if odd else [*lengths, begun + len(rest)]


def count_references(sheet: bytes) -> int:
    """Return how many cells of a piece of a sheet's XML share a text."""
    return sheet.count(b'="s"') + sheet.count(b"='s'")


def _copied(chunks: Iterable[bytes], lengths: list[int], longest: int) -> int:
    total, rest = 0, b""
    for chunk in chunks:
        found = rest + chunk
        cut = max(found.rfind(b"<c "), 0) or len(found)
        found, rest = found[:cut], found[cut:]
        told = [int(number) for number in _REFERENCE.findall(found)]
        total += sum(lengths[number] if number < len(lengths) else longest for number in told)
        total += longest * (count_references(found) - len(told))
    return total + longest * count_references(rest)
