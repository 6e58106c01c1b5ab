"""The page of prescriptions names tests and functions that exist, and leaves none of the 33 out."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from crm_sync.ports import CRM

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "prescriptions.md").read_text(encoding="utf-8")
ROWS = [line for line in PAGE.splitlines() if re.match(r"\| \d+ \|", line)]
TESTS = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))
PLACES = sorted(set(re.findall(r"`(crm_sync/[\w/]+\.py):(\w+)`", PAGE)))


def test_all_thirty_three_prescriptions_are_listed_in_order() -> None:
    assert [int(row.split("|")[1]) for row in ROWS] == list(range(1, 34))


def test_every_row_says_where_it_is_done_and_what_shows_it_or_that_it_waits() -> None:
    for row in ROWS:
        _, number, words, state, where, shown, _ = (cell.strip() for cell in row.split("|"))
        assert words.startswith("“"), number
        assert state in ("done", "see app", "waits"), number
        assert where, number
        assert "::" in shown or shown == state != "done", number


@pytest.mark.parametrize(("path", "name"), TESTS)
def test_every_test_that_is_named_exists(path: str, name: str) -> None:
    assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize(("path", "name"), PLACES)
def test_every_place_that_is_named_exists(path: str, name: str) -> None:
    source = (ROOT / path).read_text(encoding="utf-8")
    assert re.search(rf"^(def|class) {name}\b", source, re.MULTILINE)


def test_no_door_of_the_house_dials_or_sends() -> None:
    doors = [name for name, _ in inspect.getmembers(CRM, inspect.isfunction) if not name.startswith("_")]
    assert doors
    assert not [name for name in doors if re.search(r"dial|send|mail|ring", name)]
