"""What one run made and changed, and what of it can be taken back because nobody touched it since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crm_sync.app.house import House
from crm_sync.app.relations import related_to
from crm_sync.app.touched import Since, why_touched
from crm_sync.domain.dossiers import Dossier
from crm_sync.domain.items import Change, Fields, Remote, RemoteId
from crm_sync.domain.journal import Page
from crm_sync.domain.keys import RANK, Key, Kind
from crm_sync.domain.links import EMPTY, Link, Mark, fingerprint
from crm_sync.planning.chronicle import SEEN
from crm_sync.planning.desired import party_keys
from crm_sync.ports import Browsable, Run

SHARED = frozenset({Kind.COMPANY, Kind.CONTACT})
UNDOABLE = frozenset({"import", "sync"})
UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Left:
    """A record that stays as it is, and why; ``field`` names the one field of it that was meant."""

    key: Key
    reason: str
    field: str = ""


@dataclass(slots=True)
class Undoing:
    """What taking a run back means: records to be removed and fields to be put back, and what is left.

    ``applications`` are taken back whole: their deals go and stay away. A record without id is gone from
    the CRM already, or never reached it; the ledger alone must hear of it.
    """

    run: Run
    applications: frozenset[str] = frozenset()
    removals: dict[Key, RemoteId | None] = field(default_factory=dict)
    restorals: dict[Key, Change] = field(default_factory=dict)
    settled: dict[Key, Change] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is left to be taken back."""
        return not (self.applications or self.removals or self.restorals)


_BEFORE = "it was in the CRM before"


@dataclass(frozen=True, slots=True)
class _Deeds:
    """What the journal says that a run did."""

    seen: frozenset[str]
    created: frozenset[Key]
    adopted: frozenset[Key]
    updated: Mapping[Key, Mapping[str, list[Any]]]


def survey(house: House, run: Run) -> Undoing:
    """Return what would be taken back now, looking every record of it up in the CRM; write nothing."""
    ledger, account = house.ledger, run.account
    deeds = _deeds(ledger.journal(account, run=run.id))
    keys = deeds.created | deeds.updated.keys() | {_deal(run, key) for key in deeds.seen}
    links = ledger.links(account, keys)
    found = house.crm.look_up({key: links[key].remote_id if key in links else None for key in keys})
    dossiers = ledger.dossiers(account)
    since = Since.of(house, run, dossiers)
    undoing = Undoing(run)
    _take_applications(undoing, deeds, links, found, dossiers, since)
    _take_tasks(undoing, deeds, links, found, dossiers, since)
    _take_fields(undoing, deeds, links, found, since)
    _take_parties(undoing, deeds, links, found, dossiers, house)
    undoing.left.sort(key=lambda left: (RANK[left.key.kind], left.key, left.field))
    return undoing


def _deal(run: Run, application: str) -> Key:
    return Key(Kind.DEAL, run.user or "", application)


def _deeds(pages: Iterable[Page]) -> _Deeds:
    seen: set[str] = set()
    told: dict[str, set[Key]] = {"create": set(), "adopt": set()}
    updated: dict[Key, dict[str, list[Any]]] = {}
    for line in (line for page in pages for line in page.lines):
        keys = [Key(line.kind, line.owner, ident) for ident in line.told]
        if line.what == SEEN:
            seen.update(line.told)
        elif line.what in told:
            told[line.what].update(keys)
        elif line.what == "update":
            for key, changes in zip(keys, line.told.values(), strict=True):
                _add(updated.setdefault(key, {}), changes)
    created = frozenset(told["create"])
    return _Deeds(frozenset(seen), created, frozenset(told["adopt"] - created), updated)


def _add(known: dict[str, list[Any]], changes: Mapping[str, list[Any]]) -> None:
    """Join what was written to a field twice: the first before, the last after."""
    for name, change in changes.items():
        if change:
            known[name] = [known[name][0] if name in known else change[0], change[1]]


def _take_applications(
    undoing: Undoing,
    deeds: _Deeds,
    links: Mapping[Key, Link],
    found: Mapping[Key, Remote],
    dossiers: Mapping[str, Dossier],
    since: Since,
) -> None:
    """Take back whole what the run saw first, or whose deal it made, unless anybody touched any of it."""
    made = {key.id for key in deeds.created if key.kind is Kind.DEAL}
    records: dict[str, set[Key]] = {}
    for key in deeds.created:
        if key.kind not in SHARED:
            records.setdefault(key.id.partition(":")[0], set()).add(key)
    taken = set()
    for application in sorted(made | deeds.seen):
        deal, dossier = _deal(undoing.run, application), dossiers.get(application)
        if dossier is None or dossier.course.undone:
            continue
        own = records.get(application, set()) | {deal}
        why = _BEFORE if deal in deeds.adopted else ""
        if not why and (deal in found or dossier.merged_into):
            why = since.why(dossier) or _first_touch(own, links, found)
        if not why and deal in found and deal not in deeds.created:
            why = _BEFORE  # taken up by a new book, which knows it by its key
        if why:
            undoing.left.append(Left(deal, why))
            continue
        taken.add(application)
        undoing.removals |= {key: found[key].id if key in found else None for key in own}
    undoing.applications = frozenset(taken)


