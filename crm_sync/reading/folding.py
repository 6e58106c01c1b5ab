"""Several status columns -> one stage, and the word that decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from crm_sync.domain.stages import Stage
from crm_sync.domain.tables import Cell
from crm_sync.reading.dates import interpret
from crm_sync.reading.histories import known_steps_of, latest_of, steps_of
from crm_sync.reading.lexicon import word_set
from crm_sync.reading.placeholders import is_nothing, truth
from crm_sync.reading.stages import SILENCE, WEAK, WHO, Word, word_of
from crm_sync.reading.texts import fold, printed

FINAL = frozenset({Stage.ACCEPTED, Stage.REJECTED, Stage.WITHDRAWN, Stage.CLOSED})
_PROGRESS = {
    Stage.SAVED: 0,
    Stage.APPLIED: 1,
    Stage.SCREENING: 2,
    Stage.INTERVIEWING: 3,
    Stage.OFFER: 4,
    Stage.ACCEPTED: 5,
}
CROSSES = frozenset("×✗✘❌✖")
_FAILED = CROSSES | {"👎"}
_DONE = word_set("done")
_ARCHIVED = frozenset(
    {"archived", "archive", "archiviert", "archive e", "archivado", "arquivado", "archiviato"}
)


@dataclass(frozen=True, slots=True)
class Folded:
    """The stage of one row, the source's own word for it, and flags."""

    stage: Stage
    word: str | None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signs:
    """What the cells of one row say about its stage; texts are trimmed, empty ones left out."""

    main: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    response: str | None = None
    history: str | None = None
    reason: str | None = None
    rounds: tuple[tuple[Stage, Cell], ...] = ()
    applied: bool | None = None
    archived: bool = False
    ended: Stage | None = None
    interview_day: bool = False
    dated_text: str | None = None
    dated: bool = False
    fallback: Stage = Stage.APPLIED
    sheet_stage: Stage | None = None
    recruiter: bool = False
    declined_is_mine: bool = False
    decides: bool = False
    mine: bool | None = None
    failed_is_unsent: bool = False
    day_expected: bool = False
    cross_is_no: bool = False


def fold_stage(signs: Signs) -> Folded:
    """Return the stage that all signs of one row give together.

    An outcome that ends the matter beats a status, a status beats the rounds unless it only says
    "applied", and an archived row without an ending is closed.
    """
    found = _current(signs)
    if signs.archived and found.stage not in FINAL and found.stage is not Stage.OFFER:
        found = Folded(Stage.CLOSED, found.word, found.flags)
    if signs.reason and found.stage in (Stage.CLOSED, Stage.REJECTED):
        return Folded(_for_reason(signs.reason, found), found.word, found.flags)
    if signs.reason and signs.recruiter and found.stage not in FINAL:
        return Folded(_for_reason(signs.reason, found), signs.reason)
    return found


def _for_reason(reason: str, found: Folded) -> Stage:
    """Return how it ended by the reason: rejected unless the reason says else, but for what was closed."""
    ended = word_of(reason).stage
    if ended in (Stage.WITHDRAWN, Stage.ACCEPTED) or (found.stage not in FINAL and ended in FINAL):
        return ended
    archived = found.stage is Stage.CLOSED and fold(found.word or "") in _ARCHIVED
    left = found.stage not in FINAL or (archived and ended in (Stage.REJECTED, Stage.UNKNOWN))
    return Stage.REJECTED if left else found.stage


def _current(signs: Signs) -> Folded:
    reached = _rounds(signs.rounds, signs.cross_is_no)
    verdict = _verdict(signs, reached)
    if verdict:
        return Folded(verdict, signs.outcome[0])
    outcome = _best(signs.outcome)
    if outcome and outcome[1].stage in FINAL | {Stage.OFFER, Stage.ON_HOLD}:
        return Folded(_who(outcome[1], signs, reached), outcome[0])
    main = _best([latest_of(text) for text in signs.main if interpret(text) is None])
    if main and main[1].stage in FINAL:
        return Folded(_who(main[1], signs, reached), main[0])
    if signs.ended:
        return Folded(signs.ended, main[0] if main else None)
    if reached in FINAL:
        return Folded(reached, main[0] if main else None)
    return _open(signs, main or outcome, outcome if main else None, reached)


