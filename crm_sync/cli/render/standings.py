"""How all users stand, as a table and a line below it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from crm_sync.app.standings import Standing, Trouble, totals
from crm_sync.cli.render.grids import Grid
from crm_sync.cli.render.wording import nouns, short_moment

NOBODY = "Nobody here yet. Begin with: crm-sync init, then crm-sync sync"
_HEADERS = ("User", "Made", "Planned", "Overdue", "No next step", "Asks", "Last sync", "Failing")


def standings_grid(found: Sequence[Standing]) -> Grid:
    """Return one row for each user; calls are those of the user's week, times on the user's clock."""
    return Grid(_HEADERS, [_row(one) for one in found])


def _row(one: Standing) -> list[str]:
    counts = (one.calls_made, one.calls_planned, one.overdue, one.no_next_step, one.asks)
    synced = short_moment(one.synced_at.isoformat(), one.zone) if one.synced_at else "-"
    return [one.user, *(f"{count:,}" for count in counts), synced, "; ".join(_failing(one))]


def _failing(one: Standing) -> list[str]:
    return [
        f"{_what(trouble)} since {short_moment(trouble.since.isoformat(), one.zone)}"
        for trouble in one.troubles
    ]


def _what(trouble: Trouble) -> str:
    if trouble.source:
        return PurePath(trouble.source.partition("?")[0]).name or trouble.source
    return "sync"


def standings_summary(found: Sequence[Standing]) -> str:
    """Return what all of them have together, in one line."""
    told = totals(found)
    parts = [
        f"{nouns(told['calls_made'], 'call')} made this week",
        f"{told['calls_planned']:,} planned",
        f"{told['overdue']:,} overdue",
        f"{told['no_next_step']:,} without a next step",
        f"{told['asks']:,} to be decided by a person",
        f"{told['failing']:,} failing",
    ]
    return f"{nouns(len(found), 'user')}: {', '.join(parts)}."
