"""Three opinions in, a plan out. No clock, no network, no database."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date
from operator import attrgetter
from types import MappingProxyType

from crm_sync.domain.items import Item, Remote, Value
from crm_sync.domain.keys import RANK, Key, Kind
from crm_sync.domain.links import Link, fingerprint
from crm_sync.planning.merge import Verdict, moved, verdict
from crm_sync.planning.operations import (
    Adopt,
    Cancel,
    Conflict,
    Connect,
    Create,
    Leave,
    Operation,
    Plan,
    Retire,
    Update,
)

NO_DAYS: Mapping[Key, date] = MappingProxyType({})

CANCELLED_LINE = "<p>cancelled by crm-sync</p>"
"""What a cancelled task says that somebody had touched; such a task never counts as a call (design 9)."""


def wish_print(item: Item) -> str:
    """Return a print of the whole wish, by which a refused record is tried again once it changes."""
    fields = sorted((name, value) for name, value in item.fields.items())
    return fingerprint(repr((fields, sorted(map(str, item.parents)))))


def needs_a_look(item: Item, known: Mapping[Key, Link]) -> bool:
    """Tell whether the CRM must be asked about the item before anything can be said.

    False where our wish is what we last settled, where the record stays away, and where the CRM already
    refused this very wish: so a sync with nothing new reads no record (design 7).
    """
    link = known.get(item.key)
    if link is None:
        return True
    if link.retired or (link.refused is not None and link.refused == wish_print(item)):
        return False
    return (
        link.remote_id is None
        or link.in_the_air
        or any(moved(value, link.mark(name)) for name, value in item.fields.items())
        or any(is_missing(parent, link, known) for parent in item.parents)
    )


def waits_for_its_deal(item: Item, known: Mapping[Key, Link], asked: Container[Key]) -> bool:
    """Tell whether a record must wait because the CRM refused its deal, which is not *asked* for again."""
    for parent in item.parents:
        if parent.kind is Kind.DEAL and parent not in asked:
            link = known.get(parent)
            if link is not None and link.remote_id is None and link.refused is not None:
                return True
    return False


def plan(desired: Iterable[Item], known: Mapping[Key, Link], remote: Mapping[Key, Remote]) -> Plan:
    """Return what must happen so that the CRM agrees with *desired*.

    *desired* are the items that were looked up; *remote* holds what was found of them, under our key or
    as a record of somebody's that is the same thing. The order is stable: parents first, then by key.
    """
    steps: list[Operation | Conflict] = []
    for item in _in_order(desired):
        link, found = known.get(item.key), remote.get(item.key)
        if link is None and found is None:
            steps += _absent(item, Link(item.key))
        elif needs_a_look(item, known):
            steps += _steps(item, link or Link(item.key), known, found)
    return Plan(
        operations=tuple([step for step in steps if not isinstance(step, Conflict)]),
        conflicts=tuple([step for step in steps if isinstance(step, Conflict)]),
    )


def _in_order(items: Iterable[Item]) -> Iterator[Item]:
    """Yield the items, parents first; sorted kind by kind, for that needs no more than their keys."""
    by_kind: dict[Kind, list[Item]] = {kind: [] for kind in RANK}
    for item in items:
        by_kind[item.key.kind].append(item)
    for same in by_kind.values():
        yield from sorted(same, key=attrgetter("key"))


def _steps(
    item: Item, link: Link, known: Mapping[Key, Link], found: Remote | None
) -> Iterator[Operation | Conflict]:
    if found is None:
        yield from _absent(item, link)
        return
    yield from _merge(item, link, found)
    yield from _connections(item, link, known)


def is_made(item: Item) -> bool:
    """Tell whether the record is made where there is none: a call task is, unless it is over."""
    return item.fields.get("open", True) is True


def _absent(item: Item, link: Link) -> Iterator[Operation]:
    """Make what was never there; let go of what was removed, or never arrived and is not wished any more."""
    if link.remote_id is None and is_made(item):
        yield Create(item)
    elif link.remote_id is not None or link.attempted:
        yield Retire(item.key)


def _merge(item: Item, link: Link, found: Remote) -> Iterator[Operation | Conflict]:
    arrived = link.remote_id is None and link.attempted and found.key == item.key
    if arrived:
        link = link.arrived()
    changes: dict[str, Value] = {}
    agreed: dict[str, Value] = {}
    contested: set[str] = set()
    for name, ours in item.fields.items():
        match verdict(ours, found.fields.get(name), link.mark(name)):
            case Verdict.WRITE:
                changes[name] = ours
            case Verdict.AGREE:
                agreed[name] = ours
            case Verdict.DISPUTE:
                contested.add(name)
            case Verdict.LEAVE:
                pass
    yield from (
        Conflict(item.key, name, item.fields[name], found.fields.get(name))
        for name in sorted(contested - item.yielding)
    )
    landed = frozenset(name for name in contested if link.mark(name).pending is not None)
    landed |= _let_rest(item, link, found, agreed)
    if agreed or landed or link.remote_id is None:
        yield Adopt(item, found, agreed, landed, arrived)
    if item.cancelled and "open" in changes:
        yield _ending(item, link, found)
    elif changes or found.key is None:
        before = {name: found.fields.get(name) for name in changes}
        yield Update(item.key, found.id, changes, item.origin, before)


def _let_rest(item: Item, link: Link, found: Remote, agreed: dict[str, Value]) -> frozenset[str]:
    """Settle the writes in the air about which nothing is wished any more: a text, once the call is made.

    What the CRM shows has arrived and is *agreed* on; the names of the others are returned.
    """
    unwished = [n for n, mark in link.marks.items() if mark.pending is not None and n not in item.fields]
    for name in unwished:
        if fingerprint(found.fields.get(name)) == link.mark(name).pending:
            agreed[name] = found.fields.get(name)
    return frozenset(unwished) - agreed.keys()


def _ending(item: Item, link: Link, found: Remote) -> Cancel | Leave:
    """End a call task; let a deal go that was merged into another, unless a person worked on it."""
    touched = _touched(link, found)
    if item.key.kind is Kind.DEAL and (item.kept or touched or found.fields.get("besides")):
        return Leave(item.key, found.id)
    return Cancel(item.key, found.id, _closing_body(found), touched)


def _closing_body(found: Remote) -> str:
    body = found.fields.get("body")
    return f"{body if isinstance(body, str) else ''}{CANCELLED_LINE}"


def _touched(link: Link, found: Remote) -> bool:
    """Tell whether a person changed the record since we last saw it."""
    return any(
        mark.pending is None and mark.seen is not None and fingerprint(found.fields.get(name)) != mark.seen
        for name, mark in link.marks.items()
    )


def _connections(item: Item, link: Link, known: Mapping[Key, Link]) -> Iterator[Connect]:
    yield from (Connect(item.key, parent) for parent in item.parents if is_missing(parent, link, known))


def is_missing(parent: Key, link: Link, known: Mapping[Key, Link]) -> bool:
    """Tell whether the relation with *parent* is missing and can be made: its parent is there, or will be."""
    if parent in link.connected:
        return False
    other = known.get(parent)
    return other is None or not (other.retired or (other.refused is not None and other.remote_id is None))


def describe(operation: Operation, days: Mapping[Key, date] = NO_DAYS) -> str:
    """Return an operation as one stable line, for a digest and for people; *days* as for ``digest``."""
    match operation:
        case Create(item):
            return f"create {item.key.kind} {item.key.id} {_fields(item.key, item.fields, days)}"
        case Update(key, _, changes):
            return f"update {key.kind} {key.id} {_fields(key, changes, days)}"
        case Connect(key, parent):
            return f"connect {key.kind} {key.id} with {parent.kind} {parent.id}"
        case Adopt(item, remote, _):
            return f"adopt {item.key.kind} {item.key.id} as {remote.id}"
        case Cancel(key):
            return f"cancel {key.kind} {key.id}"
        case Leave(key, remote_id):
            return f"leave {key.kind} {key.id} as {remote_id}"
        case Retire(key):
            return f"retire {key.kind} {key.id}"


def _fields(key: Key, fields: Mapping[str, Value], days: Mapping[Key, date]) -> str:
    return repr({name: _without_time(key, name, value, days) for name, value in sorted(fields.items())})


def _without_time(key: Key, name: str, value: Value, days: Mapping[Key, date]) -> Value:
    """Leave the clock time out of a due date: today's calls move with the clock (design 9)."""
    if key.kind is not Kind.TASK or name != "due_at" or not isinstance(value, str):
        return value
    return days[key].isoformat() if key in days else value[:10]


def digest(plan_: Plan, days: Mapping[Key, date] = NO_DAYS) -> str:
    """Return the twelve characters that name a plan: equal plans have equal digests.

    *days* are the callee's days of the call tasks: a call of this afternoon may lie beyond midnight in UTC.
    """
    lines = [describe(operation, days) for operation in plan_.operations]
    lines += [f"conflict {c.key} {c.field} {c.ours!r} {c.theirs!r}" for c in plan_.conflicts]
    return fingerprint("\n".join(lines))[:12]
