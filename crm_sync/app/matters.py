"""What of a run needs a person, and what of it is news: compared with what stands on the board."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from crm_sync.app.fleet import UserRun
from crm_sync.app.report import Report
from crm_sync.errors import Interrupted, LedgerBusy
from crm_sync.ledger.noticeboard import Pin, Slip

FAILURE, OUTAGE, ASK, CONFLICT, REFUSED, REJECTED = (
    "failure",
    "outage",
    "ask",
    "conflict",
    "refused",
    "rejected",
)
SYNCED = "synced"
TROUBLES = frozenset({FAILURE, OUTAGE})
"""Kinds whose end is news, too."""

_NO_NEWS = (LedgerBusy, Interrupted)
_LASTING = frozenset({ASK, CONFLICT, REFUSED})
InWords = Callable[[Exception], str]
"""Says what happened, without secrets."""


@dataclass(frozen=True, slots=True)
class News:
    """What a person has to hear of one user's run: what is new, and which troubles ended."""

    user: str
    new: tuple[Slip, ...] = ()
    over: tuple[Slip, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.over)


@dataclass(frozen=True, slots=True)
class Change:
    """What a run means for the board: the slips that stand now, those that went, and what of it is news."""

    news: News
    put: tuple[Slip, ...]
    take: tuple[Pin, ...]


def compared(run: UserRun, standing: Mapping[Pin, Slip], now: datetime, in_words: InWords) -> Change:
    """Compare a run of one user with that user's slips.

    A run that failed says nothing about the rest; one that found nothing new leaves what was asked as it is.
    A slip that nobody was told of is news until somebody is.
    """
    found = {slip.pin: slip for slip in _found(run, now, in_words)}
    gone = {pin for pin in standing.keys() - found.keys() if _is_over(pin[1], run)}
    put = [_since_then(slip, standing.get(slip.pin)) for slip in found.values()]
    unheard = [slip for pin, slip in standing.items() if pin not in found and pin not in gone]
    new = tuple(slip for slip in (*put, *unheard) if not slip.told and slip.kind != SYNCED)
    same_trouble = {pin[1] for pin in found}
    over = tuple(
        standing[pin]
        for pin in sorted(gone)
        if pin[1] in TROUBLES and standing[pin].told and not (pin[1] == FAILURE and FAILURE in same_trouble)
    )
    return Change(News(run.user, new, over), (*put, *(s for s in unheard if not s.told)), tuple(sorted(gone)))


def _since_then(slip: Slip, before: Slip | None) -> Slip:
    """Return the slip as it stands: since the first time, and told where it was told."""
    if before is None or slip.kind == SYNCED:
        return slip
    return replace(slip, since=before.since, told=before.told)


def _is_over(kind: str, run: UserRun) -> bool:
    if isinstance(run.failure, _NO_NEWS) or kind == SYNCED:
        return False
    if run.report is None:
        return kind == FAILURE
    return kind in TROUBLES or kind == REJECTED or (kind in _LASTING and not run.report.nothing_new)


def _found(run: UserRun, now: datetime, in_words: InWords) -> Iterator[Slip]:
    """Yield what there is to know; a busy account is told by who holds it, a stopped run by the next one."""
    if run.failure is not None and not isinstance(run.failure, _NO_NEWS):
        yield Slip(run.user, FAILURE, type(run.failure).__name__, now, words=in_words(run.failure))
    if run.report is not None:
        yield from _of_report(run.user, run.report, now)


def _of_report(user: str, report: Report, now: datetime) -> Iterator[Slip]:
    if report.stopped:
        yield Slip(user, FAILURE, "stopped", now, words=report.stopped)
    elif not report.outages and not report.is_about_nobody:
        yield Slip(user, SYNCED, report.account, now)
    yield from (
        Slip(user, OUTAGE, o.source, now, words=f"{o.message}. {o.hint}".strip()) for o in report.outages
    )
    yield from (Slip(user, ASK, f"{key}:{reason}", now) for key, reason in report.asks)
    for conflict in report.conflicts:
        yield Slip(user, CONFLICT, f"{conflict.key.id}:{conflict.field}", now)
    yield from (Slip(user, REFUSED, f.key.id, now, words=f.reason) for f in report.failures)
    yield from _rejected(user, report, now)


def _rejected(user: str, report: Report, now: datetime) -> Iterator[Slip]:
    """Yield a slip for each row left out, known by its cells: its number changes with every row above it."""
    for source, row in report.rejected:
        text = f"{row.reason}|{'|'.join(row.cells) or row.row}"
        digest = hashlib.sha256(text.encode(errors="replace")).hexdigest()[:12]
        yield Slip(user, REJECTED, f"{source}#{digest}", now, words=row.reason)


def by_user(slips: Iterable[Slip]) -> dict[str, dict[Pin, Slip]]:
    """Return slips by user and pin."""
    found: dict[str, dict[Pin, Slip]] = {}
    for slip in slips:
        found.setdefault(slip.user, {})[slip.pin] = slip
    return found
