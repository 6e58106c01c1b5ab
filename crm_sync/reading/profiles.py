"""What the values of a column look like, whatever its header says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import pairwise

from crm_sync.domain.stages import Stage
from crm_sync.domain.tables import Cell
from crm_sync.reading.dates import announced, interpret
from crm_sync.reading.lexicon import pattern
from crm_sync.reading.placeholders import is_nothing, truth
from crm_sync.reading.stages import word_of
from crm_sync.reading.texts import fold, printed

_URL = re.compile(r"^(https?://|www\.)\S+$|^[\w-]+(\.[\w-]+)*\.[a-z]{2,12}/\S*$", re.I)
_DOMAIN = re.compile(r"^([a-z0-9-]+\.)+[a-z]{2,12}/?$", re.I)
_EMAIL = re.compile(r"(?<![^\s@<>,;])[^\s@<>,;]+@[^\s@<>,;]+\.\w{2,}")
_PHONE = re.compile(r"^\+?[\d\s().\-/x]{7,22}$")
_NUMBER = re.compile(r"^[-+]?\d[\d.,]*%?$")
_TITLE = pattern("job title")
_LEGAL = pattern("legal form")


_LOOKED_AT = 80
_MISSED = frozenset("✗✘×❌✖")


@dataclass(frozen=True, slots=True)
class Kind:
    """Which shapes one value has; several may be true."""

    date: bool = False
    url: bool = False
    domain: bool = False
    email: bool = False
    phone: bool = False
    number: bool = False
    flag: bool = False
    stage: bool = False
    title: bool = False
    legal: bool = False


def kind_of(cell: Cell) -> Kind:
    """Return the shapes of one filled cell."""
    if isinstance(cell, bool):
        return Kind(flag=True)
    if isinstance(cell, (datetime, date)):
        return Kind(date=True)
    if isinstance(cell, (int, float)):
        text = printed(cell)
        return Kind(number=True, phone=len(text) >= 9 and text.isdigit(), flag=cell in (0, 1))
    return _kind_of_text(printed(cell))


@lru_cache(maxsize=50_000)
def _kind_of_text(text: str) -> Kind:
    number = bool(_NUMBER.match(text))
    folded = fold(text[:200])
    flag = truth(text) is not None or text in _MISSED
    plain_number = number and "/" not in text and text.count(".") < 2
    dated = not plain_number and len(text) < 60 and interpret(text) is not None
    return Kind(
        date=dated,
        url=bool(_URL.match(text)),
        domain=bool(_DOMAIN.match(text)),
        email=bool(_EMAIL.search(text)),
        phone=not dated and bool(_PHONE.match(text)) and sum(mark.isdigit() for mark in text) >= 7,
        number=number,
        flag=flag,
        stage=len(text) <= 80 and not flag and not number and word_of(text).stage is not Stage.UNKNOWN,
        title=bool(_TITLE.search(folded)),
        legal=bool(_LEGAL.search(folded)),
    )


@dataclass(frozen=True, slots=True)
class Profile:
    """Shares (0 to 1) of the filled cells of a column that have a shape, and how they repeat."""

    filled: int
    total: int
    date: float = 0.0
    url: float = 0.0
    domain: float = 0.0
    email: float = 0.0
    phone: float = 0.0
    number: float = 0.0
    flag: float = 0.0
    stage: float = 0.0
    title: float = 0.0
    legal: float = 0.0
    distinct: float = 0.0
    top: float = 0.0
    length: float = 0.0
    running: bool = False
    serial: float = 0.0
    pathed: float = 0.0

    @property
    def empty(self) -> bool:
        """Say whether the column holds nothing at all."""
        return self.filled == 0


def profile_of(cells: Sequence[Cell]) -> Profile:
    """Return the profile of a column's cells (a sample of them); placeholders such as N/A count as empty."""
    filled = [
        cell for cell in cells if (text := printed(cell)) and (not is_nothing(text) or truth(cell) is False)
    ]
    if not filled:
        return Profile(0, len(cells))
    texts = [printed(cell) for cell in filled]
    count = len(filled)
    looked = filled[:: max(1, count // _LOOKED_AT)]
    kinds = [kind_of(cell) for cell in looked]
    tally = Counter(texts)
    return Profile(
        count,
        len(cells),
        **{
            name: sum(getattr(kind, name) for kind in kinds) / len(kinds)
            for name in (
                "date",
                "url",
                "domain",
                "email",
                "phone",
                "number",
                "flag",
                "stage",
                "title",
                "legal",
            )
        },
        distinct=len(tally) / count,
        top=tally.most_common(1)[0][1] / count,
        length=sum(map(len, texts)) / count,
        running=_running(texts),
        serial=_share(announced(cell) is not None for cell in looked),
        pathed=_share(_has_path(text) for text in texts),
    )


def _share(marks: Iterable[bool]) -> float:
    known = list(marks)
    return sum(known) / len(known) if known else 0.0


def _has_path(text: str) -> bool:
    bare = text.split("://", 1)[-1].rstrip("/")
    return "/" in bare


def _running(texts: Sequence[str]) -> bool:
    """Say whether the values are 0, 1, 2 ... or 1, 2, 3 ..., perhaps with gaps, in rising order."""
    if not all(text.isdecimal() and len(text) < 7 for text in texts) or int(texts[0]) > 1:
        return False
    numbers = [int(text) for text in texts]
    return all(later > earlier for earlier, later in pairwise(numbers))
