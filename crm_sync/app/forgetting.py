"""Forget a person or one application: in the ledger, and where it is wished in the CRM, for good.

The CRM first, the ledger after it: killed in between, the ledger still knows what is to be forgotten, and
the same command again finishes it. What is left are digests by which the next import knows the rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from crm_sync.app.beating import beating
from crm_sync.app.house import House
from crm_sync.app.relations import related_to
from crm_sync.domain.dossiers import Dossier
from crm_sync.domain.forgetting import Oblivion, key_trace, user_trace
from crm_sync.domain.items import RemoteId
from crm_sync.domain.keys import RANK, Key, Kind
from crm_sync.domain.links import Link
from crm_sync.planning.desired import HEARD, deal_key, party_keys
from crm_sync.planning.forgotten import traces_of, with_merged
from crm_sync.ports import Browsable, Done, Entry, Ledger

Records = dict[Key, RemoteId]

_SHARED = frozenset({Kind.COMPANY, Kind.CONTACT})


@dataclass(slots=True)
class Forgetting:
    """What is to be forgotten in one account: applications of a user, or all of them and the user.

    ``records`` are in the CRM and theirs alone; ``staying`` companies and contacts that were there before
    us; ``not_removed`` what the CRM would not remove, with its reason.
    """

    oblivion: Oblivion
    dossiers: Mapping[str, Dossier]
    records: Records = field(default_factory=dict)
    staying: list[Key] = field(default_factory=list)
    not_removed: dict[Key, str] = field(default_factory=dict)


def what_to_forget(ledger: Ledger, account: str, user: str, key: str | None) -> Forgetting:
    """Return what the ledger holds of a user, or of one application with those merged with it."""
    everything = ledger.dossiers(account, user)
    keys = frozenset(everything) if key is None else with_merged([key], everything)
    concerned = {each: everything[each] for each in keys}
    evidence = ledger.evidence(account, user)
    traces = {user_trace(user): user_trace(user)} if key is None else {}
    for dossier in concerned.values() if key is not None else ():
        traces |= traces_of(dossier, evidence)
    parties = _parties(concerned, ledger.dossiers(account))
    oblivion = Oblivion(account, user, keys, parties, traces, whole=key is None)
    forgetting = Forgetting(oblivion, concerned)
    _find_records(forgetting, ledger)
    return forgetting


def _parties(concerned: Mapping[str, Dossier], everything: Mapping[str, Dossier]) -> frozenset[Key]:
    """Return the companies and contacts that nobody else of the account needs."""
    mine = {key for dossier in concerned.values() for key in party_keys(dossier)}
    needed = {
        key
        for application, dossier in everything.items()
        if application not in concerned
        for key in party_keys(dossier)
    }
    return frozenset(mine - needed)


def _find_records(forgetting: Forgetting, ledger: Ledger) -> None:
    oblivion, account = forgetting.oblivion, forgetting.oblivion.account
    for key, link in ledger.links(account).items():
        whose = key.owner == oblivion.user and key.id.partition(":")[0] in oblivion.applications
        if whose and link.remote_id is not None:
            forgetting.records[key] = link.remote_id
    for application, touches in ledger.touches(account, oblivion.user).items():
        for touch in touches:
            if application in oblivion.applications and touch.id.startswith(HEARD):
                ident = f"{application}:{touch.id}"
                remote_id = RemoteId(touch.id.removeprefix(HEARD))
                forgetting.records[Key(Kind.CALL, oblivion.user, ident)] = remote_id
    made = {
        Key(line.kind, line.owner, ident)
        for page in ledger.journal(account)
        for line in page.lines
        if line.what == "create" and line.kind in _SHARED
        for ident in line.told
    }
    links = ledger.links(account, oblivion.parties)
    for key in sorted(oblivion.parties):
        there = links.get(key, Link(key)).remote_id
        if there is not None and key in made:
            forgetting.records[key] = there
        elif there is not None:
            forgetting.staying.append(key)


def remove_from_crm(house: House, forgetting: Forgetting) -> None:
    """Remove what is theirs alone, children first; companies that people use for other things stay."""
    if isinstance(house.crm, Browsable):
        _add_what_people_attached(house.crm, forgetting)
        _spare_what_others_use(house.crm, forgetting)
    records = forgetting.records
    there = house.crm.look_up(dict(records))
    forgetting.records = {key: remote_id for key, remote_id in records.items() if key in there}
    for batch in _batches(forgetting.records, house.crm.batch_size):
        for outcome in house.crm.remove(batch):
            if not isinstance(outcome, Done):
                forgetting.not_removed[outcome.key] = outcome.reason


def _add_what_people_attached(crm: Browsable, forgetting: Forgetting) -> None:
    """Add the tasks and calls that people wrote down on their deals."""
    records = forgetting.records
    deals = {records[key] for d in forgetting.dossiers.values() if (key := deal_key(d)) in records}
    known = set(records.values())
    for kind in (Kind.TASK, Kind.CALL):
        attached = related_to(crm, kind, deals) - known
        records |= {Key(kind, "", str(remote_id)): remote_id for remote_id in attached}


def _spare_what_others_use(crm: Browsable, forgetting: Forgetting) -> None:
    """Let companies and contacts stay to which anything else belongs."""
    records = forgetting.records
    going = set(records.values())
    used = {related for kind in Kind for related in related_to(crm, kind, going, up=True)}
    for key in [key for key, remote_id in records.items() if key.kind in _SHARED and remote_id in used]:
        forgetting.staying.append(key)
        del records[key]


def _batches(records: Records, size: int) -> Iterator[list[tuple[Key, RemoteId]]]:
    """Yield records of one kind at a time, children before parents."""
    for kind in sorted(Kind, key=RANK.__getitem__, reverse=True):
        some = [(key, remote_id) for key, remote_id in sorted(records.items()) if key.kind is kind]
        yield from (some[start : start + size] for start in range(0, len(some), size))


def forget(
    ledger: Ledger, account: str, user: str, key: str | None, house: House | None, *, wait: float = 0.0
) -> Forgetting:
    """Forget for good, in the CRM of the *house* too where it is given; return what it was.

    Raises LedgerBusy where a run works on the account, CrmError where the CRM goes away: then the ledger
    still holds everything, and the same again finishes it. What the CRM would not remove keeps the ledger
    from forgetting, too.
    """
    with ledger.exclusive(account, wait=wait, purpose="forget") as lease, beating(ledger, lease):
        forgetting = what_to_forget(ledger, account, user, key)
        if house is not None:
            remove_from_crm(house, forgetting)
        if not forgetting.not_removed:
            ledger.forget(forgetting.oblivion, lease)
    return forgetting


def is_forgotten(ledger: Ledger, whom: str) -> bool:
    """Tell whether a user, or an application by its whole key, was forgotten in any account."""
    traces = [user_trace(whom), key_trace(whom.lower())]
    return any(ledger.forgotten(account).any_of(traces) for account in ledger.accounts())


def let_in_again(ledger: Ledger, account: str, whom: str) -> bool:
    """Let a user or an application (by its whole key) in again; tell whether they were forgotten.

    Sources are read anew, so that an unchanged file shows its rows once more.
    """
    with ledger.exclusive(account) as lease:
        traces = (user_trace(whom), key_trace(whom.lower()))
        dropped = sum(ledger.remember(account, trace, lease) for trace in traces)
        if dropped:
            states = [replace(state, bookmark=None) for state in ledger.sources(account)]
            ledger.record(Entry(account, sources=states), lease)
    return dropped > 0


def copies_that_remain(book: Path) -> list[Path]:
    """Return the copies of a book and its CRM that lie beside it and are left alone."""
    marks = (".before-", ".bak")
    beside = book.parent.iterdir() if book.parent.is_dir() else ()
    return sorted(path for path in beside if any(mark in path.name for mark in marks))
