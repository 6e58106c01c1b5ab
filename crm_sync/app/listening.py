"""What people's changes mean, each read once more before it is believed where a search told of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from crm_sync.app.house import House
from crm_sync.app.today import callee_day
from crm_sync.domain.dossiers import Dossier
from crm_sync.domain.items import Remote, RemoteId
from crm_sync.domain.keys import Key, Kind
from crm_sync.domain.links import Link
from crm_sync.planning.hearing import Heard, Ids, hear
from crm_sync.ports import Changes, Reticent

_EDITED = frozenset({Kind.DEAL, Kind.TASK})


def listen(
    house: House,
    changes: Changes,
    records: Sequence[Remote],
    ids: Ids,
    dossiers: Mapping[str, Dossier],
    links: Mapping[Key, Link],
) -> Heard:
    """Return what the changes mean (see ``planning.hearing.hear``); *records* are theirs under whole keys.

    A search may still show an older version of a record, to which our own later write looks like a
    person's: where one would change a dossier, it is read by its id first (decision 0025).
    """

    def meant(told: Sequence[Remote], removed: Collection[tuple[Kind, RemoteId]]) -> Heard:
        return hear(
            told,
            removed,
            ids,
            dossiers,
            links,
            lambda dossier, moment: callee_day(house.settings, dossier, moment),
            changes.merged,
        )

    heard = meant(records, changes.removed)
    doubtful = _said_by(records, ids, heard) if isinstance(house.crm, Reticent) else {}
    if not doubtful:
        return heard
    found = house.crm.look_up({key: remote.id for key, remote in doubtful.items()})
    fresh = {(remote.kind, remote.id): remote for remote in found.values()}
    gone = [(remote.kind, remote.id) for key, remote in doubtful.items() if key not in found]
    return meant(
        [fresh.get((remote.kind, remote.id), remote) for remote in records], [*changes.removed, *gone]
    )


def _said_by(records: Sequence[Remote], ids: Ids, heard: Heard) -> dict[Key, Remote]:
    """Return the deals and call tasks of the applications about which something was heard."""
    named = ((remote.key or ids.get((remote.kind, remote.id)), remote) for remote in records)
    return {
        key: remote
        for key, remote in named
        if key and remote.kind in _EDITED and key.id.partition(":")[0] in heard.dossiers
    }
