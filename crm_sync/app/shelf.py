"""The shelf: what is looked at, read from the book and laid out so that every application stands once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crm_sync.config.settings import Settings
from crm_sync.domain.dossiers import Dossier
from crm_sync.domain.touches import Touch
from crm_sync.domain.values import replace
from crm_sync.planning.families import gathered, head_of
from crm_sync.ports import Ledger

_NOBODYS: Mapping[str, Settings] = {}


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the views read: one account's dossiers and touches, of one user or of all.

    ``dossiers`` leaves out those that were merged into another, whose touches stand there; ``merged`` are
    they, by the application that speaks for them. ``settings`` are the looking person's, ``settings_of``
    those of the users where there are several.
    """

    ledger: Ledger
    account: str
    user: str | None
    settings: Settings
    dossiers: Mapping[str, Dossier]
    touches: Mapping[str, tuple[Touch, ...]]
    merged: Mapping[str, tuple[Dossier, ...]] = field(default_factory=dict)
    settings_of: Mapping[str, Settings] = field(default_factory=dict)

    def settings_for(self, user: str) -> Settings:
        """Return the settings by which a user's applications are looked at: zone, room, policy."""
        return self.settings_of.get(user, self.settings)


def open_shelf(
    ledger: Ledger,
    account: str,
    user: str | None,
    settings: Settings,
    settings_of: Mapping[str, Settings] = _NOBODYS,
) -> Shelf:
    """Return the shelf of an account."""
    every, touches = ledger.dossiers(account, user), ledger.touches(account, user)
    away = [dossier for dossier in every.values() if dossier.merged_into]
    if not away:
        return Shelf(ledger, account, user, settings, every, touches, settings_of=settings_of)
    merged: dict[str, tuple[Dossier, ...]] = {}
    for dossier in away:
        head = head_of(dossier.key, every)
        merged[head] = (*merged.get(head, ()), dossier)
    together = {
        key: tuple([replace(touch, application=key) for touch in group])
        for key, group in gathered(touches, every).items()
    }
    alone = {key: dossier for key, dossier in every.items() if not dossier.merged_into}
    return Shelf(ledger, account, user, settings, alone, together, merged, settings_of)
