"""Who belongs to whom in a CRM that can be browsed."""

from __future__ import annotations

from collections.abc import Collection

from crm_sync.domain.items import RemoteId
from crm_sync.domain.keys import Kind
from crm_sync.ports import Browsable


def related_to(crm: Browsable, kind: Kind, ids: Collection[RemoteId], *, up: bool = False) -> set[RemoteId]:
    """Return the records of a kind that belong to any of these.

    *up* asks the other way: to what the records of that kind belong that are not among these.
    """
    if up:
        others = (remote for remote in crm.records(kind) if remote.id not in ids)
        return {related for remote in others for related in remote.relations}
    return {remote.id for remote in crm.records(kind) if not remote.relations.isdisjoint(ids)}
