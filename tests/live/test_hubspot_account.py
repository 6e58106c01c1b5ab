"""The contract of every CRM against a real HubSpot test account.

Runs only with `pytest -m live` and HUBSPOT_TEST_TOKEN, the token of a developer test account or a sandbox:
EVERYTHING in it is deleted before each test, and any other kind of account is refused.
HUBSPOT_TEST_BASE_URL names another address.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import pytest

from crm_sync.crms.hubspot import Api, HubSpotCrm, Portal, PortalSetup
from crm_sync.crms.hubspot.markers import PROPERTY
from crm_sync.crms.hubspot.records import TYPES, creation_of
from crm_sync.domain.items import Fields, RemoteId
from crm_sync.domain.keys import Key, Kind
from crm_sync.ports import CRM
from crm_sync.testing.crm_contract import CrmContract
from tests.live.places import IS_SIMULATED, api_of

pytestmark = pytest.mark.live

LAG = 0.0 if IS_SIMULATED else 10.0
"""Seconds until a real account's index knows of a write."""


@pytest.fixture(scope="module")
def api() -> Api:
    return api_of()


@pytest.fixture(scope="module")
def portal(api: Api) -> Portal:
    setup = PortalSetup(api, None, None)
    return Portal.from_text(setup.carry_out(setup.survey()).state)


class TestHubSpotAccount(CrmContract):
    keyless = frozenset({Kind.CONTACT})

    @pytest.fixture(autouse=True)
    def _empty(self, api: Api, portal: Portal) -> None:
        self.api, self.portal = api, portal
        for kind in ("tasks", "calls", "deals", "contacts", "companies"):
            found = api.search(kind, {"limit": 200, "filterGroups": [], "properties": [], "sorts": []})
            ids = [str(record["id"]) for record in found.body.get("results") or ()]
            for start in range(0, len(ids), 100):
                api.archive(kind, ids[start : start + 100])

    def make_crm(self) -> HubSpotCrm:
        return HubSpotCrm(self.api, self.portal)

    def settle(self, crm: CRM) -> None:
        time.sleep(LAG)

    def add_as_person(
        self, crm: CRM, kind: Kind, fields: Fields, relations: Sequence[RemoteId] = ()
    ) -> RemoteId:
        properties = creation_of(Key(kind, "", "none"), fields, self.portal)
        properties.pop(PROPERTY, None)
        for name in ("hs_task_body", "hs_call_body"):
            if name in properties:
                properties[name] = properties[name].replace("<br>[crm-sync:none]", "")
        made: Any = self.api.create(TYPES[kind], [{"properties": properties}]).body["results"][0]
        if relations:
            self.api.relate(TYPES[kind], "deals", [(made["id"], relation) for relation in relations])
        return RemoteId(made["id"])

    def parents(self, crm: CRM, key: Key, remote_id: RemoteId) -> frozenset[RemoteId]:
        kinds = [kind for kind in ("companies", "contacts", "deals") if kind != TYPES[key.kind]]
        related = [self.api.related(TYPES[key.kind], kind, [remote_id]) for kind in kinds]
        return frozenset(RemoteId(ident) for found in related for ident in found.get(remote_id, ()))
