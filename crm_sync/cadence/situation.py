"""What the cadence looks at: one application, as far as follow-up calls are concerned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from crm_sync.domain.dossiers import TaskState
from crm_sync.domain.stages import Stage
from crm_sync.domain.touches import Touch
from crm_sync.domain.values import light


@light
@dataclass(frozen=True, slots=True)
class TaskView:
    """Our newest call task, as the rules see it.

    ``pushed_due`` is the callee's day that we chose, ``crm_due`` the day that the CRM shows now (None: as
    pushed). A task is *moved* when the two differ.
    """

    pushed_due: date
    crm_due: date | None = None
    state: TaskState = TaskState.OPEN
    seq: int = 1
    round: int = 1

    @property
    def is_open(self) -> bool:
        """Tell whether the task still waits to be done."""
        return self.state is TaskState.OPEN

    @property
    def day(self) -> date:
        """Return the day on which it stands: the CRM's where a person changed it."""
        return self.pushed_due if self.crm_due is None else self.crm_due

    @property
    def is_moved(self) -> bool:
        """Tell whether a person put it on another day."""
        return self.crm_due is not None and self.crm_due != self.pushed_due


@light
@dataclass(frozen=True, slots=True)
class Situation:
    """The fields of the table "application" of cadence section 6.

    Days are the callee's, times are aware, ``time_zone`` is the callee's IANA zone (None: unknown).
    ``terminal_since`` says since when the previous stage was terminal. ``do_not_call`` holds when the
    person said so on any application. Touches may come in any order and of all rounds.
    """

    time_zone: str | None = None
    stage: Stage = Stage.APPLIED
    previous_stage: Stage | None = None
    stage_changed_at: datetime | None = None
    terminal_since: datetime | None = None
    applied_on: date | None = None
    first_seen: date | None = None
    has_phone: bool = True
    number_changed_at: datetime | None = None
    no_calls: bool = False
    do_not_call: bool = False
    snooze_until: date | None = None
    manual_start: date | None = None
    resumed_after_delete: bool = False
    round: int = 1
    round_started: date | None = None
    touches: tuple[Touch, ...] = ()
    task: TaskView | None = None

    @property
    def open_task(self) -> TaskView | None:
        """Return our task while it waits to be done."""
        return self.task if self.task is not None and self.task.is_open else None
