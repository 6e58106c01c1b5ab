"""How things stand, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from crm_sync.cli.render.wording import below, day, listing, named, nouns
from crm_sync.config.settings import Settings

_MOST = 20
_JSON = "crm-sync status --json"


def status_text(told: Mapping[str, Any], settings: Settings, *, several: bool) -> str:
    """Return the standing of one user, or of all where *several*."""
    if not told["applications"]:
        return "Nothing here yet. Begin with: crm-sync import my-applications.xlsx"
    lists = [
        ("Ask for you", [_line(row, several) for row in told["asks"]]),
        ("No next step", [_line(row, several) for row in told["no_next_step"]]),
        ("The file and the CRM differ (the CRM's value stands)", list(map(_conflict, told["conflicts"]))),
        ("Rows left out", [_rejected(row, several) for row in told["rejected_rows"]]),
    ]
    blocks = [list(_head(told)), list(_figures(told))]
    blocks += [[f"{title} ({len(lines)})", *listing(lines, _MOST, _JSON)] for title, lines in lists if lines]
    blocks.append([_settings(settings)])
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _head(told: Mapping[str, Any]) -> Iterator[str]:
    yield f"{day(told['today'])}: {nouns(told['applications'], 'application')}"
    if told["from_several_sources"]:
        yield f"  Sources {told['from_several_sources']:,} of them from several sources"
    stages = (f"{stage.replace('_', ' ')} {count:,}" for stage, count in told["stages"].items())
    yield f"  Stages  {', '.join(stages)}"
    details = [f"{told['calls_today']:,} today"]
    details += [f"{told['calls_overdue']:,} waiting since earlier"] if told["calls_overdue"] else []
    made = nouns(told["calls_made"], "call") + " made"
    ticked = f", {told['calls_unknown']:,} ticked off untold" if told["calls_unknown"] else ""
    yield f"  Calls   {told['calls_planned']:,} planned ({', '.join(details)}); {made}{ticked}"


def _figures(told: Mapping[str, Any]) -> Iterator[str]:
    figures = told["figures"]
    if not told["calls_made"]:
        return
    yield "So far"
    yield f"  Of the calls: spoke {figures['connected']}, resolved {figures['resolved']}"
    yield f"  Interviews: {figures['interviews']} applications"
    yield (
        f"  After a conversation {figures['interviews_after_a_conversation']}, "
        f"without one {figures['interviews_without_one']}"
    )


def _line(row: Mapping[str, Any], several: bool) -> str:
    owner = f" (for {row['user']})" if several and row["user"] else ""
    name = f" {named(row)}" if row["company"] or row["job_title"] else ""
    meaning = row["meaning"] or "nothing decided yet"
    return f"  {row['key']}{name}{owner}: {meaning}{below(row['command'])}"


def _conflict(row: Mapping[str, Any]) -> str:
    ours, theirs = row["source_says"] or "nothing", row["crm_says"] or "nothing"
    field = row["field"].replace("_", " ")
    return (
        f'  {row["key"]}: {field} is "{ours}" in the file, "{theirs}" in the CRM, since {day(row["since"])}'
    )


def _rejected(row: Mapping[str, Any], several: bool) -> str:
    sheet = f", {row['sheet']}" if row["sheet"] else ""
    owner = f" (for {row['user']})" if several else ""
    return f"  {PurePath(row['source']).name}{owner}{sheet}, row {row['row']}: {row['reason']}"


def _settings(settings: Settings) -> str:
    room = (
        f"{settings.calls_per_day} calls a day" if settings.calls_per_day else "as many calls a day as come"
    )
    place = "-".join(part for part in (settings.country, settings.subdivision) if part)
    holidays = f"holidays of {place}" if place else "no holidays known (set CRM_SYNC_COUNTRY)"
    return f"Settings: {settings.policy_name} cadence, {room}, {settings.time_zone}, {holidays}"
