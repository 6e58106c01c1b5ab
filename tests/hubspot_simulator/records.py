"""Records one by one: get, list, create, change, delete, merge; and how a record is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tests.hubspot_simulator import associations
from tests.hubspot_simulator.answers import Answer, Json, invalid, iso, not_found
from tests.hubspot_simulator.kinds import KINDS, ObjectKind, kind_named
from tests.hubspot_simulator.relations import PRIMARY
from tests.hubspot_simulator.store import Record
from tests.hubspot_simulator.writing import company_of, prepared

if TYPE_CHECKING:
    from tests.hubspot_simulator.portal import Call, Portal

PAGE = 100
MERGEABLE = ("contacts", "companies", "deals")


def told(portal: Portal, record: Record, wanted: Iterable[str] = ()) -> Json:
    """Return a record with the wanted properties, null where empty; unknown ones are left out."""
    return render(portal, record.kind, record.id, record.properties, wanted) | {
        "createdAt": iso(record.created),
        "updatedAt": iso(record.updated),
        "archived": record.archived is not None,
        **({"archivedAt": iso(record.archived)} if record.archived is not None else {}),
    }


def render(
    portal: Portal, kind: ObjectKind, number: str, properties: dict[str, str], wanted: Iterable[str]
) -> Json:
    """Return id and properties: those wanted and those always told, or what is shown unasked."""
    modified = "lastmodifieddate" if kind.name == "contacts" else "hs_lastmodifieddate"
    known = portal.catalogue.live[kind.name]
    names = {name.lower(): None for name in wanted}
    shown = [*names, kind.created, modified, "hs_object_id"] if names else kind.shown
    return {"id": number, "properties": {name: properties.get(name) for name in shown if name in known}}


def written(portal: Portal, record: Record, changes: Iterable[str], *, new: bool) -> Json:
    """Return a record as the answer to a write: all it has when new, else what was written."""
    return told(portal, record, record.properties if new else changes)


def found(portal: Portal, kind: ObjectKind, number: str, id_property: str | None) -> Record | None:
    """Return the record of an id, through merges, or of a unique property's value. Raises Refusal."""
    if id_property in (None, "", "hs_object_id"):
        return portal.store.resolve(kind, number)
    assert id_property is not None
    must_be_unique(portal, kind, id_property)
    return portal.store.holder(kind, id_property, number)


def must_be_unique(portal: Portal, kind: ObjectKind, name: str) -> None:
    """Raise Refusal for a property that identifies nothing."""
    if name not in portal.catalogue.unique(kind.name):
        raise invalid(f"Unable to perform update/upsert by non-unique {kind.type_id} property {name}")


def add(
    portal: Portal, kind: ObjectKind, properties: dict[str, str], ties: Sequence[tuple[str, str, int]]
) -> Record:
    """Write a new record with its associations."""
    record = portal.store.add(kind, properties)
    for other, number, type_id in ties:
        portal.associations.connect(kind.name, record.id, other, number, type_id)
    if kind.name == "contacts":
        company_of(portal, record)
    return record


def remove(portal: Portal, record: Record) -> None:
    """Delete a record and what joins it to others."""
    portal.store.archive(record)
    portal.associations.forget(record.kind.name, record.id)


def join(portal: Portal, winner: Record, loser: Record) -> Record:
    """Merge two records of one type; associations go to what remains."""
    together = portal.store.merge(winner, loser, anew=portal.options.merged_ids == "new")
    for record in (winner, loser):
        portal.associations.move(record.kind.name, record.id, together.id)
    return together


def _one(portal: Portal, call: Call) -> Record:
    record = found(portal, call.kind, call.parts["id"], call.word("idProperty"))
    if record is None:
        raise not_found()
    return record


def get(portal: Portal, call: Call) -> Answer:
    """Answer one record, with the ids of associated ones where asked."""
    if call.flag("archived"):
        record = portal.store.archived[call.kind.name].get(call.parts["id"])
        if record is None:
            raise not_found()
    else:
        record = _one(portal, call)
    return Answer(200, _with_associations(portal, call, record))


def _with_associations(portal: Portal, call: Call, record: Record) -> Json:
    body = told(portal, record, call.words("properties"))
    ties: Json = {}
    for word in call.words("associations"):
        other = kind_named(word)
        if other is None:
            raise invalid(f"{word} is not a type of objects")
        if results := _tie(portal, record, other):
            ties[other.name] = {"results": results}
    return body | ({"associations": ties} if ties else {})


def _tie(portal: Portal, record: Record, other: ObjectKind) -> list[Json]:
    name, results = f"{record.kind.singular}_to_{other.singular}", []
    primary = PRIMARY.get((record.kind.name, other.name))
    for far, edge in portal.associations.between(record.kind.name, record.id, other.name).items():
        if primary in edge.types:
            results.append({"id": far, "type": name})
        results.append({"id": far, "type": name if primary is None else f"{name}_unlabeled"})
    return results


def list_page(portal: Portal, call: Call) -> Answer:
    """Answer a page of records by id, at most 100."""
    limit = call.number("limit", 10, PAGE)
    shelf = portal.store.archived if call.flag("archived") else portal.store.live
    after = call.number("after", 0)
    numbers = sorted(int(number) for number in shelf[call.kind.name] if int(number) > after)
    page = [shelf[call.kind.name][str(number)] for number in numbers[:limit]]
    body: Json = {"results": [_with_associations(portal, call, record) for record in page]}
    if len(numbers) > limit:
        body["paging"] = {"next": {"after": page[-1].id, "link": "?after=" + page[-1].id}}
    return Answer(200, body)


def create(portal: Portal, call: Call) -> Answer:
    """Write one new record."""
    properties = prepared(portal, call.kind, call.body.get("properties") or {}, None)
    ties = associations.inline(portal, call.kind, call.body.get("associations"))
    record = add(portal, call.kind, properties, ties)
    return Answer(201, written(portal, record, properties, new=True))


def change(portal: Portal, call: Call) -> Answer:
    """Write properties of one record."""
    record = _one(portal, call)
    changes = prepared(portal, call.kind, call.body.get("properties") or {}, record)
    portal.store.change(record, changes)
    return Answer(200, written(portal, record, changes, new=False))


def delete(portal: Portal, call: Call) -> Answer:
    """Delete one record; deleting what is not there is no error."""
    if (record := portal.store.find(call.kind, call.parts["id"])) is not None:
        remove(portal, record)
    return Answer(204)


def merge(portal: Portal, call: Call) -> Answer:
    """Merge two companies, contacts or deals."""
    if call.kind.name not in MERGEABLE:
        raise not_found()
    names = ("primaryObjectId", "objectIdToMerge")
    numbers = [str(call.body.get(name) or "") for name in names]
    ends = [portal.store.resolve(KINDS[call.kind.name], number) for number in numbers]
    if ends[0] is None or ends[1] is None or ends[0].id == ends[1].id:
        raise invalid(f"Cannot merge {numbers[1]} into {numbers[0]}", ids=numbers)
    return Answer(200, told(portal, join(portal, ends[0], ends[1])))
