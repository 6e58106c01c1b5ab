"""What many type first, written as it should be: users as a list of entries that have a name each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crm_sync.config.problems import shown

_MOST = 2
_UNSHOWN = frozenset({"name", "notify", "crm"})
_NAMES = ("name", "user", "id")


def users_by_name(told: Any) -> dict[str, Any] | None:
    """Return the first of the listed users as keys with values; None where they have no names.

    What could hold a secret (addresses, links) is left out: it is for a message.
    """
    if not isinstance(told, list):
        return None
    return dict(pair for entry in told[:_MOST] for pair in _pair(entry)) or None


def _pair(entry: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(entry, str):
        yield entry, {}
    elif isinstance(entry, dict):
        called = next((key for key in _NAMES if isinstance(entry.get(key), str)), None)
        if called is not None:
            yield entry[called], _plain({key: value for key, value in entry.items() if key != called})
        elif len(entry) == 1:
            yield from ((str(name), _plain(inner)) for name, inner in entry.items())


def _plain(told: Any) -> dict[str, Any]:
    return {k: v for k, v in told.items() if _is_plain(k, v)} if isinstance(told, dict) else {}


def _is_plain(key: str, value: Any) -> bool:
    text = str(value)
    return key not in _UNSHOWN and "://" not in text and "@" not in text and shown(text, quote="") != "***"
