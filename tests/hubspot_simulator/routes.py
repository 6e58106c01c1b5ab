"""Which paths there are, who answers them, and what scopes they need."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from tests.hubspot_simulator import account, associations, batches, pipelines, properties, records, search
from tests.hubspot_simulator.answers import Answer
from tests.hubspot_simulator.kinds import ObjectKind
from tests.hubspot_simulator.portal import Call, Portal

DATED = ("2026-03", "2026-09")
_FAMILIES = ("objects", "associations", "properties", "pipelines", "owners", "limits")
_BY_VERSION = {
    "v3": ("objects", "properties", "pipelines", "owners", "limits"),
    "v4": ("associations", "objects"),
}
Handler = Callable[[Portal, Call], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a pattern of path, its handler, and the scopes it needs: any of each group.

    *area* is what limits tell apart: search, associations or other; *write* whether it changes anything.
    """

    method: str
    pattern: re.Pattern[str]
    handler: Handler
    access: str
    area: str = "other"
    write: bool = False

    def scopes(self, kind: ObjectKind, other: ObjectKind | None) -> list[set[str]]:
        """Return groups of scopes; of each one at least one is needed."""
        family, _, verb = self.access.partition(".")
        if family == "objects":
            return [{f"crm.objects.{one.scope}.{verb}"} for one in (kind, other) if one is not None]
        if family == "schemas":
            own = {f"crm.schemas.{kind.name}.{verb}"}
            return [own | {f"crm.objects.{kind.scope}.read"} if verb == "read" else own]
        if family == "owners":
            return [{"crm.objects.owners.read"}]
        if family == "any":
            return [{f"crm.objects.{name}.read" for name in ("contacts", "companies", "deals")}]
        return []


def _route(
    method: str, path: str, handler: Handler, access: str, *, area: str = "other", write: bool = False
) -> Route:
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)
    return Route(method, re.compile(pattern), handler, access, area, write)


def _objects() -> list[Route]:
    routes = []
    for verb in ("create", "update", "upsert", "archive"):
        path = f"objects/{{kind}}/batch/{verb}"
        routes.append(_route("POST", path, getattr(batches, verb), "objects.write", write=True))
    one, all_ = "objects/{kind}/{id}", "objects/{kind}"
    return [
        *routes,
        _route("POST", "objects/{kind}/batch/read", batches.read, "objects.read"),
        _route("POST", "objects/{kind}/search", search.search, "objects.read", area="search"),
        _route("POST", "objects/{kind}/merge", records.merge, "objects.write", write=True),
        _route("GET", all_, records.list_page, "objects.read"),
        _route("POST", all_, records.create, "objects.write", write=True),
        _route("GET", one, records.get, "objects.read"),
        _route("PATCH", one, records.change, "objects.write", write=True),
        _route("DELETE", one, records.delete, "objects.write", write=True),
    ]


def _associations() -> list[Route]:
    both, verbs = "associations/{kind}/{other}", associations
    one = "objects/{kind}/{id}/associations"
    routes = [
        ("POST", f"{both}/batch/create", verbs.create_batch, "write"),
        ("POST", f"{both}/batch/associate/default", verbs.create_default_batch, "write"),
        ("POST", f"{both}/batch/archive", verbs.archive_batch, "write"),
        ("POST", f"{both}/batch/read", verbs.read_batch, "read"),
        ("GET", f"{both}/labels", verbs.list_labels, "read"),
        ("GET", f"{one}/{{other}}", verbs.list_of_one, "read"),
        ("PUT", f"{one}/default/{{other}}/{{to_id}}", verbs.create_default_one, "write"),
        ("PUT", f"{one}/{{other}}/{{to_id}}", verbs.create_one, "write"),
        ("DELETE", f"{one}/{{other}}/{{to_id}}", verbs.archive_one, "write"),
    ]
    return [
        _route(method, path, handler, f"objects.{verb}", area="associations", write=verb == "write")
        for method, path, handler, verb in routes
    ]


def _schemas() -> list[Route]:
    props, lines = "properties/{kind}", "pipelines/{kind}"
    routes = [
        ("GET", f"{props}/groups", properties.list_groups),
        ("POST", f"{props}/groups", properties.create_group),
        ("GET", props, properties.list_all),
        ("POST", props, properties.create),
        ("GET", f"{props}/{{name}}", properties.get),
        ("PATCH", f"{props}/{{name}}", properties.change),
        ("DELETE", f"{props}/{{name}}", properties.archive),
        ("GET", lines, pipelines.list_all),
        ("POST", lines, pipelines.create),
        ("GET", f"{lines}/{{pipeline}}", pipelines.get),
        ("GET", f"{lines}/{{pipeline}}/stages", pipelines.list_stages),
        ("POST", f"{lines}/{{pipeline}}/stages", pipelines.create_stage),
        ("PATCH", f"{lines}/{{pipeline}}/stages/{{stage}}", pipelines.change_stage),
        ("DELETE", f"{lines}/{{pipeline}}/stages/{{stage}}", pipelines.delete_stage),
    ]
    return [
        _route(m, path, handler, "schemas.read" if m == "GET" else "schemas.write", write=m != "GET")
        for m, path, handler in routes
    ]


_ROUTES = [
    *_associations(),
    *_objects(),
    *_schemas(),
    _route("GET", "owners", account.owners, "owners.read"),
    _route("GET", "owners/{id}", account.owner, "owners.read"),
    _route("GET", "limits/custom-properties", account.property_limits, "any"),
    _route("GET", "limits/pipelines", account.pipeline_limits, "any"),
    _route("GET", "limits/records", account.record_limits, "any"),
    _route("GET", "account-info/details", account.details, "none"),
    _route("GET", "calling/dispositions", account.dispositions, "any"),
]


@lru_cache(maxsize=4_096)
def place(path: str) -> tuple[str, bool] | None:
    """Return a path without version and trailing slash, and whether its version is a date; None for no path.

    >>> place("/crm/v3/objects/deals/"), place("/crm/objects/2026-09/deals")
    (('objects/deals', False), ('objects/deals', True))
    """
    words = path.strip("/").split("/")
    if words[:2] == ["account-info", "v3"] or words[:2] == ["calling", "v1"]:
        return "/".join([words[0], *words[2:]]), False
    if words[0] == "account-info" and len(words) > 1 and words[1] in DATED:
        return "/".join([words[0], *words[2:]]), True
    if words[0] != "crm" or len(words) < 3:
        return None
    return _in_crm(words)


def _in_crm(words: list[str]) -> tuple[str, bool] | None:
    if words[1] in _BY_VERSION and words[2] in _BY_VERSION[words[1]]:
        tied = "associations" in words[4:]
        if words[2] == "objects" and tied != (words[1] == "v4"):
            return None
        return "/".join(words[2:]), False
    if words[1] in _FAMILIES and (words[2] in DATED or words[1:3] == ["limits", "v3"]):
        return "/".join([words[1], *words[3:]]), words[2] in DATED
    return None


@lru_cache(maxsize=4_096)
def routes_of(path: str) -> tuple[tuple[Route, dict[str, str]], ...]:
    """Return the routes of a path without version, by any method, with the parts of the path."""
    matches = ((route, route.pattern.fullmatch(path)) for route in _ROUTES)
    return tuple((route, match.groupdict()) for route, match in matches if match)
