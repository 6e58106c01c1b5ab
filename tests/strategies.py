"""Hypothesis strategies for the nouns; keys come from small pools, so that one thing happens to another."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from crm_sync.domain.applications import Application, RejectedRow
from crm_sync.domain.decisions import Action, Decision
from crm_sync.domain.dossiers import CallTask, Course, Dossier, Preparation, TaskState
from crm_sync.domain.items import Item, RemoteId
from crm_sync.domain.keys import Key, Kind
from crm_sync.domain.links import Link, Mark
from crm_sync.domain.stages import Stage
from crm_sync.domain.touches import CallOutcome, CallResult, Touch, TouchKind
from crm_sync.planning.operations import Conflict
from crm_sync.ports import Cursor, Entry, Run, SourceState
from crm_sync.testing.ledger_samples import ODD_TEXTS

texts = st.text(max_size=12) | st.sampled_from(ODD_TEXTS)
maybe_texts = st.none() | texts
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
maybe_days = st.none() | days
zones = st.just(UTC) | st.sampled_from([timezone(timedelta(hours=hours)) for hours in (-8, 1, 5.5)])
times = st.datetimes(datetime(2020, 1, 1), datetime(2030, 12, 31), timezones=zones)  # noqa: DTZ001
maybe_times = st.none() | times
flags = st.lists(texts, max_size=3).map(tuple)
numbers = st.integers(0, 9)
values = st.none() | st.booleans() | texts

users = st.sampled_from(["ada", "bob", "", "Łódź/x"])
idents = st.sampled_from(["k1", "k2", "abcd", "abce", "ABCD", "a_cd", "公司", "nul\0", "back\\slash"])
fields = st.sampled_from(["name", "stage", "due_at", "v", "\ud800"])
keys = st.builds(Key, st.sampled_from(Kind), users, idents)
remote_ids = st.sampled_from(["1", "2", "3", "公司"]).map(RemoteId)

prints = st.none() | st.sampled_from(["00", "0123456789abcdef"])
marks = st.builds(Mark, prints, prints, prints)
links = st.builds(
    Link,
    keys,
    st.none() | remote_ids,
    st.dictionaries(fields, marks, max_size=3),
    st.frozensets(keys, max_size=2),
    st.booleans(),
    st.booleans(),
    maybe_texts,
    maybe_texts,
)

items = st.builds(
    Item, keys, st.dictionaries(fields, values, max_size=3), st.lists(keys, max_size=2).map(tuple)
)

applications = st.builds(
    Application,
    row=numbers,
    sheet=maybe_texts,
    connector=texts,
    company=maybe_texts,
    job_title=maybe_texts,
    stage=st.sampled_from(Stage),
    applied_on=maybe_days,
    external_id=maybe_texts,
    company_domain=maybe_texts,
    job_url=maybe_texts,
    location=maybe_texts,
    contact_name=maybe_texts,
    contact_title=maybe_texts,
    contact_email=maybe_texts,
    contact_phone=maybe_texts,
    salary=maybe_texts,
    source=maybe_texts,
    notes=maybe_texts,
    next_action_on=maybe_days,
    flags=flags,
    stage_word=maybe_texts,
    cells=flags,
)
rejected_rows = st.builds(RejectedRow, numbers, maybe_texts, texts, flags)
decisions = st.builds(
    Decision,
    st.sampled_from(Action),
    texts,
    maybe_days,
    maybe_times,
    st.none() | numbers,
    st.booleans(),
    flags,
    st.booleans(),
)
call_tasks = st.builds(
    CallTask,
    numbers,
    numbers,
    st.sampled_from(TaskState),
    days,
    times,
    numbers,
    st.booleans(),
    flags,
    maybe_days,
)
courses = st.builds(
    Course,
    stage=st.sampled_from(Stage),
    first_seen=days,
    said_stage=st.none() | st.sampled_from(Stage),
    crm_stage=st.none() | st.sampled_from(Stage),
    stage_changed_at=maybe_times,
    previous_stage=st.none() | st.sampled_from(Stage),
    terminal_since=maybe_times,
    stage_disputed=st.booleans(),
    round=numbers,
    round_started=maybe_days,
    snooze_until=maybe_days,
    manual_start=maybe_days,
    resumed_after_delete=st.booleans(),
    phone=maybe_texts,
    number_changed_at=maybe_times,
    do_not_call=st.booleans(),
    deal_removed=st.booleans(),
    vanished_looks=numbers,
    vanished_at=maybe_times,
    preparation=st.builds(Preparation, maybe_texts, flags, maybe_texts),
    task=st.none() | call_tasks,
    earlier=st.lists(call_tasks, max_size=2).map(tuple),
    last_seq=numbers,
    decision=st.none() | decisions,
    decide_on=maybe_days,
)
dossiers = st.builds(
    Dossier, idents, users, applications, courses, maybe_texts, maybe_texts, maybe_texts, texts
)
touches = st.builds(
    Touch,
    idents,
    idents,
    times,
    st.sampled_from(TouchKind),
    st.sampled_from(CallOutcome),
    st.none() | st.sampled_from(CallResult),
    maybe_days,
    numbers,
    maybe_texts,
    maybe_texts,
)

source_states = st.builds(
    SourceState,
    users,
    idents,
    texts,
    maybe_texts,
    texts,
    times,
    st.booleans(),
    numbers,
    st.lists(rejected_rows, max_size=2).map(tuple),
    flags,
)
plain_data = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
evidence = st.dictionaries(st.tuples(users, texts), idents, max_size=4)


def runs(account: str) -> st.SearchStrategy[Run]:
    """Return a strategy for runs of the account."""
    reports = st.dictionaries(texts, plain_data, max_size=3)
    return st.builds(
        Run, idents, st.just(account), st.none() | users, texts, times, maybe_times, texts, reports
    )


@st.composite
def disputes(draw: st.DrawFn) -> dict[Key, tuple[Conflict, ...]]:
    """Return conflicts by key, at most one per field, as a plan tells them."""
    sides = st.dictionaries(fields, st.tuples(values, values), max_size=2)
    found: dict[Key, Any] = draw(st.dictionaries(keys, sides, max_size=3))
    return {
        key: tuple(Conflict(key, field, ours, theirs) for field, (ours, theirs) in sides.items())
        for key, sides in found.items()
    }


def entries(account: str) -> st.SearchStrategy[Entry]:
    """Return a strategy for entries of the account."""
    return st.builds(
        Entry,
        st.just(account),
        st.lists(links, max_size=4),
        st.lists(dossiers, max_size=3),
        st.lists(touches, max_size=3),
        evidence,
        st.lists(source_states, max_size=2),
        disputes(),
        st.none() | texts.map(Cursor),
        st.none() | runs(account),
        times,
    )
