"""Figures for Prometheus, in a file that its node exporter collects."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from crm_sync.app.standings import Standing
from crm_sync.errors import UsageError

_PER_USER = {
    "applications": "Applications of the user.",
    "calls_made": "Calls made in the user's week, from Monday on.",
    "calls_planned": "Open calls from today to Sunday.",
    "overdue": "Open calls of earlier days.",
    "no_next_step": "Active applications without a next step.",
    "asks": "Applications that ask a person to decide.",
}


def write_metrics(found: Sequence[Standing], told: str) -> None:
    """Write the figures into the file, whole or not at all; names of users are labels, escaped.

    Raises UsageError where the library is missing or the file cannot be written.
    """
    try:
        from prometheus_client import CollectorRegistry, Gauge, write_to_textfile
    except ImportError:
        raise UsageError("--metrics needs an extra", "Run: pip install 'crm-sync[metrics]'") from None
    registry = CollectorRegistry()
    for name, meaning in _PER_USER.items():
        gauge = Gauge(f"crm_sync_{name}", meaning, ["user"], registry=registry)
        for one in found:
            gauge.labels(_plain(one.user)).set(getattr(one, name))
    synced = Gauge(
        "crm_sync_last_success_timestamp_seconds",
        "When all sources were last read.",
        ["user"],
        registry=registry,
    )
    failing = Gauge(
        "crm_sync_failing_since_timestamp_seconds",
        "Since when a source, or with an empty source the whole sync, fails.",
        ["user", "source"],
        registry=registry,
    )
    for one in found:
        if one.synced_at is not None:
            synced.labels(_plain(one.user)).set(one.synced_at.timestamp())
        for trouble in one.troubles:
            failing.labels(_plain(one.user), _plain(trouble.source)).set(trouble.since.timestamp())
    path = Path(told).expanduser()
    try:
        write_to_textfile(str(path), registry)
    except OSError as error:
        why = (error.strerror or "unknown reason").lower()
        raise UsageError(f"{path} cannot be written: {why}", "Give --metrics another file.") from error


def _plain(text: str) -> str:
    """Return a label that UTF-8 can hold, without a link's query: that may be a key."""
    return text.partition("?")[0].encode(errors="replace").decode()
