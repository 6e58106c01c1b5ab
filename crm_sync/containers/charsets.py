"""Which of the older encodings a text without BOM was written in: a guess, said as such."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from crm_sync.errors import SourceError

_CANDIDATES = [
    "cp1252",
    "cp1250",
    "iso8859_2",
    "cp1254",
    "cp1251",
    "gb18030",
    "big5",
    "cp932",
    "euc_jp",
    "cp949",
]
_PATCHED = "crm_sync.cp1252"


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
    if _plausibly_western(sample):
        return Encoding("cp1252", _PATCHED, "encoding guessed: cp1252 (Western European)", nuls)
    guess = _ask_normalizer(sample)
    if guess is None:
        raise SourceError(
            f"{name}: is no text in any known encoding", "Save it again as CSV UTF-8, or as XLSX."
        )
    return Encoding(guess, "replace", f"encoding guessed: {guess}", nuls)


def _mostly_utf8(sample: bytes) -> bool:
    """Tell whether most of the non-ASCII characters are well-formed UTF-8."""
    text = sample.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return sum(not char.isascii() for char in text) - broken > 4 * broken


# What stands between letters in no Western word, and runs that no Western language has.
_ODD = re.compile(r"(?<=\w)[¡¢£¤¥¦§¨©«¬®¯±¶¸»¿¹²³¼½¾×÷\x80-\x9f](?=\w)|[^\x00-\xbf]{4}|[ðþýÐÞÝ]")


def _plausibly_western(sample: bytes) -> bool:
    """Tell whether the bytes read as cp1252 look like words of a Western European language."""
    text = sample.decode("cp1252", "replace")
    high = sum(not char.isascii() for char in text)
    return "\ufffd" not in text and len(_ODD.findall(text)) * 12 <= high


def _ask_normalizer(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes

    match = from_bytes(sample, cp_isolation=_CANDIDATES, enable_fallback=False).best()
    return match.encoding if match is not None else None
