"""Links as a person pastes them, and the name by which the ledger knows them: without secrets."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from crm_sync.errors import SourceError

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.I)
_PORTS = {"https": 443, "http": 80}
_OPAQUE = 16
_RUN = 8
# Names of parameters that say nothing about which file it is: what signs a link for a while (where a
# signature is among them), how a service shows the file, and where a person found it.
_SIGNATURES = ("signature", "sig", "x-amz-signature", "x-goog-signature")
_SIGNED = re.compile(
    r"x-(amz|goog)-.*|signature|sig|expires|awsaccesskeyid|googleaccessid|key-pair-id|policy"
    r"|sv|sr|sp|se|st|spr|ske|skt|sks|skv|skoid|sktid"
)
_SERVICES = re.compile(r"(.*\.)?(dropbox\.com|sharepoint\.com|1drv\.ms|onedrive\.live\.com|google\.com)")
_MANNER = re.compile(r"rlkey|resourcekey|tempauth|usp|dl|raw|download|e|st")
_CAMPAIGN = re.compile(r"utm_.*")


def is_link(text: str) -> bool:
    """Tell whether a person means a link rather than a file."""
    return _SCHEME.match(text.strip()) is not None


def parsed(text: str) -> SplitResult:
    """Return the parts of a link, scheme and host in small letters.

    Raises SourceError where it is none that can be fetched, or holds a password; the message never
    repeats it.
    """
    link = text.strip()
    try:
        parts = urlsplit(link)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if not host or re.search(r"[\s\\\x00-\x1f]", link):
        raise SourceError("this is no complete link", "Copy it again, from https:// to its end.")
    if parts.scheme not in _PORTS:
        raise SourceError(f"{parts.scheme}:// links are not read", "Give an https:// link, or a file.")
    if "@" in parts.netloc:
        raise SourceError(
            f"the link to {host} holds a user name or password",
            "Share the file by a link of its own, or download it and import the file.",
        )
    name = f"[{host}]" if ":" in host else host.rstrip(".")
    return parts._replace(netloc=name if port in (None, _PORTS[parts.scheme]) else f"{name}:{port}")


def name_of_link(parts: SplitResult) -> str:
    """Return what the ledger, reports and logs call the link: the same for every form of it.

    The query is hidden, and so are long opaque parts of the path (whoever holds one of those may often
    read the file); eight letters of a digest keep two links apart. Signatures that expire and parameters
    of the display do not count, so a link that is signed anew each time stays the same source.
    """
    kept = _telling(parts)
    path = "/".join(map(_shown, parts.path.split("/")))
    plain = f"{parts.scheme}://{parts.netloc}{parts.path}"
    if not kept and path == parts.path:
        return plain
    digest = hashlib.sha256(f"{plain}?{urlencode(kept)}".encode()).hexdigest()[:8]
    return f"{parts.scheme}://{parts.netloc}{path}{'?…' if kept else ''} #{digest}"


def _telling(parts: SplitResult) -> list[tuple[str, str]]:
    """Return the parameters that say which file it is, sorted."""
    asked = parse_qsl(parts.query, keep_blank_values=True)
    idle = [_CAMPAIGN]
    if any(name.lower() in _SIGNATURES for name, _ in asked):
        idle.append(_SIGNED)
    if _SERVICES.fullmatch(parts.hostname or ""):
        idle.append(_MANNER)
    return sorted((k, v) for k, v in asked if not any(words.fullmatch(k.lower()) for words in idle))


def _shown(segment: str) -> str:
    return f"{segment[:6]}…" if _is_opaque(segment) else segment


def _is_opaque(segment: str) -> bool:
    """Tell whether a part of a path looks drawn by lot: no word of a language, no name of a file."""
    if len(segment) < _OPAQUE or "." in segment:
        return False
    runs = [run for run in re.findall(r"[A-Za-z0-9]+", segment) if len(run) >= _RUN]
    return any(
        (re.search(r"\d", run) and re.search(r"[A-Za-z]", run)) or len(re.findall(r"[a-z][A-Z]", run)) > 2
        for run in runs
    )
