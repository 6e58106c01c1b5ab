"""A HubSpot CRM on a simulated portal, ready to be used in tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crm_sync.crms.fields import tidied
from crm_sync.crms.hubspot import Api, HubSpotCrm, Portal, PortalSetup, Wire
from crm_sync.crms.hubspot.makers import with_owner
from crm_sync.crms.hubspot.markers import PROPERTY
from crm_sync.crms.hubspot.owners import Owners
from crm_sync.crms.hubspot.records import TYPES, creation_of
from crm_sync.crms.patient import Patience
from crm_sync.domain.items import Fields, RemoteId
from crm_sync.domain.keys import Key, Kind
from tests.hubspot_simulator.simulator import Simulator


class NoPace:
    """Lets every request through at once."""

    def acquire(self, bucket: str) -> float:
        return 0.0

    def hold(self, bucket: str, seconds: float) -> None:
        """Do not wait."""

    def told(self, *, day_left: int | None) -> None:
        """Do not listen."""

    def belongs_to(self, account: str) -> None:
        """Do not care."""


def api_on(simulator: Simulator, **wishes: Any) -> Api:
    """Return the requests on a simulated portal; waits are not slept through."""
    patience = wishes.pop("patience", None) or Patience(sleep=lambda _: None, total=1e9, most=60)
    version = wishes.pop("version", None)
    pace = wishes.pop("pace", None) or NoPace()
    return Api(Wire(wishes.pop("token", simulator.token), simulator.url, version, patience, pace))


def crm_on(simulator: Simulator, **wishes: Any) -> HubSpotCrm:
    """Set a simulated portal up and return its CRM."""
    api = api_on(simulator, **wishes)
    setup = PortalSetup(api, None, None)
    survey = setup.carry_out(setup.survey())
    return HubSpotCrm(api, Portal.from_text(survey.state))


def add_as_person(
    simulator: Simulator, crm: HubSpotCrm, kind: Kind, fields: Fields, relations: Sequence[RemoteId] = ()
) -> RemoteId:
    """Make a record as a person would, without a key of ours."""
    portal = crm.portal
    told = with_owner(tidied(kind, fields), Owners(crm.api))
    properties: dict[str, Any] = dict(creation_of(Key(kind, "", ""), told, portal))
    properties.pop(PROPERTY, None)
    for name in ("hs_task_body", "hs_call_body"):
        if name in properties:
            properties[name] = properties[name].replace("<br>[crm-sync:]", "")
    ties = [("deals", str(relation)) for relation in relations]
    return RemoteId(simulator.people.create(TYPES[kind], properties, ties))


__all__ = ["NoPace", "add_as_person", "api_on", "crm_on"]
