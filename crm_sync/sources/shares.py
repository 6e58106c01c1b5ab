"""Share links of well-known services -> the links that give the file itself.

Google's forms are the export addresses in use for years; those of Microsoft and Dropbox are a parameter
of the share link. None of them needs an account where the file is shared with everybody who has the link.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import SplitResult, parse_qs, urlencode

_SHEET = re.compile(
    r"/(?:a/[^/]+/)?spreadsheets/(?:u/\d+/)?d/(?P<published>e/)?(?P<id>[\w-]+)(?:/(?P<rest>.*))?"
)
_DRIVE = re.compile(r"/(?:a/[^/]+/)?file/(?:u/\d+/)?d/(?P<id>[\w-]+)(?:/.*)?")
_TABLES = ("csv", "tsv", "xlsx", "ods")
GOOGLE = ("docs.google.com", "drive.google.com")


def is_google(link: SplitResult) -> bool:
    """Tell whether a link leads to a file that a Google account may be asked for."""
    return link.hostname in GOOGLE


def download_form(link: SplitResult) -> SplitResult:
    """Return the link under which the service gives the file; any other link as it is."""
    asked = {name: values[-1] for name, values in parse_qs(link.query, keep_blank_values=True).items()}
    host = link.hostname or ""
    if host == "docs.google.com":
        return _google_sheet(link, asked)
    if host == "drive.google.com":
        return _google_file(link, asked)
    if host in ("dropbox.com", "www.dropbox.com"):
        asked.pop("raw", None)
        return _with(link, asked | {"dl": "1"})
    if host == "onedrive.live.com" and "resid" in asked:
        kept = {name: value for name, value in asked.items() if name in ("resid", "authkey")}
        return _with(link._replace(path="/download"), kept)
    if host in ("1drv.ms", "onedrive.live.com") or _is_sharepoint(host, link.path):
        return _with(link, asked | {"download": "1"})
    return link


def _google_sheet(link: SplitResult, asked: Mapping[str, str]) -> SplitResult:
    """Return the export of one sheet as CSV where the link names one (gid), else of all sheets as XLSX."""
    found = _SHEET.fullmatch(link.path)
    if found is None or "out:csv" in asked.get("tqx", ""):
        return link
    gid = parse_qs(link.fragment).get("gid", [asked.get("gid", "")])[-1]
    published = found["published"] or (found["rest"] or "").startswith("pub")
    how = "output" if published else "format"
    told = asked.get(how, "")
    query = {how: told if told in _TABLES else "csv" if gid else "xlsx"}
    query |= {"gid": gid} if gid else {}
    query |= {"single": "true"} if gid and published else {}
    query |= {"resourcekey": asked["resourcekey"]} if "resourcekey" in asked else {}
    path = f"/spreadsheets/d/{found['published'] or ''}{found['id']}/{'pub' if published else 'export'}"
    return _with(link._replace(path=path), query)


def _google_file(link: SplitResult, asked: Mapping[str, str]) -> SplitResult:
    found = _DRIVE.fullmatch(link.path)
    ident = found["id"] if found else asked.get("id")
    if ident is None:
        return link
    query = {"export": "download", "id": ident}
    query |= {"resourcekey": asked["resourcekey"]} if "resourcekey" in asked else {}
    return _with(link._replace(path="/uc"), query)


def _is_sharepoint(host: str, path: str) -> bool:
    return host.endswith(".sharepoint.com") and re.match(r"/:[a-z]:/", path) is not None


def _with(link: SplitResult, query: Mapping[str, str]) -> SplitResult:
    return link._replace(query=urlencode(query), fragment="")
