"""Lever's answers with stage and archive reason expanded, so that no side files are needed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crm_sync.app.plugins import choose
from crm_sync.domain.options import ReadingOptions
from crm_sync.testing.connector_golden import TODAY

ARCHIVED_AT = 1_773_100_800_000


def opportunity(reason: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "id": "0d1e2f30-0000-4000-9000-000000000001",
        "name": "Ilka Brandt",
        "stage": {"id": "s1", "text": "On-site interview"},
        "archived": {"reason": reason, "archivedAt": ARCHIVED_AT} if reason else None,
        "stageChanges": [],
        "emails": ["ilka@inbox.example"],
        "phones": [],
        "origin": "applied",
        "applications": [{"id": "a1", "posting": {"id": "p1", "text": "Weir Keeper"}}],
        "createdAt": 1_772_323_200_000,
        "urls": {"show": "https://hire.lever.example/1"},
    }


@pytest.mark.parametrize(
    ("reason", "stage"),
    [
        (None, "interviewing"),
        ({"id": "r1", "text": "Underqualified", "type": "non-hired"}, "rejected"),
        ({"id": "r2", "text": "Candidate withdrew", "type": "non-hired"}, "withdrawn"),
        ({"id": "r3", "text": "Hired", "type": "hired"}, "accepted"),
        ({"id": "r4", "text": "Position closed", "type": "non-hired"}, "closed"),
    ],
)
def test_an_archive_reason_that_is_told_in_full_decides(
    tmp_path: Path, reason: dict[str, Any] | None, stage: str
) -> None:
    path = tmp_path / "opportunities.json"
    path.write_text(json.dumps({"data": [opportunity(reason)]}), "utf-8")
    kind = choose(str(path))
    found = kind.connect(str(path), ReadingOptions(TODAY)).fetch().applications
    assert kind.name == "lever"
    assert [(one.job_title, str(one.stage)) for one in found] == [("Weir Keeper", stage)]