def _verdict(signs: Signs, reached: Stage | None) -> Stage | None:
    """Return what yes or no under *Decision* ends with, None where it ends nothing."""
    said = next((said for text in signs.outcome if (said := _answer(text)) is not None), None)
    if not signs.decides or said is None:
        return None
    offered = _was_offered(signs, reached)
    if said:
        return Stage.ACCEPTED if offered else None
    mine = offered if signs.mine is None else signs.mine
    return Stage.WITHDRAWN if mine else Stage.REJECTED


def _answer(text: str) -> bool | None:
    return False if fold(text) == "r" else truth(text)


def _was_offered(signs: Signs, reached: Stage | None) -> bool:
    return reached is Stage.OFFER or any(
        word_of(text).stage is Stage.OFFER for text in (*signs.extra, *signs.main)
    )


def _open(
    signs: Signs, main: tuple[str, Word] | None, outcome: tuple[str, Word] | None, reached: Stage | None
) -> Folded:
    others = [(text, word) for text in _others(signs) if (word := word_of(text)).stage is not Stage.UNKNOWN]
    ended = next((found for found in others if found[1].stage in FINAL), None)
    if main is None:
        return _without_status(signs, others, reached)
    text, word = main
    if word.stage is Stage.UNKNOWN:
        return _unknown(text, outcome, ended, _furthest(signs, reached))
    if word.stage in (Stage.ON_HOLD,):
        return Folded(word.stage, text)
    if ended and word.stage is not Stage.SAVED:
        return Folded(_who(ended[1], signs, reached), ended[0])
    stage = _weak(word, text, signs)
    best = max(
        [
            stage,
            *([reached] if reached else []),
            *(found.stage for _, found in others if found.stage in _PROGRESS),
        ],
        key=lambda one: _PROGRESS.get(one, 0),
    )
    further = best if stage is Stage.APPLIED or reached == best else stage
    return Folded(max(stage, further, key=lambda one: _PROGRESS.get(one, 0)), text)


def _furthest(signs: Signs, reached: Stage | None) -> Stage | None:
    """Return how far rounds and further status columns say it went, as an ATS has step and status."""
    steps = [stage for text in signs.extra if (stage := word_of(text).stage) in _PROGRESS]
    return max([*steps, *filter(None, (reached,))], key=lambda one: _PROGRESS.get(one, 0), default=None)


def _unknown(
    text: str, outcome: tuple[str, Word] | None, ended: tuple[str, Word] | None, reached: Stage | None
) -> Folded:
    if ended:
        return Folded(ended[1].stage, ended[0])
    if outcome and outcome[1].stage in _PROGRESS:
        return Folded(outcome[1].stage, outcome[0])
    if reached:
        return Folded(reached, text)
    return Folded(Stage.UNKNOWN, text, ("stage_unknown",))


def _without_status(signs: Signs, others: Sequence[tuple[str, Word]], reached: Stage | None) -> Folded:
    if others:
        text, word = max(others, key=lambda one: (one[1].stage in FINAL, _PROGRESS.get(one[1].stage, 0)))
        stage = _who(word, signs, reached)
        if reached and _PROGRESS.get(reached, 0) > _PROGRESS.get(stage, 9):
            stage = reached
        return Folded(stage, text)
    if reached:
        return Folded(reached, None)
    if signs.sheet_stage:
        return Folded(signs.sheet_stage, None)
    if signs.interview_day:
        return Folded(Stage.INTERVIEWING, None)
    if signs.applied is not None and not signs.dated:
        return Folded(Stage.APPLIED if signs.applied else Stage.SAVED, None)
    return Folded(Stage.APPLIED if signs.dated else signs.fallback, None)


