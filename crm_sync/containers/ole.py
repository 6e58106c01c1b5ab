"""OLE compound files (the box of old XLS workbooks and of encrypted new ones): their streams by name."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

_FREE = 0xFFFFFFFA
_HEADER = struct.Struct("<24xHHHHH6xIIIIIIIII")


class BadCompound(Exception):
    """The box is damaged."""


class Compound:
    """The streams of a compound file, all of it in memory; raises BadCompound where it is damaged."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self._open()
        except (struct.error, IndexError, ValueError) as error:
            raise BadCompound(str(error)) from None

    def _open(self) -> None:
        fields = _HEADER.unpack_from(self._data)
        _, _, _, power, small_power, _, _, directory, _, self._cutoff, small_fat, _, difat, _ = fields
        if power not in (9, 12) or small_power != 6:
            raise BadCompound("odd sector size")
        self._size = 1 << power
        self._fat = _numbers(b"".join(map(self._sector, self._fat_sectors(difat))))
        self._entries = dict(_entries(self._chain(directory)))
        self._small_fat = _numbers(self._chain(small_fat))
        self.names = tuple(self._entries)

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        return self._data[start : start + self._size]

    def _fat_sectors(self, difat: int) -> Iterator[int]:
        yield from (each for each in struct.unpack_from("<109I", self._data, 76) if each < _FREE)
        for _ in range(len(self._data) // self._size):
            if difat >= _FREE:
                return
            *listed, difat = _numbers(self._sector(difat))
            yield from (each for each in listed if each < _FREE)

    def _chain(self, first: int, size: int | None = None) -> bytes:
        return _follow(first, self._fat, self._sector, size)

    def read(self, name: str) -> bytes:
        """Return one stream whole."""
        first, size = self._entries[name]
        try:
            if size >= self._cutoff:
                return self._chain(first, size)
            root = self._chain(*self._entries["Root Entry"])
            return _follow(first, self._small_fat, lambda each: root[each * 64 : each * 64 + 64], size)
        except (KeyError, struct.error, IndexError) as error:
            raise BadCompound(str(error)) from None


def _follow(first: int, fat: tuple[int, ...], sector: Callable[[int], bytes], size: int | None) -> bytes:
    pieces: list[bytes] = []
    number = first
    while number < _FREE:
        if len(pieces) > len(fat):
            raise BadCompound("a chain without end")
        pieces.append(sector(number))
        number = fat[number]
    return b"".join(pieces)[:size]


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _entries(directory: bytes) -> Iterator[tuple[str, tuple[int, int]]]:
    for at in range(0, len(directory) - 127, 128):
        length, kind = struct.unpack_from("<HB", directory, at + 64)
        if kind in (1, 2, 5) and 2 <= length <= 64:
            name = directory[at : at + length - 2].decode("utf-16-le", "replace")
            yield name, struct.unpack_from("<II", directory, at + 116)
