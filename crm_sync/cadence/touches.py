"""One touch, not two: what was said twice about one call counts once (cadence section 6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

from crm_sync.cadence.clocks import local_day
from crm_sync.domain.touches import CallOutcome, Touch, TouchKind


def merge_touches(touches: Iterable[Touch], zone: ZoneInfo) -> tuple[Touch, ...]:
    """Return the touches of one application, oldest first, with a tick and a call of one day made one.

    A tick is a call whose outcome is unknown: somebody completed the task. On the callee's day (in
    *zone*) of a logged call of the same round it is the same touch, and what has a result wins; two
    ticks of a day are one. Merging twice changes nothing.
    """
    ordered = sorted(touches, key=_when)
    if not any(is_tick(touch) for touch in ordered):
        return tuple(ordered)
    merged: list[Touch] = []
    for _, group in groupby(ordered, key=lambda touch: local_day(touch.at, zone)):
        merged.extend(_merge_day(list(group)))
    return tuple(sorted(merged, key=_when))


def is_tick(touch: Touch) -> bool:
    """Tell whether it is a completed task of which no call was logged."""
    return touch.kind is TouchKind.CALL and touch.outcome is CallOutcome.UNKNOWN


def _when(touch: Touch) -> tuple[float, str]:
    return (touch.at.timestamp(), touch.id)


def _merge_day(day: list[Touch]) -> list[Touch]:
    kept = day
    for number in {touch.round for touch in day if is_tick(touch)}:
        kept = _merge_ticks(kept, number)
    return kept


def _merge_ticks(day: list[Touch], number: int) -> list[Touch]:
    ticks = [touch for touch in day if is_tick(touch) and touch.round == number]
    calls = [touch for touch in day if _is_logged(touch) and touch.round == number]
    others = [touch for touch in day if touch not in ticks and touch not in calls]
    telling = _distinct([tick for tick in ticks if tick.result is not None])
    if not calls:
        return [*others, *(telling or ticks[:1])]
    if telling and all(call.result is None for call in calls):
        last = calls.pop()
        telling[-1] = replace(telling[-1], at=last.at, outcome=last.outcome)
    told = {(call.result, call.callback_on) for call in calls}
    return [*others, *calls, *(tick for tick in telling if (tick.result, tick.callback_on) not in told)]


def _distinct(ticks: list[Touch]) -> list[Touch]:
    return list({(tick.result, tick.callback_on): tick for tick in ticks}.values())


def _is_logged(touch: Touch) -> bool:
    return touch.kind is TouchKind.CALL and touch.outcome is not CallOutcome.UNKNOWN


@dataclass(frozen=True, slots=True)
class DatedCall:
    """A call and the callee's day on which it was made; ``invited``: they had asked for it (rule 9)."""

    touch: Touch
    day: date
    invited: bool = False

    @property
    def is_dial(self) -> bool:
        """Tell whether we dialled; an inbound call is none."""
        return self.touch.kind is TouchKind.CALL


def calls_of_round(touches: Sequence[Touch], number: int, zone: ZoneInfo) -> tuple[DatedCall, ...]:
    """Return the calls of a round, oldest first: every dial, and inbound calls whose result is known.

    An inbound call whose result is known is a conversation like any other: it may promise a day or end
    the calls, but it is never counted as a dial.
    """
    calls: list[DatedCall] = []
    promised: date | None = None
    for touch in touches:
        if touch.round != number or not _is_conversation(touch):
            continue
        day = local_day(touch.at, zone)
        calls.append(DatedCall(touch, day, promised is not None and day >= promised))
        promised = touch.callback_on
    return tuple(calls)


def _is_conversation(touch: Touch) -> bool:
    return touch.kind is TouchKind.CALL or (touch.kind is TouchKind.INBOUND and touch.result is not None)