def _weak(word: Word, text: str, signs: Signs) -> Stage:
    """*New* and *reviewed* in a job seeker's list are no application while there is no day of one."""
    if signs.recruiter or signs.dated:
        return word.stage
    if (word.remark == WEAK and fold(text) == "new") or (signs.day_expected and fold(text) == "reviewed"):
        return Stage.SAVED
    return word.stage


def _who(word: Word, signs: Signs, reached: Stage | None) -> Stage:
    """Who declined: after an offer, or where the list also says *rejected*, it was the applicant."""
    if signs.mine is not None and word.stage in (Stage.REJECTED, Stage.WITHDRAWN):
        return Stage.WITHDRAWN if signs.mine else Stage.REJECTED
    if signs.failed_is_unsent and word.stage is Stage.REJECTED:
        return Stage.SAVED
    if word.remark != WHO:
        return word.stage
    if signs.declined_is_mine:
        return Stage.WITHDRAWN
    return Stage.WITHDRAWN if _was_offered(signs, reached) else word.stage


def _others(signs: Signs) -> list[str]:
    texts = [*signs.extra, *signs.outcome]
    for text in (signs.response, signs.dated_text):
        if text:
            texts.append(text)
    if signs.history:
        texts.extend(known_steps_of(signs.history)[-1:])
    return texts


def _best(texts: Sequence[str]) -> tuple[str, Word] | None:
    """Return the first text that says something, with its word; a known word before an unknown one."""
    known = [(text, word_of(text)) for text in texts if text]
    for text, word in known:
        if word.stage is not Stage.UNKNOWN:
            return text, word
    return known[0] if known else None


def _rounds(rounds: Sequence[tuple[Stage, Cell]], cross_is_no: bool) -> Stage | None:
    """Return how far the rounds went; a failed round is a rejection."""
    furthest: Stage | None = None
    for stage, cell in rounds:
        said = None if cross_is_no and printed(cell)[:1] in CROSSES else _said(stage, cell)
        if said in FINAL:
            return said
        if said and (furthest is None or _PROGRESS[said] > _PROGRESS[furthest]):
            furthest = said
    return furthest


def _said(stage: Stage, cell: Cell) -> Stage | None:
    if isinstance(cell, (date, datetime)):
        return stage
    text = printed(cell)
    if not text:
        return None
    if text[0] in _FAILED:
        return Stage.REJECTED
    known = _count(cell) if truth(cell) is None else truth(cell)
    if known is not None:
        return stage if known else None
    if text[0] in "[{":
        return _printed(stage, text)
    if is_nothing(text):
        return None
    if fold(text) in _DONE or interpret(text) is not None:
        return stage
    return _spoken(stage, word_of(text))


def _printed(stage: Stage, text: str) -> Stage | None:
    """Read a printed list in the column of a round: its last known step, else that it is not empty."""
    steps = steps_of(text)
    known = known_steps_of(text)
    return (
        word_of(known[-1]).stage
        if known
        else (stage if any(any(map(str.isalnum, s)) for s in steps) else None)
    )


def _count(cell: Cell) -> bool | None:
    """Say whether a small whole number, as of interviews, is more than none."""
    text = printed(cell)
    return int(text) > 0 if len(text) < 3 and text.isdecimal() else None


def _spoken(stage: Stage, word: Word) -> Stage | None:
    if word.stage in (Stage.UNKNOWN, Stage.ON_HOLD):
        return stage if word.stage is Stage.ON_HOLD else None
    if word.stage is Stage.REJECTED and stage is Stage.OFFER and word.remark == WHO:
        return Stage.WITHDRAWN
    if word.stage in FINAL:
        return word.stage
    if word.remark == SILENCE or word.stage is Stage.SAVED:
        return None
    return stage if _PROGRESS.get(stage, 9) >= _PROGRESS.get(word.stage, 0) else word.stage
