"""Records that are written out later are the same records, each once, and no others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_sync.domain.dossiers import CallTask, Dossier
from crm_sync.domain.keys import RANK, Key
from crm_sync.domain.links import Link
from crm_sync.domain.touches import Touch
from crm_sync.planning.desired import Basis, deal_key, desired, keys_of
from crm_sync.planning.drafts import Drafts, unheard_of
from crm_sync.planning.operations import Create, Operation
from crm_sync.planning.plan import describe, plan
from tests.strategies import dossiers, touches

sometimes_slow = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
"""A list of whole dossiers is much to draw."""

Touches = Mapping[str, tuple[Touch, ...]]

lists = st.lists(dossiers, max_size=8, unique_by=lambda dossier: dossier.key).map(
    lambda some: [replace(each, user="ada") for each in sorted(some, key=lambda dossier: dossier.key)]
)
told = st.dictionaries(st.sampled_from(["k1", "k2", "abcd"]), st.lists(touches, max_size=2).map(tuple))


def text_of(dossier: Dossier, task: CallTask) -> tuple[str, str]:
    return f"call {dossier.key}", f"number {task.seq}"


def basis(told: Touches, known: Mapping[Key, Link]) -> Basis:
    return Basis(told, known, text_of, "owner")


@st.composite
def known_links(draw: st.DrawFn, some: Sequence[Dossier], told: Touches) -> dict[Key, Link]:
    """Draw links, on their way or refused, of some of the keys that these dossiers have."""
    keys = sorted({key for dossier in some for key in keys_of(dossier, told.get(dossier.key, ()))})
    held = draw(st.lists(st.sampled_from(keys), unique=True)) if keys else []
    return {key: Link(key, attempted=draw(st.booleans())) for key in held}


@sometimes_slow
@given(lists, told, st.integers(1, 3), st.data())
def test_drafts_and_the_rest_are_the_whole_plan(
    some: list[Dossier], told: Touches, size: int, data: st.DataObject
) -> None:
    known = data.draw(known_links(some, told))
    whole = plan(desired(some, basis(told, known), {}), known, {})
    fresh = list(unheard_of(some, told, known))
    later = {dossier.key for dossier in fresh}
    now = plan(desired(some, basis(told, known), {}, later), known, {})
    parts = list(Drafts(fresh, basis(told, known)).parts(size))
    made = [Create(item) for part in parts for same in part for item in same]
    steps = [*now.operations, *made]
    assert Counter(map(_told, steps)) == Counter(map(_told, whole.operations))


@sometimes_slow
@given(lists, told, st.integers(1, 3))
def test_drafts_are_counted_as_they_are_written_out(some: list[Dossier], told: Touches, size: int) -> None:
    drafts = Drafts(list(unheard_of(some, told, {})), basis(told, {}))
    counted = drafts.counts()
    made = [item for part in drafts.parts(size) for same in part for item in same]
    assert Counter(item.key.kind for item in made) == counted
    assert not drafts.counts()


@sometimes_slow
@given(lists, st.integers(1, 3))
def test_a_part_holds_so_many_applications_parents_first_in_the_order_of_their_keys(
    some: list[Dossier], size: int
) -> None:
    fresh = list(unheard_of(some, {}, {}))
    made: list[Key] = []
    for part in Drafts(fresh, basis({}, {})).parts(size):
        keys = [item.key for same in part for item in same]
        deals = [key for key in keys if key.kind == "deal"]
        assert 1 <= len(deals) <= size
        assert [RANK[key.kind] for key in keys] == sorted(RANK[key.kind] for key in keys)
        assert len(part) == len({key.kind for key in keys})
        made += deals
    assert made == [deal_key(dossier) for dossier in fresh]


@sometimes_slow
@given(lists, told, st.data())
def test_whoever_the_crm_may_know_is_no_draft(
    some: list[Dossier], told: Touches, data: st.DataObject
) -> None:
    known = data.draw(known_links(some, told))
    for dossier in unheard_of(some, told, known):
        keys = set(keys_of(dossier, told.get(dossier.key, ())))
        assert not {key for key in keys & known.keys() if RANK[key.kind] >= RANK[deal_key(dossier).kind]}


def _told(step: Operation) -> str:
    return describe(step)
