"""Where messages go, and how one is handed over."""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import requests
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, stop_after_delay, wait_exponential

from crm_sync import __version__

WEBHOOK, SLACK = "webhook", "slack"
_TIMES = 3
_SECONDS = 20.0
_TIMEOUT = (5.0, 10.0)
_HTTP = frozenset({"http", "https"})
_SENDER = {"User-Agent": f"crm-sync/{__version__}"}


@dataclass(frozen=True, slots=True)
class Address:
    """One place to tell things; ``name`` is its key in the configuration, ``url`` is a secret.

    ``kind`` is "webhook", "slack", or anything else for what Apprise reaches.
    """

    name: str
    kind: str
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """What is told: a line, a text, and the same as data for whoever reads JSON."""

    title: str
    text: str
    data: Mapping[str, Any] = field(default_factory=dict)


class Undelivered(Exception):
    """A message did not arrive; the reason never holds the address."""


class _ForNow(Undelivered):
    """It may arrive when it is tried again."""


def deliver(address: Address, message: Message) -> None:
    """Hand the message over, trying a little; raise Undelivered, saying why without the address."""
    patience = Retrying(
        retry=retry_if_exception_type(_ForNow),
        stop=stop_after_attempt(_TIMES) | stop_after_delay(_SECONDS),
        wait=wait_exponential(multiplier=0.5, max=4),
        reraise=True,
    )
    patience(_way_to(address), address.url, message)


def fault_of(address: Address) -> str:
    """Return what is wrong with an address that can be seen without asking it, "" where nothing is."""
    if address.kind in (WEBHOOK, SLACK):
        parts = urlsplit(address.url)
        return "" if parts.scheme in _HTTP and parts.hostname else "it is no http address"
    try:
        _opened(address.url)
    except Undelivered as error:
        return str(error)
    return ""


def _way_to(address: Address) -> Callable[[str, Message], None]:
    return {WEBHOOK: _post_data, SLACK: _post_text}.get(address.kind, _by_apprise)


def _post_data(url: str, message: Message) -> None:
    post(url, {"title": message.title, "text": message.text, **message.data})


def _post_text(url: str, message: Message) -> None:
    post(url, {"text": f"*{message.title}*\n{message.text}"})


def post(url: str, data: Mapping[str, Any]) -> None:
    """Post JSON and be content with any answer below 300; no redirect is followed with a secret address."""
    try:
        answer = requests.post(url, json=data, timeout=_TIMEOUT, headers=_SENDER, allow_redirects=False)
    except (requests.Timeout, requests.ConnectionError) as error:
        raise _ForNow(f"no answer ({type(error).__name__})") from None
    except (requests.RequestException, ValueError) as error:
        raise Undelivered(f"it cannot be asked ({type(error).__name__})") from None
    if answer.status_code >= 500 or answer.status_code == 429:
        raise _ForNow(f"it answered {answer.status_code}")
    if answer.status_code >= 300:
        raise Undelivered(f"it answered {answer.status_code}")


def _by_apprise(url: str, message: Message) -> None:
    if not _opened(url).notify(title=message.title, body=message.text, body_format="text"):
        raise _ForNow("it was not taken")


def _opened(url: str) -> Any:
    """Return what Apprise makes of an address; raise Undelivered where that is nothing."""
    with _LOADING:
        apprise = _loaded()
    opened = apprise.Apprise(asset=apprise.AppriseAsset(async_mode=False, app_id="crm-sync"))
    if not opened.add(url):
        raise Undelivered("it is no address that Apprise understands")
    return opened


_LOADING = threading.Lock()


@cache
def _loaded() -> Any:
    """Load Apprise with all its services, once; it warns of a module that it needs, and logs addresses."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            import apprise
        except ImportError:
            raise Undelivered("it needs an extra: pip install 'crm-sync[notify]'") from None
        logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
        apprise.Apprise().add("json://localhost")
    return apprise
