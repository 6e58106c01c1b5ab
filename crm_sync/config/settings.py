"""What a run needs to know about the user and the machine, from environment variables."""

from __future__ import annotations

import locale as system_locale
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from crm_sync.cadence.policy import Policy, named
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
    CRM's user who is to own the records.
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
    warnings: tuple[str, ...] = ()

    @property
    def today(self) -> date:
        """Return the owner's day."""
        return self.now.astimezone(ZoneInfo(self.time_zone)).date()

    def for_user(self, user: str | None) -> Settings:
        """Return the same settings for another user."""
        return replace(self, user=user) if user else self


def load(environ: Mapping[str, str]) -> Settings:
    """Return the settings that the environment tells; raise ConfigError naming the variable."""
    home = _home(environ)
    zone, warnings = _zone(environ)
    tag = environ.get("CRM_SYNC_LOCALE") or _system_locale(environ)
    country, subdivision = _country(environ, tag)
    if country is None:
        warnings += ("No country is known, so no public holidays are kept free: set CRM_SYNC_COUNTRY.",)
    told = environ.get("CRM_SYNC_NOW")
    policy_name = environ.get("CRM_SYNC_CADENCE") or "steady"
    return Settings(
        user=environ.get("CRM_SYNC_USER") or DEFAULT_USER,
        home=home,
        database=environ.get("CRM_SYNC_DATABASE_URL") or f"sqlite:///{home / 'ledger.db'}",
        now=_moment("CRM_SYNC_NOW", told) if told else datetime.now(UTC),
        rehearsal=bool(told),
        time_zone=zone,
        country=country,
        subdivision=subdivision,
        locale=tag,
        days_off=_days("CRM_SYNC_DAYS_OFF", environ.get("CRM_SYNC_DAYS_OFF", "")),
        calls_per_day=_capacity(environ),
        policy=_policy(policy_name),
        policy_name=policy_name,
        max_bytes=_count("CRM_SYNC_MAX_BYTES", environ),
        employer=environ.get("CRM_SYNC_EMPLOYER") or None,
        owner=environ.get("CRM_SYNC_OWNER") or None,
        private_addresses=_yes("CRM_SYNC_ALLOW_PRIVATE_ADDRESSES", environ),
        google_key=_file(environ.get("GOOGLE_APPLICATION_CREDENTIALS")),
        warnings=warnings,
    )


def _home(environ: Mapping[str, str]) -> Path:
    told = environ.get("CRM_SYNC_HOME")
    if told:
        return Path(told).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("crm-sync", appauthor=False)


def _zone(environ: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    told = environ.get("CRM_SYNC_TIME_ZONE")
    if told:
        _check_zone(told)
        return told, ()
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


def _country(environ: Mapping[str, str], tag: str | None) -> tuple[str | None, str | None]:
    """Return country and subdivision: "DE-BY" is Bavaria; without a word, the locale's country."""
    told = environ.get("CRM_SYNC_COUNTRY")
    if not told:
        parts = (tag or "").split("-")
        return (parts[1].upper(), None) if len(parts) > 1 and len(parts[1]) == 2 else (None, None)
    from crm_sync.cadence.calendar import calendar_for

    country, _, subdivision = told.upper().partition("-")
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


def _capacity(environ: Mapping[str, str]) -> int | None:
    told = environ.get("CRM_SYNC_CALLS_PER_DAY")
    if told in {None, ""}:
        return CALLS_PER_DAY
    return None if told == "unlimited" else _count("CRM_SYNC_CALLS_PER_DAY", environ)


def _count(name: str, environ: Mapping[str, str]) -> int | None:
    told = environ.get(name)
    if not told:
        return None
    if not told.isdecimal() or int(told) < 1:
        raise ConfigError(f'{name}: "{told}" is no count', "Write a whole number from 1.", path=name)
    return int(told)


def _yes(name: str, environ: Mapping[str, str]) -> bool:
    told = environ.get(name, "")
    if told not in {"", "0", "1"}:
        raise ConfigError(f'{name}: "{told}" is neither 1 nor 0', "Write 1 or leave it out.", path=name)
    return told == "1"


def _file(told: str | None) -> Path | None:
    return Path(told).expanduser() if told else None


def _policy(name: str) -> Policy:
    try:
        return named(name)
    except (KeyError, ValueError) as error:
        raise ConfigError(
            f'CRM_SYNC_CADENCE: there is no cadence "{name}"',
            "Write steady, gentle or once.",
            path="CRM_SYNC_CADENCE",
        ) from error
