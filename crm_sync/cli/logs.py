"""Logs for machines: one JSON object a line on stderr, secrets left out."""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import UTC, datetime
from typing import Any

from crm_sync.app.events import LOG, told_about
from crm_sync.cli.hiding import hide_secrets


class JsonLines(logging.Formatter):
    """Formats an event as ``at``, ``level``, ``event``, what it is about, and its own facts."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line without secrets."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **told_about(),
            **getattr(record, "facts", {}),
        }
        return json.dumps({name: _without_secrets(value) for name, value in line.items()}, ensure_ascii=False)


def _without_secrets(value: Any) -> Any:
    return hide_secrets(value, os.environ) if isinstance(value, str) else value


def begin_logs() -> None:
    """Send events to stderr as JSON from here on."""
    end_logs()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    LOG.addHandler(handler)
    LOG.setLevel(logging.INFO)


def end_logs() -> None:
    """Send events nowhere again."""
    for handler in list(LOG.handlers):
        if isinstance(handler.formatter, JsonLines):
            LOG.removeHandler(handler)
    LOG.setLevel(logging.CRITICAL)
