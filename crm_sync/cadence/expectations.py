"""What to expect: how many calls a list means, how many fit, and how sure a share is (cadence 3.3, 5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from crm_sync.cadence.outcomes import RESOLVING
from crm_sync.cadence.touches import is_tick
from crm_sync.cadence.wording import say_count
from crm_sync.domain.touches import Touch, TouchKind

ASSUMED_SETTLED = 0.15
"""Share of calls that settle the matter, until one's own calls tell better (cadence 3.3)."""

ENOUGH_CALLS = 20
"""From this many own calls on their share is used."""

WORKDAYS = 5
_Z = 1.96
_SMALL = 200


@dataclass(frozen=True, slots=True)
class CallFigures:
    """Calls that were logged, how many settled the matter, and ticks whose outcome nobody told.

    A tick is not a call that was logged: it never improves a figure (cadence section 5, harms).
    """

    calls: int = 0
    settled: int = 0
    unknown: int = 0


def count_figures(touches: Iterable[Touch]) -> CallFigures:
    """Return the figures of these touches, recomputed from what was logged."""
    calls = settled = unknown = 0
    for touch in touches:
        if touch.kind is TouchKind.EMAIL or touch.kind is TouchKind.INBOUND:
            continue
        if is_tick(touch) and touch.result is None:
            unknown += 1
            continue
        calls += 1
        settled += touch.result in RESOLVING
    return CallFigures(calls, settled, unknown)


def settled_share(figures: CallFigures) -> float:
    """Return the share of calls that settle the matter: one's own from 20 calls on, else 0.15."""
    if figures.calls < ENOUGH_CALLS:
        return ASSUMED_SETTLED
    return figures.settled / figures.calls


def expected_calls(settled: float, max_calls: int = 4) -> float:
    """Return the expected calls per application: the sum of (1 - s)^k for k below *max_calls*.

    *settled* is the share of calls that settle the matter, from 0 to 1; ValueError beyond.
    """
    if not 0 <= settled <= 1:
        raise ValueError(f"a share lies between 0 and 1, not at {settled}")
    return sum((1 - settled) ** k for k in range(max_calls))


def outlook(applications: int, figures: CallFigures, max_calls: int = 4) -> str:
    """Return what a list of open applications means, before the first call is made."""
    if applications == 0:
        return "no open applications, no calls to make"
    calls = round(applications * expected_calls(settled_share(figures), max_calls))
    return (
        f"{say_count(applications, 'open application')} mean about {say_count(calls, 'call')} in all; "
        "most of them end without interest, and that is how it goes"
    )


def weekly_room(daily_capacity: int, max_calls: int = 4) -> int:
    """Return how many applications a week can be followed up with that many calls a day.

    The rule of thumb measured in cadence 3.3: the capacity is *max_calls* times the applications a weekday.
    """
    return daily_capacity * WORKDAYS // max_calls


def capacity_advice(applications_a_week: float, daily_capacity: int | None, max_calls: int = 4) -> str | None:
    """Return a sentence where more is applied to than can be followed up, None where there is room."""
    if daily_capacity is None:
        return None
    room = weekly_room(daily_capacity, max_calls)
    if applications_a_week <= room:
        return None
    return (
        f"you apply to {round(applications_a_week):,} a week; "
        f"at {say_count(daily_capacity, 'call')} a day you can follow up on about {room}"
    )


def likely_range(hits: int, tries: int) -> tuple[float, float]:
    """Return the Wilson interval (95 %) of a share, as two numbers between 0 and 1."""
    if not 0 <= hits <= tries or tries == 0:
        raise ValueError(f"{hits} of {tries} is no share")
    share = hits / tries
    spread = _Z * _Z / tries
    middle = share + spread / 2
    half = _Z * sqrt(share * (1 - share) / tries + spread / (4 * tries))
    return max(0.0, (middle - half) / (1 + spread)), min(1.0, (middle + half) / (1 + spread))


def share_text(hits: int, tries: int) -> str:
    """Return "2 of 20 (3-30%)": always with its denominator, with a range while numbers are small."""
    if tries == 0:
        return f"{hits} of 0"
    if tries >= _SMALL:
        return f"{hits} of {tries} ({round(100 * hits / tries)}%)"
    low, high = likely_range(hits, tries)
    return f"{hits} of {tries} ({round(100 * low)}-{round(100 * high)}%)"
