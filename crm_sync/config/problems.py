"""What is wrong with a configuration: where it stands, what it is, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crm_sync.errors import ConfigError

_LONGEST = 60
_LIKELY = 60
_SECRETIVE = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[\w+/=-]{20,}")
_KEY = re.compile(r"(?=.*\d)[a-z0-9]{24,}")
_TOKEN = re.compile(r"\bpat-\w|://[^/\s]*@|^\s*(bearer|basic)\s|xox[a-z]-", re.I)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file; line and column count from 1, line 0 is the file as a whole."""

    path: Path
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}" if self.line else str(self.path)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: its place, the keys that lead to it, what is wrong, and what to write instead."""

    place: Place
    where: tuple[str | int, ...]
    what: str
    hint: str

    def as_error(self) -> ConfigError:
        """Return the problem as the error that a person meets."""
        key = f"{dotted(self.where)}: " if self.where else ""
        place = f"{self.place}: " if self.place.line or self.where else f"{self.place} "
        return ConfigError(
            f"{place}{key}{self.what}", self.hint, path=str(self.place.path), line=self.place.line or None
        )


def dotted(where: Iterable[str | int]) -> str:
    """Return keys and numbers as people write them: ``users.jane.sources.1``; the first entry is 1."""
    return ".".join(str(part + 1) if isinstance(part, int) else shown(part, quote="") for part in where)


def refusal(path: Path, problems: Iterable[Problem]) -> ConfigError:
    """Return one error for all problems, in the order of the files' lines."""
    ordered = sorted(set(problems), key=lambda problem: _order(path, problem.place))
    errors = tuple(problem.as_error() for problem in ordered)
    if len(errors) == 1:
        return errors[0]
    return ConfigError(
        f"{path} has {len(errors)} mistakes", "Mend them and run it again.", path=str(path), problems=errors
    )


def _order(path: Path, place: Place) -> tuple[bool, str, int, int]:
    return place.path != path, str(place.path), place.line, place.column


def shown(value: Any, *, quote: str = '"') -> str:
    """Return a value for a message, shortened; never what could be a secret in the wrong place."""
    text = str(value)
    if _SECRETIVE.fullmatch(text) or _TOKEN.search(text):
        return "what stands there" if quote else "***"
    return f"{quote}{text if len(text) <= _LONGEST else text[:_LONGEST] + '...'}{quote}"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return what a person may have meant, None where nothing is like it."""
    from rapidfuzz.process import extractOne

    close = extractOne(word.casefold().replace("-", "_"), sorted(known), score_cutoff=_LIKELY)
    return close[0] if close else None


def is_secret_itself(value: str) -> bool:
    """Tell whether a text that should name a secret's place looks like the secret."""
    return bool(_TOKEN.search(value) or _KEY.fullmatch(value))
