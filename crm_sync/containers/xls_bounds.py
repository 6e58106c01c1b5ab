"""How far the sheets of an old binary workbook reach, told from its records."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_BEGINNING, _MANY, _FILE_PASS = 0x0809, 0x00BD, 0x002F
_CELLS = frozenset({0x0006, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E, 0x0406, 0x0206, _MANY})


def xls_bounds(stream: bytes) -> list[tuple[int, int]]:
    """Return (rows, columns) of each part of a Workbook stream, counted from A1 to the last filled cell."""
    found: list[tuple[int, int]] = []
    bottom = right = 0
    for kind, record in _records(stream):
        if kind == _BEGINNING:
            found.append((bottom, right))
            bottom = right = 0
        elif kind in _CELLS and len(record) >= 4:
            row, column = struct.unpack_from("<HH", record)
            if kind == _MANY:
                column = struct.unpack_from("<H", record, len(record) - 2)[0]
            bottom, right = max(bottom, row + 1), max(right, column + 1)
    return [*found, (bottom, right)]


def is_encrypted(stream: bytes) -> bool:
    """Tell a workbook whose records (not their headers) were encrypted with a password."""
    return any(kind == _FILE_PASS for kind, _ in _records(stream))


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        at += 4
        yield kind, stream[at : at + length]
        at += length
