"""What people did in the CRM: what it tells, and what it does not tell and is looked up.

The full look goes through every record of ours, so that nothing that happened stays unheard.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from crm_sync.app.house import House, Wishes
from crm_sync.domain.dossiers import CallTask
from crm_sync.domain.items import Remote
from crm_sync.domain.keys import Key
from crm_sync.planning.desired import instant, task_key
from crm_sync.ports import Changes, Reticent


def heard(house: House, wishes: Wishes) -> Changes:
    """Return what changed in the CRM since the last look; every record is looked up where that is wished."""
    changes = house.crm.changes(house.ledger.cursor(house.account.name))
    return with_census(house, changes) if wishes.full else with_due_calls(house, changes)


def with_due_calls(house: House, changes: Changes) -> Changes:
    """Return the changes with what became of the account's due calls, where the CRM hides removals.

    Looks up as many of those due last as one request takes, and tells of those that are gone or otherwise
    than the book believes; so it costs nothing when nothing is due, and never more than one request.
    """
    if not isinstance(house.crm, Reticent) or changes.anew:
        return changes
    ledger, account = house.ledger, house.account.name
    keys = ledger.calls_due(account, house.settings.today, house.crm.glance)
    dossiers = ledger.dossiers(account, keys=keys) if keys else {}
    tasks = {task_key(d, task): task for d in dossiers.values() if (task := d.course.open_task)}
    links = ledger.links(account, tasks.keys()) if tasks else {}
    wanted = {key: link.remote_id for key, link in links.items() if link.remote_id and not link.retired}
    found = house.crm.look_up(wanted) if wanted else {}
    fresh = {(remote.kind, remote.id): remote for remote in _otherwise(found, tasks)}
    gone = [(key.kind, rid) for key, rid in wanted.items() if key not in found and rid is not None]
    return replace(
        changes,
        records=[*(r for r in changes.records if (r.kind, r.id) not in fresh), *fresh.values()],
        removed=[*changes.removed, *(pair for pair in gone if pair not in set(changes.removed))],
    )


def _otherwise(found: Mapping[Key, Remote], tasks: Mapping[Key, CallTask]) -> Iterator[Remote]:
    """Yield the tasks that are not open, or due at another time than the book believes."""
    for key, remote in found.items():
        due = remote.fields.get("due_at")
        is_moved = isinstance(due, str) and instant(datetime.fromisoformat(due)) != instant(tasks[key].due_at)
        if is_moved or remote.fields.get("open") is not True:
            yield remote


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
