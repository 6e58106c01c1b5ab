"""A dossier: one application and everything that happened to it since it was first seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from crm_sync.domain.applications import Application
from crm_sync.domain.decisions import Decision
from crm_sync.domain.stages import Stage
from crm_sync.domain.values import light


class TaskState(StrEnum):
    """What became of a call task of ours."""

    OPEN = "open"
    COMPLETED = "completed"
    DELETED_BY_USER = "deleted_by_user"
    CANCELLED_BY_US = "cancelled_by_us"

    __hash__ = str.__hash__


@light
@dataclass(frozen=True, slots=True)
class CallTask:
    """Our newest call task of an application.

    ``pushed_due`` is the callee's day we chose, ``crm_due`` the day the CRM shows now (None: as pushed),
    ``due_at`` the instant in UTC. ``seq`` is never used again (cadence section 6, task numbers).
    """

    seq: int
    round: int
    state: TaskState
    pushed_due: date
    due_at: datetime
    attempt: int
    final: bool = False
    flags: tuple[str, ...] = ()
    crm_due: date | None = None

    @property
    def day(self) -> date:
        """Return the callee's day on which the call is due: a person's, else ours."""
        return self.crm_due or self.pushed_due


@dataclass(frozen=True, slots=True)
class Preparation:
    """The parts of the brief that only a person knows (cadence 4.4, lines 4 and 5)."""

    why: str | None = None
    facts: tuple[str, ...] = ()
    reason: str | None = None


@light
@dataclass(frozen=True, slots=True)
class Course:
    """What happened to one application since it was first seen.

    ``stage`` is the stage in force after the three opinions were heard; ``stage_disputed`` says that
    source and CRM contradict each other about it. ``said_stage`` is what a call's result made of the stage
    (an interview) until the source changes its word; ``crm_stage`` is the stage a person set in the CRM.
    ``earlier`` are older tasks of ours whose end may not have reached the CRM. Times are aware, days are
    the callee's.
    ``deal_removed`` says that a person removed the deal from the CRM: nothing is planned any more;
    ``undone`` that this was done by taking a run back, so that `resume` may make it again.
    ``vanished_looks`` counts complete looks that did not show the row any more, ``vanished_at`` is the
    time of the first of them.
    """

    stage: Stage
    first_seen: date
    said_stage: Stage | None = None
    crm_stage: Stage | None = None
    stage_changed_at: datetime | None = None
    previous_stage: Stage | None = None
    terminal_since: datetime | None = None
    stage_disputed: bool = False
    round: int = 1
    round_started: date | None = None
    snooze_until: date | None = None
    manual_start: date | None = None
    resumed_after_delete: bool = False
    phone: str | None = None
    number_changed_at: datetime | None = None
    do_not_call: bool = False
    deal_removed: bool = False
    undone: bool = False
    vanished_looks: int = 0
    vanished_at: datetime | None = None
    preparation: Preparation = field(default_factory=Preparation)
    task: CallTask | None = None
    earlier: tuple[CallTask, ...] = ()
    last_seq: int = 0
    decision: Decision | None = None
    decide_on: date | None = None

    def __hash__(self) -> int:
        """Return a hash of what tells courses apart; one of all fields would take twice as long."""
        return hash(
            (
                self.stage, self.first_seen, self.stage_changed_at, self.terminal_since, self.snooze_until,
                self.phone, self.vanished_at, self.task, self.earlier, self.decision,
            )
        )  # fmt: skip

    @property
    def open_task(self) -> CallTask | None:
        """Return the call task that is the next step, None where there is none."""
        return self.task if self.task is not None and self.task.state is TaskState.OPEN else None


@dataclass(frozen=True, slots=True)
class Saying:
    """What one of several sources said last about an application.

    ``missed_looks`` counts complete looks at the source that did not show the row any more, ``missed_at`` is
    the time of the first of them.
    """

    source: str
    application: Application
    missed_looks: int = 0
    missed_at: datetime | None = None


@light
@dataclass(frozen=True, slots=True)
class Dossier:
    """One application under its key, with its course.

    ``company_key`` and ``contact_key`` are the ids of the account's records it belongs to, None where
    there is none. ``led_from`` is the key of the application whose call led to this one (a referral or
    another opening). ``origin`` is the source in which a person finds it. ``sayings`` are what each source
    said last, once several speak of it; () while only ``origin`` does, whose word ``application`` is then.
    ``merged_into`` is the key of the application which a person said this one is, "" for most: it has no
    deal and no calls of its own then, and what its sources say counts there.
    """

    key: str
    user: str
    application: Application
    course: Course
    company_key: str | None = None
    contact_key: str | None = None
    led_from: str | None = None
    origin: str = ""
    sayings: tuple[Saying, ...] = ()
    merged_into: str = ""
