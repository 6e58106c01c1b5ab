"""Patterns that could take for ever are told from those that only look like it."""

from __future__ import annotations

import re
from importlib import import_module
from pkgutil import walk_packages

import pytest

import crm_sync
from crm_sync.reading.description.ambiguity import may_take_for_ever
from crm_sync.reading.lexicon import phrases

ROOMS = ("crm_sync.reading", "crm_sync.planning", "crm_sync.cadence", "crm_sync.crms")
ENDLESS = [
    r"(a+)+$", r"(a|a)*$", r"(a|ab|b)*$", r"(a*)*", r"(\w+\s?)*$", r"(/\S*)+$", r"(\d{1,3},?)+$",
    r"^(([a-z])+.)+[A-Z]", r"(x+x+)+y", r"(?=(a+)+$)x", r"(has |been |has been )*(seen|gone)", r"(?:.*,)*x",
    r"(?:[a-z]|\w)+ ?(?:\d|[0-9]{1,2})+$",
]  # fmt: skip
PLAIN = [
    r"(?:[\w-]+\.)+\w+", r"(\w+\s+)*$", r"(\d{4})*", r"(?:,\s*\w+)*", r'"(?:[^"\\]|\\.)*"', r"\w+\s*\w+$",
    r"^\s*(red|blue)?\s*$", r"(?:a|b|c)+", r"(was |has |been )*(seen|gone)", r"\d{1,3}(?:\.\d{1,3}){3}",
]  # fmt: skip


@pytest.mark.parametrize("pattern", ENDLESS)
def test_a_repeat_that_reads_one_text_in_several_ways_is_seen(pattern: str) -> None:
    assert may_take_for_ever(re.compile(pattern, re.IGNORECASE))


@pytest.mark.parametrize("pattern", PLAIN)
def test_a_repeat_whose_parts_are_told_apart_is_none(pattern: str) -> None:
    assert not may_take_for_ever(re.compile(pattern))


def house_patterns() -> set[re.Pattern[str]]:
    """Return every pattern that stands in a module of the house."""
    modules = [
        import_module(found.name)
        for found in walk_packages(crm_sync.__path__, "crm_sync.")
        if found.name.startswith(ROOMS)
    ]
    return {value for module in modules for value in vars(module).values() if isinstance(value, re.Pattern)}


def test_no_pattern_of_the_house_could_take_for_ever() -> None:
    found = house_patterns() | {phrase for _, phrase in phrases()}
    assert len(found) > 100
    assert [each.pattern for each in found if may_take_for_ever(each)] == []
