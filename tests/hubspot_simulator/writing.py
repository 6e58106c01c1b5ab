"""Whether HubSpot takes a record, and what it adds to it by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.hubspot_simulator.answers import Refusal, invalid, invalid_values, iso
from tests.hubspot_simulator.kinds import KINDS, ObjectKind, Property
from tests.hubspot_simulator.store import Record, fold
from tests.hubspot_simulator.values import BadValue, checked, plain

if TYPE_CHECKING:
    from tests.hubspot_simulator.portal import Portal

FREEMAIL = {"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "yahoo.com", "gmx.de", "web.de"}
Claims = dict[tuple[str, str], str]
Problems = list[tuple[str, str, str]]


def prepared(
    portal: Portal,
    kind: ObjectKind,
    given: Mapping[str, Any],
    record: Record | None,
    claims: Claims | None = None,
) -> dict[str, str]:
    """Return the values as they would be written, or raise Refusal with every value that is not valid.

    *record* is the one to be changed, None for a new one; *claims* are the unique values of the same batch.
    """
    if not isinstance(given, Mapping):
        raise invalid("Invalid input JSON: properties is not an object")
    problems: Problems = []
    changes = {name: _value(portal, kind, name, plain(value), problems) for name, value in given.items()}
    if problems:
        raise invalid_values(portal.options.portal, problems)
    _nothing_missing(portal, kind, changes, record)
    if kind.name == "deals":
        _stage(portal, changes, record)
        _closing(portal, changes, record)
    if kind.name == "tasks":
        _completion(portal, changes, record)
    _unique(portal, kind, changes, record, {} if claims is None else claims)
    return changes


def _value(portal: Portal, kind: ObjectKind, name: str, value: str, problems: Problems) -> str:
    prop = portal.catalogue.find(kind, name)
    try:
        if prop is None:
            raise BadValue("PROPERTY_DOESNT_EXIST", f'Property "{name}" does not exist')
        return _allowed(prop, value)
    except BadValue as bad:
        code = "INVALID_OWNER_ID" if name == "hubspot_owner_id" else bad.code
        problems.append((name, code, bad.message))
        return ""


def _allowed(prop: Property, value: str) -> str:
    if prop.read_only:
        raise BadValue("READ_ONLY_VALUE", f'"{prop.name}" is a read only property; its value cannot be set.')
    return checked(prop, value)


def _nothing_missing(
    portal: Portal, kind: ObjectKind, changes: Mapping[str, str], record: Record | None
) -> None:
    after = {**(record.properties if record else {}), **changes}
    missing = [name for name in kind.required if not after.get(name)]
    if missing:
        raise Refusal(
            400,
            "VALIDATION_ERROR",
            f"Error creating {kind.singular.upper()}. Some required properties were not set.",
            context={"properties": missing},
        )
    demanded = [name for name in portal.options.required.get(kind.name, ()) if not after.get(name)]
    if demanded:
        said = "is required by the settings of this account"
        raise invalid_values(
            portal.options.portal,
            [(name, "MISSING_REQUIRED_PROPERTY", f"{name} {said}") for name in demanded],
        )


def _unique(
    portal: Portal, kind: ObjectKind, changes: Mapping[str, str], record: Record | None, claims: Claims
) -> None:
    for name in portal.catalogue.unique(kind.name):
        if not (value := changes.get(name, "")):
            continue
        holder = portal.store.holder(kind, name, value)
        taken = claims.get((name, fold(name, value)))
        if holder is not None and (record is None or holder.id != record.id):
            taken = holder.id
        if taken is not None:
            raise _clash(portal, kind, name, value, record, taken)
        claims[name, fold(name, value)] = record.id if record else portal.store.new_id()


def _clash(
    portal: Portal, kind: ObjectKind, name: str, value: str, record: Record | None, taken: str
) -> Refusal:
    primary = portal.store.live[kind.name].get(taken)
    known = primary is None or primary.properties.get("email") == value
    if name == "email" and record is None and known and portal.options.email_clash == "conflict":
        return Refusal(409, "CONFLICT", f"Contact already exists. Existing ID: {taken}")
    number = record.id if record else portal.store.new_id()
    where = (
        f"PropertyValueCoordinates{{portalId={portal.options.portal}, "
        f"objectTypeId=ObjectTypeId{{legacyObjectType={kind.singular.upper()}}}, "
        f"propertyName={name}, value={value}}}"
    )
    message = f"Cannot set {where} on {number}. {taken} already has that value."
    detail = {"message": message, "code": "CONFLICTING_UNIQUE_VALUE", "context": {"propertyName": [name]}}
    return Refusal(400, "VALIDATION_ERROR", message, errors=[detail])


def _stage(portal: Portal, changes: dict[str, str], record: Record | None) -> None:
    pipelines = portal.pipelines.by_id
    before = record.properties.get("pipeline") if record else None
    if record is None and not changes.get("pipeline"):
        if len(pipelines) > 1:
            raise Refusal(
                400,
                "VALIDATION_ERROR",
                "Error creating DEAL. Some required properties were not set.",
                context={"properties": ["pipeline"]},
            )
        changes["pipeline"] = next(iter(pipelines))
    if "pipeline" not in changes and "dealstage" not in changes:
        return
    chosen = pipelines[changes.get("pipeline") or before or "default"]
    stage = changes.get("dealstage") or (record.properties.get("dealstage") if record else "")
    if stage not in chosen.stages:
        listed = ", ".join(chosen.stages)
        message = f"{stage} was not one of the allowed options: [{listed}] of pipeline {chosen.id}"
        raise invalid_values(portal.options.portal, [("dealstage", "INVALID_OPTION", message)])


def _closing(portal: Portal, changes: dict[str, str], record: Record | None) -> None:
    stage = portal.pipelines.stage(changes.get("dealstage"))
    if stage is None:
        return
    was_closed = record is not None and record.properties.get("hs_is_closed") == "true"
    closed = stage.won or stage.lost
    changes["hs_is_closed"] = plain(closed)
    changes["hs_is_closed_won"] = plain(stage.won)
    changes["hs_is_closed_lost"] = plain(stage.lost)
    if closed and not was_closed and "closedate" not in changes and portal.options.auto_close_date:
        changes["closedate"] = iso(portal.now())


def _completion(portal: Portal, changes: dict[str, str], record: Record | None) -> None:
    before = record.properties if record else {}
    after = {**before, **changes}
    if not after.get("hs_task_status"):
        changes["hs_task_status"] = after["hs_task_status"] = "NOT_STARTED"
    if after["hs_task_status"] != "COMPLETED":
        due = after["hs_timestamp"] if portal.options.due_as_completion else ""
        changes["hs_task_completion_date"] = due
    elif before.get("hs_task_status") != "COMPLETED":
        changes["hs_task_completion_date"] = iso(portal.now())


def company_of(portal: Portal, contact: Record) -> None:
    """Make or find the company of a contact's e-mail domain, as the account's setting does."""
    domain = contact.properties.get("email", "").partition("@")[2]
    if not portal.options.auto_companies or not domain or domain in FREEMAIL:
        return
    kind = KINDS["companies"]
    known = (r for r in portal.store.live["companies"].values() if r.properties.get("domain") == domain)
    company = next(known, None) or portal.store.add(kind, {"domain": domain, "name": domain})
    portal.associations.connect(contact.kind.name, contact.id, kind.name, company.id)
