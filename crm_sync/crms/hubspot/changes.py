"""What people did in HubSpot since the last look, by search on the modified date.

The index runs a few moments behind, so every look goes back over the last moments before the one before it;
what was seen there already is known by its count. Times are HubSpot's, never our clock's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from crm_sync.crms.hubspot.api import PAGE, Api, Input
from crm_sync.crms.hubspot.markers import PROPERTY
from crm_sync.crms.hubspot.records import READ, TYPES, Record
from crm_sync.crms.hubspot.refusals import unavailable
from crm_sync.crms.hubspot.times import milliseconds, moment
from crm_sync.domain.keys import Kind

HEARD = (Kind.DEAL, Kind.TASK, Kind.CALL)
"""Kinds whose changes mean something to us."""

LAG = timedelta(seconds=30)
"""So far the index may run behind; what it tells later is found by a full look."""

MOST = 10_000
"""Results of one search, beyond which HubSpot does not page."""

_MODIFIED = "hs_lastmodifieddate"


@dataclass(frozen=True, slots=True)
class Mark:
    """How far one kind was heard: since ``since``, ``seen`` records, the newest at ``newest``."""

    since: str
    seen: int = 0
    newest: str = ""


Marks = dict[Kind, Mark]


def marks_in(cursor: str | None) -> Marks | None:
    """Return the marks that a cursor holds; None for no cursor or one that cannot be read."""
    try:
        data: Mapping[str, Mapping[str, Any]] = json.loads(cursor or "")
        return {Kind(kind): Mark(**mark) for kind, mark in data.items()}
    except (ValueError, TypeError, AttributeError):
        return None


def cursor_of(marks: Marks) -> str:
    """Return the marks as a cursor."""
    return json.dumps({kind.value: asdict(mark) for kind, mark in marks.items()}, sort_keys=True)


class Ear:
    """Hears one portal."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def heard_since(self, kind: Kind, mark: Mark) -> tuple[list[Record], Mark]:
        """Return the records of a kind that changed since the mark, and the next mark."""
        newest = moment(mark.newest)
        first, total, at = self._page(kind, [_bound("GTE", mark.since)])
        new = [record for record in first if newest is None or _after(record, newest)]
        if total == mark.seen + len(new) and len(new) < max(len(first), 1):
            return new, _next(mark, new, total, at, whole=total == len(new))
        every = [*first, *self._older(kind, mark.since, first, total)]
        return every, _next(mark, every, total, at, whole=True)

    def ours(self) -> tuple[list[Record], datetime]:
        """Return every deal that carries a key of ours, and HubSpot's time before the look."""
        first, total, at = self._page(Kind.DEAL, [])
        return [*first, *self._older(Kind.DEAL, None, first, total)], at

    def _older(self, kind: Kind, since: str | None, first: list[Record], total: int) -> Iterator[Record]:
        """Yield what lies behind the first page, newest first.

        A record that is changed meanwhile moves to the top and pushes others down: they are told twice,
        and the next look tells of it. One that is deleted pulls others up past us: then all is told anew.
        """
        told = {record.id for record in first}
        before: str | None = None
        after, page = len(first), first
        while page and after < total:
            anew = after + PAGE > MOST
            if anew:
                before, after = _before(page, before), 0
            bounds = [_bound("GTE", since)] if since else []
            bounds += [_bound("LTE", before)] if before else []
            page, now, _ = self._page(kind, bounds, after=after)
            yield from (record for record in page if record.id not in told)
            told.update(record.id for record in page)
            shrunk = now < total and not anew
            after, total = (0 if shrunk else after + len(page)), now

    def _page(self, kind: Kind, bounds: list[Input], *, after: int = 0) -> tuple[list[Record], int, datetime]:
        ours = [{"propertyName": PROPERTY, "operator": "HAS_PROPERTY"}] if kind is Kind.DEAL else []
        body: Input = {
            "filterGroups": [{"filters": [*ours, *bounds]}] if ours or bounds else [],
            "properties": list(READ[kind]),
            "sorts": [{"propertyName": _MODIFIED, "direction": "DESCENDING"}],
            "limit": PAGE,
        }
        if after:
            body["after"] = str(after)
        answer = self._api.search(TYPES[kind], body)
        if answer.at is None:
            raise unavailable("HubSpot's answer did not tell its time (a proxy in between?)")
        records = [Record.of(result) for result in answer.body.get("results") or ()]
        return records, int(answer.body.get("total") or 0), answer.at


def _bound(operator: str, moment_: str) -> Input:
    at = moment(moment_)
    return {"propertyName": _MODIFIED, "operator": operator, "value": milliseconds(at) if at else "0"}


def _after(record: Record, at: datetime) -> bool:
    return record.updated_at is None or record.updated_at > at


def _before(page: list[Record], before: str | None) -> str | None:
    """Return where the next search ends: at the oldest change that was told, and always before the last."""
    last = min((record.updated_at for record in page if record.updated_at), default=None)
    if last is None:
        return None
    told = last.isoformat()
    return (last - timedelta(milliseconds=1)).isoformat() if told == before else told


def _next(mark: Mark, records: list[Record], total: int, at: datetime, *, whole: bool) -> Mark:
    """Return the mark after a look; its window moves on only where what it holds can be counted."""
    times = [record.updated_at for record in records if record.updated_at]
    newest = max([*times, *filter(None, [moment(mark.newest)])], default=None)
    since = max(at - LAG, moment(mark.since) or at - LAG)
    told = newest.isoformat() if newest else ""
    if whole or newest is None or newest < since:
        return Mark(since.isoformat(), sum(time >= since for time in times), told)
    return Mark(mark.since, total, told)


def counting(mark: Mark, written: Mapping[str, datetime]) -> Mark:
    """Return the mark with our own writes counted in (by id: when), so that they are not paged through."""
    since, newest = moment(mark.since), moment(mark.newest)
    ours = [at for at in written.values() if since is None or at >= since]
    if not ours:
        return mark
    latest = max([*ours, *filter(None, [newest])])
    return Mark(mark.since, mark.seen + len(ours), latest.isoformat())
