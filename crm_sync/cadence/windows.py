"""The days between which the next call belongs (cadence section 6, rule 10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from crm_sync.cadence.calendar import Calendar
from crm_sync.cadence.clocks import local_day
from crm_sync.cadence.policy import Policy, Unit
from crm_sync.cadence.situation import Situation
from crm_sync.cadence.tally import Tally
from crm_sync.domain.stages import HOLDING, TERMINAL
from crm_sync.domain.values import light


class CallReason(StrEnum):
    """Why a call is planned."""

    CADENCE = "cadence"
    CALLBACK = "callback"
    BUSY_RETRY = "busy_retry"


class AnchorReason(StrEnum):
    """What the gap to the next call is counted from."""

    APPLIED = "applied"
    LAST_CALL = "last_call"
    STAGE_CHANGE = "stage_change"
    ROUND_START = "round_start"


@light
@dataclass(frozen=True, slots=True)
class Anchor:
    """The day from which the gap is counted, and what happened on it."""

    day: date
    reason: AnchorReason


@light
@dataclass(frozen=True, slots=True)
class Window:
    """First and last day wished for, the reason of the call, and the anchor of a gap (None: no gap)."""

    start: date
    end: date
    reason: CallReason
    anchor: Anchor | None = None
    is_manual: bool = False


def window_of(
    situation: Situation, applied: date, tally: Tally, zone: ZoneInfo, policy: Policy, calendar: Calendar
) -> Window:
    """Return the window of the next call: a promise, a retry after busy, a start by hand, or the gap.

    *applied* is the day of rule 7, *zone* the callee's.
    """
    if tally.promised is not None:
        return Window(tally.promised, tally.promised, CallReason.CALLBACK)
    if tally.last_was_busy and tally.last is not None:
        day = calendar.after(tally.last.day)
        return Window(day, day, CallReason.BUSY_RETRY)
    if not tally.counted and situation.manual_start is not None:
        return Window(situation.manual_start, situation.manual_start, CallReason.CADENCE, is_manual=True)
    anchor = anchor_of(situation, applied, tally, zone, policy)
    least, most = _gap(tally, policy)
    if policy.unit is Unit.BUSINESS:
        start, end = calendar.after(anchor.day, least), calendar.after(anchor.day, most)
    else:
        start, end = anchor.day + timedelta(days=least), anchor.day + timedelta(days=most)
    return Window(start, end, CallReason.CADENCE, anchor)


def anchor_of(situation: Situation, applied: date, tally: Tally, zone: ZoneInfo, policy: Policy) -> Anchor:
    """Return the latest of: last counted or invited call (else applied), return from a stage, new round."""
    last = tally.last_day
    anchor = Anchor(applied, AnchorReason.APPLIED) if last is None else Anchor(last, AnchorReason.LAST_CALL)
    if situation.stage_changed_at is not None and _starts_anew(situation, policy):
        changed = local_day(situation.stage_changed_at, zone)
        if changed > anchor.day:
            anchor = Anchor(changed, AnchorReason.STAGE_CHANGE)
    started = situation.round_started
    if started is not None and started > anchor.day and not _within_undo(situation, policy):
        anchor = Anchor(started, AnchorReason.ROUND_START)
    return anchor


def comes_back_from_hold(situation: Situation) -> bool:
    """Tell whether the stage before was one in which calls wait."""
    return situation.previous_stage in HOLDING


def _starts_anew(situation: Situation, policy: Policy) -> bool:
    if comes_back_from_hold(situation):
        return True
    return situation.previous_stage in TERMINAL and not _within_undo(situation, policy)


def _within_undo(situation: Situation, policy: Policy) -> bool:
    """Tell whether a terminal stage was taken back so soon that it counts as a slip."""
    if situation.previous_stage not in TERMINAL:
        return False
    if situation.terminal_since is None or situation.stage_changed_at is None:
        return False
    return situation.stage_changed_at - situation.terminal_since <= timedelta(hours=policy.undo_hours)


def _gap(tally: Tally, policy: Policy) -> tuple[int, int]:
    if tally.counted:
        return policy.gap_min, policy.gap_max
    return policy.first_min, policy.first_max
