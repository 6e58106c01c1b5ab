"""A configuration that was read and found right: what it says about users, CRMs and state."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

from crm_sync.cadence.policy import POLICIES, Policy
from crm_sync.config.connections import HUBSPOT, LOCAL, LOCAL_CONNECTION, Connection, hubspot_from_environment
from crm_sync.config.documents import Where
from crm_sync.config.file import ConfigFile
from crm_sync.config.file.cadences import CadenceEntry
from crm_sync.config.file.entries import SecretEntry
from crm_sync.config.file.notices import OwnNotifyEntry
from crm_sync.config.file.users import DefaultsEntry, SourceEntry
from crm_sync.config.file.whole import HubspotEntry
from crm_sync.config.including import read_all
from crm_sync.config.places import SecretPlace
from crm_sync.config.problems import Place, dotted, refusal
from crm_sync.config.secrets import Secret
from crm_sync.config.told import DATABASE_VARIABLE, Source, Told
from crm_sync.config.validation import validated
from crm_sync.errors import UsageError

_PLAIN = ("owner", "time_zone", "country", "subdivision", "locale", "calls_per_day", "crm")


@dataclass(frozen=True, slots=True)
class Configuration:
    """One configuration, with the files it was made of; ``digest`` names what they say."""

    path: Path
    files: tuple[Path, ...]
    digest: str
    whole: ConfigFile
    cadences: Mapping[str, Policy]
    places: Mapping[Where, Place]

    @property
    def users(self) -> tuple[str, ...]:
        """Return the users in the order of the file."""
        return tuple(self.whole.users)

    def told(self, user: str | None, environ: Mapping[str, str]) -> Told:
        """Return what is said about the user; for None or a user who is not there, what the defaults say.

        Raises ConfigError where the ledger's address is kept elsewhere and is not there.
        """
        own: list[tuple[Where, DefaultsEntry | None]] = []
        if user in self.whole.users:
            own.append((("users", user), self.whole.users[user]))
        facts, origins = self._facts([*own, (("defaults",), self.whole.defaults)], user)
        home = self.whole.state.home if self.whole.state else None
        links = self.whole.links
        return Told(
            user=user if user in self.whole.users else None,
            home=self._path(home, ("state", "home")),
            database=None if environ.get(DATABASE_VARIABLE) else self._database(environ),
            connectors=self._path(self.whole.connectors, ("connectors",)),
            private_addresses=links.private_addresses if links else None,
            google_key=self._path(links.google_key if links else None, ("links", "google_key")),
            cadences=self.cadences,
            origins=origins,
            **facts,
        )

    def _facts(
        self, entries: list[tuple[Where, DefaultsEntry | None]], user: str | None
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """Return what the entries say, the first to say a thing deciding it, and where each thing stands."""
        facts: dict[str, Any] = {}
        origins: dict[str, str] = {}
        for where, entry in entries:
            for name, value in (self._said(where, entry, user) if entry else {}).items():
                if name not in facts:
                    facts[name] = value
                    origins[name] = self._at((*where, "cadence" if name.startswith("policy") else name))
        return facts, origins

    def _said(self, where: Where, entry: DefaultsEntry, user: str | None) -> dict[str, Any]:
        said = {name: getattr(entry, name) for name in _PLAIN if getattr(entry, name) is not None}
        if "country" in said:
            said.setdefault("subdivision", None)
        if entry.days_off is not None:
            said["days_off"] = frozenset(map(date.fromisoformat, entry.days_off))
        if entry.cadence is not None:
            said["policy"], said["policy_name"] = self._policy(entry.cadence)
        if entry.sources is not None:
            said["sources"] = tuple(
                self._source((*where, "sources", number), source, user)
                for number, source in enumerate(entry.sources)
            )
        return said

    def _policy(self, cadence: str | CadenceEntry) -> tuple[Policy, str]:
        if isinstance(cadence, str):
            return self.cadences[cadence], cadence
        return cadence.policy(self.cadences), f"{cadence.like or 'steady'}, changed"

    def _source(self, where: Where, told: str | SourceEntry, user: str | None) -> Source:
        entry = SourceEntry.model_validate({"path": told}) if isinstance(told, str) else told
        path = entry.path.replace("{user}", user or "{user}") if entry.path else None
        return Source(
            text=str(self._path(path, where)) if path else str(entry.url),
            connector=entry.connector,
            employer=entry.employer,
            sheet=entry.sheet,
            day_first=entry.day_first,
            columns=tuple((entry.columns or {}).items()),
            at=self._at(where),
        )

    def _database(self, environ: Mapping[str, str]) -> str | None:
        told = self.whole.state.database if self.whole.state else None
        if isinstance(told, SecretEntry):
            return self._kept(told, ("state", "database")).fetch(environ).reveal()
        prefix = "sqlite:///"
        if told is not None and told.startswith(prefix):
            return f"{prefix}{self._path(told.removeprefix(prefix), ('state', 'database'))}"
        return told

    def crm_names(self) -> tuple[str, ...]:
        """Return the names that ``--crm`` takes: the entries, then the kinds."""
        return tuple(dict.fromkeys((*self.whole.crms, LOCAL, HUBSPOT)))

    def entries_of(self, kind: str, account: str) -> list[str]:
        """Return the entries that may lead to an account of the ledger, those that name its portal first."""
        found = [(name, entry) for name, entry in self.whole.crms.items() if entry.kind == kind]
        portals = {name: entry.portal for name, entry in found if isinstance(entry, HubspotEntry)}
        sure = [name for name, portal in portals.items() if portal and account == f"{kind}-{portal}"]
        return sure or [name for name, _ in found if portals.get(name) is None]

    def connection(self, name: str, environ: Mapping[str, str]) -> Connection:
        """Return the connection of that name, or the one of that kind, with its token.

        Raises ConfigError where the token is not where it should be, UsageError where the name says nothing.
        """
        entry_name = self._entry(name)
        if entry_name is None:
            return LOCAL_CONNECTION if name == LOCAL else hubspot_from_environment(environ)
        entry = self.whole.crms[entry_name]
        if not isinstance(entry, HubspotEntry):
            return Connection(name=entry_name)
        return Connection(
            kind=HUBSPOT,
            name=entry_name,
            token=self._token(entry_name, environ),
            portal=entry.portal,
            pipeline=entry.pipeline,
            api_version=entry.api_version,
            tier=entry.tier,
            base_url=entry.base_url,
        )

    def _entry(self, name: str) -> str | None:
        """Return the entry that a name means, None for a kind without any; raise UsageError for no name."""
        if name in self.whole.crms:
            return name
        if name not in (LOCAL, HUBSPOT):
            raise UsageError(f'there is no CRM "{name}"', f"There are: {', '.join(self.crm_names())}.")
        of_kind = [entry for entry, told in self.whole.crms.items() if told.kind == name]
        if len(of_kind) > 1:
            raise UsageError(
                f"there are several {name} accounts: {', '.join(of_kind)}", "Say which one with --crm NAME."
            )
        return of_kind[0] if of_kind else None

    def _token(self, name: str, environ: Mapping[str, str]) -> Secret:
        entry = self.whole.crms[name]
        assert isinstance(entry, HubspotEntry)
        return self._kept(entry.token, ("crms", name, "token")).fetch(environ)

    def _kept(self, entry: SecretEntry, where: Where) -> SecretPlace:
        at = f"{self._at(where)}: {dotted(where)}"
        return SecretPlace(at, self._folder(where), entry.env, entry.file, entry.keyring)

    def secret_places(self) -> list[SecretPlace]:
        """Return every secret that the configuration names."""
        told: list[tuple[Where, Any]] = [
            (("crms", name, "token"), entry.token)
            for name, entry in self.whole.crms.items()
            if isinstance(entry, HubspotEntry)
        ]
        if self.whole.state:
            told.append((("state", "database"), self.whole.state.database))
        told += self._addresses(("notify",), self.whole.notify)
        for name, user in self.whole.users.items():
            told += self._addresses(("users", name, "notify"), user.notify)
        if self.whole.notify:
            told.append((("notify", "ping"), self.whole.notify.ping))
        return [self._kept(entry, where) for where, entry in told if isinstance(entry, SecretEntry)]

    def notify_places(self, user: str | None = None) -> list[tuple[str, SecretPlace | str]]:
        """Return where the operator (None) or a user is told: (key, address or where it is kept)."""
        if user is None:
            where: Where = ("notify",)
            entry: OwnNotifyEntry | None = self.whole.notify
        else:
            where = ("users", user, "notify")
            entry = self.whole.users[user].notify if user in self.whole.users else None
        return [(dotted(at), self._place_or_text(at, told)) for at, told in self._addresses(where, entry)]

    def ping_place(self) -> SecretPlace | str | None:
        """Return the dead-man's switch, or where its address is kept; None where there is none."""
        told = self.whole.notify.ping if self.whole.notify else None
        return self._place_or_text(("notify", "ping"), told) if told else None

    def digest_from(self, user: str | None = None) -> time | None:
        """Return the time of day from which on the day's calls are sent to a user (None: the operator)."""
        own = self.whole.users[user].notify if user in self.whole.users else None
        told = (own.digest if own else None) or (self.whole.notify.digest if self.whole.notify else None)
        return time.fromisoformat(told) if told else None

    def lacks_address(self, user: str | None = None) -> bool:
        """Tell whether a digest is wished for a user (None: the operator) and nothing says where to."""
        entry = self.whole.notify if user is None else self.whole.users[user].notify
        has_own = bool(self.notify_places(user)) or (len(self.users) == 1 and bool(self.notify_places()))
        return entry is not None and entry.digest is not None and not has_own

    @staticmethod
    def _addresses(where: Where, entry: OwnNotifyEntry | None) -> list[tuple[Where, Any]]:
        if entry is None:
            return []
        named = [((*where, name), getattr(entry, name)) for name in ("webhook", "slack", "email")]
        services = [((*where, "services", n), told) for n, told in enumerate(entry.services or ())]
        return [(at, told) for at, told in (*named, *services) if told is not None]

    def _place_or_text(self, where: Where, told: SecretEntry | str) -> SecretPlace | str:
        return told if isinstance(told, str) else self._kept(told, where)

    def _path(self, told: str | None, where: Where) -> Path | None:
        """Return a path, absolute; relative ones are seen from the file in which they stand."""
        return self._folder(where) / Path(told).expanduser() if told else None

    def _folder(self, where: Where) -> Path:
        return self._place(where).path.absolute().parent

    def _at(self, where: Where) -> str:
        place = self._place(where)
        return f"{place.path}:{place.line}"

    def _place(self, where: Where) -> Place:
        while where and where not in self.places:
            where = where[:-1]
        return self.places.get(where, Place(self.path, 1, 1))


def load_configuration(path: Path) -> Configuration:
    """Return the configuration of a file; raise one ConfigError that holds all that is wrong with it."""
    document, files = read_all(path)
    whole = validated(document)
    if document.problems or whole is None:
        raise refusal(path, document.problems)
    return Configuration(path, files, _digest(files), whole, _cadences(whole), document.places)


def _cadences(whole: ConfigFile) -> dict[str, Policy]:
    return {**POLICIES, **{name: entry.policy(POLICIES) for name, entry in whole.cadences.items()}}


def _digest(files: tuple[Path, ...]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:12]
