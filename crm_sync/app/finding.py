"""Find the application that a person means by a short key."""

from __future__ import annotations

from dataclasses import dataclass, replace

from crm_sync.domain.keys import KEY_LENGTH, SHORTEST_PREFIX
from crm_sync.errors import UsageError
from crm_sync.ports import Ledger


@dataclass(frozen=True, slots=True)
class Found:
    """Where an application is kept."""

    account: str
    user: str
    key: str


def find_application(
    ledger: Ledger, text: str, *, account: str | None = None, user: str | None = None, itself: bool = False
) -> Found:
    """Return the application whose key begins with *text* (four characters or more).

    Of one that was merged into another that one, unless it is to be found *itself*. Raises UsageError where
    none or several are meant, naming the candidates.
    """
    prefix = text.strip().lower()
    if not SHORTEST_PREFIX <= len(prefix) <= KEY_LENGTH:
        raise UsageError(
            f'"{text}" is no key', "Give four characters or more of a key, as `crm-sync status` shows them."
        )
    hits = [
        Found(*hit) for hit in ledger.find(prefix) if account in {None, hit[0]} and user in {None, hit[1]}
    ]
    if not hits:
        raise UsageError(f'no application has a key beginning with "{prefix}"', "See `crm-sync deals`.")
    if not itself:
        hits = list(dict.fromkeys(_head(ledger, hit) for hit in hits))
    if len(hits) > 1:
        names = ", ".join(f"{hit.key} ({hit.user})" for hit in hits[:5])
        raise UsageError(f'"{prefix}" could be {names}', "Give more characters of the key, or --user.")
    return hits[0]


def _head(ledger: Ledger, found: Found) -> Found:
    """Return where the application that speaks for this one is kept."""
    dossier = ledger.dossiers(found.account, keys=[found.key])[found.key]
    return _head(ledger, replace(found, key=dossier.merged_into)) if dossier.merged_into else found
