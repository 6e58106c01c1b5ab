"""Which stage is in force after source, person and CRM were heard, and what its change means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from crm_sync.domain.dossiers import Course, Dossier
from crm_sync.domain.links import UNMARKED, Mark, fingerprint
from crm_sync.domain.stages import TERMINAL, Stage
from crm_sync.domain.values import light, replace
from crm_sync.planning.merge import moved


@light
@dataclass(frozen=True, slots=True)
class StageInForce:
    """The stage by which the cadence decides, whether source and CRM dispute it, and by whose word.

    ``by_person`` says that the CRM's value stands because a person put it there.
    """

    stage: Stage
    disputed: bool = False
    by_person: bool = False


def wished_stage(dossier: Dossier) -> Stage:
    """Return the stage our side wants: what a call's result said, else the source's word."""
    return dossier.course.said_stage or dossier.application.stage


def stands(dossier: Dossier) -> bool:
    """Tell whether the wished stage is in force, with no other word from the CRM and not in dispute."""
    course = dossier.course
    return (
        course.crm_stage is None
        and not course.stage_disputed
        and course.stage is (course.said_stage or dossier.application.stage)
    )


def stage_in_force(dossier: Dossier, mark: Mark) -> StageInForce:
    """Return the stage in force by the table of design 4, *mark* being the deal's mark for its stage."""
    wish, in_crm = wished_stage(dossier), dossier.course.crm_stage
    if in_crm is None or in_crm == wish:
        return StageInForce(wish)
    if wish is Stage.UNKNOWN or (mark != UNMARKED and not moved(wish.value, mark)):
        return StageInForce(in_crm, by_person=True)
    if fingerprint(in_crm.value) == mark.seen:
        return StageInForce(wish)
    return StageInForce(in_crm, disputed=True, by_person=True)


def enter(course: Course, stage: Stage, *, at: datetime, today: date, undo: timedelta) -> Course:
    """Return the course after *stage* came into force at *at*; the same stage changes nothing.

    Coming back from a terminal stage within *undo* continues as if nothing had happened; later it opens
    a new round that starts *today*, the owner's day (cadence section 6, cases 43 and 44).
    """
    if stage is course.stage:
        return course
    was_terminal, is_terminal = course.stage in TERMINAL, stage in TERMINAL
    since = course.terminal_since
    reopened = was_terminal and not is_terminal and since is not None and at - since > undo
    return replace(
        course,
        stage=stage,
        previous_stage=course.stage,
        stage_changed_at=at,
        terminal_since=since if was_terminal else (at if is_terminal else None),
        round=course.round + 1 if reopened else course.round,
        round_started=today if reopened else course.round_started,
        manual_start=None if reopened else course.manual_start,
    )
