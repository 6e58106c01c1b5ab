"""What people did in an account, laid on one user's desk, and written down for the others."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from crm_sync.app.desk import Desk
from crm_sync.app.house import House
from crm_sync.app.listening import listen
from crm_sync.app.others import due_now
from crm_sync.domain.dossiers import Dossier
from crm_sync.domain.items import Remote, RemoteId
from crm_sync.domain.journal import Line
from crm_sync.domain.keys import Key, Kind
from crm_sync.planning.chronicle import heard_lines
from crm_sync.planning.hearing import Heard, named
from crm_sync.ports import Changes, Entry


@dataclass(slots=True)
class Overheard:
    """``entry`` is what changes mean for the other users; lines are about the desk's, or ``elsewhere``.

    ``journal`` tells all of it.
    """

    entry: Entry
    lines: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    journal: list[Line] = field(default_factory=list)


def overhear(house: House, desk: Desk, changes: Changes) -> Overheard:
    """Lay on the desk what people did to its applications, and return what it means for others."""
    asked = _asked(changes)
    if not asked:
        return Overheard(Entry(house.account.name))
    heard, known = _heard(house, desk, changes, asked)
    mine = {key for key in heard.dossiers if key in desk.dossiers}
    desk.put(d for key, d in heard.dossiers.items() if key in mine)
    desk.links.update(heard.links)
    desk.add_touches(t for t in heard.touches if t.application in desk.dossiers)
    entry = Entry(
        house.account.name,
        links=tuple(heard.links.values()),
        dossiers=due_now(d for key, d in heard.dossiers.items() if key not in mine),
        touches=tuple(t for t in heard.touches if t.application not in desk.dossiers),
    )
    told = Overheard(entry, journal=list(heard_lines(heard.lines, known)))
    for line in heard.lines:
        (told.lines if line.partition(":")[0] in mine else told.elsewhere).append(line)
    return told


def _asked(changes: Changes) -> set[tuple[Kind, RemoteId]]:
    """Return the records of which the book has to be asked whose they are."""
    asked = {(r.kind, r.id) for r in changes.records} | set(changes.removed)
    asked |= {(kind, rid) for kind, loser, winner in changes.merged for rid in (loser, winner)}
    calls = [record for record in changes.records if record.kind is Kind.CALL]
    return asked | {(Kind.DEAL, related) for call in calls for related in call.relations}


def _heard(
    house: House, desk: Desk, changes: Changes, asked: Collection[tuple[Kind, RemoteId]]
) -> tuple[Heard, Mapping[str, Dossier]]:
    ledger, account = house.ledger, house.account.name
    ids = ledger.keys_of(account, asked)
    keys: set[Key] = set(ids.values()) | {r.key for r in changes.records if r.key}
    concerned = {key.id.partition(":")[0] for key in keys}
    known = ledger.dossiers(account, keys=concerned - desk.dossiers.keys()) | desk.dossiers
    records: list[Remote] = [named(remote, known) for remote in changes.records]
    keys |= {remote.key for remote in records if remote.key}
    links = ledger.links(account, keys - desk.links.keys()) | desk.links
    return listen(house, changes, records, ids, known, links), known
