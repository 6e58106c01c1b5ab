"""What the words of one list mean there: whose refusal, what *failed* and an empty box say."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_sync.domain.stages import Stage
from crm_sync.reading.folding import CROSSES
from crm_sync.reading.histories import steps_of
from crm_sync.reading.placeholders import truth
from crm_sync.reading.stages import word_of
from crm_sync.reading.texts import fold, header_key, printed

if TYPE_CHECKING:
    from crm_sync.reading.plans import Plan

_TELLING = ("stage", "extra_stage", "outcome", "history", "response")
_FLAGS = ("applied_flag", "rejected_flag", "accepted_flag", "withdrawn_flag")
_MOST_WORDS = 5_000
_DECISIONS = ("decision", "verdict", "entscheidung", "decis", "beslissing", "karar", "decyzja")
_FAILURES = frozenset({"failed", "fail", "failure", "error", "errored"})
_SENDINGS = frozenset({"submitted", "success", "successful", "sent", "applied", "ok", "done"})


@dataclass(frozen=True, slots=True)
class Customs:
    """The customs of one list.

    ``says_rejected``: it has its own word for rejections by the employer, beside *declined*; ``decides``:
    a column *Decision* says yes or no; ``failed_is_unsent``: *failed* is a program's word for what it could
    not send; ``unmarked_is_unsent``: a column *Applied* only marks what was sent; ``cross_is_no``: a cross
    says no, not that a round was failed, as it stands under *Applied* or *Rejected* too; ``sheet_stage``: the
    stage that the title above the table, or the sheet's name, tells where no column does.
    """

    says_rejected: bool = False
    decides: bool = False
    failed_is_unsent: bool = False
    unmarked_is_unsent: bool = False
    cross_is_no: bool = False
    sheet_stage: Stage | None = None


def customs_of(plan: Plan) -> Customs:
    """Return the customs of a list, from all words of its status columns."""
    spoken = _spoken_words(plan)
    return Customs(
        says_rejected=any(
            "reject" in word or word.startswith(("abgelehnt", "rechaz", "refus")) for word in spoken
        ),
        decides=_decides(plan),
        failed_is_unsent=_failed_is_unsent(spoken),
        unmarked_is_unsent=_unmarked_is_unsent(plan),
        cross_is_no=_cross_is_no(plan),
        sheet_stage=_sheet_stage(plan),
    )


def stage_counts(plan: Plan, index: int) -> Counter[str]:
    """Return how often each status word stands in a column, over all rows."""
    counts: Counter[str] = Counter()
    for cell, often in Counter([cell for _, cell in plan.column(index)]).items():
        if text := printed(cell):
            counts[text] += often
    return counts


def _decides(plan: Plan) -> bool:
    places = plan.layout.places.get("outcome", ())
    names = [header_key(plan.layout.columns[index].header.text) for index in places]
    return any(word in name for name in names for word in _DECISIONS)


def _spoken_words(plan: Plan) -> set[str]:
    """Return the folded words of all columns that tell a stage."""
    words = {
        text
        for name in _TELLING
        for index in plan.layout.places.get(name, ())
        for text in stage_counts(plan, index)
    }
    return {fold(step) for text in words for step in steps_of(text)} if len(words) < _MOST_WORDS else set()


def _failed_is_unsent(spoken: set[str]) -> bool:
    if not spoken & _FAILURES or not spoken & _SENDINGS:
        return False
    others = {word_of(word).stage for word in spoken - _FAILURES}
    return not others & {Stage.REJECTED, Stage.SCREENING, Stage.INTERVIEWING, Stage.OFFER, Stage.ACCEPTED}


def _cross_is_no(plan: Plan) -> bool:
    places = [plan.layout.first(name) for name in _FLAGS]
    return any(printed(cell)[:1] in CROSSES for at in places if at is not None for _, cell in plan.column(at))


def _sheet_stage(plan: Plan) -> Stage | None:
    if {"stage", "outcome"} & plan.layout.places.keys() or plan.layout.rounds():
        return None
    for title in (_title_above(plan), plan.table.sheet):
        word = word_of(title) if title else None
        if word and word.why == "known word" and word.stage not in (Stage.UNKNOWN, Stage.APPLIED):
            return word.stage
    return None


def _title_above(plan: Plan) -> str | None:
    """Return the only text in the line above the header."""
    top = plan.section.header_rows[0] if plan.section.header_rows else 0
    texts = {text for cell in plan.table.rows[top - 1] if (text := printed(cell))} if top else set()
    return texts.pop() if len(texts) == 1 else None


def _unmarked_is_unsent(plan: Plan) -> bool:
    index = plan.layout.first("applied_flag")
    if index is None:
        return False
    marks = [truth(cell) for _, cell in plan.column(index)]
    return bool(marks) and all(marks)
