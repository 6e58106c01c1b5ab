"""Texts as keys: what two spellings of one word have in common."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from crm_sync.domain.tables import Cell

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BLANKS = re.compile(r"\s{3,}")
_NOT_WORD = re.compile(r"[^\w]+|_+")
_SPECIAL = str.maketrans(
    {"İ": "i", "I": "i", "ı": "i", "ß": "ss", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "æ": "ae"}
)
_QUOTES = str.maketrans("", "", "'’`´")
_JUNK = {0xFEFF: None, 0x200B: None, 0x200E: None, 0x200F: None, 0x00A0: " ", 0x3000: " "}
_JUNK_MARKS = tuple(map(chr, _JUNK))


_NOT_ASCII_WORD = re.compile(r"[^a-z0-9]+")
_ASCII_QUOTES = str.maketrans("", "", "'`")


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Return ``text`` in lower case without accents, punctuation, emoji or doubled blanks.

    Turkish dotted and dotless I become i; digits and letters of every script stay.
    """
    if text.isascii():
        return _NOT_ASCII_WORD.sub(" ", text.translate(_ASCII_QUOTES).lower()).strip()
    plain = unicodedata.normalize("NFKD", text.translate(_SPECIAL)).casefold()
    bare = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return " ".join(_NOT_WORD.sub(" ", unicodedata.normalize("NFC", bare.translate(_QUOTES))).split())


def header_key(text: str) -> str:
    """Return the key under which a header is looked up: ``dateApplied`` and ``DATE_APPLIED`` are one."""
    trimmed = text.strip()
    if " " not in trimmed:
        trimmed = _CAMEL.sub(" ", trimmed)
    return fold(trimmed)


def word_key(text: str) -> str:
    """Return the key under which a status word is looked up; a word made of emoji alone is its own key."""
    return fold(text) or text.strip().rstrip("\ufe0f")


def printed(cell: Cell) -> str:
    """Return a cell as trimmed text; an empty cell is ""."""
    if isinstance(cell, str):
        if not cell.isascii() and any(mark in cell for mark in _JUNK_MARKS):
            cell = cell.translate(_JUNK)
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def squeezed(text: str) -> str:
    """Return a text with long runs of blanks as one, over which patterns would take long."""
    return _BLANKS.sub(lambda run: "\n" if "\n" in run[0] else " ", text)
