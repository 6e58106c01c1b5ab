"""Situations, policies and calendars for property tests: most of them a few weeks around one date."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from crm_sync.cadence.calendar import Calendar
from crm_sync.cadence.capacity import Case
from crm_sync.cadence.policy import GENTLE, ONCE, STEADY, Policy, Unit
from crm_sync.cadence.situation import Situation, TaskView
from crm_sync.domain.dossiers import TaskState
from crm_sync.domain.stages import Stage
from crm_sync.domain.touches import CallOutcome, CallResult, Touch, TouchKind

START = date(2027, 2, 1)
OWNER_ZONE = "America/New_York"
ZONES = (
    "America/New_York",
    "Europe/Berlin",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "America/St_Johns",
    "Africa/Cairo",
    "UTC",
)

days = st.integers(-60, 60).map(lambda n: START + timedelta(days=n))
near_days = st.integers(-12, 12).map(lambda n: START + timedelta(days=n))
instants = st.integers(-30 * 24 * 60, 75 * 24 * 60).map(
    lambda minutes: datetime(2027, 2, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
recent = st.integers(-20 * 24 * 60, 0).map(
    lambda minutes: datetime(2027, 2, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
zones = st.sampled_from((*ZONES, None))
capacities = st.one_of(st.none(), st.integers(1, 3))
loads = st.dictionaries(near_days, st.integers(0, 3), max_size=20)

policies = st.one_of(
    st.sampled_from((STEADY, GENTLE, ONCE)),
    st.builds(
        lambda gap, more, first, unit, calls, start: Policy(
            gap_min=gap,
            gap_max=gap + more,
            first_min=first,
            first_max=first + more,
            unit=unit,
            max_calls=calls,
            last_start=start,
        ),
        st.integers(1, 6),
        st.integers(0, 3),
        st.integers(0, 8),
        st.sampled_from(Unit),
        st.integers(1, 5),
        st.times(),
    ),
)
calendars = st.builds(
    Calendar,
    st.sampled_from(((5, 6), (4, 5), (6,), ())),
    st.lists(days, max_size=12),
    st.lists(near_days, max_size=6),
)


@st.composite
def touches(draw: st.DrawFn, at: st.SearchStrategy[datetime] = recent) -> Touch:
    kind = draw(st.sampled_from((TouchKind.CALL,) * 6 + (TouchKind.INBOUND, TouchKind.EMAIL)))
    outcome = draw(st.sampled_from(CallOutcome))
    telling = outcome in (CallOutcome.CONNECTED, CallOutcome.UNKNOWN) or kind is not TouchKind.CALL
    result = draw(st.one_of(st.none(), st.sampled_from(_RESULTS))) if telling else None
    promised = draw(st.one_of(st.none(), near_days)) if result in _PROMISING else None
    return Touch(
        id="",
        application="",
        at=draw(at),
        kind=kind,
        outcome=outcome,
        result=result,
        callback_on=promised,
        round=draw(st.sampled_from((1, 1, 1, 2))),
    )


def histories(most: int) -> st.SearchStrategy[tuple[Touch, ...]]:
    """Return some touches, each with a marker of its own."""
    return st.lists(touches(), max_size=most).map(
        lambda listed: tuple(replace(touch, id=str(place)) for place, touch in enumerate(listed))
    )


_PROMISING = (CallResult.IN_PROCESS, CallResult.CALL_BACK)
_RESULTS = (*_PROMISING, *_PROMISING, *CallResult)

tasks = st.builds(
    TaskView,
    pushed_due=near_days,
    crm_due=st.one_of(st.none(), near_days),
    state=st.sampled_from(TaskState),
    seq=st.integers(1, 5),
    round=st.sampled_from((1, 1, 2)),
)

situations = st.builds(
    Situation,
    time_zone=zones,
    stage=st.sampled_from((Stage.APPLIED,) * 14 + tuple(Stage)),
    previous_stage=st.one_of(st.none(), st.none(), st.sampled_from(Stage)),
    stage_changed_at=st.one_of(st.none(), recent),
    terminal_since=st.one_of(st.none(), recent),
    applied_on=st.one_of(st.none(), near_days, days),
    first_seen=st.one_of(st.none(), near_days),
    has_phone=st.booleans(),
    number_changed_at=st.one_of(st.none(), recent),
    no_calls=st.sampled_from((False,) * 9 + (True,)),
    do_not_call=st.sampled_from((False,) * 9 + (True,)),
    snooze_until=st.one_of(st.none(), st.none(), near_days),
    manual_start=st.one_of(st.none(), st.none(), near_days),
    resumed_after_delete=st.booleans(),
    round=st.sampled_from((1, 1, 1, 2)),
    round_started=st.one_of(st.none(), st.none(), near_days),
    touches=histories(6),
    task=st.one_of(st.none(), st.none(), tasks),
)

quiet_situations = st.builds(
    Situation,
    time_zone=zones,
    applied_on=near_days,
    snooze_until=st.one_of(st.none(), st.none(), near_days),
    touches=histories(3),
    task=st.one_of(st.none(), st.none(), tasks),
)
"""Situations of which most end in a call: for passes over many of them."""

callable_situations = st.one_of(
    quiet_situations.map(lambda quiet: replace(quiet, task=None)),
    quiet_situations.map(lambda quiet: replace(quiet, task=None)),
    quiet_situations,
    situations,
)
"""Situations of every kind, but most of them end in a call."""

kept_situations = st.builds(
    lambda quiet, task: replace(
        quiet, touches=(), snooze_until=None, task=replace(task, state=TaskState.OPEN)
    ),
    quiet_situations,
    tasks,
)
"""Situations with an open task that nothing moves."""

batches = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=3),
    st.builds(
        Case, quiet_situations, st.sampled_from((STEADY, GENTLE)), st.sampled_from(((), ("jane",), ("joe",)))
    ),
    min_size=1,
    max_size=12,
)
