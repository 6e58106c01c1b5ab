"""One HTTP connection pool to HubSpot, through the official SDK, with our own retries and limits."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

from crm_sync import __version__
from crm_sync.crms.hubspot.refusals import Rejection, not_allowed, unavailable
from crm_sync.crms.patient import Patience
from crm_sync.crms.trouble import Cause, Trouble
from crm_sync.errors import CrmError

HUBSPOT = "https://api.hubapi.com"
TIMEOUT = (5.0, 60.0)
"""Seconds to connect and to read: the SDK has no timeout of its own."""

_POOL = 8
_MIGRATING = 477
_BY_POLICY = {"DAILY": Cause.DAILY, "SECONDLY": Cause.SEARCH, "TEN_SECONDLY_ROLLING": Cause.BURST}
_PAUSES = {Cause.BURST: 10.0, Cause.SEARCH: 1.0}
"""Seconds for which nobody sends after a 429, where HubSpot does not tell them."""

_WAITS = {423: Cause.LOCKED, _MIGRATING: Cause.MIGRATING}

Call = Callable[[], Any]
"""A call of the SDK that returns the raw response, its body not read yet."""


class Pace(Protocol):
    """What keeps requests within the account's limits (see ``throttle.Throttle``)."""

    def acquire(self, bucket: str) -> float: ...
    def hold(self, bucket: str, seconds: float) -> None: ...
    def told(self, *, day_left: int | None) -> None: ...
    def belongs_to(self, account: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """HubSpot's answer: its status, its body, and HubSpot's own time."""

    status: int
    body: Mapping[str, Any]
    at: datetime | None


class Wire:
    """Sends requests: paced, patient, and never twice where a repetition could double something.

    *token* is never shown. *api_version* None takes the SDK's v3 and v4 paths, "2026-09" dated ones.
    *timeout* is in seconds, to connect and to read; *stop* is what ends the waits of patience and pace.
    Thread-safe. Raises Rejection where HubSpot refused the request, NotAllowed for token and scopes,
    Trouble where a request that may not be repeated got no answer, CrmUnavailable where HubSpot is away.
    """

    def __init__(
        self,
        token: str,
        base_url: str | None,
        api_version: str | None,
        patience: Patience,
        pace: Pace,
        timeout: tuple[float, float] = TIMEOUT,
        stop: threading.Event | None = None,
    ) -> None:
        self.stop = stop or threading.Event()
        self._patience = patience
        self._pace = pace
        self._client = _client(token, base_url or HUBSPOT, api_version, timeout)
        self._apis: dict[str, Any] = {}
        self._lock = threading.Lock()
        self.sent = 0

    def api(self, path: str) -> Any:
        """Return a part of the SDK by its path ("crm.objects.batch_api"), held: each access makes a pool."""
        with self._lock:
            if path not in self._apis:
                found: Any = self._client
                for name in path.split("."):
                    found = getattr(found, name)
                self._apis[path] = found
            return self._apis[path]

    def belongs_to(self, portal: str) -> None:
        """Hear whose token it is: some limits count for all keys of a portal together."""
        self._pace.belongs_to(f"hubspot-{portal}")

    def raw(self, method: str, path: str, query: Mapping[str, str] | None = None, body: Any = None) -> Call:
        """Return the call of a path that the SDK has no method for."""
        client = self.api("crm.objects.batch_api").api_client
        return lambda: client.call_api(
            path, method, {}, list((query or {}).items()), {"Accept": "application/json"}, body=body,
            auth_settings=["oauth2"], _preload_content=False,
        )  # fmt: skip

    def send(self, call: Call, *, buckets: tuple[str, ...] = ("burst",), repeatable: bool = True) -> Answer:
        """Send one request; see the class for what it raises."""
        try:
            return self._patience(lambda: self._once(call, buckets), repeatable=repeatable)
        except Trouble as trouble:
            if trouble.maybe_done and not repeatable:
                raise
            raise _away(trouble) from trouble

    def _once(self, call: Call, buckets: tuple[str, ...]) -> Answer:
        for bucket in buckets:
            self._pace.acquire(bucket)
        self.sent += 1
        try:
            response = call()
            text = response.data
        except CrmError:
            raise
        except Exception as error:
            raise self._explained(error, buckets[0]) from error
        self._hear_budget(response.headers)
        try:
            body = json.loads(text) if text.strip() else {}
        except ValueError as error:
            raise Trouble("the answer was no JSON (a proxy in between?)", Cause.LOST) from error
        if not isinstance(body, (dict, list)):
            raise Trouble("the answer had no known form", Cause.LOST)
        return Answer(response.status, body if isinstance(body, dict) else {"results": body}, _date(response))

    def _explained(self, error: Exception, bucket: str) -> Exception:
        status = getattr(error, "status", None)
        if not isinstance(status, int) or not status:
            return _unanswered(error)
        self._hear_budget(getattr(error, "headers", None) or {})
        body = _body_of(error)
        trouble = _trouble(status, body, getattr(error, "headers", None) or {})
        if trouble is None:
            return not_allowed(status, body) if status in {401, 403} else Rejection(status, body)
        if trouble.cause in _PAUSES:
            self._pace.hold(bucket, trouble.retry_after or _PAUSES[trouble.cause])
        if trouble.cause is Cause.DAILY:
            self._pace.told(day_left=0)
        return trouble

    def _hear_budget(self, headers: Mapping[str, str]) -> None:
        left = headers.get("X-HubSpot-RateLimit-Daily-Remaining")
        if left is not None and left.isdecimal():
            self._pace.told(day_left=int(left))


def _client(token: str, base_url: str, api_version: str | None, timeout: tuple[float, float]) -> Any:
    """Return the SDK's client: one pool, no retries, a timeout always, gzip, dated paths on request."""
    import urllib3
    from hubspot import HubSpot

    pool = urllib3.PoolManager(maxsize=_POOL, block=True, retries=False)
    rules = _rules(api_version)

    def factory(package: Any, name: str, config: Mapping[str, Any]) -> Any:
        configuration = package.Configuration()
        configuration.access_token, configuration.host = config["access_token"], config["host"]
        client = package.ApiClient(configuration=configuration)
        client.user_agent = f"crm-sync/{__version__}"
        client.set_default_header("Accept-Encoding", "gzip")
        client.rest_client.pool_manager = pool
        request, call = client.rest_client.request, client.call_api

        def timed(*args: Any, **named: Any) -> Any:
            return request(*args, **{**named, "_request_timeout": named.get("_request_timeout") or timeout})

        def dated(path: str, *args: Any, **named: Any) -> Any:
            return call(_dated(path, rules), *args, **named)

        client.rest_client.request, client.call_api = timed, dated
        return getattr(package, name)(api_client=client)

    return HubSpot(access_token=token, host=base_url.rstrip("/"), api_factory=factory)


def _rules(version: str | None) -> tuple[tuple[str, str], ...]:
    if version is None or version == "v3":
        return ()
    rooms = ("properties", "pipelines", "owners", "limits")
    return (
        ("/crm/v3/objects/", f"/crm/objects/{version}/"),
        ("/crm/v4/objects/", f"/crm/objects/{version}/"),
        ("/crm/v4/associations/", f"/crm/associations/{version}/"),
        ("/account-info/v3/", f"/account-info/{version}/"),
        *((f"/crm/v3/{room}/", f"/crm/{room}/{version}/") for room in rooms),
    )


def _dated(path: str, rules: tuple[tuple[str, str], ...]) -> str:
    return next((new + path[len(old) :] for old, new in rules if path.startswith(old)), path)


def _unanswered(error: Exception) -> Trouble:
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, SSLError

    name = type(error).__name__
    if (
        isinstance(error, (NewConnectionError, ConnectTimeoutError, SSLError))
        or name == "NameResolutionError"
    ):
        return Trouble("HubSpot cannot be reached", Cause.UNREACHABLE)
    if getattr(error, "status", None) == 0:  # the SDK's word for a TLS handshake that failed
        return Trouble("no secure connection to HubSpot can be made", Cause.UNREACHABLE)
    return Trouble(f"the connection to HubSpot broke ({name})", Cause.LOST)


def _body_of(error: Exception) -> Mapping[str, Any]:
    text = getattr(error, "body", None) or ""
    try:
        body = json.loads(text)
    except (ValueError, TypeError):
        return {}
    return body if isinstance(body, dict) else {}


def _trouble(status: int, body: Mapping[str, Any], headers: Mapping[str, str]) -> Trouble | None:
    """Return what may go away by itself, by HubSpot's policy name; None for a refusal."""
    after = _seconds(headers.get("Retry-After"))
    if status == 429:
        policy = str(body.get("policyName") or "")
        message = str(body.get("message") or "HubSpot's rate limit was reached")
        return Trouble(message, _BY_POLICY.get(policy) or _guessed(message), after)
    if status in _WAITS:
        return Trouble(f"HubSpot asks to wait ({status})", _WAITS[status], after)
    if status >= 500:
        return Trouble(f"HubSpot answered {status}", Cause.SERVER, after)
    return None


def _guessed(message: str) -> Cause:
    words = message.lower()
    if "daily" in words:
        return Cause.DAILY
    return Cause.SEARCH if "your secondly" in words else Cause.BURST


def _seconds(text: str | None) -> float | None:
    try:
        return max(0.0, float(text)) if text else None
    except ValueError:
        return None


def _date(response: Any) -> datetime | None:
    told = response.headers.get("Date")
    try:
        return parsedate_to_datetime(told).astimezone(UTC) if told else None
    except ValueError:
        return None


def _away(trouble: Trouble) -> CrmError:
    if trouble.cause is Cause.DAILY:
        return unavailable(
            "the day's requests of this HubSpot account are used up (it counts from midnight there)",
            trouble.retry_after,
        )
    return unavailable(trouble.message, trouble.retry_after)
