"""Columns that may tell the stage and are not understood: what is asked about them."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from statistics import mean

from crm_sync.reading.columns import A_DAY
from crm_sync.reading.customs import stage_counts
from crm_sync.reading.lexicon import word_set
from crm_sync.reading.meanings import LOOSE, meanings_of
from crm_sync.reading.placeholders import is_nothing
from crm_sync.reading.places import names_country
from crm_sync.reading.plans import Plan
from crm_sync.reading.profiles import Profile
from crm_sync.reading.texts import fold
from crm_sync.reading.wordlists import words

_FEWEST_ROWS, _MOST_WORDS, _OFTEN, _SHORT, _LONGEST = 6, 12, 2, 24, 40
_MOST_TOLD, _MOST_NAMED = 2, 6
_MOSTLY, _SELDOM, _SOME = 0.4, 0.3, 0.5
_TELLING = frozenset({"stage", "extra_stage", "outcome", "response", "history"}) | frozenset(
    {"rejected_flag", "accepted_flag", "withdrawn_flag"}
)
_CODE = re.compile(r"\d.*\d.*\d|^\W*[^\W\d]{0,2}\W*\d+\W*$|^\W*[a-z]?\W*$|@|//|\\|\.\w{2,4}$", re.I)
"""What is no word: numbers and codes, single letters, addresses and names of files."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A column that may tell the stage, and how often each of its words stands there."""

    column: int
    header: str
    words: tuple[tuple[str, int], ...]

    @property
    def told(self) -> str:
        """Return what a person should know and can do."""
        named = ", ".join(f'"{word}"' for word, _ in self.words[:_MOST_NAMED])
        more = ", ..." if len(self.words) > _MOST_NAMED else ""
        shown = " ".join(self.header.split())
        return (
            f'the column "{shown}" may be a status, but neither it nor its words are known ({named}{more}), '
            f"so no stage was read from it; if it is one, say --column stage={shlex.quote(shown)}, "
            "or say so under columns in the configuration"
        )


def told_of(plans: Iterable[Plan]) -> list[str]:
    """Return what is to be told of the doubts about all tables, each once."""
    return list(dict.fromkeys(doubt.told for plan in plans for doubt in doubts_of(plan)))


def doubts_of(plan: Plan) -> tuple[Doubt, ...]:
    """Return the columns of a table that may tell the stage, likeliest first; () where something tells it.

    A column is in doubt where few short words stand in it again and again, and neither its header nor its
    words are of anything else: a place, a way of working, a board, a priority.
    """
    if _is_told(plan):
        return ()
    found = sorted(_doubts(plan), key=lambda pair: -pair[0])
    return tuple(doubt for _, doubt in found[:_MOST_TOLD])


def _is_told(plan: Plan) -> bool:
    """Say whether something in the table tells how far the applications are, or how they ended."""
    own = plan.printed_history is not None or plan.mailbox or plan.customs.sheet_stage is not None
    rounds = any(c.field == "round" and not c.why.startswith(A_DAY) for c in plan.layout.columns)
    return own or rounds or bool(_TELLING & plan.layout.places.keys())


def _doubts(plan: Plan) -> Iterator[tuple[float, Doubt]]:
    for column in plan.layout.columns:
        profile = plan.profiles[column.index]
        named = column.field is None and column.header.text.strip()
        if not named or not _may_be_words(profile) or _means_something(plan, column.index):
            continue
        counts = Counter({w: n for w, n in stage_counts(plan, column.index).items() if not is_nothing(w)})
        if _looks_like_a_status(counts):
            yield profile.stage, Doubt(column.index, column.header.text.strip(), tuple(counts.most_common()))


def _may_be_words(profile: Profile) -> bool:
    """Say the same from the sample of a column, which is at hand."""
    shaped = max(profile.date, profile.url, profile.email, profile.phone, profile.number, profile.flag)
    return profile.filled >= _MOSTLY * profile.total and shaped < _SELDOM and profile.title < _SELDOM


def _means_something(plan: Plan, index: int) -> bool:
    """Say whether the header is known, though its column suits none of the fields that it can mean."""
    return any(meaning.sureness > LOOSE for meaning in meanings_of(plan.layout.columns[index].header))


def _looks_like_a_status(counts: Counter[str]) -> bool:
    rows = counts.total()
    if rows < max(_FEWEST_ROWS, _OFTEN * len(counts)) or not 2 <= len(counts) <= _MOST_WORDS:
        return False
    if mean(map(len, counts)) > _SHORT or max(map(len, counts)) > _LONGEST or any(map(_CODE.search, counts)):
        return False
    return sum(_is_other(word) for word in counts) < _SOME * len(counts)


def _is_other(word: str) -> bool:
    """Say whether a word is known, and of no stage."""
    key = fold(word)
    parts = key.split()
    plain = bool(parts) and word_set("no stage").issuperset(parts)
    return plain or key in _boards() or names_country(word)


@cache
def _boards() -> frozenset[str]:
    """Return the names of boards and applicant tracking systems, without the ends of their addresses."""
    return frozenset(site.partition(".")[0] for site in words("job_sites.txt"))
