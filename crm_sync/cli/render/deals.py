"""The deals in the CRM as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from crm_sync.cli.render.grids import Grid
from crm_sync.cli.render.wording import short_day, short_moment

NO_DEALS = "No deals yet. Begin with: crm-sync import my-applications.xlsx"

_HEADERS = ("Key", "User", "Company", "Job title", "Stage", "Applied", "Contact", "Next call")


def deals_grid(
    rows: Sequence[Mapping[str, Any]], zone_of: Callable[[str], str], today: date, *, several: bool
) -> Grid:
    """Return the table; *zone_of* tells a user's time zone.

    The user's column stands only where there are several."""
    return Grid(_HEADERS, [_row(row, zone_of(row["user"] or ""), today, several) for row in rows])


def _row(row: Mapping[str, Any], zone: str, today: date, several: bool) -> tuple[str, ...]:
    return (
        row["key"] or "-",
        (row["user"] or "-") if several else "",
        row["company"] or "-",
        row["job_title"] or row["name"] or "-",
        (row["stage"] or "-").replace("_", " "),
        short_day(row["applied_on"], today) if row["applied_on"] else "-",
        row["contact"] or "",
        short_moment(row["next_call_at"], zone) if row["next_call_at"] else "-",
    )
