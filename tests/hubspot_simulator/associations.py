"""The calls about associations, as version 4 and the dated versions have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.hubspot_simulator.answers import Answer, Json, Refusal, batch, invalid, missing_objects, not_found
from tests.hubspot_simulator.kinds import KINDS, ObjectKind
from tests.hubspot_simulator.relations import LABELS, PRIMARY, UNLABELLED
from tests.hubspot_simulator.store import Record

if TYPE_CHECKING:
    from tests.hubspot_simulator.portal import Call, Portal

MOST_CREATED = 2_000
MOST_READ = 1_000
PAGE = 500


def inline(portal: Portal, kind: ObjectKind, given: Any) -> list[tuple[str, str, int]]:
    """Return the associations of a record to be created: type, id, type id. Raises Refusal."""
    return [found for one in given or [] for found in _inline_one(portal, kind, one)]


def _inline_one(portal: Portal, kind: ObjectKind, one: Json) -> list[tuple[str, str, int]]:
    number = str((one.get("to") or {}).get("id") or "")
    found = []
    for spec in one.get("types") or []:
        type_id = _type_id(spec)
        other = next((end for (start, end), t in _directed() if start == kind.name and t == type_id), None)
        if other is None:
            raise _wrong_type(kind.name, "?", type_id)
        target = portal.store.resolve(KINDS[other], number)
        if target is None:
            raise invalid(f"{KINDS[other].singular.upper()}={number} is not valid", ids=[number])
        found.append((other, target.id, type_id))
    if not found:
        raise invalid("associations need a record to go to and at least one type", ids=[number])
    return found


def _directed() -> list[tuple[tuple[str, str], int]]:
    return [*UNLABELLED.items(), *PRIMARY.items()]


def _type_id(spec: Json) -> int:
    if spec.get("associationCategory") != "HUBSPOT_DEFINED":
        raise invalid(f"Unknown association category {spec.get('associationCategory')!r}")
    return int(spec.get("associationTypeId") or 0)


def _wrong_type(start: str, end: str, type_id: int) -> Refusal:
    return invalid(
        f"Invalid association type: HUBSPOT_DEFINED-{type_id} does not exist from {start} to {end}",
        type=[str(type_id)],
    )


def _inputs(call: Call, most: int) -> list[Json]:
    inputs = call.body.get("inputs")
    if not isinstance(inputs, list) or not inputs:
        raise invalid("Invalid input JSON on line 1, column 2. Some required fields were not set: [inputs]")
    if len(inputs) > most:
        raise invalid(f"The maximum number of inputs supported in a batch request for this is {most}")
    return inputs


def _id(of: Any) -> str:
    return str((of or {}).get("id") or "")


def _ends(portal: Portal, call: Call, one: Json) -> tuple[Record, Record]:
    ends = (call.kind, _id(one.get("from"))), (call.other, _id(one.get("to")))
    found = [portal.store.resolve(kind, number) for kind, number in ends]
    gone = [number for (_, number), record in zip(ends, found, strict=True) if record is None]
    if found[0] is None or found[1] is None:
        kind = ends[0][0] if found[0] is None else ends[1][0]
        refusal = missing_objects(kind.singular, gone)
        refusal.context |= {"fromObjectId": [ends[0][1]], "toObjectId": [ends[1][1]]}
        raise refusal
    return found[0], found[1]


def _possible(call: Call) -> None:
    if (call.kind.name, call.other.name) not in UNLABELLED:
        raise invalid(f"There are no associations from {call.kind.name} to {call.other.name}")


def create_batch(portal: Portal, call: Call) -> Answer:
    """Join up to 2,000 pairs by type id; a type that does not exist refuses all, a lost record its pair."""
    _possible(call)
    inputs = _inputs(call, MOST_CREATED)
    types = [[_type_id(spec) for spec in one.get("types") or []] for one in inputs]
    for type_id in {t for found in types for t in found}:
        if not portal.associations.known(call.kind.name, call.other.name, type_id):
            raise _wrong_type(call.kind.name, call.other.name, type_id)
    results, errors = [], []
    for one, found in zip(inputs, types, strict=True):
        try:
            start, end = _ends(portal, call, one)
        except Refusal as refusal:
            errors.append(refusal.entry(None))
            continue
        for type_id in found:
            portal.associations.connect(call.kind.name, start.id, call.other.name, end.id, type_id)
        results.append(_labels(call, start, end, found))
    return batch(results, errors, portal.now(), fine=201)


def _labels(call: Call, start: Record, end: Record, types: list[int]) -> Json:
    return {
        "fromObjectTypeId": call.kind.type_id,
        "fromObjectId": int(start.id),
        "toObjectTypeId": call.other.type_id,
        "toObjectId": int(end.id),
        "labels": [LABELS[t] for t in types if t in LABELS],
    }


def create_default_batch(portal: Portal, call: Call) -> Answer:
    """Join up to 2,000 pairs without naming a type; each is answered in both directions."""
    _possible(call)
    results: list[Json] = []
    errors: list[Json] = []
    for one in _inputs(call, MOST_CREATED):
        try:
            start, end = _ends(portal, call, one)
        except Refusal as refusal:
            errors.append(refusal.entry(None))
        else:
            results += _default(portal, call, start, end)
    return batch(results, errors, portal.now())


def _default(portal: Portal, call: Call, start: Record, end: Record) -> list[Json]:
    there, back = (call.kind.name, call.other.name), (call.other.name, call.kind.name)
    portal.associations.connect(call.kind.name, start.id, call.other.name, end.id)
    return [
        {
            "from": {"id": one.id},
            "to": {"id": two.id},
            "associationSpec": {
                "associationCategory": "HUBSPOT_DEFINED",
                "associationTypeId": UNLABELLED[way],
            },
        }
        for one, two, way in ((start, end, there), (end, start, back))
    ]


def read_batch(portal: Portal, call: Call) -> Answer:
    """Answer what up to 1,000 records are joined to; a record that has nothing is an error of a 207."""
    _possible(call)
    results, errors = [], []
    for one in _inputs(call, MOST_READ):
        record = portal.store.resolve(call.kind, _id(one))
        told = _told(portal, call, record) if record else []
        if told:
            results.append({"from": {"id": _id(one)}, "to": told})
        else:
            errors.append(_nothing(call, _id(one)))
    return batch(portal.shuffled(results), errors, portal.now())


def _nothing(call: Call, number: str) -> Json:
    start, end = call.kind.singular, call.other.singular
    return Refusal(
        404,
        "OBJECT_NOT_FOUND",
        f"No {end} is associated with {start} {number}.",
        sub_category="crm.associations.NO_ASSOCIATIONS_FOUND",
        context={"fromObjectId": [number], "fromObjectType": [start], "toObjectType": [end]},
    ).entry(None)


def _told(portal: Portal, call: Call, record: Record) -> list[Json]:
    edges = portal.associations.between(call.kind.name, record.id, call.other.name)
    return [
        {
            "toObjectId": int(far),
            "associationTypes": [
                {"category": "HUBSPOT_DEFINED", "typeId": t, "label": LABELS.get(t)}
                for t in sorted(edge.types)
            ],
        }
        for far, edge in edges.items()
    ]


def archive_batch(portal: Portal, call: Call) -> Answer:
    """Part pairs; what was not joined is no error. Dated versions answer with a body."""
    for one in _inputs(call, MOST_CREATED):
        for far in one.get("to") or []:
            _part(portal, call, _id(one.get("from")), _id(far))
    return batch([], [], portal.now()) if call.dated else Answer(204)


def _part(portal: Portal, call: Call, start: str, end: str) -> None:
    a, b = portal.store.resolve(call.kind, start), portal.store.resolve(call.other, end)
    if a and b:
        portal.associations.disconnect(call.kind.name, a.id, call.other.name, b.id)


def list_of_one(portal: Portal, call: Call) -> Answer:
    """Answer what one record is joined to, by pages of at most 500."""
    _possible(call)
    record = portal.store.resolve(call.kind, call.parts["id"])
    if record is None:
        raise not_found()
    told = _told(portal, call, record)
    limit, after = call.number("limit", PAGE, PAGE), call.number("after", 0)
    body: Json = {"results": told[after : after + limit]}
    if after + limit < len(told):
        body["paging"] = {"next": {"after": str(after + limit)}}
    return Answer(200, body)


def _pair(portal: Portal, call: Call) -> tuple[Record, Record]:
    _possible(call)
    return _ends(portal, call, {"from": {"id": call.parts["id"]}, "to": {"id": call.parts["to_id"]}})


def create_one(portal: Portal, call: Call) -> Answer:
    """Join two records by type ids; the body is a list of them."""
    start, end = _pair(portal, call)
    types = [_type_id(spec) for spec in (call.body if isinstance(call.body, list) else [])]
    for type_id in types:
        if not portal.associations.known(call.kind.name, call.other.name, type_id):
            raise _wrong_type(call.kind.name, call.other.name, type_id)
    for type_id in types:
        portal.associations.connect(call.kind.name, start.id, call.other.name, end.id, type_id)
    return Answer(201, _labels(call, start, end, types))


def create_default_one(portal: Portal, call: Call) -> Answer:
    """Join two records without naming a type."""
    return batch(_default(portal, call, *_pair(portal, call)), [], portal.now())


def archive_one(portal: Portal, call: Call) -> Answer:
    """Part two records."""
    _part(portal, call, call.parts["id"], call.parts["to_id"])
    return Answer(204)


def list_labels(portal: Portal, call: Call) -> Answer:
    """Answer the types of association from one type of objects to another."""
    _possible(call)
    way = (call.kind.name, call.other.name)
    types = [t for t in (PRIMARY.get(way), UNLABELLED[way]) if t is not None]
    told = [{"category": "HUBSPOT_DEFINED", "typeId": t, "label": LABELS.get(t)} for t in types]
    return Answer(200, {"results": told})
