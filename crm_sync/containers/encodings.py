"""From bytes to the name of their encoding: BOM, pattern of NULs, strict UTF-8, then a guess."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from crm_sync.containers.charsets import Encoding, guess_charset
from crm_sync.containers.files import CHUNK
from crm_sync.errors import SourceError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SAMPLE = 1 << 16


def find_encoding(handle: BinaryIO, head: bytes, name: str) -> Encoding:
    """Return the encoding of an open text file and leave it at its beginning.

    *head* is its first 64 KiB. Raises SourceError where the bytes are no text.
    """
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return _checked(handle, Encoding(encoding))
    wide = _wide(head)
    if wide:
        return _checked(handle, Encoding(wide, note=f"encoding {wide}: told by its NUL bytes, no BOM"))
    return _byte_encoding(handle, name)


def _wide(head: bytes) -> str | None:
    """Return utf-16-le or utf-16-be where NULs stand at every other place only."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    enough = max(even, odd) * 50 > len(head) // 2
    if not enough or min(even, odd) * 20 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _checked(handle: BinaryIO, encoding: Encoding) -> Encoding:
    """Return the encoding where the whole file can be decoded so, else the same with replacement."""
    decoder = codecs.getincrementaldecoder(encoding.name)()
    try:
        for chunk in _chunks(handle):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        note = f"some bytes are no {encoding.name} text and were replaced"
        return Encoding(encoding.name, "replace", note)
    finally:
        handle.seek(0)
    return encoding


def _byte_encoding(handle: BinaryIO, name: str) -> Encoding:
    decoder = codecs.getincrementaldecoder("utf-8")()
    size, nuls, good, sample = 0, 0, True, bytearray()
    for chunk in _chunks(handle):
        size += len(chunk)
        nuls += chunk.count(0)
        good = good and _decodes(decoder, chunk)
        if len(sample) < SAMPLE and not chunk.isascii():
            sample += _foreign_lines(chunk)
    handle.seek(0)
    if nuls * 100 > size:
        raise SourceError(f"{name}: is a binary file, not a table", "Name a CSV, XLSX, ODS or JSON file.")
    if good and _decodes(decoder, b"", final=True):
        return Encoding("utf-8", nuls=nuls)
    return guess_charset(bytes(sample[:SAMPLE]), name, nuls)


def _foreign_lines(chunk: bytes) -> bytes:
    """Return the lines that hold bytes above 127, which alone tell the encoding."""
    return b"\n".join(line for line in chunk.split(b"\n") if not line.isascii()) + b"\n"


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _chunks(handle: BinaryIO) -> Iterator[bytes]:
    handle.seek(0)
    while chunk := handle.read(CHUNK):
        yield chunk
