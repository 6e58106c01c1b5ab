"""The deals of an account whose CRM has its own screens, as the book knows them."""

from __future__ import annotations

from typing import Any

from crm_sync.app.views import Shelf
from crm_sync.domain.dossiers import Dossier
from crm_sync.planning.desired import deal_name, instant


def deals_known(shelf: Shelf) -> list[dict[str, Any]]:
    """Return the deals that were not removed, with company, contact and next open call."""
    known = (d for d in shelf.dossiers.values() if not d.course.deal_removed)
    return [_deal(dossier) for dossier in sorted(known, key=lambda d: (d.user, d.key))]


def _deal(dossier: Dossier) -> dict[str, Any]:
    application, task = dossier.application, dossier.course.open_task
    applied = application.applied_on
    return {
        "key": dossier.key,
        "user": dossier.user,
        "name": deal_name(dossier),
        "stage": dossier.course.stage.value,
        "company": application.company,
        "contact": application.contact_name or application.contact_email,
        "job_title": application.job_title,
        "job_url": application.job_url,
        "applied_on": applied.isoformat() if applied else None,
        "next_call_at": instant(task.due_at) if task else None,
    }
