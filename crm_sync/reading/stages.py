"""Status words -> stages: known words, then plain spelling mistakes, then safe phrases, else unknown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from crm_sync.domain.stages import Stage
from crm_sync.reading.lexicon import pattern, phrases, stage_words
from crm_sync.reading.texts import word_key

SILENCE, WEAK, WHO, ELSEWHERE = "silence", "weak", "who", "elsewhere"
_SURE_TYPO = 88
_NUMBERED = re.compile(r"(?<=\D)\d")
"""Digits behind the first letters: no status word is misspelt so, but many names and notes are numbered."""
_ASIDES = (
    re.compile(r"[(\[].*?[)\]]"),
    re.compile(r"^\W*\d{1,2}\s*(?:[.)\-:]\s*|(?=\s[^\W\d]))"),
    re.compile(r"(?<!\W)\W*+(\bon|\bam|\ble|\bel|\bem|\bop)?\W*\b\d{1,4}[/.-]\d{1,2}([/.-]\d{2,4})?\W*$"),
)
_LONGEST_PHRASE, _LONGEST_PARTS = 200, 300
_SILENCE = pattern("silence")
_AFTER = re.compile(
    r"^(after|since|following|post|nach|apres|despues de|apos|dopo|na|po|sonrasi)\b|\b(the|my|a|an|i|of)\b"
)
_NEGATED = re.compile(
    r"\b(no|not|without|never|kein|keine|sans|sin|sem|senza|geen|bez|brak)( \w+)?$|(没|未|无)$"
)


@dataclass(frozen=True, slots=True)
class Word:
    """What one status word means, and how that is known; ``remark`` tells of silence and weak words."""

    stage: Stage
    why: str
    remark: str = ""


@lru_cache(maxsize=20_000)
def word_of(text: str) -> Word:
    """Return the stage of a status word, ``Stage.UNKNOWN`` where nobody could tell; never a guess."""
    key = word_key(text)
    known = stage_words().get(key)
    if known:
        return Word(known[0], "known word", known[1])
    told = _parts(text) or _typo(key) or _phrase(key) or _emoji(text) or _before_colon(text)
    return told or Word(Stage.UNKNOWN, "unknown word")


@lru_cache(maxsize=20_000)
def is_elsewhere(text: str) -> bool:
    """Say whether a word tells that the application goes on as another one (converted, transferred)."""
    known = stage_words().get(word_key(text))
    return known is not None and known[1] == ELSEWHERE


def _parts(text: str) -> Word | None:
    """Read ``Olumsuz (Red)`` and ``2. Interview``: the word without brackets, numbers or a lone emoji."""
    text = " ".join(text.split())
    for aside in _ASIDES if len(text) <= _LONGEST_PARTS else ():
        bare = aside.sub(" ", text).strip()
        if bare != text and (known := stage_words().get(word_key(bare))):
            return Word(known[0], f"known word {bare.strip()!r}", known[1])
    return None


@cache
def _known_words() -> list[str]:
    return list(stage_words())


def _typo(key: str) -> Word | None:
    if len(key) < 5 or len(key) > 40 or _NUMBERED.search(key):
        return None
    known = _known_words()
    near: Sequence[tuple[str, float, int]]
    near = process.extract(key, known, scorer=fuzz.ratio, score_cutoff=_SURE_TYPO, limit=4)
    if not near and len(key) >= 6:
        near = process.extract(
            key, known, scorer=OSA.normalized_similarity, score_cutoff=1 - 1.01 / len(key), limit=4
        )
    stages = {stage_words()[match] for match, _, _ in near}
    if not near or len({stage for stage, _ in stages}) > 1:
        return None
    stage, remark = stage_words()[near[0][0]]
    return Word(stage, f"typo of {near[0][0]!r}", remark)


def _phrase(key: str) -> Word | None:
    if not key or len(key) > _LONGEST_PHRASE:
        return None
    silence = _SILENCE.search(key)
    if silence:
        rest = _AFTER.sub(" ", (key[: silence.start()] + " " + key[silence.end() :]).strip()).strip()
        reached = _spoken(rest) or (word_of(rest).stage if rest and len(rest) < 40 else None)
        if reached not in (None, Stage.UNKNOWN, Stage.SAVED):
            return Word(Stage(reached), "silence after that stage", SILENCE)
        return Word(Stage.APPLIED, "silence of the employer", SILENCE)
    stage = _spoken(key)
    return Word(stage, "phrase") if stage else None


def _spoken(key: str) -> Stage | None:
    for stage, phrase in phrases():
        heard = _without_screening(key) if stage is Stage.INTERVIEWING else key
        found = phrase.search(heard)
        if found and not _NEGATED.search(heard[: found.start()].strip()):
            return stage
    return None


def _without_screening(key: str) -> str:
    """Take out phone screens, so that a phone interview is none of the interviews."""
    screens = next(phrase for stage, phrase in phrases() if stage is Stage.SCREENING)
    return screens.sub(" ", key)


def _before_colon(text: str) -> Word | None:
    """Read ``New Submission: Candidate complete``, folder and step, where only the folder is known."""
    folder, colon, _ = text.partition(":")
    known = stage_words().get(word_key(folder)) if colon and len(text) <= _LONGEST_PARTS else None
    return Word(known[0], f"known word {folder.strip()!r}", known[1]) if known else None


def _emoji(text: str) -> Word | None:
    for mark in text:
        known = stage_words().get(mark)
        if known:
            return Word(known[0], f"sign {mark}", known[1])
    return None
