"""What a command finds around it: the environment and, where there is one, the configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_sync.config.connections import (
    HUBSPOT,
    KINDS,
    LOCAL,
    LOCAL_CONNECTION,
    Connection,
    hubspot_from_environment,
)
from crm_sync.config.settings import DEFAULT_USER, Settings, load
from crm_sync.errors import UsageError

if TYPE_CHECKING:
    from crm_sync.config.configuration import Configuration

_USER = "CRM_SYNC_USER"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Settings and connections for any user: command option, environment, user, defaults, system, in turn."""

    environ: Mapping[str, str]
    configuration: Configuration | None = None

    @property
    def users(self) -> tuple[str, ...]:
        """Return the users of the configuration, () where it names none."""
        return self.configuration.users if self.configuration else ()

    def user_told(self, option: str | None) -> str | None:
        """Return the user that was named, or the only one of the configuration; None where nobody is.

        Raises UsageError for a user whom the configuration does not know.
        """
        told = option or self.environ.get(_USER) or (self.users[0] if len(self.users) == 1 else None)
        if told is not None and self.users and told not in self.users:
            from rapidfuzz.process import extractOne

            close = extractOne(told, self.users, score_cutoff=60)
            some = ", ".join(self.users[:20]) + (", ..." if len(self.users) > 20 else "")
            raise UsageError(
                f'there is no user "{told}" in {self._file}',
                f"Did you mean {close[0]}?" if close else f"There are: {some}.",
            )
        return told

    @property
    def _file(self) -> str:
        return str(self.configuration.path) if self.configuration else "the configuration"

    def settings(self, user: str | None) -> Settings:
        """Return the settings of a user; for None or one who is not in the configuration, the defaults."""
        if self.configuration is None:
            return load(self.environ).for_user(user)
        settings = load(self.environ, self.configuration.told(user, self.environ))
        return settings.for_user(user or self.environ.get(_USER) or DEFAULT_USER)

    def crm_name(self, option: str | None, settings: Settings) -> str:
        """Return the name of the CRM: the option, else the user's, else the only one that is configured."""
        if option or settings.crm:
            return str(option or settings.crm)
        crms = tuple(self.configuration.whole.crms) if self.configuration else ()
        return crms[0] if len(crms) == 1 else LOCAL

    def connection(self, name: str) -> Connection:
        """Return the connection of that name or kind.

        Raises UsageError for a name that there is not, ConfigError where a token is not where it should be.
        """
        if self.configuration is not None:
            return self.configuration.connection(name, self.environ)
        if name == HUBSPOT:
            return hubspot_from_environment(self.environ)
        if name == LOCAL:
            return LOCAL_CONNECTION
        raise UsageError(f'there is no CRM "{name}"', f"There are: {', '.join(KINDS)}.")

    def connection_of(self, account: str, settings: Settings) -> Connection:
        """Return the connection that leads to an account of the ledger, the user's own before others.

        Whether it leads there is known when it is opened.
        """
        kind = HUBSPOT if account.startswith(HUBSPOT) else LOCAL
        if self.configuration is None:
            return self.connection(kind)
        own = self.crm_name(None, settings)
        names = self.configuration.entries_of(kind, account)
        return self.connection(own if own in names else names[0] if names else kind)


def look_around(environ: Mapping[str, str], told: str | None = None) -> Surroundings:
    """Return the surroundings; *told* is the configuration file that was named. Raises ConfigError."""
    from crm_sync.config.finding import find_configuration

    path = find_configuration(environ, told)
    if path is None:
        return Surroundings(environ)
    from crm_sync.config.configuration import load_configuration

    return Surroundings(environ, load_configuration(path))
