"""Check everything that a run would need, and change nothing but a file that is made and removed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from crm_sync.app.gather import reading_options
from crm_sync.app.notifying import check_addresses
from crm_sync.app.scheduling import check_schedule
from crm_sync.app.sourcing import named_sources, opened, shown
from crm_sync.app.wiring import open_book, open_crm
from crm_sync.config.configuration import Configuration
from crm_sync.config.connections import Connection
from crm_sync.config.places import SecretPlace
from crm_sync.config.settings import Settings
from crm_sync.config.surroundings import Surroundings
from crm_sync.config.told import Source
from crm_sync.errors import ConfigError, LedgerError
from crm_sync.ports import Account

AskCrm = Callable[[Settings, Connection], Account]
"""Asks a CRM who it is, and raises what stands in the way."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that a run needs: what it is, what was found, and why it will not do (None: it will)."""

    name: str
    told: str = ""
    failure: Exception | None = None


def ask_crm(settings: Settings, connection: Connection) -> Account:
    """Return the account that answers; raise NotAllowed, NotSetUp, CrmUnavailable or ConfigError."""
    with open_crm(settings, connection) as crm:
        return crm.check()


def check_all(around: Surroundings, user: str | None = None, ask: AskCrm | None = None) -> Iterator[Check]:
    """Check configuration, secrets, state and sources (of one user or all); with *ask* the CRMs, too."""
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
    if ask is not None:
        yield from _online(around, users, ask)


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
        return f"{settings.home} can be written"


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
    rejected = f", {len(snapshot.rejected)} rows left out" if snapshot.rejected else ""
    return f"{len(snapshot.applications)} applications, read by {snapshot.connector}{rejected}"


def _online(around: Surroundings, users: Iterable[str | None], ask: AskCrm) -> Iterator[Check]:
    """Ask every CRM that is configured or used who it is."""
    named = list(around.configuration.whole.crms) if around.configuration else []
    for user in users:
        try:
            named.append(around.crm_name(None, around.settings(user)))
        except Exception:  # noqa: S112 - told with the user's settings
            continue
    for name in dict.fromkeys(named):
        yield _attempt(f"CRM {name}", partial(_asked, around, name, ask))


def _asked(around: Surroundings, name: str, ask: AskCrm) -> str:
    account = ask(around.settings(None), around.connection(name))
    zone = f", time zone {account.time_zone}" if account.time_zone else ""
    return f"answers as {account.name}{zone}"
