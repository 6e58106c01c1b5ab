"""HubSpot's verbs in our words: one method, one request (or one per hundred)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from crm_sync.crms.batches import batches, side_by_side
from crm_sync.crms.hubspot.refusals import Rejection
from crm_sync.crms.hubspot.wire import Answer, Wire
from crm_sync.errors import NotAllowed

RECORDS = 100
"""Inputs of one batch of records."""

RELATIONS = 2_000
"""Inputs of one batch of associations."""

READ_RELATIONS = 1_000
AT_ONCE = 4
"""Requests that are on their way together: bursts of more would only wait for their turn."""

PAGE = 200
_RELATED = ("associations", "burst")
_DEALS = "0-3"
_BATCH = "crm.objects.batch_api"
_RELATIONS = "crm.associations.v4.batch_api"

Record = Mapping[str, Any]
Input = dict[str, Any]


class Api:
    """The requests we make, over one wire. Object types are "deals", "companies", ...; ids are texts."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    # --- the account

    def account(self) -> Mapping[str, Any]:
        """Return portal id, account type and time zone, and below "at" when HubSpot says that this was."""
        answer = self.wire.send(self.wire.raw("GET", "/account-info/v3/details"))
        if portal := answer.body.get("portalId"):
            self.wire.belongs_to(str(portal))
        return {**answer.body, "at": answer.at}

    def owner_of(self, email: str) -> Mapping[str, Any] | None:
        """Return the owner with this address, None where there is none."""
        api = self.wire.api("crm.owners.owners_api")
        body = self.wire.send(lambda: api.get_page(email=email, _preload_content=False)).body
        return next(iter(body.get("results") or ()), None)

    def owner(self, ident: str) -> Mapping[str, Any] | None:
        """Return the owner with this id, None where there is none."""
        api = self.wire.api("crm.owners.owners_api")
        return self._or_none(lambda: api.get_by_id(ident, _preload_content=False))

    def pipelines(self) -> Sequence[Record]:
        """Return the pipelines of deals with their stages."""
        api = self.wire.api("crm.pipelines.pipelines_api")
        return self.wire.send(lambda: api.get_all("deals", _preload_content=False)).body.get("results") or ()

    def create_pipeline(self, body: Input) -> Record:
        """Make a pipeline of deals; raises Rejection where the account does not allow it."""
        api = self.wire.api("crm.pipelines.pipelines_api")
        call = lambda: api.create("deals", body, _preload_content=False)  # noqa: E731
        return self.wire.send(call, repeatable=False).body

    def property_of(self, kind: str, name: str) -> Record | None:
        """Return a property's definition, None where there is none."""
        api = self.wire.api("crm.properties.core_api")
        return self._or_none(lambda: api.get_by_name(kind, name, _preload_content=False))

    def create_property(self, kind: str, body: Input) -> Record:
        """Make a property; repeating it is answered with a conflict, never with a second one."""
        api = self.wire.api("crm.properties.core_api")
        return self.wire.send(lambda: api.create(kind, body, _preload_content=False)).body

    def call_outcomes(self) -> Sequence[Record]:
        """Return the account's call outcomes (id, label, deleted); none once their v1 path is gone."""
        body = self._or_none(self.wire.raw("GET", "/calling/v1/dispositions"))
        return (body or {}).get("results") or ()

    def quota(self) -> Mapping[str, Any] | None:
        """Return how many custom properties the account has and may have, None where it does not tell."""
        return self._or_none(self.wire.raw("GET", "/crm/v3/limits/custom-properties"))

    def pipelines_left(self) -> int | None:
        """Return how many more pipelines of deals the account may have, None where it does not tell."""
        try:
            told = self._or_none(self.wire.raw("GET", "/crm/v3/limits/pipelines")) or {}
        except NotAllowed:
            return None
        for kind in told.get("hubspotDefinedObjectTypes") or ():
            limit, usage = kind.get("limit"), kind.get("usage")
            if kind.get("objectTypeId") == _DEALS and isinstance(limit, int) and isinstance(usage, int):
                return max(0, limit - usage)
        return None

    # --- records

    def upsert(self, kind: str, inputs: Sequence[Input]) -> Answer:
        """Make or update records by a unique property; the same twice is the same."""
        api = self.wire.api(_BATCH)
        return self.wire.send(lambda: api.upsert(kind, {"inputs": inputs}, _preload_content=False))

    def create(self, kind: str, inputs: Sequence[Input]) -> Answer:
        """Make records; never repeated blindly: Trouble where nobody knows whether it arrived."""
        api = self.wire.api(_BATCH)
        return self.wire.send(
            lambda: api.create(kind, {"inputs": inputs}, _preload_content=False), repeatable=False
        )

    def update(self, kind: str, inputs: Sequence[Input]) -> Answer:
        """Write properties of records by id."""
        api = self.wire.api(_BATCH)
        return self.wire.send(lambda: api.update(kind, {"inputs": inputs}, _preload_content=False))

    def archive(self, kind: str, ids: Iterable[str]) -> None:
        """Put records into the bin; what is gone already does not matter."""
        api = self.wire.api(_BATCH)
        body = {"inputs": [{"id": ident} for ident in ids]}
        self.wire.send(lambda: api.archive(kind, body, _preload_content=False))

    def read(
        self, kind: str, ids: Collection[str], properties: Sequence[str], by: str | None = None
    ) -> list[Record]:
        """Return the records of these ids (or values of the unique property *by*) that are there."""
        api = self.wire.api(_BATCH)
        told: Input = {"properties": list(properties), "propertiesWithHistory": []}
        told |= {"idProperty": by} if by else {}

        def read(some: Sequence[str]) -> Sequence[Record]:
            body = {**told, "inputs": [{"id": ident} for ident in some]}
            answer = self.wire.send(lambda: api.read(kind, body, _preload_content=False))
            return answer.body.get("results") or ()

        return list(chain.from_iterable(self._each(read, ids, RECORDS)))

    def search(self, kind: str, body: Input) -> Answer:
        """Search once (no page is followed); the index runs a few moments behind."""
        api = self.wire.api("crm.objects.search_api")
        return self.wire.send(lambda: api.do_search(kind, body, _preload_content=False), buckets=("search",))

    # --- relations

    def relate(self, child: str, parent: str, pairs: Sequence[tuple[str, str]]) -> Answer:
        """Make default relations, which need no type and no direction; harmless when repeated."""
        api = self.wire.api(_RELATIONS)
        body = {"inputs": [{"from": {"id": one}, "to": {"id": other}} for one, other in pairs]}
        return self.wire.send(
            lambda: api.create_default(child, parent, body, _preload_content=False), buckets=_RELATED
        )

    def related(self, child: str, parent: str, ids: Collection[str]) -> dict[str, set[str]]:
        """Return the ids of the related records by id; read from the records, not from the index."""
        api = self.wire.api(_RELATIONS)

        def read(some: Sequence[str]) -> Sequence[Record]:
            body = {"inputs": [{"id": ident} for ident in some]}
            call = lambda: api.get_page(child, parent, body, _preload_content=False)  # noqa: E731
            return self.wire.send(call, buckets=_RELATED).body.get("results") or ()

        found: dict[str, set[str]] = {}
        for entry in chain.from_iterable(self._each(read, ids, READ_RELATIONS)):
            ends = (str(end.get("toObjectId")) for end in entry.get("to") or ())
            found.setdefault(str((entry.get("from") or {}).get("id")), set()).update(ends)
        return found

    def _each(
        self, read: Callable[[Sequence[str]], Sequence[Record]], ids: Collection[str], size: int
    ) -> list[Sequence[Record]]:
        some = list(batches(list(dict.fromkeys(ids)), size))
        return side_by_side(read, some, AT_ONCE, self.wire.stop)

    def _or_none(self, call: Any) -> Record | None:
        try:
            return self.wire.send(call).body
        except Rejection as rejection:
            if rejection.status == 404:
                return None
            raise
