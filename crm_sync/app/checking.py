"""Check everything that a run would need, and change nothing but a file that is made and removed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from crm_sync.app.gather import reading_options
from crm_sync.app.notifying import check_addresses
from crm_sync.app.online import account_told, setup_told
from crm_sync.app.scheduling import check_schedule
from crm_sync.app.sourcing import named_sources, opened, shown
from crm_sync.app.wiring import open_book
from crm_sync.config.configuration import Configuration
from crm_sync.config.connections import LOCAL
from crm_sync.config.places import SecretPlace
from crm_sync.config.settings import Settings
from crm_sync.config.surroundings import Surroundings
from crm_sync.config.told import Source
from crm_sync.errors import ConfigError, LedgerError, SourceError
from crm_sync.ledger.copies import check_copy
from crm_sync.ledger.engine import location


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that a run needs: what it is, what was found, and why it will not do (None: it will)."""

    name: str
    told: str = ""
    failure: Exception | None = None


def check_all(around: Surroundings, user: str | None = None, *, online: bool = False) -> Iterator[Check]:
    """Check configuration, secrets, state and sources (of one user or all); *online* asks the CRMs, too."""
    users = (user,) if user else around.users or (None,)
    if around.configuration is not None:
        yield _configured(around.configuration)
        for place in around.configuration.secret_places():
            yield _attempt(place.at, partial(_secret, place, around.environ))
    yield _attempt("state", lambda: _state(around.settings(user)))
    yield _attempt("schedule", lambda: _schedule(around, user))
    yield from _notices(around, users)
    for name in users:
        yield from _user(around, name)
    if online:
        yield from _online(around, users)


def _configured(configuration: Configuration) -> Check:
    files = len(configuration.files)
    told = f"{files} file{'s' * (files != 1)}, users: {len(configuration.users)}"
    return Check(str(configuration.path), told)


def _attempt(name: str, find: Callable[[], str]) -> Check:
    try:
        return Check(name, find())
    except Exception as error:
        return Check(name, failure=error)


def _secret(place: SecretPlace, environ: Mapping[str, str]) -> str:
    place.fetch(environ)
    return f"{place} is there"


def _state(settings: Settings) -> str:
    """Return where state lives, once it is known that it can be written there."""
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.home):
            pass
    except OSError as error:
        raise LedgerError(
            f"{settings.home} cannot be written: {(error.strerror or 'unknown reason').lower()}",
            "Give crm-sync a folder of its own with state: {home: PATH}, or CRM_SYNC_HOME.",
        ) from error
    with open_book(settings):
        _look_through(settings)
    return f"{settings.home} can be written"


def _look_through(settings: Settings) -> None:
    """Raise LedgerError where a page of the ledger's file is damaged that no run may have met yet."""
    url = location(settings.database)
    if url.drivername == "sqlite":
        check_copy(Path(str(url.database)), quickly=True)


def _schedule(around: Surroundings, user: str | None) -> str:
    return check_schedule(around.configuration, around.settings(user), around.environ)


def _notices(around: Surroundings, users: Iterable[str | None]) -> Iterator[Check]:
    """Check what can be known of addresses without telling anybody anything."""
    if around.configuration is None:
        return
    for name, fault in check_addresses(around.configuration, around.environ, users):
        wrong = ConfigError(f"{name}: {fault}", "Look at what is kept there.") if fault else None
        yield Check(name, "looks right; crm-sync notify test tries it", wrong)


def _user(around: Surroundings, user: str | None) -> Iterator[Check]:
    """Check a user's settings and try every source; a source that is understood says with how many rows."""
    name = user or "settings"
    try:
        settings = around.settings(user)
    except Exception as error:
        yield Check(name, failure=error)
        return
    days = settings.country or "no country, so no public holidays"
    crm = around.crm_name(None, settings)
    yield Check(name, f"{settings.time_zone}, {days}, cadence {settings.policy_name}, CRM {crm}")
    if around.users and not settings.sources:
        yield Check(f"{name}: no sources", "only the CRM is heard")
    for source, called in named_sources(settings.sources):
        yield _attempt(f"{name}: {shown(source.text)}", partial(_source, source, called, settings))


def _source(source: Source, called: str | None, settings: Settings) -> str:
    reading = replace(settings, reading=source)
    with opened(source.text, reading, reading_options(reading), source.connector, called=called) as connector:
        connector.check()
        snapshot = connector.fetch()
        _check_columns(source, connector.explain() if source.columns else {})
    rejected = f", {len(snapshot.rejected)} rows left out" if snapshot.rejected else ""
    return f"{len(snapshot.applications)} applications, read by {snapshot.connector}{rejected}"


def _check_columns(source: Source, understood: Mapping[str, Any]) -> None:
    """Raise SourceError for a column that was named and that no table has, or that holds another field."""
    columns = [column for table in understood.get("tables", ()) for column in table["columns"]]
    for name, header in source.columns:
        if not any(_same(c["field"], name) and _same(c["header"], header) for c in columns):
            there = ", ".join(dict.fromkeys(str(column["header"]) for column in columns))
            raise SourceError(
                f'there is no column "{header}" for {name} ({source.at})',
                f"The columns are: {there}.",
                source=source.text,
            )


def _same(one: Any, other: str) -> bool:
    return str(one).strip().casefold() == other.strip().casefold()


def _online(around: Surroundings, users: Iterable[str | None]) -> Iterator[Check]:
    """Ask every CRM that is configured or used who it is, and how it is set up."""
    named = list(around.configuration.whole.crms) if around.configuration else []
    for user in users:
        try:
            named.append(around.crm_name(None, around.settings(user)))
        except Exception:  # noqa: S112 - told with the user's settings
            continue
    settings = around.settings(None)
    for name in dict.fromkeys(named):
        check = _attempt(f"CRM {name}", partial(_account, around, settings, name))
        yield check
        if check.failure is None and around.connection(name).kind != LOCAL:
            yield _attempt(f"CRM {name}, setup", partial(setup_told, settings, around.connection(name)))


def _account(around: Surroundings, settings: Settings, name: str) -> str:
    return account_told(settings, around.connection(name))
