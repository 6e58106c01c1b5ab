"""Whether HubSpot takes a value, and how it gives it back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache

from tests.hubspot_simulator.answers import iso, milliseconds
from tests.hubspot_simulator.kinds import Property

LONGEST = 65_536
_DAY = 86_400_000
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>.]+(\.[^@\s,;<>.]+)+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")
_MILLISECONDS = re.compile(r"-?\d{1,15}")


class BadValue(Exception):
    """A value is refused: a code of HubSpot's and a sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def plain(value: object) -> str:
    """Return a JSON value as the text that HubSpot makes of it; null clears, as the empty text does."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)


def checked(prop: Property, value: str) -> str:
    """Return *value* as it will be given back. Raises BadValue; the empty text is fine everywhere."""
    if not value:
        return ""
    if prop.name == "email":
        return _email(prop, value)
    if len(value) > LONGEST:
        raise BadValue(
            "PROPERTY_VALUE_TOO_LONG", f"{prop.name} has {len(value)} characters, more than {LONGEST}"
        )
    check = _CHECKS.get(prop.type)
    return value if check is None else check(prop, value)


def _email(_: Property, value: str) -> str:
    if not _EMAIL.fullmatch(value.strip()):
        raise BadValue("INVALID_EMAIL", f"Email address {value} is invalid")
    return value.strip().lower()


def _number(prop: Property, value: str) -> str:
    if not _NUMBER.fullmatch(value.strip()):
        raise BadValue("INVALID_LONG", f"{value} was not a valid number for {prop.name}.")
    return value.strip()


def _bool(prop: Property, value: str) -> str:
    if value not in ("true", "false"):
        raise BadValue("INVALID_OPTION", f"{value} was not one of the allowed options: [true, false]")
    return value


def _choice(prop: Property, value: str) -> str:
    if prop.name == "hs_call_disposition":
        return value
    allowed = {option.value for option in prop.options}
    if value not in allowed:
        listed = ", ".join(f'label: "{option.label}", value: "{option.value}"' for option in prop.options)
        raise BadValue("INVALID_OPTION", f"{value} was not one of the allowed options: [{listed}]")
    return value


def _date(prop: Property, value: str) -> str:
    if _MILLISECONDS.fullmatch(value):
        ms = int(value)
        if ms % _DAY:
            at = datetime.fromtimestamp(ms / 1000, UTC)
            clock = f"{at.hour}:{at.minute}:{at.second}.{ms % 1000}"
            raise BadValue("INVALID_DATE", f"{value} is at {clock} UTC, not midnight!")
        return iso(ms)[:10]
    try:
        return date.fromisoformat(value).isoformat() if _DATE.fullmatch(value) else _midnight(value)
    except ValueError:
        raise BadValue("INVALID_DATE", f"{value} was not a valid date.") from None


def _midnight(value: str) -> str:
    ms = moment(value)
    if ms % _DAY:
        raise BadValue("INVALID_DATE", f"{value} is not midnight UTC!")
    return iso(ms)[:10]


def _datetime(prop: Property, value: str) -> str:
    try:
        return iso(int(value) if _MILLISECONDS.fullmatch(value) else moment(value))
    except (ValueError, OverflowError):
        raise BadValue("INVALID_DATE", f"{value} was not a valid date for {prop.name}.") from None


@lru_cache(maxsize=100_000)
def moment(value: str) -> int:
    """Return the milliseconds since 1970 of an ISO instant, a date, or milliseconds. Raises ValueError."""
    if _MILLISECONDS.fullmatch(value):
        return int(value)
    at = datetime.fromisoformat(value)
    if at.tzinfo is None:
        if len(value) > len("2026-01-01"):
            raise ValueError(value)
        at = at.replace(tzinfo=UTC)
    return milliseconds(at)


_CHECKS: dict[str, Callable[[Property, str], str]] = {
    "number": _number,
    "bool": _bool,
    "enumeration": _choice,
    "date": _date,
    "datetime": _datetime,
}
