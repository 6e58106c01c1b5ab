"""HubSpot keeps the contract of every CRM, on a simulated portal, by its old paths and by dated ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from crm_sync.crms.hubspot import HubSpotCrm
from crm_sync.crms.hubspot.records import TYPES
from crm_sync.domain.items import Fields, RemoteId
from crm_sync.domain.keys import Key, Kind
from crm_sync.ports import CRM
from crm_sync.testing.crm_contract import CrmContract
from tests.crms.hubspot_places import add_as_person, crm_on
from tests.hubspot_simulator.simulator import Simulator


class TestHubSpotOnSimulator(CrmContract):
    keyless = frozenset({Kind.CONTACT})
    version: str | None = None

    @pytest.fixture(autouse=True)
    def _portal(self) -> Iterator[None]:
        with Simulator(tier="starter") as self.simulator:
            yield

    def make_crm(self) -> HubSpotCrm:
        return crm_on(self.simulator, version=self.version)

    def add_as_person(
        self, crm: CRM, kind: Kind, fields: Fields, relations: Sequence[RemoteId] = ()
    ) -> RemoteId:
        assert isinstance(crm, HubSpotCrm)
        return add_as_person(self.simulator, crm, kind, fields, relations)

    def parents(self, crm: CRM, key: Key, remote_id: RemoteId) -> frozenset[RemoteId]:
        kinds = ("companies", "contacts", "deals")
        tied = (self.simulator.associated(TYPES[key.kind], remote_id, other) for other in kinds)
        return frozenset(RemoteId(ident) for of_kind in tied for ident in of_kind)


class TestHubSpotByDatedPaths(TestHubSpotOnSimulator):
    version = "2026-09"


class TestFreeHubSpot(TestHubSpotOnSimulator):
    """A free account: no pipeline of our own, several of our stages in one column."""

    @pytest.fixture(autouse=True)
    def _portal(self) -> Iterator[None]:
        with Simulator(tier="free", traced_creates=True) as self.simulator:
            yield
