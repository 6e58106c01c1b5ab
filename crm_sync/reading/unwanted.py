"""The door for what has no business in a CRM: dates of birth, EEO answers, social security numbers.

The words are in ``data/unwanted.tsv``, by the languages of the spreadsheets that people keep.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from crm_sync.domain.tables import Cell
from crm_sync.reading.lexicon import unwanted_words
from crm_sync.reading.texts import header_key, printed

LEFT_OUT = "left out at the door"
_SSN = re.compile(r"\d{3}-\d{2}-\d{4}")
_MOSTLY, _ENOUGH, _LONGEST_LABEL, _LONGEST_OBJECT = 0.6, 2, 200, 20_000
_KEY = re.compile(r"""["']([^"'{}\[\],:]{2,80})["']\s*:""")
_LABELLED = re.compile(r"(?:^|(?<=[\n|;]))[^\S\n]*([^\n|;:?]{2,120}[:?]+)[^\n|;]*")

_EMPTY_PARTS = re.compile(r"^[\s|;]+|(?<![\s|;])[\s|;]+$|([|;])(?:\s*[|;])+")


def is_unwanted(text: str) -> bool:
    """Say whether a header, a JSON path or a question asks for what has no business in a CRM."""
    return unwanted_word(text) is not None


@lru_cache(maxsize=20_000)
def unwanted_word(text: str) -> str | None:
    """Return the words by which a header or a question asks for it, and nothing of what is answered."""
    key = header_key(text.partition(":")[0][:_LONGEST_LABEL])
    alone, part = _words()
    if key in alone:
        return key
    found = part.search(key)
    return found[0] if found else None


@cache
def _words() -> tuple[frozenset[str], re.Pattern[str]]:
    """Return the words that must be a whole header, and the pattern of those that may stand inside of one."""
    alone = frozenset(header_key(word) for word in unwanted_words("alone"))
    spaced: list[str] = []
    packed: list[str] = []
    for word in unwanted_words("part"):
        key = header_key(word.removesuffix("*"))
        ending = r"\w*" if word.endswith("*") else ""
        if key.isascii() or " " in key or key[0] < "\u0600":
            spaced.append(re.escape(key).replace(r"\ ", " ?" if len(key) >= 8 else " ") + ending)
        else:
            packed.append(re.escape(key))
    return alone, re.compile(rf"\b(?:{'|'.join(spaced)})\b|{'|'.join(packed)}")


def holds_numbers_of_persons(cells: Sequence[Cell]) -> bool:
    """Say whether most cells of a column are written as American social security numbers are."""
    texts = [text for cell in cells if (text := printed(cell))]
    return len(texts) >= _ENOUGH and sum(map(bool, map(_SSN.fullmatch, texts))) >= _MOSTLY * len(texts)


def holds_unwanted_answers(cells: Sequence[Cell]) -> bool:
    """Say whether a cell is printed JSON, or a printed object, that has an unwanted key or question."""
    _, part = _words()
    printed_ones = (cell for cell in cells if isinstance(cell, str) and cell.lstrip()[:1] in ("[", "{"))
    return any(part.search(header_key(f"{cell[:_LONGEST_OBJECT]} ")) for cell in printed_ones)


def without_unwanted(text: str) -> str | None:
    """Return a text without its labelled parts (``Gender: f``) that ask for what has no business in a CRM.

    Parts stand on lines of their own, or between ``|`` or ``;``. None where nothing is left.
    """
    if ":" not in text and "?" not in text:
        return text
    kept = _LABELLED.sub(lambda found: "" if is_unwanted(found[1].rstrip(":")) else found[0], text)
    if kept == text:
        return text
    lines = (_EMPTY_PARTS.sub(r"\1", line) for line in kept.split("\n"))
    return "\n".join(line for line in lines if line.strip()) or None


def cut_at_unwanted(raw: str) -> str:
    """Return a piece of broken JSON up to the first key that has no business in a CRM."""
    for key in _KEY.finditer(raw):
        if is_unwanted(key[1]):
            return f"{raw[: key.start()]}…"
    return raw


def told(headers: Sequence[str]) -> str:
    """Return the sentence for a person about columns that were left out."""
    names = ", ".join(" ".join(header.split()) for header in headers)
    return f"left out, for it has no business in a CRM: {names}"
