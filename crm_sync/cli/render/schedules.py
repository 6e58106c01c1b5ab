"""What is scheduled and when it comes, in words."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from typing import Any

from crm_sync.app.scheduling import Scheduled
from crm_sync.cli.render.wording import moment


def schedules_text(found: Sequence[Scheduled], zone: str) -> str:
    """Return what is scheduled and when it runs next, on the clock of *zone*."""
    if not found:
        return "Nothing is scheduled. Begin with: crm-sync schedule install"
    return "\n".join(line for one in found for line in _lines(one, zone))


def _lines(one: Scheduled, zone: str) -> Iterator[str]:
    yield f"By {one.by}: {', '.join(one.rules)}  ({one.where})"
    yield f"  Runs: {shlex.join(one.words)}"
    if one.next_run:
        yield f"  Next: {moment(one.next_run.isoformat(), zone)} in {zone}"
    if one.trouble:
        yield f"  Next: never; {one.trouble.message}.\n    {one.trouble.hint}"


def schedules_data(found: Sequence[Scheduled]) -> list[dict[str, Any]]:
    """Return what is scheduled as JSON-able data; ``next`` is ISO, with its offset."""
    return [
        {
            "by": one.by,
            "where": one.where,
            "rules": list(one.rules),
            "command": list(one.words),
            "next": one.next_run.isoformat() if one.next_run else None,
            "trouble": one.trouble.message if one.trouble else None,
        }
        for one in found
    ]
