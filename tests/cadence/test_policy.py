"""Policies: their names, their settings, and the nonsense they refuse."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from crm_sync.cadence.policy import ONCE, STEADY, Policy, Unit, adjusted, named


def test_the_named_policies_are_those_of_the_rule_set() -> None:
    assert named("steady") == STEADY == Policy()
    gentle = named(" Gentle ")
    assert (gentle.gap_min, gentle.gap_max, gentle.first_min, gentle.first_max) == (7, 7, 7, 7)
    assert gentle.max_calls == 2
    assert (named("once").first_min, named("once").first_max, ONCE.max_calls) == (7, 7, 1)


def test_an_unknown_name_is_answered_with_the_names_there_are() -> None:
    with pytest.raises(ValueError, match="steady, gentle, once"):
        named("fierce")


@pytest.mark.parametrize(
    ("nonsense", "words"),
    [
        ({"gap_min": 5}, "gap_min"),
        ({"gap_min": 0}, "gap_min"),
        ({"first_min": 6}, "first_min"),
        ({"max_calls": 0}, "max_calls"),
        ({"spill_days": -1}, "spill_days"),
        ({"slots": ()}, "slots"),
    ],
)
def test_settings_that_make_no_sense_are_refused_by_name(nonsense: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Policy(**nonsense)


def test_settings_are_read_as_plain_data_spells_them() -> None:
    plain = {
        "unit": "business",
        "slots": ["09:30"],
        "last_start": "15:45",
        "require_phone": True,
        "max_calls": 3,
    }
    policy = adjusted(STEADY, plain)
    assert (policy.unit, policy.slots, policy.last_start) == (Unit.BUSINESS, (time(9, 30),), time(15, 45))
    assert (policy.require_phone, policy.max_calls, policy.gap_min) == (True, 3, 3)


@pytest.mark.parametrize(
    "plain",
    [
        {"gaps": 3},
        {"gap_min": "3"},
        {"gap_min": True},
        {"require_phone": 1},
        {"unit": "weeks"},
        {"slots": ["25:00"]},
        {"last_start": "half past four"},
    ],
)
def test_a_setting_that_does_not_exist_or_cannot_be_read_is_refused(plain: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        adjusted(STEADY, plain)
