"""Texts as keys: what two spellings of one word have in common."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from crm_sync.domain.tables import Cell

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NOT_WORD = re.compile(r"[^\w]+|_+")
_SPECIAL = str.maketrans({"İ": "i", "I": "i", "ı": "i", "ß": "ss", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "æ": "ae"})
_QUOTES = str.maketrans("", "", "'’`´")
_JUNK = {0xFEFF: None, 0x200B: None, 0x200E: None, 0x200F: None, 0x00A0: " ", 0x3000: " "}


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
    if cell is None:
        return ""
    if isinstance(cell, str):
        if not cell.isascii():
            cell = cell.translate(_JUNK)
        return cell.strip()
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


NOTHING = frozenset(
    fold(word)
    for word in (
        "", "-", "--", "—", "?", "n/a", "na", "n.a.", "n/d", "nd", "none", "null", "nil", "nan", "undefined",
        "unknown", "tbd", "tba", "not provided", "not specified", "not available", "not disclosed", "not given",
        "not mentioned", "not stated", "not applicable", "not found", "not known", "unspecified", "undisclosed",
        "unbekannt", "keine angabe", "k.a.", "nicht angegeben", "inconnu", "non renseigné", "non précisé", "s/o",
        "desconocido", "no especificado", "no disponible", "sin datos", "desconhecido", "não informado",
        "não especificado", "sconosciuto", "non specificato", "onbekend", "n.v.t.", "bilinmiyor", "belirtilmemiş",
        "yok", "nieznany", "nieznana", "brak", "brak danych", "nie podano", "未知", "无", "暂无", "不详", "未提供",
        "不明", "なし", "company name", "job title", "company unknown", "unknown company", "unnamed company",
        "confidential", "company confidential", "anonymous", "discreet company", "no company", "name withheld",
    )
)  # fmt: skip
_BRACKETED = re.compile(
    r"^[(\[<{].*\b(not|no|unknown|via|missing|unnamed|undisclosed|confidential|redacted|none|hidden|truncated)\b"
    r".*[)\]>}]\.?$",
    re.I | re.S,
)
_SPOKEN = re.compile(
    r"^(the |this )?(e-?mail|message|text|posting|listing|job description)s? (does|do|did) ?n[o']t\b"
    r"|^(not|no|none) (explicitly |clearly )?(provided|specified|mentioned|stated|given|available|disclosed|found)"
    r"(\b.{0,40})$"
    r"|^(unknown|unbekannt|undisclosed|confidential)\s*[(\[].*[)\]]$",
    re.I,
)


_STROKES = frozenset(" -–—−_?.…/\\*~#+:;,|'\"()[]{}<>")
_LONGEST_NOTHING = 120
_BEGINNINGS = frozenset(word[:3] for word in NOTHING) | frozenset(
    ("the", "thi", "ema", "e-m", "mes", "tex", "pos", "lis", "job", "not", "no ", "non", "unk", "unb", "und", "con", "n/a", "n/d", "n.a", "k.a", "s/o", "n.v")
)


def is_nothing(text: str) -> bool:
    """Say whether a text stands for an absent fact: ``N/A``, ``-``, ``(company not in snippet)``."""
    if len(text) > _LONGEST_NOTHING or (text[:1].isalnum() and text.isascii() and text[:3].lower() not in _BEGINNINGS):
        return False
    return _is_nothing(text)


@lru_cache(maxsize=20_000)
def _is_nothing(text: str) -> bool:
    key = fold(text)
    if not key:
        return all(mark in _STROKES for mark in text)
    if key in NOTHING:
        return True
    return bool(_BRACKETED.match(text) or _SPOKEN.match(text))


def fact(cell: Cell) -> str | None:
    """Return the trimmed text of a cell, None where it says nothing."""
    text = printed(cell)
    if not text or is_nothing(text):
        return None
    return text


_TRUE = frozenset(
    fold(word)
    for word in (
        "yes", "y", "true", "x", "1", "done", "checked", "ja", "j", "oui", "o", "sí", "si", "s", "sim", "evet",
        "tak", "t", "是", "有", "はい", "ok", "vrai", "wahr", "verdadero", "verdadeiro", "vero", "waar", "prawda",
    )
)  # fmt: skip
_FALSE = frozenset(
    fold(word)
    for word in (
        "no", "n", "false", "0", "nein", "non", "não", "nao", "hayır", "hayir", "nie", "nee", "否", "没有", "无",
        "いいえ", "faux", "falsch", "falso", "fałsz", "not yet", "none",
    )
)  # fmt: skip
_TICKS = frozenset("✓✔☑✅√◯○⭕")
_CROSSES = frozenset("☐□⬜▢")


def truth(cell: Cell) -> bool | None:
    """Return what a yes-or-no cell says, None where it is empty or says something else."""
    if isinstance(cell, bool):
        return cell
    text = printed(cell)
    if not text:
        return None
    if text[0] in _TICKS:
        return True
    if text[0] in _CROSSES:
        return False
    key = fold(text)
    if key in _TRUE:
        return True
    return False if key in _FALSE else None
