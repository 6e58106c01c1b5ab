"""What HubSpot says when it refuses, read with every field optional (its own rule for parsers)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from crm_sync.errors import CrmUnavailable, NotAllowed

_LONGEST = 300
_EXISTING = ("Existing ID: ", "Existing Id: ")


class Rejection(Exception):
    """A request that HubSpot understood and refused as a whole: nothing of it was written."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        self.status = status
        self.body = body
        super().__init__(told(body) or f"HubSpot answered {status}")

    @property
    def reason(self) -> str:
        """Return HubSpot's reason as one line for a person."""
        return str(self)


@dataclass(frozen=True, slots=True)
class RecordError:
    """One entry of a batch answer's ``errors``: which inputs it is about, and why."""

    reason: str
    traces: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    existing: str | None = None
    category: str = field(default="")


def record_errors(body: Mapping[str, Any]) -> Iterator[RecordError]:
    """Yield what a 207 says about single records (``numErrors`` counts entries, not records)."""
    for entry in body.get("errors") or ():
        context = entry.get("context") or {}
        reason = told(entry)
        yield RecordError(
            reason,
            tuple(map(str, context.get("objectWriteTraceId") or ())),
            tuple(map(str, context.get("ids") or context.get("id") or ())),
            existing_id(reason),
            str(entry.get("category") or ""),
        )


def told(body: Mapping[str, Any]) -> str:
    """Return the reason in an error body, the list inside ``message`` unfolded, cut to a readable length."""
    message = str(body.get("message") or "").strip()
    head, found, tail = message.partition("[{")
    if found:
        unfolded = "; ".join(_messages("[{" + tail))
        message = unfolded or head
    if not message:
        message = "; ".join(str(e.get("message")) for e in body.get("errors") or () if e.get("message"))
    return message if len(message) <= _LONGEST else message[: _LONGEST - 1] + "…"


def _messages(text: str) -> Iterator[str]:
    try:
        entries = json.loads(text)
    except ValueError:
        return
    for entry in entries:
        if isinstance(entry, dict):
            name, message = entry.get("name"), entry.get("message") or entry.get("error")
            yield f"{name}: {message}" if name else str(message)


def existing_id(reason: str) -> str | None:
    """Return the id of the record that already has a unique value, where the reason names it.

    "Contact already exists. Existing ID: 123", and under a race or for secondary addresses
    "Cannot set PropertyValueCoordinates{..} on A. B already has that value.": B is the existing one.
    """
    for sign in _EXISTING:
        if sign in reason:
            return _digits(reason.partition(sign)[2])
    if "PropertyValueCoordinates" in reason and " already has that value" in reason:
        return _digits(reason.rpartition(" already has that value")[0].split()[-1])
    return None


def _digits(text: str) -> str | None:
    kept = ""
    for character in text:
        if not character.isdigit():
            break
        kept += character
    return kept or None


def not_allowed(status: int, body: Mapping[str, Any]) -> NotAllowed:
    """Return the error for 401 and 403, naming a missing scope and where it is added."""
    if status == 401:
        return NotAllowed(
            "HubSpot does not accept the access token",
            "Make a service key (Development > Keys > Service keys) and give it as HUBSPOT_ACCESS_TOKEN, "
            "or put it where `token` of the CRM in crm-sync.yaml says.",
        )
    scopes = missing_scopes(body)
    named = f": {' or '.join(scopes)}" if scopes else ""
    return NotAllowed(
        f"the access token lacks a scope{named}" if scopes else f"HubSpot does not allow it: {told(body)}",
        "Add it to the service key (Development > Keys > Service keys > Edit > Scopes), then run again.",
    )


def missing_scopes(body: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the scopes of which any one is needed."""
    for entry in body.get("errors") or ():
        context = entry.get("context") or {}
        scopes = context.get("requiredGranularScopes") or context.get("requiredScopes")
        if scopes:
            return tuple(map(str, scopes))
    return ()


def unavailable(message: str, retry_after: float | None = None) -> CrmUnavailable:
    """Return the error for a HubSpot that is away for now."""
    return CrmUnavailable(
        message, "Nothing is lost: the next run goes on from here.", retry_after=retry_after
    )
