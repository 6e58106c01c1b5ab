"""What a run needs to know about the user and the machine, from the environment and the configuration."""

from __future__ import annotations

import locale as system_locale
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from crm_sync.cadence.policy import POLICIES, Policy
from crm_sync.config.told import DATABASE_VARIABLE, NOTHING, UNLIMITED, Source, Told
from crm_sync.errors import ConfigError

DEFAULT_USER = "me"
CALLS_PER_DAY = 10


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of one user on this machine.

    ``now`` is aware; its offset sets no zone (design 9). ``calls_per_day`` None is unlimited.
    ``home`` is the folder in which state lives; ``database`` is the ledger's address. ``google_key`` is the
    file of a service account; ``private_addresses`` allows links into the user's own network. ``employer`` is
    whose candidates a recruiter's exports hold, where they do not say it; ``owner`` the e-mail address of the
    CRM's user who is to own the records. ``crm`` is the CRM's name (None: nothing was said), ``sources`` are
    those of the configuration, ``reading`` the one that is being read, ``connectors`` the folder of the
    user's own descriptions. ``origins`` tells by setting who said it.
    """

    user: str
    home: Path
    database: str
    now: datetime
    rehearsal: bool
    time_zone: str
    country: str | None
    subdivision: str | None
    locale: str | None
    days_off: frozenset[date]
    calls_per_day: int | None
    policy: Policy
    policy_name: str
    max_bytes: int | None = None
    private_addresses: bool = False
    google_key: Path | None = None
    employer: str | None = None
    owner: str | None = None
    crm: str | None = None
    sources: tuple[Source, ...] = ()
    reading: Source | None = None
    connectors: Path | None = None
    warnings: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def today(self) -> date:
        """Return the owner's day."""
        return self.now.astimezone(ZoneInfo(self.time_zone)).date()

    def for_user(self, user: str | None) -> Settings:
        """Return the same settings for another user."""
        return replace(self, user=user) if user else self


def load(environ: Mapping[str, str], told: Told = NOTHING) -> Settings:
    """Return the settings of one user: the environment first, then the configuration, then the system.

    Raises ConfigError naming the variable that is wrong. What overrides the configuration is told as
    ``overrides``.
    """
    home = _home(environ, told)
    zone, warnings = _zone(environ, told)
    tag = environ.get("CRM_SYNC_LOCALE") or told.locale or _system_locale(environ)
    country, subdivision = _country(environ, told, tag)
    if country is None:
        warnings += ("No country is known, so no public holidays are kept free: set CRM_SYNC_COUNTRY.",)
    now = environ.get("CRM_SYNC_NOW")
    policy, policy_name = _cadence(environ, told)
    return Settings(
        user=environ.get("CRM_SYNC_USER") or told.user or DEFAULT_USER,
        home=home,
        database=environ.get(DATABASE_VARIABLE) or told.database or f"sqlite:///{home / 'ledger.db'}",
        now=_moment("CRM_SYNC_NOW", now) if now else datetime.now(UTC),
        rehearsal=bool(now),
        time_zone=zone,
        country=country,
        subdivision=subdivision,
        locale=tag,
        days_off=_days_off(environ, told),
        calls_per_day=_capacity(environ, told),
        policy=policy,
        policy_name=policy_name,
        max_bytes=_count("CRM_SYNC_MAX_BYTES", environ),
        employer=environ.get("CRM_SYNC_EMPLOYER") or None,
        owner=environ.get("CRM_SYNC_OWNER") or told.owner,
        private_addresses=_yes("CRM_SYNC_ALLOW_PRIVATE_ADDRESSES", environ, told.private_addresses),
        google_key=_file(environ.get("GOOGLE_APPLICATION_CREDENTIALS")) or told.google_key,
        crm=told.crm,
        sources=told.sources,
        connectors=_file(environ.get("CRM_SYNC_CONNECTORS")) or told.connectors,
        warnings=warnings,
        overrides=_overrides(environ, told),
        origins=_origins(environ, told),
    )


_VARIABLES = {
    "owner": "CRM_SYNC_OWNER",
    "time_zone": "CRM_SYNC_TIME_ZONE",
    "country": "CRM_SYNC_COUNTRY",
    "locale": "CRM_SYNC_LOCALE",
    "days_off": "CRM_SYNC_DAYS_OFF",
    "calls_per_day": "CRM_SYNC_CALLS_PER_DAY",
    "policy": "CRM_SYNC_CADENCE",
    "home": "CRM_SYNC_HOME",
    "connectors": "CRM_SYNC_CONNECTORS",
    "google_key": "GOOGLE_APPLICATION_CREDENTIALS",
    "private_addresses": "CRM_SYNC_ALLOW_PRIVATE_ADDRESSES",
}


def _overrides(environ: Mapping[str, str], told: Told) -> tuple[str, ...]:
    """Return a sentence for each variable that overrides what the configuration says."""
    return tuple(
        f"{variable} overrides {'cadence' if name == 'policy' else name} of the configuration."
        for name, variable in _VARIABLES.items()
        if environ.get(variable) and getattr(told, name) is not None
    )


