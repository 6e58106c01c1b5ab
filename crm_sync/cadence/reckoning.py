"""What the rules found out on their way, kept so that it can be explained (cadence section 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from crm_sync.cadence.clocks import LocalNow
from crm_sync.cadence.days import Choice
from crm_sync.cadence.situation import Situation
from crm_sync.cadence.tally import Tally
from crm_sync.cadence.windows import Window
from crm_sync.domain.decisions import Decision
from crm_sync.domain.touches import Touch
from crm_sync.domain.values import light


class Rule(IntEnum):
    """The numbers of the rules, in the order in which they are asked."""

    TERMINAL_STAGE = 1
    DO_NOT_CALL = 2
    CROSSED_OFF = 3
    NO_CALLS_POSTING = 4
    DELETED_TASK = 5
    WAITING = 6
    APPLIED_DATE = 7
    OPEN_TASK = 8
    COUNT = 9
    WINDOW = 10
    TOO_OLD = 11
    DAY = 12
    TIME = 13
    FINAL = 14


@light
@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision that stands before any day is looked for, and the rule that made it.

    The facts are those known by then: ``applied`` from rule 7 on, ``tally`` from rule 9, ``window`` from
    rule 10.
    """

    rule: Rule
    decision: Decision
    here: LocalNow
    touches: tuple[Touch, ...] = ()
    applied: date | None = None
    tally: Tally | None = None
    window: Window | None = None


@light
@dataclass(frozen=True, slots=True)
class Wish:
    """A call that is wished for: all facts of rules 1 to 11, while its day still depends on the load.

    ``flags`` are the assumptions made on the way.
    """

    situation: Situation
    here: LocalNow
    applied: date
    tally: Tally
    window: Window
    flags: tuple[str, ...]
    touches: tuple[Touch, ...] = ()

    @property
    def snoozed_until(self) -> date | None:
        """Return the snooze where it matters: later than the window's start and than today."""
        snooze = self.situation.snooze_until
        if snooze is None or snooze <= max(self.window.start, self.here.today):
            return None
        return snooze


@light
@dataclass(frozen=True, slots=True)
class Placement:
    """The decision that a wish came to, with the choice of its day."""

    decision: Decision
    choice: Choice
