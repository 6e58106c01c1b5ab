"""Open the house for a command: for one user, for one application, or only to look."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from crm_sync.cli.output import MANNER
from crm_sync.errors import UsageError

if TYPE_CHECKING:
    from crm_sync.app.sync import House
    from crm_sync.app.views import Shelf
    from crm_sync.config.connections import Connection
    from crm_sync.config.settings import Settings
    from crm_sync.config.surroundings import Surroundings
    from crm_sync.domain.dossiers import Dossier
    from crm_sync.ports import Ledger

_SOME = 20
_FIELDS = (
    "Fields are company, job_title, stage, applied_on, job_url, location, contact_name, contact_email, "
    "contact_phone, salary, notes and more."
)


def surroundings() -> Surroundings:
    """Return environment and configuration, read once in a command; raise ConfigError."""
    if MANNER.around is None:
        from crm_sync.config.surroundings import look_around

        MANNER.around = look_around(os.environ, MANNER.config)
    return MANNER.around


def load_settings(user: str | None = None) -> Settings:
    """Return the settings of a user, where nobody is named of the only one; raise ConfigError, UsageError."""
    around = surroundings()
    settings = around.settings(around.user_told(user))
    if settings.connectors is not None:
        from crm_sync.app.plugins import use_descriptions

        use_descriptions(settings.connectors)
    return settings


def connection_for(crm: str | None, user: str | None = None) -> Connection:
    """Return the connection that a command means: the one named, else the user's (see ``Surroundings``)."""
    around = surroundings()
    return around.connection(around.crm_name(crm, load_settings(user)))


@contextmanager
def open_for_user(user: str | None, crm: Connection) -> Iterator[House]:
    """Open the house for the user that was told, or for the only one there is (design 9)."""
    from crm_sync.app.wiring import open_house

    settings = load_settings(user)
    if surroundings().users:
        _one_of(surroundings().users, surroundings().user_told(user))
    with open_house(settings, crm, MANNER.brake) as house:
        if surroundings().users:
            yield house
        else:
            yield replace(house, settings=settings.for_user(_the_user(house, user)))


def _one_of(users: Sequence[str], told: str | None) -> None:
    if told is None:
        some = ", ".join(users[:_SOME]) + (", ..." if len(users) > _SOME else "")
        raise UsageError(f"there are several users: {some}", "Say which one with --user NAME.")


def for_employer(house: House, employer: str | None) -> House:
    """Return the house for a recruiter's export that does not name its employer."""
    return replace(house, settings=replace(house.settings, employer=employer)) if employer else house


def for_reading(house: House, sheet: str | None, day_first: bool | None, columns: Sequence[str]) -> House:
    """Return the house for files that are read as the options of this command say."""
    from crm_sync.config.told import Source

    if sheet is None and day_first is None and not columns:
        return house
    told = Source("", sheet=sheet, day_first=day_first, columns=tuple(map(column_pair, columns)))
    return replace(house, settings=replace(house.settings, reading=told))


def column_pair(text: str) -> tuple[str, str]:
    """Return field and header of "FIELD=HEADER"; raise UsageError."""
    from crm_sync.reading.lexicon import field_names

    told, equals, header = (part.strip() for part in text.partition("="))
    if not (equals and told and header):
        raise UsageError(
            f'--column "{text}" names no field and header', 'Write --column company="Firm name".'
        )
    field = told.casefold()
    if field not in field_names():
        raise UsageError(f'--column: there is no field "{told}"', _field_instead(field, told, header))
    return field, header


def _field_instead(field: str, told: str, header: str) -> str:
    from crm_sync.config.problems import nearest
    from crm_sync.reading.lexicon import field_names

    close = nearest(field, field_names())
    if close is None and header.casefold() in field_names():
        return f"The field comes first: --column {header.casefold()}={shlex.quote(told)}."
    return f"Did you mean {close}?" if close else _FIELDS


def _the_user(house: House, told: str | None) -> str:
    from crm_sync.config.settings import DEFAULT_USER

    if told or house.settings.user != DEFAULT_USER:
        return told or house.settings.user
    users = house.ledger.users(house.account.name)
    if len(users) > 1:
        _one_of(users, None)
    return users[0] if users else DEFAULT_USER


@dataclass(frozen=True, slots=True)
class Room:
    """The house, opened for one application of its user."""

    house: House
    key: str

    @property
    def dossier(self) -> Dossier:
        """Return the application as the book holds it now."""
        return dossier_of(self.house.ledger, self.house.account.name, self.key)


def dossier_of(ledger: Ledger, account: str, key: str) -> Dossier:
    """Return one application."""
    return ledger.dossiers(account, keys=[key])[key]


@contextmanager
def open_for_key(text: str, user: str | None, *, itself: bool = False) -> Iterator[Room]:
    """Open the house for the application whose key begins with *text*; raise UsageError.

    One that was merged into another is found *itself* only where that is asked for.
    """
    from crm_sync.app.finding import find_application
    from crm_sync.app.wiring import open_book, open_house

    with open_book(load_settings(user)) as ledger:
        found = find_application(ledger, text, user=user, itself=itself)
    settings = surroundings().settings(found.user)
    connection = surroundings().connection_of(found.account, settings)
    with open_house(settings, connection, MANNER.brake) as house:
        if house.account.name != found.account:
            raise UsageError(
                f"{found.key} is kept in {found.account}, the token belongs to {house.account.name}",
                "Give the token of its account.",
            )
        yield Room(house, found.key)


def deals_on(house: House, shelf: Shelf) -> list[dict[str, Any]]:
    """Return the deals as the CRM holds them; as the book knows them, where the CRM has its own screens."""
    from crm_sync.app.deal_list import deals_known
    from crm_sync.app.views import deals
    from crm_sync.ports import Browsable

    return deals(shelf, house.crm) if isinstance(house.crm, Browsable) else deals_known(shelf)


@contextmanager
def open_to_look(user: str | None) -> Iterator[tuple[House, Shelf, bool]]:
    """Open the account worked on last, with the shelf of one user or of all; tell whether to show the user.

    Only the embedded CRM is opened with it: to look, the book is enough.
    """
    from crm_sync.app.views import open_shelf
    from crm_sync.app.wiring import open_house_to_look
    from crm_sync.config.settings import DEFAULT_USER

    named = surroundings().user_told(user)
    with open_house_to_look(load_settings(user), named) as house:
        users = house.ledger.users(house.account.name)
        told = named or (house.settings.user if house.settings.user != DEFAULT_USER else None)
        if told is not None and users and told not in (*users, *surroundings().users):
            raise UsageError(f'there is no user "{told}"', f"There are: {', '.join(users)}.")
        settings = surroundings().settings(told or (users[0] if len(users) == 1 else None))
        several = told is None and len(users) > 1
        settings_of = {user: surroundings().settings(user) for user in users} if several else {}
        shelf = open_shelf(house.ledger, house.account.name, told, settings, settings_of)
        yield house, shelf, several
