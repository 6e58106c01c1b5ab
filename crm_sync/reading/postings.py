"""Addresses of job postings: one form for all spellings, and whether an address names one posting at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from crm_sync.reading.reach import within_reach
from crm_sync.reading.wordlists import words

_PLAIN = re.compile(
    r"https?://([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,})((?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*)/?"
    r"(?:\?([A-Za-z0-9._~=&-]*))?"
)
_BARE = re.compile(r"(?:www\.[\w-]+(?:\.[\w-]+)+|[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}(?=[/?]))(?:[/?].*)?", re.I)
_HOST = re.compile(r"(?:[\w](?:[\w-]*[\w])?\.)+(?:[^\W\d_]{2,}|xn--[a-z0-9-]+)\.?|\d{1,3}(?:\.\d{1,3}){3}")
_SCHEME = re.compile(r"https?:/{1,2}(?=[^/])", re.I)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_LINKEDIN_JOB = re.compile(r"/(?:comm/)?jobs/view/(?:(?:[^/]*-)?(\d{5,})|(\d+))(?:/.*)?")
_INDEED_JOB = ("jk", "vjk")
_NO_QUERY: tuple[Mapping[str, str], str] = ({}, "")
_LOCALE = re.compile(r"[a-z]{2}(?:[-_][a-z]{2})?", re.I)
_ID_NAME = re.compile(r"(?:id|jid|jk|vjk|no|nr|num|number|ref|req|key|token|code|slug|uuid|seqno)$", re.I)
_DIGITS = re.compile(r"\d{3}")
_AMBIGUOUS = frozenset({"ref", "referer", "referrer", "from", "origin", "via"})
_SAME_HOST = {
    "job-boards.greenhouse.io": "boards.greenhouse.io",
    "job-boards.eu.greenhouse.io": "boards.eu.greenhouse.io",
}
_BOARD_HOSTS = (
    "greenhouse.io", "lever.co", "ashbyhq.com", "workable.com", "smartrecruiters.com", "myworkdayjobs.com",
    "recruitee.com", "personio.de", "personio.com", "teamtailor.com", "breezy.hr", "bamboohr.com",
    "jobvite.com",
)  # fmt: skip


def canonical_url(text: str) -> str | None:
    """Return the one form of a web address, None where the text is none ("N/A").

    ``https``, lower-case host without ``www.``, no default port, percent-encoding normalised, query sorted
    and without tracking parameters (never without the job's id), no fragment but a route (``#/jobs/12``),
    no trailing slash. The spellings of one LinkedIn or Indeed posting become one.
    """
    text = within_reach(text)
    plain = _PLAIN.fullmatch(text)
    if plain is None:
        return _canonical(text)
    host, path, query = plain.groups()
    return _known_site(_bare_host(host), path, *(_plain_query(query) if query else _NO_QUERY))


@lru_cache(maxsize=8192)
def _canonical(text: str) -> str | None:
    parts = _split(text)
    if parts is None:
        return None
    from w3lib.url import canonicalize_url

    kept = [
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if _tells(name, value)
    ]
    fragment = parts.fragment if parts.fragment.startswith(("/", "!/")) else ""
    host = parts.netloc
    try:
        tidy = urlsplit(
            canonicalize_url(
                SplitResult("https", host, parts.path, urlencode(kept), fragment).geturl(),
                keep_fragments=True,
            )
        )
    except ValueError:
        return None
    return _known_site(_bare_host(tidy.netloc), tidy.path, dict(kept), tidy.query, tidy.fragment)


def is_posting_url(canonical: str) -> bool:
    """Say whether a canonical address names one posting, not a home page or a list of jobs."""
    if _DIGITS.search(canonical, canonical.find("/", 8)) and "/" in canonical[8:]:  # the common case, quickly
        return True
    parts = urlsplit(canonical)
    if parts.fragment or any(_names_posting(*pair) for pair in parse_qsl(parts.query)):
        return True
    segments = [part.lower() for part in parts.path.split("/") if part]
    if parts.netloc.endswith(_BOARD_HOSTS) and len(segments) < 2 and not _DIGITS.search(parts.path):
        return False
    lists = words("career_pages.txt")
    if segments and segments[-1] in lists and not _DIGITS.search(parts.path):
        return False
    return not all(part in lists or _LOCALE.fullmatch(part) for part in segments)


def site_of(canonical: str) -> str:
    """Return the host of a canonical address: two postings of one site have two addresses."""
    return canonical.split("/", 3)[2].partition("?")[0].partition("#")[0]


def _split(text: str) -> SplitResult | None:
    """Return the parts of an http(s) address with its host and port checked and tidied, else None."""
    pieces = text.split()
    if not pieces:
        return None
    address = pieces[0].strip("<>\"'") if pieces[0][0] in "<\"'" else pieces[0]
    if _BARE.fullmatch(address):
        address = f"https://{address}"
    address, scheme_found = _SCHEME.subn(lambda found: found[0].rstrip("/").lower() + "//", address, count=1)
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if not scheme_found or parts.scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host):
        return None
    place = host.rstrip(".")
    if port is not None and port != _DEFAULT_PORTS[parts.scheme]:
        place = f"{place}:{port}"
    return parts._replace(netloc=place)


def _plain_query(query: str) -> tuple[Mapping[str, str], str]:
    """Return what is kept of a query without any encoding, as pairs and as sorted text."""
    pairs = [(name, value) for name, _, value in (part.partition("=") for part in query.split("&") if part)]
    kept = sorted(pair for pair in pairs if _tells(*pair))
    return dict(kept), "&".join(f"{name}={value}" for name, value in kept)


def _bare_host(host: str) -> str:
    host = host.lower().removeprefix("www.")
    return _SAME_HOST.get(host, host)


def _known_site(host: str, path: str, pairs: Mapping[str, str], query: str = "", fragment: str = "") -> str:
    """Return the address, in the one form of its posting where the site has several."""
    if host == "linkedin.com" or host.endswith(".linkedin.com"):
        host = "linkedin.com"
        job = _LINKEDIN_JOB.fullmatch(path)
        number = (job[1] or job[2]) if job else pairs.get("currentJobId", "")
        if number.isdecimal():
            return f"https://linkedin.com/jobs/view/{number}"
    elif "indeed." in host:
        number = next((pairs[name] for name in _INDEED_JOB if pairs.get(name)), "")
        if number:
            return f"https://indeed.com/viewjob?jk={number}"
    path = path.rstrip("/;")
    return f"https://{host}{path}{'?' + query if query else ''}{'#' + fragment if fragment else ''}"


def _tells(name: str, value: str) -> bool:
    """Say whether a query parameter may belong to the job rather than to the click."""
    name = name.lower()
    if name in _AMBIGUOUS:
        return bool(_DIGITS.search(value))
    exact, beginnings = _tracking()
    return name not in exact and not name.startswith(beginnings)


def _names_posting(name: str, value: str) -> bool:
    return bool(value) and bool(_ID_NAME.search(name) or _DIGITS.search(value))


@cache
def _tracking() -> tuple[frozenset[str], tuple[str, ...]]:
    names = words("tracking_parameters.txt")
    beginnings = tuple(sorted(name[:-1] for name in names if name.endswith("*")))
    return frozenset(name for name in names if not name.endswith("*")), beginnings
