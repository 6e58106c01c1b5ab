"""Read the sources of a run; what cannot be read is a value, never an empty list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from crm_sync.app.house import understanding
from crm_sync.app.report import Outage
from crm_sync.app.sourcing import name_of_source, opened
from crm_sync.config.settings import Settings
from crm_sync.config.told import Source
from crm_sync.domain.applications import RejectedRow, Snapshot
from crm_sync.domain.options import ReadingOptions
from crm_sync.errors import SourceError
from crm_sync.ports import Ledger, SourceState


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A source whose content and reading did not change since the look remembered in ``state``."""

    state: SourceState


Look = Snapshot | Outage | Unchanged


def reading_options(settings: Settings, *, day_first: bool | None = None) -> ReadingOptions:
    """Return what the settings say about reading."""
    source = settings.reading or Source("")
    return ReadingOptions(
        settings.today,
        locale=settings.locale,
        day_first=source.day_first if day_first is None else day_first,
        sheet=source.sheet,
        columns=dict(source.columns),
        employer=source.employer or settings.employer,
        insist=not source.text,
    )


def gather(
    texts: Iterable[str],
    settings: Settings,
    ledger: Ledger,
    account: str,
    understood: str,
    connector: str | None = None,
    called: str | None = None,
    read: Callable[[], None] = lambda: None,
) -> list[Look]:
    """Look at each source: a snapshot, or that it is unchanged, or why it could not be read.

    *texts* are files, folders, patterns, links or "-"; *called* is the name of the one there is. *read* is
    called after each.
    """
    states = {state.source: state for state in ledger.sources(account, settings.user)}
    sources = {called or name_of_source(text): text for text in texts}
    looks: list[Look] = []
    for source, text in sources.items():
        looks.append(look_at(source, text, settings, states.get(source), understood, connector))
        read()
    return looks


def states_after(
    looks: Iterable[Look], rejected: Mapping[str, tuple[RejectedRow, ...]], settings: Settings
) -> tuple[SourceState, ...]:
    """Return what is to be remembered of the sources that were read; *rejected* are all their rejected rows.

    A source that was not read to its end is read again next time, and so is one that was set aside.
    """
    return tuple(
        SourceState(
            settings.user,
            look.source,
            look.connector,
            look.bookmark if look.complete else None,
            understanding(settings),
            settings.now,
            look.complete,
            len(look.applications) + len(look.rejected) - len(rejected[look.source]),
            rejected[look.source],
            look.notes,
        )
        for look in looks
        if isinstance(look, Snapshot) and look.source in rejected
    )


def look_at(
    source: str, text: str, settings: Settings, state: SourceState | None, understood: str, name: str | None
) -> Look:
    """Look at one source, known as *source*, that lies at *text*; *name* chooses the connector."""
    own = name_of_source(text)
    called = source if source != own else None
    place = own if Path(own).is_absolute() else text
    last = state.bookmark if state is not None else None
    known = state is not None and state.complete and state.understanding == understood
    by = state.connector if state is not None and known else None
    told = reading_options(settings)
    try:
        with opened(place, settings, told, name, called=called, last=last, by=by) as connector:
            if state is not None and known and connector.bookmark() == state.bookmark:
                return Unchanged(state)
            return connector.fetch()
    except SourceError as error:
        return Outage(source, error.message, error.hint)
