"""Which of the older encodings a text without BOM was written in: a guess, said as such."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from crm_sync.containers.alphabets import spelling
from crm_sync.containers.ideographs import most_common_reading
from crm_sync.errors import SourceError

_CANDIDATES = [
    "cp1252",
    "cp1250",
    "iso8859_2",
    "cp1254",
    "cp1251",
    "cp1253",
    "gb18030",
    "big5",
    "cp932",
    "euc_jp",
    "cp949",
]
_PATCHED = "crm_sync.cp1252"
_SURE = 0.88


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a text is decoded, with a remark where it was guessed; ``nuls`` counts stray NUL characters."""

    name: str
    errors: str = "strict"
    note: str = ""
    nuls: int = 0


def _as_western(error: UnicodeError) -> tuple[str, int]:
    """Read bytes that are no UTF-8 as Western European ones: a file pasted together from two."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(_PATCHED, _as_western)


def guess_charset(sample: bytes, name: str, nuls: int = 0) -> Encoding:
    """Return the likeliest encoding of bytes that are no UTF-8; *sample* holds their non-ASCII lines.

    Raises SourceError where the bytes are no text in any known encoding.
    """
    if _mostly_utf8(sample):
        return Encoding("utf-8", _PATCHED, "a few bytes are no UTF-8 and were read as Western European", nuls)
    guess = _spelled(sample) or most_common_reading(sample) or _ask_normalizer(sample)
    if guess is None or _controls(sample) * 50 > len(sample):
        hint = "Name a CSV, XLSX, ODS or JSON file; save text as CSV UTF-8."
        raise SourceError(f"{name}: is a binary file, or text in an unknown encoding", hint)
    return Encoding(guess, _PATCHED if guess == "cp1252" else "replace", f"encoding guessed: {guess}", nuls)


def _mostly_utf8(sample: bytes) -> bool:
    """Tell whether most of the non-ASCII characters are well-formed UTF-8."""
    text = sample.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return sum(not char.isascii() for char in text) >= 3 * broken


def _controls(sample: bytes) -> int:
    return len(sample) - len(sample.translate(None, bytes(set(range(32)) - {9, 10, 12, 13, 27})))


def _spelled(sample: bytes) -> str | None:
    """Return the single-byte encoding that spells the words of one language, where only one does."""
    scores = spelling(sample)
    best = max(scores, key=lambda encoding: scores[encoding], default="")
    if not best or scores[best] < _SURE:
        return None
    rivals = {each for each, score in scores.items() if score == scores[best]}
    return None if rivals >= {"cp1251", "cp1253"} else best


def _ask_normalizer(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes

    match = from_bytes(sample, cp_isolation=_CANDIDATES, enable_fallback=False).best()
    return match.encoding if match is not None else None
