"""What the simulator answers: times as HubSpot writes them, bodies, refusals with their status."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, a body (JSON, None for an empty one, text for a page), and headers of its own."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Refusal(Exception):
    """HubSpot says no: *status*, *category*, *message*, the *errors* in detail, the *context*."""

    def __init__(
        self,
        status: int,
        category: str,
        message: str,
        *,
        errors: Sequence[Json] = (),
        context: Mapping[str, Sequence[str]] | None = None,
        sub_category: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.category = category
        self.message = message
        self.errors = list(errors)
        self.context = {name: list(values) for name, values in (context or {}).items()}
        self.sub_category = sub_category

    def answer(self) -> Answer:
        """Return the answer to a request that is refused as a whole."""
        return Answer(self.status, {**self._said(), "correlationId": str(uuid.uuid4())})

    def entry(self, trace: str | None) -> Json:
        """Return the entry in the errors of a 207 that tells of one record."""
        said = self._said()
        if trace is not None:
            said["context"] = {**self.context, "objectWriteTraceId": [trace]}
        return said

    def _said(self) -> Json:
        said: Json = {"status": "error", "message": self.message, "category": self.category}
        if self.sub_category:
            said["subCategory"] = self.sub_category
        if self.errors:
            said["errors"] = self.errors
        if self.context:
            said["context"] = self.context
        return said


def invalid(message: str, **context: Sequence[str]) -> Refusal:
    """Return a plain 400."""
    return Refusal(400, "VALIDATION_ERROR", message, context=context)


def invalid_values(portal: int, problems: Sequence[tuple[str, str, str]]) -> Refusal:
    """Return the 400 for property values: each problem is a property, a code and a message."""
    listed = [
        {
            "isValid": False,
            "message": message,
            "error": code,
            "name": name,
            "localizedErrorMessage": message,
            "portalId": portal,
        }
        for name, code, message in problems
    ]
    return Refusal(
        400,
        "VALIDATION_ERROR",
        f"Property values were not valid: {json.dumps(listed, separators=(',', ':'))}",
        errors=[
            {"message": message, "code": code, "context": {"propertyName": [name]}}
            for name, code, message in problems
        ],
    )


def missing_objects(singular: str, ids: Sequence[str]) -> Refusal:
    """Return what HubSpot says about ids that are gone; one refusal names them all."""
    return Refusal(
        404,
        "OBJECT_NOT_FOUND",
        f"Could not get some {singular.upper()} objects, they may be deleted or not exist. "
        "Check that ids are valid.",
        context={"ids": ids},
    )


def not_found() -> Refusal:
    """Return the 404 for a single thing that is not there."""
    return Refusal(404, "OBJECT_NOT_FOUND", "resource not found")


@lru_cache(maxsize=10_000)
def iso(ms: int) -> str:
    """Return milliseconds since 1970 as HubSpot writes instants: no fraction where it is zero.

    >>> iso(0), iso(1700000000123)
    ('1970-01-01T00:00:00Z', '2023-11-14T22:13:20.123Z')
    """
    text = datetime.fromtimestamp(ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{ms % 1000:03d}Z" if ms % 1000 else f"{text}Z"


def milliseconds(moment: datetime) -> int:
    """Return an aware moment as milliseconds since 1970."""
    return int(moment.timestamp()) * 1000 + moment.microsecond // 1000


def batch(results: Sequence[Json], errors: Sequence[Json], at: int, *, fine: int = 200) -> Answer:
    """Return the answer of a batch: *fine* without errors, else 207; entries are counted, not records."""
    body: Json = {"status": "COMPLETE", "results": list(results)}
    if errors:
        body |= {"numErrors": len(errors), "errors": list(errors)}
    body |= {"startedAt": iso(at), "completedAt": iso(at)}
    return Answer(207 if errors else fine, body)
