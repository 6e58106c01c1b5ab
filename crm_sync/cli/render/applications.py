"""Applications as JSON Lines: the stable format of `crm-sync read` (docs/read-format.md)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from crm_sync.domain.applications import Application, RejectedRow
from crm_sync.planning.matching import key_for_display


def application_lines(applications: Sequence[Application]) -> Iterator[str]:
    """Yield one JSON object per application, with the key a new row would get for the default user."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    for application, key in zip(applications, key_for_display(applications), strict=True):
        yield encode(_record(application, key))


def _record(a: Application, key: str) -> dict[str, object]:
    return {
        "row": a.row,
        "sheet": a.sheet,
        "connector": a.connector,
        "key": key,
        "external_id": a.external_id,
        "company": a.company,
        "company_domain": a.company_domain,
        "job_title": a.job_title,
        "job_url": a.job_url,
        "location": a.location,
        "applied_on": a.applied_on.isoformat() if a.applied_on else None,
        "stage": a.stage.value,
        "contact_name": a.contact_name,
        "contact_title": a.contact_title,
        "contact_email": a.contact_email,
        "contact_phone": a.contact_phone,
        "salary": a.salary,
        "source": a.source,
        "notes": a.notes,
        "next_action_on": a.next_action_on.isoformat() if a.next_action_on else None,
        "flags": a.flags,
    }


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
