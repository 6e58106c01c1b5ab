"""The words that the package knows: headers, stages, months, as tables beside the code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from crm_sync.domain.stages import Stage
from crm_sync.reading.texts import fold, header_key, word_key


def _lines(name: str) -> Iterator[list[str]]:
    content = (files("crm_sync.reading") / "data" / name).read_text("utf-8")
    for line in content.splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


@cache
def months() -> Mapping[str, int]:
    """Return month names and their short forms, folded, with the month's number."""
    known: dict[str, int] = {}
    for number, *names in _lines("months.tsv"):
        for name in names:
            for form in name.split():
                known.setdefault(fold(form), int(number))
    return known


@cache
def headers() -> Mapping[str, tuple[tuple[str, int], ...]]:
    """Return, for each folded header, the fields that it can mean, each with how surely (1 to 100)."""
    known: dict[str, list[tuple[str, int]]] = {}
    for field, sureness, *names in _lines("headers.tsv"):
        for name in "\t".join(names).split("|"):
            meanings = known.setdefault(header_key(name) or name.strip(), [])
            if field not in (meaning for meaning, _ in meanings):
                meanings.append((field, int(sureness)))
    return {name: tuple(meanings) for name, meanings in known.items()}


@cache
def field_names() -> frozenset[str]:
    """Return every field that a column can hold."""
    return frozenset(name for meanings in headers().values() for name, _ in meanings)


def field_first(pair: tuple[str, str]) -> tuple[str, str]:
    """Return what a user said of a column as (field, header), whichever of the two was said first.

    Where both could be fields (``notes=Company``), the first is.
    """
    one, other = (text.strip() for text in pair)
    if one.casefold() not in field_names() and other.casefold() in field_names():
        one, other = other, one
    return one.casefold(), other


@cache
def stage_words() -> Mapping[str, tuple[Stage, str]]:
    """Return, for each folded status word, its stage and the remark of the table ("silence", "weak" ...)."""
    known: dict[str, tuple[Stage, str]] = {}
    for stage, remark, *names in _lines("stages.tsv"):
        for name in "\t".join(names).split("|"):
            known.setdefault(word_key(name), (Stage(stage), remark))
    return known


@cache
def phrases() -> tuple[tuple[Stage, re.Pattern[str]], ...]:
    """Return the phrase patterns over folded text, strongest first."""
    return tuple((Stage(stage), re.compile(pattern)) for stage, pattern in _lines("phrases.tsv"))


@cache
def word_set(name: str) -> frozenset[str]:
    """Return the folded words of one kind: nothing, yes, no, done."""
    found = next(words for kind, *words in _lines("words.tsv") if kind == name)
    return frozenset(fold(word) for word in "\t".join(found).split("|")) - {""}


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Return one of the named patterns; upper and lower case are one to it."""
    return re.compile(next(text for kind, text in _lines("patterns.tsv") if kind == name), re.IGNORECASE)


@cache
def unwanted_words(kind: str) -> tuple[str, ...]:
    """Return words for what has no business in a CRM: "part" or "alone", as they are written."""
    lines = (words for told, *words in _lines("unwanted.tsv") if told == kind)
    return tuple(word for words in lines for word in "\t".join(words).split("|"))
