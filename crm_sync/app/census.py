"""The full look: every record of ours looked up by its id, so that nothing that happened stays unheard."""

from __future__ import annotations

from dataclasses import replace

from crm_sync.app.house import House
from crm_sync.ports import Changes


def with_census(house: House, changes: Changes) -> Changes:
    """Return the changes with what became of every record that the book knows of.

    Finds what no list of changes tells: records that people deleted, merges, and changes that the CRM's
    index told too late. Costs about one request per hundred records of each kind.
    """
    links = house.ledger.links(house.account.name)
    wanted = {key: link.remote_id for key, link in links.items() if link.remote_id and not link.retired}
    found = house.crm.look_up(wanted) if wanted else {}
    told = {(remote.kind, remote.id) for remote in changes.records}
    gone = [(key.kind, rid) for key, rid in wanted.items() if key not in found and rid is not None]
    found_ids = {key: found[key].id for key in wanted if key in found}
    moved = [(k.kind, rid, found_ids[k]) for k, rid in wanted.items() if rid and found_ids.get(k, rid) != rid]
    return replace(
        changes,
        records=[*changes.records, *(r for r in found.values() if (r.kind, r.id) not in told)],
        removed=[*changes.removed, *(pair for pair in gone if pair not in set(changes.removed))],
        merged=[*changes.merged, *(merge for merge in moved if merge not in set(changes.merged))],
    )
