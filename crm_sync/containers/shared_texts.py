"""How much text the cells of a workbook come to, when every cell gets its own copy of a shared text.

A text of a megabyte that a million cells share takes little room in the file and a terabyte in memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from crm_sync.containers.files import CHUNK

Chunks = Callable[[], Iterable[bytes]]

_REFERENCE = re.compile(rb'\bt="s"[^>]*>\s*<(?:\w+:)?v>(\d{1,9})<')
_LONGEST_CELL = 4 * CHUNK
_ODD = (b"<si/", b"<si ", b"<si\n", b"<si\t", b"<si\r", b"<!", b":si")


def copied_text(shared: Chunks, sheets: Sequence[Chunks], references: int, most: int) -> int:
    """Return how many bytes the shared texts come to in all sheets: an estimate where that is below *most*.

    *references* says how many cells share a text. References and texts in unusual writing are counted as
    the longest text.
    """
    longest = max(map(max, _pieces(shared())), default=0)
    if longest * references <= most:
        return longest * references
    lengths = _text_lengths(shared())
    longest = max(lengths)
    return sum(_copied(sheet(), lengths, longest) for sheet in sheets)


def _pieces(chunks: Iterable[bytes]) -> Iterator[list[int]]:
    """Give the lengths of the texts piece by piece, the last of each not being at its end yet."""
    begun, rest, started = 0, b"", False
    for chunk in chunks:
        text = rest + (chunk if started else chunk[max(0, chunk.find(b"<si")) :])
        *closed, rest = text.split(b"</si>")
        started = True
        if closed:
            lengths = list(map(len, closed))
            lengths[0] += begun
            yield lengths
            begun = 0
        begun, rest = begun + max(0, len(rest) - 8), rest[-8:]
    yield [begun + len(rest)]


def _text_lengths(chunks: Iterable[bytes]) -> list[int]:
    """Return the length of each text, its markup included; the longest only where they are not orderly."""
    odd = False

    def watched() -> Iterator[bytes]:
        nonlocal odd
        for chunk in chunks:
            odd = odd or any(mark in chunk for mark in _ODD)
            yield chunk

    lengths = [length for piece in _pieces(watched()) for length in piece]
    return [sum(lengths)] if odd else lengths


def count_references(sheet: bytes) -> int:
    """Return how many cells of a piece of a sheet's XML share a text, or seem to."""
    return sheet.count(b'"s"') + sheet.count(b"'s'")


def _copied(chunks: Iterable[bytes], lengths: list[int], longest: int) -> int:
    total, rest = 0, b""
    for chunk in chunks:
        found = rest + chunk
        cut = max(0, found.rfind(b"<c ")) if len(found) < _LONGEST_CELL else len(found)
        total += _copied_by(found[:cut], lengths, longest)
        rest = found[cut:]
    return total + _copied_by(rest, lengths, longest)


def _copied_by(cells: bytes, lengths: list[int], longest: int) -> int:
    told = [int(number) for number in _REFERENCE.findall(cells)]
    known = sum(lengths[number] if number < len(lengths) else longest for number in told)
    return known + longest * (count_references(cells) - len(told))
