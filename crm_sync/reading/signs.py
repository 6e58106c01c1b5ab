"""The status cells of a row, gathered and folded once per distinct combination."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from crm_sync.domain.stages import Stage
from crm_sync.domain.tables import Cell, Row
from crm_sync.reading.converters import DateColumn
from crm_sync.reading.folding import CROSSES, Folded, Signs, fold_stage
from crm_sync.reading.lexicon import word_set
from crm_sync.reading.placeholders import fact, truth
from crm_sync.reading.plans import Plan
from crm_sync.reading.texts import fold, printed

_ENDS = (
    ("accepted_flag", Stage.ACCEPTED),
    ("withdrawn_flag", Stage.WITHDRAWN),
    ("rejected_flag", Stage.REJECTED),
)
_BY = re.compile(r"\bby (\w+)")
_ME, _THEM = word_set("me"), word_set("them")
_SINGLES = (
    "response", "history", "applied_flag", "archived_flag", "active_flag", "rejected_flag", "withdrawn_flag",
    "accepted_flag", "interview_date", "decider", "rejection_reason",
)  # fmt: skip


class StageFolder:
    """Folds the status cells of the rows of one plan.

    ``heading`` is the stage that the last heading of a group of rows named.
    """

    def __init__(self, plan: Plan, applied: DateColumn | None) -> None:
        layout = plan.layout
        self._plan = plan
        self._applied = applied
        self._main = layout.places.get("stage", ())
        self._extra = layout.places.get("extra_stage", ())
        self._outcome = layout.places.get("outcome", ())
        self._rounds = layout.rounds()
        self._singles = {name: at for name in _SINGLES if (at := layout.first(name)) is not None}
        columns = {
            *self._main,
            *self._extra,
            *self._outcome,
            *(at for at, _ in self._rounds),
            *self._singles.values(),
        }
        self._columns = sorted(columns)
        self.heading: Stage | None = None
        self._known: dict[tuple[Any, ...], Folded] = {}

    def fold(self, row: Row, dated: bool) -> Folded:
        """Return the stage of a row; ``dated`` says that the row tells a day of application."""
        text = self._applied.left_over(row) if self._applied is not None and not dated else None
        try:
            key = (dated, text, self.heading, *[row[at] for at in self._columns])
        except IndexError:  # a short row
            key = (dated, text, self.heading, *[row[at] if at < len(row) else None for at in self._columns])
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = fold_stage(self._signs(row, dated, text))
        return found

    def _signs(self, row: Row, dated: bool, text: str | None) -> Signs:
        ended = next((stage for name, stage in _ENDS if _is_set(self._one(name, row))), None)
        return Signs(
            main=self._translated(_texts(self._main, row)),
            extra=_texts(self._extra, row),
            outcome=_texts(self._outcome, row),
            response=fact(self._one("response", row)),
            reason=fact(self._one("rejection_reason", row)),
            history=fact(self._one("history", row)),
            rounds=tuple((stage, row[at]) for at, stage in self._rounds if at < len(row)),
            applied=self._was_sent(row),
            archived=_is_set(self._one("archived_flag", row))
            or truth(self._one("active_flag", row)) is False,
            ended=ended,
            interview_day=_is_set(self._one("interview_date", row)),
            dated_text=text,
            dated=dated,
            fallback=self._plan.fallback,
            sheet_stage=self.heading or self._plan.customs.sheet_stage,
            recruiter=self._plan.recruiter,
            declined_is_mine=self._plan.customs.says_rejected,
            decides=self._plan.customs.decides,
            mine=self._is_mine(row),
            cross_is_no=self._plan.customs.cross_is_no,
            failed_is_unsent=self._plan.customs.failed_is_unsent,
            day_expected=self._applied is not None,
        )

    def _translated(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        legend = self._plan.legend
        return tuple(legend.get(fold(text), text) for text in texts) if legend else texts

    def _was_sent(self, row: Row) -> bool | None:
        cell = self._one("applied_flag", row)
        if self._plan.customs.cross_is_no and printed(cell)[:1] in CROSSES:
            return False
        said = truth(cell)
        return False if said is None and self._plan.customs.unmarked_is_unsent else said

    def _is_mine(self, row: Row) -> bool | None:
        """Say whether the applicant ended it, by its own column, else by "by me" in the reason."""
        told = _is_mine(fact(self._one("decider", row)))
        reason = fold(printed(self._one("rejection_reason", row)))
        found = _BY.search(reason) if told is None and reason else None
        return _is_mine(found[1]) if found else told

    def _one(self, name: str, row: Row) -> Cell:
        at = self._singles.get(name)
        return row[at] if at is not None and at < len(row) else None


def _texts(places: tuple[int, ...], row: Row) -> tuple[str, ...]:
    return tuple(text for at in places if at < len(row) and (text := fact(row[at])))


def _is_mine(text: str | None) -> bool | None:
    """Say whether the applicant decided; None where nobody is named."""
    if text is None:
        return None
    words = set(fold(text).split())
    return True if words & _ME else False if words & _THEM else None


def _is_set(cell: Cell) -> bool:
    """Say whether a flag is raised: yes, a tick, or the day on which it happened."""
    if isinstance(cell, date):
        return True
    said = truth(cell)
    if said is not None:
        return said
    text = fact(cell)
    return text is not None and any(mark.isdigit() for mark in text)
