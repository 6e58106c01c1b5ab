"""One visit to a link: every hop checked anew, the last answer handed over with its body unread."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import SplitResult, urljoin, urlsplit

import requests

from crm_sync.errors import SourceError
from crm_sync.sources.access import Access
from crm_sync.sources.addresses import ALLOW, Unresolved, checked_addresses, is_loopback
from crm_sync.sources.pinning import Deadline, PinnedAdapter

_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_HOPS = 10
_LOGINS = ("accounts.google.com", "login.microsoftonline.com", "login.live.com")
ONLINE_HINT = "Check the link and that you are online; the next run tries again."


class Passing(SourceError):
    """What may be gone in a moment; ``after`` is in seconds where the server told it."""

    def __init__(self, message: str, hint: str = ONLINE_HINT, *, after: float | None = None) -> None:
        super().__init__(message, hint)
        self.after = after


class NotShared(SourceError):
    """The file is there, but not for everybody."""


@contextmanager
def visit(
    url: str, headers: Mapping[str, str], access: Access, deadline: Deadline
) -> Iterator[requests.Response]:
    """Follow a link to the answer that is no redirect.

    Every hop: https only (http to this machine where private addresses are allowed), its addresses checked
    and connected to as checked, an Authorization only for the first host. Nothing of the machine's own
    (proxies, .netrc) is used. Raises SourceError, whose message names hosts and never a query.
    """
    with requests.Session() as session:
        session.trust_env = False
        adapter = PinnedAdapter(deadline)
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        first = urlsplit(url).hostname
        for _ in range(_MOST_HOPS):
            own = urlsplit(url).hostname == first
            sent = {name: value for name, value in headers.items() if own or name != "Authorization"}
            response = _hop(session, adapter, requests.Request("GET", url, sent), access, deadline)
            with response:
                if response.status_code not in _REDIRECTS:
                    yield response
                    return
                url = _target(response, url)
    raise SourceError(f"{first} sends from page to page without end", "Copy the link again.")


def _target(response: requests.Response, url: str) -> str:
    target = urljoin(url, response.headers.get("Location", ""))
    if urlsplit(target).hostname in _LOGINS:
        raise NotShared("the file is not shared with everybody who has the link")
    return target


def _hop(
    session: requests.Session,
    adapter: PinnedAdapter,
    request: requests.Request,
    access: Access,
    deadline: Deadline,
) -> requests.Response:
    try:
        prepared = session.prepare_request(request)
        parts = urlsplit(str(prepared.url))
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    except (requests.RequestException, ValueError):
        raise SourceError("it leads to something that is no link", "Copy the link again.") from None
    addresses = _way(parts, host, port, access)
    prepared.headers["Host"] = parts.netloc
    for address in addresses:
        adapter.pins[host] = address
        refused: requests.RequestException
        try:
            return _send(session, prepared, access)
        except (requests.ConnectTimeout, requests.ConnectionError) as failed:
            refused = failed
            if deadline.passed:
                break
        except requests.RequestException as error:
            refused = error
            break
    raise _failure(refused, host, deadline) from None


def _way(parts: SplitResult, host: str, port: int, access: Access) -> tuple[str, ...]:
    """Return the checked addresses of a hop; raise SourceError where the link may not lead there."""
    if parts.scheme not in ("https", "http"):
        raise SourceError(f"it leads to a {parts.scheme}: address", "Only https:// is followed.")
    if "@" in parts.netloc:
        raise SourceError("it leads to a link with a user name in it", "Copy the link again.")
    if parts.scheme == "http" and not access.private:
        raise SourceError(
            f"{host} would send it unprotected (http://)",
            "Use the https:// form of the link, if there is one.",
        )
    try:
        addresses = checked_addresses(host, port, access.resolve, access.allows)
    except Unresolved as error:
        raise Passing(error.message, error.hint) from None
    if parts.scheme == "http" and not all(map(is_loopback, addresses)):
        raise SourceError(
            f"{host} would send it unprotected (http://)",
            f"With {ALLOW}, http:// may lead to this machine only.",
        )
    return addresses


def _send(session: requests.Session, prepared: requests.PreparedRequest, access: Access) -> requests.Response:
    patience = access.patience
    return session.send(
        prepared,
        stream=True,
        allow_redirects=False,
        timeout=(patience.connect, patience.silence),
        verify=access.trust or True,
        proxies={},
    )


def _failure(error: requests.RequestException, host: str, deadline: Deadline) -> SourceError:
    """Say what went wrong without repeating what the library says: that holds the whole link."""
    if isinstance(error, requests.exceptions.SSLError):
        return SourceError(
            f"the certificate of {host} does not hold", "Check the link; somebody may stand between you."
        )
    if deadline.passed or isinstance(error, requests.Timeout):
        return Passing(f"{host} did not answer in time")
    return Passing(f"{host} cannot be reached")
