"""Say what should be, so that the diff never needs a special case (policy shapes the wish)."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache

from crm_sync.domain.dossiers import CallTask, Dossier, TaskState
from crm_sync.domain.items import Fields, Item, Value
from crm_sync.domain.keys import Key, Kind, task_id
from crm_sync.domain.links import Link
from crm_sync.domain.stages import Stage
from crm_sync.domain.touches import Touch, TouchKind
from crm_sync.domain.values import replace
from crm_sync.planning.parties import domain_known
from crm_sync.planning.staging import wished_stage

HEARD = "crm:"
"""Touches that were heard from the CRM carry this before the record's id: they are there already."""

TICK = "tick:"
"""Touches that are a ticked call task carry this before the task's key."""

TextOf = Callable[[Dossier, CallTask], tuple[str, str]]
"""Subject and body (HTML) of a call task."""

_PARTY = frozenset({"name", "domain", "email", "phone", "title"})
_TASK_TEXT = frozenset({"subject", "body", "priority", "owner"})
_DEAL_TEXT = frozenset({"name", "owner"})
_OVER = frozenset({TaskState.COMPLETED, TaskState.CANCELLED_BY_US})


@dataclass(frozen=True, slots=True)
class Basis:
    """What items are made of, besides dossiers.

    *known* holds what the ledger remembers; it only serves to leave out opinions that are held at
    creation alone (the stage of an unknown word, the spelling of a company). *owner* is the CRM's owner.
    """

    touches: Mapping[str, tuple[Touch, ...]]
    known: Mapping[Key, Link]
    text_of: TextOf
    owner: str | None


def desired(
    dossiers: Iterable[Dossier],
    basis: Basis,
    evidence: Mapping[str, str],
    later: Container[str] = (),
) -> Iterator[Item]:
    """Yield every item that should be in the CRM for these dossiers, each key once.

    *evidence* is the account's, by which a contact's address tells the company's domain. Of the dossiers
    whose keys are named in *later* only the company and the contact are told (see ``own_items``).
    """
    parties = _Parties(basis.known, evidence)
    for dossier in dossiers:
        if dossier.merged_into or dossier.course.deal_removed:
            yield from _endings(dossier)
            yield from _merged_away(dossier, basis.touches)
            continue
        belongs = parties.meet(dossier)
        if dossier.key not in later:
            yield from own_items(dossier, basis, belongs)
    yield from parties.items.values()


def own_items(dossier: Dossier, basis: Basis, belongs: tuple[Key, ...]) -> list[Item]:
    """Return the deal, the call tasks and the calls of a dossier that belongs to these parties."""
    origin = _origin(dossier)
    deal = _deal(dossier, basis.known, basis.owner, belongs, origin)
    items, parents = [deal, *_endings(dossier)], (deal.key, *belongs)
    task = dossier.course.task
    if task is not None and task.state is TaskState.OPEN:
        items.append(_open_task(dossier, task, basis, parents, origin))
    if basis.touches:
        items += [_call(dossier, touch, parents, origin) for touch in calls_told(dossier, basis.touches)]
    return items


def calls_told(dossier: Dossier, touches: Mapping[str, tuple[Touch, ...]]) -> Iterator[Touch]:
    """Yield the calls of a dossier that the CRM does not know by itself."""
    for touch in touches.get(dossier.key, ()):
        if touch.kind is TouchKind.CALL and not touch.id.startswith((HEARD, TICK)):
            yield touch


def deal_key(dossier: Dossier) -> Key:
    """Return the key of the dossier's deal."""
    return Key(Kind.DEAL, dossier.user, dossier.key)


def task_key(dossier: Dossier, task: CallTask) -> Key:
    """Return the key of one of the dossier's call tasks."""
    return Key(Kind.TASK, dossier.user, task_id(dossier.key, task.round, task.seq))