def _first_touch(keys: Collection[Key], links: Mapping[Key, Link], found: Mapping[Key, Remote]) -> str:
    there = (key for key in sorted(keys) if key in found)
    return next((why for key in there if (why := why_touched(links.get(key), found[key]))), "")


def _take_tasks(
    undoing: Undoing,
    deeds: _Deeds,
    links: Mapping[Key, Link],
    found: Mapping[Key, Remote],
    dossiers: Mapping[str, Dossier],
    since: Since,
) -> None:
    """Take back planned calls of applications that were there before."""
    whole = undoing.applications | {left.key.id for left in undoing.left}
    for key in sorted(deeds.created):
        application = key.id.partition(":")[0]
        if key.kind is not Kind.TASK or application in whole or key not in found:
            continue
        why = since.people.get(application) or since.why_record(key)
        why = why or why_touched(links.get(key), found[key])
        if why or application not in dossiers:
            undoing.left.append(Left(key, why or "its application is not in the book any more"))
        else:
            undoing.removals[key] = found[key].id


def _take_fields(
    undoing: Undoing,
    deeds: _Deeds,
    links: Mapping[Key, Link],
    found: Mapping[Key, Remote],
    since: Since,
) -> None:
    """Put back what stood in fields that the run wrote, where its own words still stand there."""
    left = {each.key.id for each in undoing.left if each.key.kind is Kind.DEAL}
    for key, changes in sorted(deeds.updated.items()):
        application = key.id.partition(":")[0]
        if key in undoing.removals or key in deeds.created or application in left:
            continue
        if key in found:
            _put_back(undoing, changes, links.get(key) or Link(key), found[key], since)
        else:
            undoing.left.append(Left(key, "it is not in the CRM any more"))


def _put_back(
    undoing: Undoing, changes: Mapping[str, list[Any]], link: Link, found: Remote, since: Since
) -> None:
    key, back, there = link.key, {}, {}
    for name, (was, now) in changes.items():
        held = fingerprint(found.fields.get(name))
        if why := since.why_record(key, name) or _why_not_back(key, name):
            undoing.left.append(Left(key, why, name))
        elif held == fingerprint(was):
            there[name] = was
        elif _is_ours(link.mark(name), fingerprint(now), held):
            back[name] = was
        else:
            undoing.left.append(Left(key, "somebody changed it in the CRM", name))
    _note(undoing, key, found.id, back, there)


def _is_ours(mark: Mark, now: str, held: str) -> bool:
    """Tell whether what the CRM holds is what the run wrote, or what the CRM made of it."""
    return held == now or (mark.sent == now and (mark.seen or EMPTY) == held)


def _why_not_back(key: Key, name: str) -> str:
    return "a call that ended is not opened again" if (key.kind, name) == (Kind.TASK, "open") else ""


def _note(undoing: Undoing, key: Key, remote_id: RemoteId, back: Fields, there: Fields) -> None:
    """Note what is to be written, and what stands there already because this was cut off half-way."""
    if back:
        undoing.restorals[key] = Change(key, remote_id, back)
    if there:
        undoing.settled[key] = Change(key, remote_id, there)


def _take_parties(
    undoing: Undoing,
    deeds: _Deeds,
    links: Mapping[Key, Link],
    found: Mapping[Key, Remote],
    dossiers: Mapping[str, Dossier],
    house: House,
) -> None:
    """Take back companies and contacts that the run made and that nobody else needs."""
    parties = sorted(key for key in deeds.created if key.kind in SHARED and key in found)
    needed = {
        key
        for application, dossier in dossiers.items()
        if application not in undoing.applications and not dossier.course.deal_removed
        for key in party_keys(dossier)
    }
    others = _needed_by_others(house, undoing, {found[key].id: key for key in parties}) if parties else set()
    for key in parties:
        why = why_touched(links.get(key), found[key])
        if why:
            undoing.left.append(Left(key, why))
        elif key in needed or key in others:
            undoing.left.append(Left(key, "others belong to it"))
        else:
            undoing.removals[key] = found[key].id


def _needed_by_others(house: House, undoing: Undoing, parties: Mapping[RemoteId, Key]) -> set[Key]:
    """Return the companies and contacts to which records belong that stay, where the CRM can tell."""
    if not isinstance(house.crm, Browsable):
        return set()
    going = {remote_id for remote_id in undoing.removals.values() if remote_id} | parties.keys()
    used = {related for kind in Kind for related in related_to(house.crm, kind, going, up=True)}
    return {key for remote_id, key in parties.items() if remote_id in used}
