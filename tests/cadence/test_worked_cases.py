"""The worked cases of the rule set, from the project's file or the one that CADENCE_CASES names."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from crm_sync.cadence.decide import decide
from tests.cadence.cases import WorkedCase, as_plain, read_cases


@pytest.mark.parametrize("case", read_cases(), ids=lambda case: case.name)
def test_a_worked_case_comes_out_as_written(case: WorkedCase) -> None:
    assert as_plain(decide(case.situation, **case.inputs)) == _normal(case.expect)


def _normal(expect: dict[str, Any]) -> dict[str, Any]:
    """Spell instants in UTC and sort flags: the order of flags and the spelling of an offset mean nothing."""
    due_at = expect.get("due_at")
    if due_at:
        due_at = datetime.fromisoformat(due_at).astimezone(tz=_UTC).isoformat()
    return {**expect, "due_at": due_at, "flags": sorted(expect.get("flags") or [])}


_UTC = datetime.fromisoformat("2027-01-01T00:00:00+00:00").tzinfo