def _origins(environ: Mapping[str, str], told: Told) -> dict[str, str]:
    variables = {name: variable for name, variable in _VARIABLES.items() if environ.get(variable)}
    return {**told.origins, **variables}


def _home(environ: Mapping[str, str], told: Told) -> Path:
    named = environ.get("CRM_SYNC_HOME")
    if named:
        return Path(named).expanduser().absolute()
    if told.home:
        return told.home
    from platformdirs import user_data_path

    return user_data_path("crm-sync", appauthor=False)


def _zone(environ: Mapping[str, str], told: Told) -> tuple[str, tuple[str, ...]]:
    named = environ.get("CRM_SYNC_TIME_ZONE") or told.time_zone
    if named:
        _check_zone(named)
        return named, ()
    import tzlocal

    try:
        name = tzlocal.get_localzone_name()
        _check_zone(name)
    except Exception:  # the system's zone may be set in a hundred broken ways; none is fatal
        return "UTC", ("The system tells no time zone, so UTC is used: set CRM_SYNC_TIME_ZONE.",)
    return name, ()


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ConfigError(
            f'CRM_SYNC_TIME_ZONE: "{name}" is no time zone',
            "Write an IANA name such as Europe/Berlin or America/New_York.",
            path="CRM_SYNC_TIME_ZONE",
        ) from error


def _system_locale(environ: Mapping[str, str]) -> str | None:
    told = environ.get("LC_ALL") or environ.get("LC_TIME") or environ.get("LANG")
    if told is None:
        told = system_locale.getlocale()[0]
    tag = (told or "").partition(".")[0].replace("_", "-")
    return tag if tag and tag not in {"C", "POSIX"} else None


def _country(environ: Mapping[str, str], told: Told, tag: str | None) -> tuple[str | None, str | None]:
    """Return country and subdivision: "DE-BY" is Bavaria; without a word, the locale's country."""
    named = environ.get("CRM_SYNC_COUNTRY")
    if not named and told.country:
        return told.country, told.subdivision
    if not named:
        parts = (tag or "").split("-")
        return (parts[1].upper(), None) if len(parts) > 1 and len(parts[1]) == 2 else (None, None)
    from crm_sync.cadence.calendar import calendar_for

    country, _, subdivision = named.upper().partition("-")
    try:
        calendar_for(country, subdivision or None, [], frozenset())
    except ValueError as error:
        raise ConfigError(
            f"CRM_SYNC_COUNTRY: {error}", "Write US, DE or DE-BY.", path="CRM_SYNC_COUNTRY"
        ) from error
    return country, subdivision or None


def _moment(name: str, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(
            f'{name}: "{text}" is no date and time', "Write 2027-02-01T09:00:00+01:00.", path=name
        ) from error
    if moment.tzinfo is None:
        raise ConfigError(f'{name}: "{text}" has no offset', "Write 2027-02-01T09:00:00+01:00.", path=name)
    return moment.astimezone(UTC)


def _days(name: str, text: str) -> frozenset[date]:
    try:
        return frozenset(date.fromisoformat(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise ConfigError(f"{name}: {error}", "Write 2027-02-08,2027-02-09.", path=name) from error


def _days_off(environ: Mapping[str, str], told: Told) -> frozenset[date]:
    named = environ.get("CRM_SYNC_DAYS_OFF")
    return _days("CRM_SYNC_DAYS_OFF", named) if named else told.days_off or frozenset()


def _capacity(environ: Mapping[str, str], told: Told) -> int | None:
    named = environ.get("CRM_SYNC_CALLS_PER_DAY") or told.calls_per_day
    if named == UNLIMITED:
        return None
    if isinstance(named, int):
        return named
    return _count("CRM_SYNC_CALLS_PER_DAY", environ) if named else CALLS_PER_DAY


def _count(name: str, environ: Mapping[str, str]) -> int | None:
    told = environ.get(name)
    if not told:
        return None
    if not told.isdecimal() or int(told) < 1:
        raise ConfigError(f'{name}: "{told}" is no count', "Write a whole number from 1.", path=name)
    return int(told)


def _yes(name: str, environ: Mapping[str, str], otherwise: bool | None) -> bool:
    told = environ.get(name, "")
    if told not in {"", "0", "1"}:
        raise ConfigError(f'{name}: "{told}" is neither 1 nor 0', "Write 1 or leave it out.", path=name)
    return told == "1" if told else bool(otherwise)


def _file(told: str | None) -> Path | None:
    return Path(told).expanduser() if told else None


def _cadence(environ: Mapping[str, str], told: Told) -> tuple[Policy, str]:
    """Return the policy and its name: a variable may name any cadence of the configuration."""
    name = environ.get("CRM_SYNC_CADENCE")
    if not name and told.policy is not None:
        return told.policy, told.policy_name or ""
    name, cadences = name or "steady", told.cadences or POLICIES
    wanted = name if name in cadences else name.strip().lower()
    if wanted not in cadences:
        raise ConfigError(
            f'CRM_SYNC_CADENCE: there is no cadence "{name}"',
            f"Write one of {', '.join(cadences)}.",
            path="CRM_SYNC_CADENCE",
        )
    return cadences[wanted], wanted
