"""What the account says of itself: who it is, its owners, its call outcomes, what it may still hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.hubspot_simulator.answers import Answer, Json, iso, not_found
from tests.hubspot_simulator.kinds import KINDS
from tests.hubspot_simulator.options import Owner

if TYPE_CHECKING:
    from tests.hubspot_simulator.portal import Call, Portal


def details(portal: Portal, call: Call) -> Answer:
    """Answer portal id, type, time zone and currency."""
    options = portal.options
    return Answer(
        200,
        {
            "portalId": options.portal,
            "accountType": options.account_type,
            "timeZone": options.time_zone,
            "companyCurrency": options.currency,
            "additionalCurrencies": [],
            "utcOffset": "+01:00",
            "utcOffsetMilliseconds": 3_600_000,
            "uiDomain": "app-eu1.hubspot.com",
            "dataHostingLocation": "eu1",
        },
    )


def dispositions(portal: Portal, call: Call) -> Answer:
    """Answer the outcomes that a call can have."""
    return Answer(200, [{"id": o.value, "label": o.label, "deleted": False} for o in portal.dispositions])


def _owner(portal: Portal, owner: Owner) -> Json:
    at = iso(portal.opened)
    return {
        "id": owner.id,
        "email": owner.email,
        "type": "PERSON",
        "firstName": owner.first_name,
        "lastName": owner.last_name,
        "userId": None if owner.archived else owner.user_id,
        "userIdIncludingInactive": owner.user_id,
        "createdAt": at,
        "updatedAt": at,
        "archived": owner.archived,
    }


def owners(portal: Portal, call: Call) -> Answer:
    """Answer the owners, those of an e-mail address where asked, archived ones only where asked."""
    email, archived = (call.word("email") or "").lower(), call.flag("archived")
    found = [
        owner
        for owner in portal.options.owners
        if owner.archived is archived and (not email or owner.email.lower() == email)
    ]
    return Answer(200, {"results": [_owner(portal, owner) for owner in found]})


def owner(portal: Portal, call: Call) -> Answer:
    """Answer one owner by id, or by user id where asked."""
    by_user = call.word("idProperty") == "userId"
    for one in portal.options.owners:
        if call.parts["id"] == (str(one.user_id) if by_user else one.id):
            return Answer(200, _owner(portal, one))
    raise not_found()


def property_limits(portal: Portal, call: Call) -> Answer:
    """Answer how many custom properties there are and may be."""
    made, limit = portal.catalogue.custom(), portal.options.properties_allowed()
    by_type = [
        {
            "objectTypeId": kind.type_id,
            "singularLabel": kind.singular.capitalize(),
            "pluralLabel": kind.name.capitalize(),
            "limit": limit,
            "usage": sum(name == kind.name for name, _ in made),
        }
        for kind in KINDS.values()
    ]
    used = {"overallLimit": limit, "overallUsage": len(made), "overallPercentage": 100 * len(made) / limit}
    return Answer(200, {**used, "byObjectType": by_type})


def pipeline_limits(portal: Portal, call: Call) -> Answer:
    """Answer how many deal pipelines there are and may be."""
    limit, used = portal.options.pipelines_allowed(), len(portal.pipelines.by_id)
    deals = {
        "objectTypeId": "0-3",
        "singularLabel": "Deal",
        "pluralLabel": "Deals",
        "limit": limit,
        "usage": used,
    }
    return _told_limits(portal, [deals])


def record_limits(portal: Portal, call: Call) -> Answer:
    """Answer how many records there are of each type."""
    told = [
        {"objectTypeId": kind.type_id, "limit": 15_000_000, "usage": len(portal.store.live[kind.name])}
        for kind in KINDS.values()
    ]
    return _told_limits(portal, told)


def _told_limits(portal: Portal, of_types: list[Json]) -> Answer:
    if not portal.options.tells_limits:
        raise not_found()
    none = {"byObjectType": [], "overallLimit": 0, "overallUsage": 0, "overallPercentage": 0}
    return Answer(200, {"hubspotDefinedObjectTypes": of_types, "customObjectTypes": none})