def call_key(dossier: Dossier, touch: Touch) -> Key:
    """Return the key of a call that was made: the application it was made for, and the touch."""
    return Key(Kind.CALL, dossier.user, f"{touch.application}:{touch.id}")


def days_of_tasks(dossiers: Iterable[Dossier]) -> dict[Key, date]:
    """Return the callee's day of every newest call task."""
    return {task_key(d, task): task.day for d in dossiers if (task := d.course.task)}


def party_keys(dossier: Dossier) -> tuple[Key, ...]:
    """Return the keys of the company and the contact the dossier belongs to."""
    company = (Key(Kind.COMPANY, "", dossier.company_key),) if dossier.company_key else ()
    contact = (Key(Kind.CONTACT, "", dossier.contact_key),) if dossier.contact_key else ()
    return company + contact


def keys_of(dossier: Dossier, touches: Iterable[Touch]) -> Iterator[Key]:
    """Yield every key that ``desired`` could yield for the dossier."""
    yield from party_keys(dossier)
    yield deal_key(dossier)
    for task in (*dossier.course.earlier, *([dossier.course.task] if dossier.course.task else ())):
        yield task_key(dossier, task)
    for touch in touches:
        yield call_key(dossier, touch)


def deal_name(dossier: Dossier) -> str:
    """Return the deal's name: "Data Engineer at Acme", or what is known of it."""
    title, company = dossier.application.job_title, dossier.application.company
    if title and company:
        return f"{title} at {company}"
    return title or (f"Application to {company}" if company else "Application")


