"""The front desk: who asks, may they, what for; then the handler, under one lock."""

from __future__ import annotations

import json
import re
import threading
import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.hubspot_simulator.answers import Answer, Refusal, invalid
from tests.hubspot_simulator.kinds import ObjectKind, kind_named
from tests.hubspot_simulator.options import Options
from tests.hubspot_simulator.portal import Call, Portal
from tests.hubspot_simulator.routes import Route, place, routes_of

NO_PAGE = "<html><head><title>404</title></head><body>Not Found</body></html>"


class NoSuchPath(Exception):
    """Nothing is at that path."""


@dataclass(frozen=True)
class Request:
    """A request as it came: method, target, bearer token, body as bytes."""

    method: str
    target: str
    token: str | None
    body: bytes = b""

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @cached_property
    def said(self) -> Any:
        """Return the body's JSON, an empty object for no body. Raises ValueError."""
        return json.loads(self.body) if self.body else {}


class Front:
    """Answers requests on a portal, one after the other."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.lock = threading.RLock()
        self.portal = Portal(options)

    def answer(self, request: Request) -> Answer:
        """Return the answer to a request; a refusal is one."""
        try:
            self._known(request)
            route, call = self._find(request)
            self._allowed(route, call)
            call.body, call.size = _json(request), len(request.body)
            if not isinstance(call.body, dict) and request.method != "PUT":
                raise invalid("Invalid input JSON on line 1, column 1: Cannot deserialize the value")
            with self.lock:
                return route.handler(self.portal, call)
        except Refusal as refusal:
            return refusal.answer()
        except NoSuchPath:
            return Answer(404, NO_PAGE)

    def _known(self, request: Request) -> None:
        if request.token != self.options.token:
            raise Refusal(
                401,
                "INVALID_AUTHENTICATION",
                "Authentication credentials not found. This API supports OAuth 2.0 authentication "
                "and you can find more details in the documentation.",
            )

    def _find(self, request: Request) -> tuple[Route, Call]:
        found = place(request.path)
        routes = routes_of(found[0]) if found else ()
        if found is None or not routes:
            raise NoSuchPath(request.path)
        for route, raw in routes:
            if route.method == request.method:
                parts = {name: unquote(part) for name, part in raw.items()}
                query = parse_qs(urlsplit(request.target).query)
                call = Call(request.method, request.path, parts, query, dated=found[1])
                call.kind, call.other = _kind(parts.get("kind", "deals")), _kind(parts.get("other", "deals"))
                return route, call
        raise Refusal(405, "METHOD_NOT_ALLOWED", f"HTTP 405 Method Not Allowed: {request.method}")

    def _allowed(self, route: Route, call: Call) -> None:
        other = call.other if "other" in call.parts else None
        for group in route.scopes(call.kind, other):
            if not group & self.options.scopes:
                raise Refusal(
                    403,
                    "MISSING_SCOPES",
                    "This app hasn't been granted all required scopes to make this call.",
                    errors=[
                        {
                            "message": "One or more of the following scopes are required.",
                            "context": {"requiredGranularScopes": sorted(group)},
                        }
                    ],
                )


def _kind(word: str) -> ObjectKind:
    found = kind_named(word)
    if found is None:
        raise invalid(f"Unable to infer object type from: {word}")
    return found


def _json(request: Request) -> Any:
    try:
        return request.said
    except ValueError as error:
        said = re.sub(r":.*", "", str(error))
        raise invalid(f"Invalid input JSON: {said} ({uuid.uuid4()})") from None
