"""Keep secrets out of everything that is shown or written down."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from crm_sync.config.secrets import secrets_in_use

HIDDEN = "***"
_SECRET_URLS = ("CRM_SYNC_DATABASE_URL",)
_SHORTEST = 3
_SHORTEST_TOKEN = 6
_LINK = re.compile(r"(https?://[^\s?#\"']+)\?[^\s\"'…][^\s\"']*")


def hide_secrets(text: str, environ: Mapping[str, str]) -> str:
    """Return *text* with secrets replaced: passwords that the environment holds, as written and as decoded,
    and whatever was fetched from where the configuration says that secrets are kept.

    The queries of links are hidden, too: they may be keys to the files behind them.
    """
    held = secrets_in_use()
    for secret in sorted(held, key=len, reverse=True):
        text = text.replace(secret, HIDDEN) if len(secret) >= _SHORTEST_TOKEN else text
    for url in (*held, *(environ.get(name, "") for name in _SECRET_URLS)):
        for secret in _passwords(url):
            text = text.replace(f":{secret}@", f":{HIDDEN}@")
            text = text.replace(secret, HIDDEN) if len(secret) >= _SHORTEST else text
    return _LINK.sub(rf"\1?{HIDDEN}", text)


def hidden(text: str) -> str:
    """Return *text* with the secrets of this process replaced."""
    return hide_secrets(text, os.environ)


def _passwords(url: str) -> list[str]:
    """Return the spellings of a URL's password; a URL that cannot be taken apart is secret as a whole."""
    if "@" not in url:
        return []
    try:
        password = urlsplit(url).password
    except ValueError:
        return [url]
    whole = url.partition("?")[0] if url.startswith("mail") else url  # to=jane@roe.example is no password
    loose = whole.rpartition("@")[0].rpartition("://")[2].partition(":")[2]
    found = {password or "", unquote(password or ""), loose, unquote(loose)}
    if loose != (password or ""):  # unquoted, so that others take its parts for a host or a path
        found.update(part for part in re.split(r"[@/:?#]", loose) if len(part) >= _SHORTEST)
    return sorted((secret for secret in found if secret), key=len, reverse=True)
