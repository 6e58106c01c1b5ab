"""Our key in HubSpot: a unique property on companies and deals, a marker in the text of tasks and calls.

Tasks have no dependable unique key there, so a marker ends their body, and they are found through their
deal. The marker of a call ends its notes.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from crm_sync.domain.keys import Key, Kind

PROPERTY = "crm_sync_key"
MARKED = frozenset({Kind.TASK, Kind.CALL})
_MARKER = re.compile(r"\[crm-sync:([^\]\s<]+)\]")
_OWN_LINE = re.compile(r"<br>\[crm-sync:[^\]\s<]+\]$")


def value_of(key: Key) -> str:
    """Return the value of the unique property: the id, the user before it."""
    return f"{quote(key.owner, safe='')}/{key.id}" if key.owner else key.id


def key_in(kind: Kind, value: object) -> Key | None:
    """Return the key that a unique property holds; None for no text or a text of somebody else."""
    if not isinstance(value, str) or not value:
        return None
    owner, slash, ident = value.rpartition("/")
    return Key(kind, unquote(owner) if slash else "", ident)


def marked(key: Key, text: str) -> str:
    """Return the text (HTML) with the key's marker at its end, unless it stands there already."""
    return text if f"[crm-sync:{key.id}]" in text else f"{text}<br>[crm-sync:{key.id}]"


def unmarked(text: str) -> str:
    """Return the text without a marker that ``marked`` put there."""
    return _OWN_LINE.sub("", text)


def ident_in(text: object) -> str | None:
    """Return the id in the last marker of a text, None where there is none."""
    found = _MARKER.findall(text) if isinstance(text, str) else []
    return found[-1] if found else None


def application_of(key: Key) -> str:
    """Return the key of the application that a task or a call belongs to."""
    return key.id.partition(":")[0]
