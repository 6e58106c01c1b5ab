"""Applications as JSON Lines: the stable format of `crm-sync read` (docs/read-format.md)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from json.encoder import encode_basestring
from operator import attrgetter

from crm_sync.domain.applications import Application, RejectedRow
from crm_sync.planning.matching import key_for_display

_FIELDS = (
    "row", "sheet", "connector", "key", "external_id", "company", "company_domain", "job_title", "job_url",
    "location", "applied_on", "stage", "contact_name", "contact_title", "contact_email", "contact_phone",
    "salary", "source", "notes", "next_action_on", "flags",
)  # fmt: skip
_KEY = _FIELDS.index("key") - 1
_facts_of = attrgetter(*(name for name in _FIELDS if name not in ("row", "key")))
_LINE = "{" + ", ".join(f'"{name}": %s' for name in _FIELDS) + "}"


def application_lines(applications: Sequence[Application]) -> Iterator[str]:
    """Yield one JSON object per application, with the key a new row would get for the default user."""
    for application, key in zip(applications, key_for_display(applications), strict=True):
        facts = [
            "null" if fact is None else encode_basestring(fact) if type(fact) is str else _written(fact)
            for fact in _facts_of(application)
        ]
        facts.insert(_KEY, f'"{key}"')
        yield _LINE % (application.row, *facts)


@lru_cache(maxsize=10_000)
def _written(fact: object) -> str:
    """Return a fact that is no plain text as JSON: a day, a stage, flags."""
    return json.dumps(fact.isoformat() if isinstance(fact, date) else fact, ensure_ascii=False)


def rejected_lines(rows: Iterable[RejectedRow]) -> list[str]:
    """Return one JSON object per rejected row, with its raw cells."""
    return [
        json.dumps(
            {"row": r.row, "sheet": r.sheet, "reason": r.reason, "cells": list(r.cells)}, ensure_ascii=False
        )
        for r in rows
    ]


def rejection(row: RejectedRow, source: str | None = None) -> str:
    """Return "row 14: no company and no job title", with the sheet and the source where there are several."""
    where = ", ".join([*([source] if source else []), *([row.sheet] if row.sheet else []), f"row {row.row}"])
    return f"{where}: {row.reason}"
