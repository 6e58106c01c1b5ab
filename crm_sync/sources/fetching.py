"""A link -> a file on this disk, fetched only where it changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import SplitResult, urlunsplit

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_exponential_jitter

from crm_sync import __version__
from crm_sync.errors import SourceError
from crm_sync.sources.access import Access
from crm_sync.sources.keeping import KeptCopy
from crm_sync.sources.pinning import Deadline
from crm_sync.sources.shares import is_google
from crm_sync.sources.visiting import NotShared, Passing, visit

_CHUNK = 1 << 16
_LONGEST_WAIT = 30.0
_PACKED = ("", "identity", "gzip", "x-gzip", "deflate")
_PAGE_STARTS = (b"<!doctype html", b"<html")
_SHARE_HINT = "Share it with everybody who has the link, or publish it, or download it and import the file."
_PAGE_HINT = (
    "Perhaps it asks for a login, or shows the file instead of giving it: use the download or export link, "
    "and try it in a private browser window."
)
_GOOGLE_HINT = (
    "Share it with everybody who has the link (Share, General access), publish it (File, Share, Publish to "
    "web), or share it with a service account and set GOOGLE_APPLICATION_CREDENTIALS to its key file."
)


def fetch(link: SplitResult, source: str, access: Access) -> Path:
    """Return the file with what the link gives now; untouched where it still gives the same.

    A Google file that is not shared with everybody is asked for again with the service account, where
    there is one. Raises SourceError where nothing can be said about the link's content now.
    """
    copy = KeptCopy(access.folder, source)
    try:
        _patiently(link, copy, {}, access)
    except NotShared as error:
        if not is_google(link) or access.google_key is None:
            hint = _GOOGLE_HINT if is_google(link) else error.hint or _SHARE_HINT
            raise SourceError(error.message, hint) from None
        _as_account(link, copy, access, access.google_key)
    return copy.path


def _as_account(link: SplitResult, copy: KeptCopy, access: Access, key: Path) -> None:
    from crm_sync.sources.google import account

    name, token = account(key)
    try:
        _patiently(link, copy, {"Authorization": f"Bearer {token}"}, access)
    except NotShared:
        raise SourceError(
            f"the service account {name} may not read it", f"Share it with {name}, as a viewer."
        ) from None


def _patiently(link: SplitResult, copy: KeptCopy, headers: dict[str, str], access: Access) -> None:
    """Try a few times where what went wrong may pass."""
    tries = Retrying(
        stop=stop_after_attempt(access.patience.attempts),
        retry=retry_if_exception_type(Passing),
        wait=_pause,
        sleep=access.sleep,
        reraise=True,
    )
    tries(_once, link, copy, headers, access)


def _pause(state: RetryCallState) -> float:
    """Return how many seconds to wait: what the server said, within reason, or ever longer."""
    error = state.outcome.exception() if state.outcome else None
    after = error.after if isinstance(error, Passing) else None
    return min(after, _LONGEST_WAIT) if after is not None else wait_exponential_jitter(1, 8)(state)


def _once(link: SplitResult, copy: KeptCopy, headers: dict[str, str], access: Access) -> None:
    sent = {
        "User-Agent": f"crm-sync/{__version__}",
        "Accept": "*/*",
        "Accept-Encoding": "gzip",
        **copy.conditions(),
        **headers,
    }
    with (
        Deadline(access.patience.total) as deadline,
        visit(urlunsplit(link._replace(fragment="")), sent, access, deadline) as response,
    ):
        if response.status_code != 304:
            _check(response, link)
            copy.replace(_body(response, link, access, deadline), response.headers)


def _check(response: requests.Response, link: SplitResult) -> None:
    """Raise SourceError for an answer that is not the file."""
    code, host = response.status_code, link.hostname
    if code in (401, 403) or (code == 404 and is_google(link)):
        raise NotShared("the file is not shared with everybody who has the link")
    if code in (404, 410):
        raise SourceError(
            f"{host} knows no such file (answer {code})", "It may have moved: copy the link again."
        )
    if code == 429 or code >= 500:
        raise Passing(f"{host} has trouble (answer {code})", after=_after(response))
    if code != 200:
        raise SourceError(f"{host} answered {code} instead of the file", "Copy the link again.")
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml"):
        raise _page(link)
    if response.headers.get("Content-Encoding", "").lower() not in _PACKED:
        raise SourceError(f"{host} packed the file in an unusual way", "Download it and import the file.")


def _page(link: SplitResult) -> SourceError:
    message = "the link leads to a web page, not to a file"
    return NotShared(message, _PAGE_HINT) if is_google(link) else SourceError(message, _PAGE_HINT)


def _after(response: requests.Response) -> float | None:
    told = response.headers.get("Retry-After", "")
    return float(told) if told.isdecimal() else None


def _body(
    response: requests.Response, link: SplitResult, access: Access, deadline: Deadline
) -> Iterator[bytes]:
    """Unpack the body piece by piece, never more than the limit, and know that it came to its end."""
    told = response.headers.get("Content-Length", "")
    if told.isdecimal() and int(told) > access.most_bytes:
        raise _too_large(access)
    size = 0
    try:
        for chunk in response.iter_content(_CHUNK):
            if size == 0 and chunk.lstrip()[:14].lower().startswith(_PAGE_STARTS):
                raise _page(link)
            size += len(chunk)
            if size > access.most_bytes:
                raise _too_large(access)
            yield chunk
    except requests.exceptions.ContentDecodingError:
        raise SourceError(f"{link.hostname} sent a damaged file", "Download it and look at it.") from None
    except (requests.RequestException, OSError):
        if not deadline.passed:
            raise Passing(f"{link.hostname} broke off in the middle of the file") from None
    if deadline.passed:
        seconds = f"{access.patience.total:g} seconds"
        raise SourceError(
            f"{link.hostname} did not send the whole file within {seconds}", "The next run tries again."
        )


def _too_large(access: Access) -> SourceError:
    return SourceError(
        f"the file is larger than the limit of {access.most_bytes / 1_000_000:,.1f} MB",
        "Allow more with CRM_SYNC_MAX_BYTES, or give a smaller file.",
    )
