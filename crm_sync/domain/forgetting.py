"""What is left of somebody who was forgotten: digests that tell nothing without the book's own secret."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from crm_sync.domain.keys import Key


@dataclass(frozen=True, slots=True)
class Oblivion:
    """What is to be removed from the book for good.

    All of *user*, or only these of their *applications*; *parties* are companies and contacts that nobody
    else of the account needs. ``traces`` are the texts by which their rows will be known again, each with
    the text by which a person can let them in again; only digests of either are kept.
    """

    account: str
    user: str
    applications: frozenset[str]
    parties: frozenset[Key] = frozenset()
    traces: Mapping[str, str] = field(default_factory=dict)
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Whom a book has forgotten, asked by text: ``user_trace``, ``key_trace``, ``evidence_trace``."""

    secret: bytes = b""
    digests: frozenset[str] = frozenset()

    def holds(self, text: str) -> bool:
        """Tell whether this text is among the traces of the forgotten."""
        return bool(self.digests) and keyed_digest(self.secret, text) in self.digests

    def any_of(self, texts: Collection[str]) -> bool:
        """Tell whether any of these texts is."""
        return bool(self.digests) and any(self.holds(text) for text in texts)


def keyed_digest(secret: bytes, text: str) -> str:
    """Return the digest of a text under the book's secret."""
    return hmac.digest(secret, text.encode("utf-8", "surrogatepass"), "sha256").hex()[:40]


def user_trace(user: str) -> str:
    """Return the text by which a whole user is known again."""
    return f"user\x1f{user}"


def key_trace(key: str) -> str:
    """Return the text by which an application is known again by its key."""
    return f"key\x1f{key}"


def evidence_trace(user: str, evidence: str) -> str:
    """Return the text by which a user's row is known again."""
    return f"row\x1f{user}\x1f{evidence}"
