"""The properties of every type, those that HubSpot defines and those that somebody makes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.hubspot_simulator.answers import Answer, Json, Refusal, invalid, iso
from tests.hubspot_simulator.kinds import KINDS, ObjectKind, Option, Property
from tests.hubspot_simulator.options import Options
from tests.hubspot_simulator.pipelines import Pipelines

if TYPE_CHECKING:
    from tests.hubspot_simulator.portal import Call, Portal

MOST_UNIQUE = 10
_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")
_SHAPES = {
    "string": {"text", "textarea", "file", "html", "phonenumber"},
    "number": {"number"},
    "bool": {"booleancheckbox"},
    "date": {"date"},
    "datetime": {"date"},
    "enumeration": {"select", "radio", "checkbox", "booleancheckbox"},
}


class Catalogue:
    """Definitions of properties by type and name, and the groups they stand in."""

    def __init__(self, options: Options, pipelines: Pipelines, now: Callable[[], int]) -> None:
        self._options = options
        self._pipelines = pipelines
        self.made_at = now()
        self.live = {kind.name: {prop.name: prop for prop in kind.properties} for kind in KINDS.values()}
        self.archived: dict[str, dict[str, Property]] = {name: {} for name in KINDS}
        self.groups = {kind.name: {"information", f"{kind.singular}information"} for kind in KINDS.values()}
        self._living: dict[tuple[str, str], Callable[[], Iterator[Option]]] = {
            ("deals", "dealstage"): self._stages,
            ("deals", "pipeline"): self._lines,
            **{(kind, "hubspot_owner_id"): self._owners for kind in KINDS},
        }
        self._chosen: dict[tuple[str, str], Property] = {}
        self._known_at = -1
        self._unique = {kind.name: {p.name for p in kind.properties if p.unique} for kind in KINDS.values()}

    def unique(self, kind: str) -> set[str]:
        """Return the names of the unique properties of a type."""
        return self._unique[kind]

    def find(self, kind: ObjectKind, name: str) -> Property | None:
        """Return a property with the options it has at this moment."""
        found = self.live[kind.name].get(name)
        if found is None or (kind.name, name) not in self._living:
            return found
        if self._known_at != self._pipelines.version:
            self._chosen, self._known_at = {}, self._pipelines.version
        if (kind.name, name) not in self._chosen:
            self._chosen[kind.name, name] = found.with_options(tuple(self._living[kind.name, name]()))
        return self._chosen[kind.name, name]

    def _stages(self) -> Iterator[Option]:
        return (Option(stage.id, stage.label) for stage in self._pipelines.stages())

    def _lines(self) -> Iterator[Option]:
        return (Option(line.id, line.label) for line in self._pipelines.by_id.values())

    def _owners(self) -> Iterator[Option]:
        return (Option(owner.id, owner.email) for owner in self._options.owners if not owner.archived)

    def custom(self) -> list[tuple[str, Property]]:
        """Return the properties that somebody made, each with its type."""
        return [(kind, p) for kind, props in self.live.items() for p in props.values() if not p.hubspot]

    def add(self, kind: ObjectKind, prop: Property) -> Property:
        """Make a property, or bring back an archived one of that name as it was. Raises Refusal."""
        if prop.name in self.live[kind.name]:
            raise Refusal(
                409,
                "OBJECT_ALREADY_EXISTS",
                f"A property named '{prop.name}' already exists.",
                sub_category="Properties.PROPERTY_WITH_NAME_EXISTS",
            )
        if len(self.custom()) >= self._options.properties_allowed():
            raise Refusal(
                self._options.no_property,
                "VALIDATION_ERROR",
                f"You have reached your limit of {self._options.properties_allowed()} custom properties.",
                sub_category="Properties.PROPERTY_LIMIT_REACHED",
            )
        if (
            prop.unique
            and sum(p.unique for p in self.live[kind.name].values() if not p.hubspot) >= MOST_UNIQUE
        ):
            raise invalid(f"There can be at most {MOST_UNIQUE} unique properties on {kind.singular.upper()}.")
        made = self.archived[kind.name].pop(prop.name, prop)
        self.put(kind, replace(made, archived=False))
        return self.live[kind.name][prop.name]

    def put(self, kind: ObjectKind, prop: Property) -> None:
        """Hold a definition as it is now."""
        self.live[kind.name][prop.name] = prop
        if prop.unique:
            self._unique[kind.name].add(prop.name)

    def archive(self, kind: ObjectKind, name: str) -> None:
        """Archive a property that somebody made."""
        prop = self.live[kind.name].pop(name)
        self._unique[kind.name].discard(name)
        self.archived[kind.name][name] = replace(prop, archived=True)

    def told(self, prop: Property) -> Json:
        """Return a definition as HubSpot answers it."""
        return {
            "name": prop.name,
            "label": prop.label or prop.name,
            "type": prop.type,
            "fieldType": prop.field_type,
            "description": prop.description,
            "groupName": prop.group,
            "options": [
                {"label": o.label, "value": o.value, "displayOrder": n, "hidden": False}
                for n, o in enumerate(prop.options)
            ],
            "displayOrder": -1,
            "calculated": prop.read_only and prop.type == "bool",
            "externalOptions": prop.name == "hubspot_owner_id",
            "hasUniqueValue": prop.unique,
            "hidden": False,
            "hubspotDefined": prop.hubspot,
            "archived": prop.archived,
            "formField": False,
            "createdAt": iso(self.made_at),
            "updatedAt": iso(self.made_at),
            "modificationMetadata": {
                "archivable": not prop.hubspot,
                "readOnlyDefinition": prop.hubspot,
                "readOnlyValue": prop.read_only,
            },
        }


def _options_of(body: Json) -> tuple[Option, ...]:
    given: list[Any] = body.get("options") or []
    return tuple(Option(str(o["value"]), str(o.get("label", o["value"]))) for o in given)


def _definition(portal: Portal, kind: ObjectKind, body: Json) -> Property:
    missing = [name for name in ("name", "label", "type", "fieldType", "groupName") if not body.get(name)]
    if missing:
        listed = ", ".join(missing)
        raise invalid(
            f"Invalid input JSON on line 1, column 2. Some required fields were not set: [{listed}]"
        )
    name, shape = str(body["name"]), str(body["type"])
    if not _NAME.fullmatch(name) or name.startswith("hs_"):
        raise invalid(f"'{name}' is not a valid name of a property.")
    if body["fieldType"] not in _SHAPES.get(shape, set()):
        raise invalid(f"Property type {shape} does not go with field type {body['fieldType']}.")
    if body["groupName"] not in portal.catalogue.groups[kind.name]:
        raise invalid(f"The group {body['groupName']} does not exist.")
    unique = bool(body.get("hasUniqueValue"))
    if unique and shape not in ("string", "number"):
        raise invalid("Only text and number properties can have unique values.")
    said = str(body.get("description") or "")
    return Property(
        name,
        shape,
        str(body["label"]),
        str(body["fieldType"]),
        str(body["groupName"]),
        _options_of(body),
        unique,
        hubspot=False,
        description=said,
    )


def _one(portal: Portal, call: Call) -> Property:
    name = call.parts["name"]
    if call.flag("archived"):
        found = portal.catalogue.archived[call.kind.name].get(name)
    else:
        found = portal.catalogue.find(call.kind, name)
    if found is None:
        raise Refusal(
            404,
            "OBJECT_NOT_FOUND",
            f"No property named '{name}' exists on {call.kind.singular.upper()}.",
            sub_category="Properties.PROPERTY_NOT_FOUND",
        )
    return found


def list_all(portal: Portal, call: Call) -> Answer:
    """Answer every property of a type."""
    catalogue, kind = portal.catalogue, call.kind
    if call.flag("archived"):
        found = list(catalogue.archived[kind.name].values())
    else:
        found = [prop for name in catalogue.live[kind.name] if (prop := catalogue.find(kind, name))]
    return Answer(200, {"results": [catalogue.told(prop) for prop in found]})


def get(portal: Portal, call: Call) -> Answer:
    """Answer one property."""
    return Answer(200, portal.catalogue.told(_one(portal, call)))


def create(portal: Portal, call: Call) -> Answer:
    """Make a property."""
    made = portal.catalogue.add(call.kind, _definition(portal, call.kind, call.body))
    return Answer(201, portal.catalogue.told(made))


def change(portal: Portal, call: Call) -> Answer:
    """Change label, description or options; the list of options is replaced as a whole."""
    prop, body = _one(portal, call), call.body
    if "hasUniqueValue" in body and bool(body["hasUniqueValue"]) != prop.unique:
        raise invalid("hasUniqueValue cannot be changed after a property was made.")
    prop = replace(
        prop,
        label=str(body.get("label", prop.label)),
        description=str(body.get("description", prop.description)),
        options=_options_of(body) if "options" in body else prop.options,
    )
    portal.catalogue.put(call.kind, prop)
    return Answer(200, portal.catalogue.told(prop))


def archive(portal: Portal, call: Call) -> Answer:
    """Archive a property that somebody made."""
    prop = _one(portal, call)
    if prop.hubspot:
        raise invalid(f"Property '{prop.name}' is defined by HubSpot and cannot be archived.")
    portal.catalogue.archive(call.kind, prop.name)
    return Answer(204)


def list_groups(portal: Portal, call: Call) -> Answer:
    """Answer the groups of a type."""
    names = sorted(portal.catalogue.groups[call.kind.name])
    return Answer(200, {"results": [_group(name) for name in names]})


def create_group(portal: Portal, call: Call) -> Answer:
    """Make a group."""
    name, groups = str(call.body.get("name") or ""), portal.catalogue.groups[call.kind.name]
    if not name:
        raise invalid("Invalid input JSON on line 1, column 2. Some required fields were not set: [name]")
    if name in groups:
        raise Refusal(409, "OBJECT_ALREADY_EXISTS", f"A group named '{name}' already exists.")
    groups.add(name)
    return Answer(201, _group(name))


def _group(name: str) -> Json:
    return {"name": name, "label": name, "displayOrder": -1, "archived": False}
