"""HubSpot's texts for moments."""

from __future__ import annotations

from datetime import UTC, date, datetime

from crm_sync.domain.items import Value


def utc_text(value: Value) -> str:
    """Return a moment as HubSpot takes it: ISO in UTC, to the second; "" for none."""
    at = moment(value)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""


def moment(value: object) -> datetime | None:
    """Return HubSpot's text for a moment (ISO or milliseconds) as an aware time in UTC, None for none."""
    if not isinstance(value, str) or not value:
        return None
    try:
        if value.lstrip("-").isdecimal():
            return datetime.fromtimestamp(int(value) / 1000, UTC)
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def iso(value: object) -> str | None:
    """Return HubSpot's moment as the ISO text that fields hold, to the second."""
    at = moment(value)
    return at.isoformat(timespec="seconds") if at else None


def day(text: str) -> str | None:
    """Return an ISO day, None for a text that is none."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def milliseconds(at: datetime) -> str:
    """Return a moment as HubSpot's searches compare it."""
    return str(round(at.timestamp() * 1000))
