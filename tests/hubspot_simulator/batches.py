"""A hundred records at once: all of them or none, or each for itself where every input has a trace id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from tests.hubspot_simulator import associations, records
from tests.hubspot_simulator.answers import Answer, Json, Refusal, batch, invalid, missing_objects
from tests.hubspot_simulator.store import Record, fold
from tests.hubspot_simulator.writing import Claims, prepared

if TYPE_CHECKING:
    from tests.hubspot_simulator.portal import Call, Portal

MOST = 100
Ties = list[tuple[str, str, int]]


def _inputs(call: Call) -> list[Json]:
    inputs = call.body.get("inputs")
    if not isinstance(inputs, list) or not all(isinstance(one, dict) for one in inputs):
        raise invalid("Invalid input JSON on line 1, column 2. Some required fields were not set: [inputs]")
    if not inputs:
        raise invalid("The batch has no inputs")
    if len(inputs) > MOST:
        raise invalid(f"The maximum number of inputs supported in a batch request for this object is {MOST}")
    return inputs


def _no_twins(values: Iterable[str]) -> None:
    twins = [value for value, times in Counter(values).items() if times > 1]
    if twins:
        listed = ", ".join(twins)
        raise invalid(f"Duplicate IDs found in batch input: [{listed}]. IDs must be unique", ids=twins)


def _traced(inputs: Sequence[Json]) -> bool:
    traces = [one.get("objectWriteTraceId") for one in inputs]
    return all(traces) and len(set(traces)) == len(traces)


def _id(one: Json) -> str:
    if one.get("id") in (None, ""):
        raise invalid("Invalid input JSON on line 1, column 2. Some required fields were not set: [id]")
    return str(one["id"])


class _Run:
    """One batch on its way: what was written, what was refused."""

    def __init__(
        self, portal: Portal, inputs: Sequence[Json], *, partial: bool = True, echo: bool = True
    ) -> None:
        self.portal = portal
        self.inputs = inputs
        self.traced = _traced(inputs) and partial
        self.echo = echo
        self.results: list[Json] = []
        self.errors: list[Json] = []

    def write(self, check: Callable[[Json, Claims], Any], do: Callable[[Json, Any], Json]) -> None:
        """Check and write each by itself where traced; else check all before the first is written.

        Raises Refusal: the first refused input refuses an untraced batch.
        """
        claims: Claims = {}
        plans = [(one, self._checked(one, check, claims)) for one in self.inputs]
        for one, plan in plans:
            if plan is None:
                continue
            result = do(one, plan)
            if self.echo and one.get("objectWriteTraceId"):
                result["objectWriteTraceId"] = str(one["objectWriteTraceId"])
            self.results.append(result)

    def _checked(self, one: Json, check: Callable[[Json, Claims], Any], claims: Claims) -> Any:
        try:
            return check(one, claims)
        except Refusal as refusal:
            if not self.traced:
                raise
            self.errors.append(refusal.entry(str(one["objectWriteTraceId"])))
            return None

    def answer(self, *, fine: int = 200) -> Answer:
        """Return the answer; results and errors are in no order."""
        shuffled = self.portal.shuffled
        return batch(shuffled(self.results), shuffled(self.errors), self.portal.now(), fine=fine)


def create(portal: Portal, call: Call) -> Answer:
    """Write up to 100 new records with their associations."""
    run = _Run(portal, _inputs(call), echo=portal.options.traced_creates)

    def check(one: Json, claims: Claims) -> tuple[dict[str, str], Ties]:
        ties = associations.inline(portal, call.kind, one.get("associations"))
        return prepared(portal, call.kind, one.get("properties") or {}, None, claims), ties

    def do(one: Json, plan: tuple[dict[str, str], Ties]) -> Json:
        record = records.add(portal, call.kind, *plan)
        return records.written(portal, record, plan[0], new=True)

    run.write(check, do)
    return run.answer(fine=201)


def update(portal: Portal, call: Call) -> Answer:
    """Write properties of up to 100 records; lost ids are an error of a 207, merged ones are left out."""
    inputs = _inputs(call)
    _no_twins(_folded(one) for one in inputs)
    for one in inputs:
        if one.get("idProperty") not in (None, "hs_object_id"):
            records.must_be_unique(portal, call.kind, one["idProperty"])
    targets = [(one, _target(portal, call, one)) for one in inputs]
    there = [one for one, record in targets if record is not None]
    holders = {id(one): record for one, record in targets}
    run = _Run(portal, there, partial=_traced(inputs))

    def check(one: Json, claims: Claims) -> dict[str, str]:
        return prepared(portal, call.kind, one.get("properties") or {}, holders[id(one)], claims)

    def do(one: Json, changes: dict[str, str]) -> Json:
        record = holders[id(one)]
        assert record is not None
        portal.store.change(record, changes)
        return records.written(portal, record, _with_key(one, changes), new=False)

    run.write(check, do)
    run.errors += _lost(
        call, [one for one, record in targets if record is None and not _was_merged(portal, call, one)]
    )
    return run.answer()


def _folded(one: Json) -> str:
    return fold(str(one.get("idProperty") or ""), _id(one))


def _with_key(one: Json, changes: dict[str, str]) -> list[str]:
    key = one.get("idProperty")
    return [*changes, *([key] if key else [])]


def _target(portal: Portal, call: Call, one: Json) -> Record | None:
    if _was_merged(portal, call, one):
        return None
    return records.found(portal, call.kind, _id(one), one.get("idProperty"))


def _was_merged(portal: Portal, call: Call, one: Json) -> bool:
    return not one.get("idProperty") and (call.kind.name, _id(one)) in portal.store.merged


def _lost(call: Call, inputs: Sequence[Json]) -> list[Json]:
    if not inputs:
        return []
    refusal = missing_objects(call.kind.singular, [_id(one) for one in inputs])
    traces = [str(one["objectWriteTraceId"]) for one in inputs if one.get("objectWriteTraceId")]
    if traces:
        refusal.context["objectWriteTraceId"] = traces
    return [refusal.entry(None)]


def upsert(portal: Portal, call: Call) -> Answer:
    """Write up to 100 records by the value of a unique property: new ones where there is none."""
    inputs = _inputs(call)
    _no_twins(_folded(one) for one in inputs)
    for one in inputs:
        records.must_be_unique(portal, call.kind, str(one.get("idProperty") or "hs_object_id"))
    by_email = any(one["idProperty"] == "email" for one in inputs)
    run = _Run(portal, inputs, partial=portal.options.partial_email_upserts or not by_email)

    def check(one: Json, claims: Claims) -> tuple[Record | None, dict[str, str]]:
        given = {one["idProperty"]: _id(one), **(one.get("properties") or {})}
        record = portal.store.holder(call.kind, one["idProperty"], _id(one))
        if (
            record is not None
            and one["idProperty"] == "email"
            and record.properties.get("email") != _folded(one)
        ):
            given.pop("email")  # a secondary address finds its contact and does not become the first one
        return record, prepared(portal, call.kind, given, record, claims)

    def do(one: Json, plan: tuple[Record | None, dict[str, str]]) -> Json:
        record, changes = plan
        if (new := record is None) or record is None:
            record = records.add(portal, call.kind, changes, [])
        else:
            portal.store.change(record, changes)
        told = records.written(portal, record, _with_key(one, changes), new=new)
        return told | {"new": new}

    run.write(check, do)
    return run.answer()


def read(portal: Portal, call: Call) -> Answer:
    """Answer up to 100 records by id or by a unique property; all lost ids are one error of a 207."""
    inputs = _inputs(call)
    name = call.body.get("idProperty") or None
    _no_twins(fold(name or "", _id(one)) for one in inputs)
    if call.flag("archived"):
        shelf = portal.store.archived[call.kind.name]
        found = [(one, shelf.get(_id(one))) for one in inputs]
    else:
        found = [(one, records.found(portal, call.kind, _id(one), name)) for one in inputs]
    absent = portal.options.merged_read == "absent"
    hidden = {id(one) for one in inputs if absent and not name and _was_merged(portal, call, one)}
    wanted = call.body.get("properties") or ()
    names = [*wanted, name] if wanted and name else wanted
    results = {r.id: records.told(portal, r, names) for one, r in found if r and id(one) not in hidden}
    lost = [one for one, record in found if record is None and id(one) not in hidden]
    return batch(portal.shuffled(list(results.values())), _lost(call, lost), portal.now())


def archive(portal: Portal, call: Call) -> Answer:
    """Delete up to 100 records; what is not there is no error."""
    inputs = _inputs(call)
    _no_twins(_id(one) for one in inputs)
    for one in inputs:
        if (record := portal.store.find(call.kind, _id(one))) is not None:
            records.remove(portal, record)
    return Answer(204)
