"""Read the sources of a run; what cannot be read is a value, never an empty list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from crm_sync.app.house import understanding
from crm_sync.app.plugins import choose
from crm_sync.app.report import Outage
from crm_sync.config.settings import Settings
from crm_sync.domain.applications import RejectedRow, Snapshot
from crm_sync.domain.options import ReadingOptions
from crm_sync.errors import SourceError
from crm_sync.ports import Connector, Ledger, SourceState


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A source whose content and reading did not change since the look remembered in ``state``."""

    state: SourceState


Look = Snapshot | Outage | Unchanged


def reading_options(settings: Settings, *, day_first: bool | None = None) -> ReadingOptions:
    """Return what the settings say about reading."""
    return ReadingOptions(settings.today, locale=settings.locale, day_first=day_first)


def connect(path: str, settings: Settings, name: str | None = None) -> Connector:
    """Return the connector for a file (see ``plugins.choose``); nothing is read yet."""
    return choose(path, name).connect(path, reading_options(settings))


def gather(
    paths: Iterable[str],
    settings: Settings,
    ledger: Ledger,
    account: str,
    understood: str,
    connector: str | None = None,
) -> list[Look]:
    """Look at each file: a snapshot, or that it is unchanged, or why it could not be read."""
    states = {state.source: state for state in ledger.sources(account, settings.user)}
    return [_look(path, settings, states, understood, connector) for path in dict.fromkeys(map(_full, paths))]


def states_after(
    looks: Iterable[Look], rejected: Mapping[str, tuple[RejectedRow, ...]], settings: Settings
) -> tuple[SourceState, ...]:
    """Return what is to be remembered of the sources that were read; *rejected* are all their rejected rows.

    A source that was not read to its end is read again next time.
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
        if isinstance(look, Snapshot)
    )


def _full(path: str) -> str:
    """Return one name for a file, however its folder is written; a link to the file keeps its own name."""
    named = Path(path).expanduser()
    return str(named.parent.resolve() / named.name)


def _look(
    path: str, settings: Settings, states: dict[str, SourceState], understood: str, name: str | None
) -> Look:
    state = states.get(path)
    try:
        source = connect(path, settings, name)
        known = state is not None and state.complete and state.understanding == understood
        if state is not None and known and source.bookmark() == state.bookmark:
            return Unchanged(state)
        return source.fetch()
    except SourceError as error:
        return Outage(path, error.message, error.hint)