@lru_cache(maxsize=4096)
def instant(moment: datetime) -> str:
    """Return a moment as the ISO text in UTC that fields hold."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


class _Parties:
    """The companies and contacts of many dossiers, each once, with what all of them know of it."""

    def __init__(self, known: Mapping[Key, Link], evidence: Mapping[str, str]) -> None:
        self.items: dict[Key, Item] = {}
        self._known = known
        self._evidence = evidence
        self._heard: dict[_Said, tuple[Key, ...]] = {}

    def meet(self, dossier: Dossier) -> tuple[Key, ...]:
        """Take in what the dossier knows of its company and contact, and return their keys."""
        said = _said_of_parties(dossier)
        keys = self._heard.get(said)
        if keys is None:  # most applications say of them what another one said before
            keys = self._heard[said] = self._hear(dossier)
        return keys

    def _hear(self, dossier: Dossier) -> tuple[Key, ...]:
        keys, origin = party_keys(dossier), _origin(dossier)
        for key in keys:
            of_company = key.kind is Kind.COMPANY
            told = self._company_told(dossier) if of_company else _contact_told(dossier)
            above = () if of_company else keys[:-1]
            held = self.items.get(key)
            if held is None:
                fields = _first_opinions(told, self._known.get(key))
                self.items[key] = Item(key, fields, above, _PARTY, origin=origin)
            else:
                self.items[key] = self._filled(held, told, above)
        return tuple([self.items[key].key for key in keys])  # one and the same object for all of them

    def _company_told(self, dossier: Dossier) -> Fields:
        domain = domain_known(dossier.application, dossier.company_key, self._evidence)
        return {"name": dossier.application.company, "domain": domain}

    def _filled(self, held: Item, told: Fields, above: tuple[Key, ...]) -> Item:
        """Return the record with what another application knows of it besides; the first word stands."""
        news = {name: value for name, value in told.items() if name not in held.fields and value is not None}
        fields = _first_opinions(news, self._known.get(held.key)) if news else news
        parents = [key for key in above if key not in held.parents]
        if not fields and not parents:
            return held
        return replace(held, fields={**fields, **held.fields}, parents=(*held.parents, *parents))


_Said = tuple[str | None, ...]


def _said_of_parties(dossier: Dossier) -> _Said:
    """Return all that a dossier says of its company and its contact."""
    application = dossier.application
    return (
        dossier.company_key,
        dossier.contact_key,
        application.company,
        application.company_domain,
        application.contact_name,
        application.contact_email,
        application.contact_phone,
        application.contact_title,
    )


def _contact_told(dossier: Dossier) -> Fields:
    application = dossier.application
    return {
        "name": application.contact_name,
        "email": application.contact_email,
        "phone": application.contact_phone,
        "title": application.contact_title,
    }


def _first_opinions(fields: Fields, link: Link | None) -> dict[str, Value]:
    """Keep the opinions that were not yet voiced: account records are filled, never flipped (design 9)."""
    return {
        name: value
        for name, value in fields.items()
        if value is not None and (link is None or link.mark(name).sent is None)
    }


def _deal(
    dossier: Dossier, known: Mapping[Key, Link], owner: str | None, belongs: tuple[Key, ...], origin: str
) -> Item:
    application, key = dossier.application, deal_key(dossier)
    fields: dict[str, Value] = {
        "name": deal_name(dossier),
        "owner": owner,
        "job_title": application.job_title,
        "job_url": application.job_url,
        "location": application.location,
        "applied_on": application.applied_on.isoformat() if application.applied_on else None,
        "salary": application.salary,
        "source": application.source,
    }
    stage, link = wished_stage(dossier), known.get(key)
    if stage is not Stage.UNKNOWN:
        fields["stage"] = stage._value_  # as ``value``, at a tenth of the price
    elif link is None or link.remote_id is None:
        fields["stage"] = Stage.APPLIED.value
    return Item(key, fields, belongs, _DEAL_TEXT, origin=origin)


def _open_task(dossier: Dossier, task: CallTask, basis: Basis, parents: tuple[Key, ...], origin: str) -> Item:
    subject, body = basis.text_of(dossier, task)
    fields: dict[str, Value] = {
        "open": True,
        "due_at": instant(task.due_at),
        "subject": subject,
        "body": body,
        "priority": "high" if task.final or "promised_callback" in task.flags else "medium",
        "owner": basis.owner,
    }
    earlier = dossier.course.earlier
    after = tuple([task_key(dossier, each) for each in earlier]) if earlier else ()
    return Item(task_key(dossier, task), fields, parents, _TASK_TEXT, origin=origin, after=after)


def _endings(dossier: Dossier) -> list[Item]:
    """Return the wish to be closed for every task that is over; what a person removed is left alone."""
    earlier, task = dossier.course.earlier, dossier.course.task
    if not earlier and (task is None or task.state not in _OVER):
        return []  # nearly always
    return [_ended(dossier, each) for each in (*earlier, task) if each is not None and each.state in _OVER]


def _ended(dossier: Dossier, task: CallTask) -> Item:
    cancelled = task.state is TaskState.CANCELLED_BY_US
    return Item(task_key(dossier, task), {"open": False}, cancelled=cancelled, origin=_origin(dossier))


def _merged_away(dossier: Dossier, touches: Mapping[str, tuple[Touch, ...]]) -> Iterator[Item]:
    """Yield the wish that the deal of an application which was merged into another should go."""
    if not dossier.merged_into or dossier.course.deal_removed:
        return
    worked_on = dossier.course.crm_stage is not None or any(
        touch.application == dossier.key and touch.id.startswith((HEARD, TICK))
        for group in touches.values()
        for touch in group
    )
    origin = _origin(dossier)
    yield Item(deal_key(dossier), {"open": False}, cancelled=True, kept=worked_on, origin=origin)


def _call(dossier: Dossier, touch: Touch, parents: tuple[Key, ...], origin: str) -> Item:
    fields: dict[str, Value] = {
        "at": instant(touch.at),
        "outcome": touch.outcome.value,
        "result": touch.result.value if touch.result else None,
    }
    return Item(call_key(dossier, touch), fields, parents, origin=origin)


def _origin(dossier: Dossier) -> str:
    application = dossier.application
    sheet = f", {application.sheet}" if application.sheet else ""
    return f"{dossier.origin}{sheet}, row {application.row}"
