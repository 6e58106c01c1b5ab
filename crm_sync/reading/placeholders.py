"""Cells that say nothing, and cells that say yes or no."""

from __future__ import annotations

import re
from functools import lru_cache

from crm_sync.domain.tables import Cell
from crm_sync.reading.lexicon import word_set
from crm_sync.reading.texts import fold, printed

NOTHING = word_set("nothing")
_BRACKETED = re.compile(
    r"^[(\[<{].*\b(not|no|unknown|via|missing|unnamed|undisclosed|confidential|redacted|none|hidden|truncated)\b"
    r".*[)\]>}]\.?$",
    re.I | re.S,
)
_SPOKEN = re.compile(
    r"^(the |this )?(e-?mail|message|text|posting|listing|job description)s? (does|do|did) ?n[o']t\b"
    r"|^(not|no|none) (explicitly |clearly )?"
    r"(provided|specified|mentioned|stated|given|available|disclosed|found)"
    r"(\b.{0,40})$"
    r"|^(unknown|unbekannt|undisclosed|confidential)\s*[(\[].*[)\]]$",
    re.I,
)


_STROKES = frozenset(" -–—−_?.…/\\*~#+:;,|'\"()[]{}<>")
_MANY = 50_000
_LONGEST_WORD = max(map(len, NOTHING)) + 4
_SPEAKING = frozenset(re.findall("...", "thethiemae-mmestexposlisjobnotno nonunkunbundcon"))
"""How a sentence that says nothing begins."""
_LONGEST_NOTHING = 120
_BEGINNINGS = frozenset(word[:3] for word in NOTHING) | _SPEAKING
_WORD = re.compile(r"[a-z0-9]+(?!['`])", re.I)
_FIRST_WORDS = frozenset(word.split()[0] for word in NOTHING) | {
    "the", "this", "e", "email", "emails", "mail", "mails", "message", "messages", "text", "texts", "posting",
    "postings", "listing", "listings", "job", "not", "no", "none", "unknown", "unbekannt", "undisclosed",
    "confidential",
}  # fmt: skip
_BY_HEAD: dict[str, bool] = {}
"""Whether a text that begins with these three marks may say nothing; most texts are told by them alone."""


def is_nothing(text: str) -> bool:
    """Say whether a text stands for an absent fact: ``N/A``, ``-``, ``(company not in snippet)``."""
    head = text[:3]
    open_ = _BY_HEAD.get(head)
    if open_ is None:
        open_ = _judge_head(head)
    return open_ and _may_be_nothing(text) and _is_nothing(text)


def _judge_head(head: str) -> bool:
    """Say whether the first three marks leave it open that a text says nothing."""
    open_ = True
    if head.isascii() and head.isalnum():
        open_ = head.lower() in _BEGINNINGS
    elif head[:1] == "+" and head[1:].isdigit():
        open_ = False
    if len(_BY_HEAD) < _MANY:
        _BY_HEAD[head] = open_
    return open_


def _may_be_nothing(text: str) -> bool:
    if text.isascii() and (word := _WORD.match(text)) and word[0].lower() not in _FIRST_WORDS:
        return False
    if len(text) <= _LONGEST_WORD:
        return True
    return len(text) <= _LONGEST_NOTHING and not (text[:1].isalnum() and text[:3].lower() not in _SPEAKING)


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
    text = cell.strip() if type(cell) is str and cell.isascii() else printed(cell)
    if _BY_HEAD.get(text[:3]) is False:
        return text
    return text if text and not is_nothing(text) else None


_TRUE, _FALSE = word_set("yes"), word_set("no")

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
