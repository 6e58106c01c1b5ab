"""What a header can mean, before the whole table has a say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from crm_sync.domain.stages import Stage
from crm_sync.reading.lexicon import headers, stage_words
from crm_sync.reading.stages import word_of
from crm_sync.reading.texts import header_key

ROUND = "round"
CORE = frozenset({"company", "job_title", "stage", "applied_on", "job_url", "outcome"})
ROUND_STAGES = frozenset(
    {
        Stage.SCREENING,
        Stage.INTERVIEWING,
        Stage.OFFER,
        Stage.ACCEPTED,
        Stage.REJECTED,
        Stage.WITHDRAWN,
        Stage.CLOSED,
    }
)
LOOSE = 56
_SURE_TYPO = 88
_LONG_ENOUGH = 6
_KEYS = frozenset({"id", "ids", "key", "uuid", "count"})
_PARTS = re.compile(r"[/|,;:+&\n()\[\]]|\s-\s|\bor\b|\band\b|\bund\b|\bet\b|\boder\b|\by\b|\bve\b")
_FILLERS = re.compile(
    r"\b(the|your|my|our|please|enter|optional|required|of|a|an|for|to|if|any|this|current|full|actual|der|die|das|"
    r"de|la|le|les|du|des|el|del|da|do|il|lo|di|het|een)\b"
)
_DATE_WORDS = re.compile(
    r"\b(date|dates|day|time|on|at|when|of|datum|am|tag|fecha|de|del|data|da|do|di|d|le|tarihi|tarih|dnia)\b|日期|时间|日|时"
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """One field that a header can name, how surely (1 to 100), and why."""

    field: str
    sureness: int
    why: str


@dataclass(frozen=True, slots=True)
class Header:
    """The text above a column, and the text of the merged cell above that."""

    text: str
    group: str = ""

    @property
    def shown(self) -> str:
        """Return the header as a person would name it."""
        return f"{self.group} / {self.text}" if self.group and self.text else self.text or self.group


def meanings_of(header: Header) -> tuple[Meaning, ...]:
    """Return what a header can mean, surest first: with its group, then alone, then by parts and typos."""
    if header.group and header.text:
        joined = _exact(f"{header.group} {header.text}")
        if joined:
            return joined
    return meanings_of_text(header.text or header.group)


@lru_cache(maxsize=4_000)
def meanings_of_text(text: str) -> tuple[Meaning, ...]:
    """Return what the text of a header can mean; () where it says nothing that is known."""
    if len(text) > 80:
        return ()
    for attempt in (_exact, _by_parts, _by_typo, _by_phrase):
        found = attempt(text)
        if found:
            return found
    return ()


@lru_cache(maxsize=4_000)
def is_exact(text: str) -> bool:
    """Say whether a text is a header word as it stands."""
    return bool(_exact(text))


def _exact(text: str) -> tuple[Meaning, ...]:
    known = headers().get(header_key(text) or text.strip(), ())
    return tuple(Meaning(field, sureness, "known header") for field, sureness in known)


def _by_parts(text: str) -> tuple[Meaning, ...]:
    found: dict[str, Meaning] = {}
    parts = [part.strip() for part in _PARTS.split(text) if part and part.strip()]
    for place, part in enumerate(parts if len(parts) > 1 else ()):
        if len(part) < 3 and part.isascii():  # "Nettin & Co" is no header
            continue
        for meaning in _exact(part):
            lower = Meaning(meaning.field, meaning.sureness - 4 * min(place + 1, 3), f"known header {part!r}")
            found.setdefault(meaning.field, lower)
    bare = " ".join(_FILLERS.sub(" ", header_key(text)).split())
    for meaning in _exact(bare) if bare else ():
        found.setdefault(
            meaning.field, Meaning(meaning.field, meaning.sureness - 5, f"known header {bare!r}")
        )
    return _sorted(found.values())


def _by_typo(text: str) -> tuple[Meaning, ...]:
    key = header_key(text)
    if len(key) < 5 or key in stage_words():
        return ()
    near = process.extractOne(key, headers().keys(), scorer=fuzz.ratio, score_cutoff=_SURE_TYPO)
    if near is None and len(key) >= _LONG_ENOUGH:  # one letter wrong, missing, too many, or two swapped
        least = 1 - 1.01 / len(key)
        near = process.extractOne(key, headers().keys(), scorer=OSA.normalized_similarity, score_cutoff=least)
    if near is None:
        return ()
    return tuple(Meaning(m.field, m.sureness - 8, f"typo of {near[0]!r}") for m in _exact(near[0]))


def _by_phrase(text: str) -> tuple[Meaning, ...]:
    """Find the longest known header inside a longer text: ``Current status of my application``."""
    words = header_key(text).split()
    if words and words[-1] in _KEYS:
        return ()
    found: dict[str, Meaning] = {}
    for part in _phrases(words):
        for meaning in _exact(part):
            if meaning.sureness >= 90 and meaning.field != "row_number":
                found.setdefault(meaning.field, Meaning(meaning.field, LOOSE, f"holds {part!r}"))
        if found:
            break
    return _sorted(found.values())


def _phrases(words: Sequence[str]) -> Iterator[str]:
    for length in range(min(len(words), 4), 0, -1):
        for start in range(len(words) - length, -1, -1):
            yield " ".join(words[start : start + length])


def _sorted(found: object) -> tuple[Meaning, ...]:
    return tuple(sorted(found, key=lambda meaning: -meaning.sureness))  # type: ignore[call-overload]


@lru_cache(maxsize=4_000)
def round_of(text: str) -> Stage | None:
    """Return the stage that a column such as ``Phone Screen`` or ``Interview date`` stands for."""
    bare = " ".join(_DATE_WORDS.sub(" ", header_key(text)).split())
    if bare == "phone":
        return Stage.INTERVIEWING
    for name in (text, bare):
        stage = word_of(name).stage if name.strip() else Stage.UNKNOWN
        if stage in ROUND_STAGES:
            return stage
    spoken = word_of(f"{bare} round") if bare else None
    return spoken.stage if spoken and spoken.why == "known word" and spoken.stage in ROUND_STAGES else None
