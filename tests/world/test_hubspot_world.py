"""The same world on a simulated HubSpot portal: people act there, and are heard by what the portal tells."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from crm_sync.crms.hubspot import HubSpotCrm
from crm_sync.crms.hubspot.records import TYPES, Record, remote_of
from crm_sync.domain.items import Change, Fields, Remote, RemoteId
from crm_sync.domain.keys import Key, Kind
from crm_sync.ledger.sql import open_ledger
from crm_sync.ports import Outcome
from tests.crms.hubspot_places import add_as_person, crm_on
from tests.hubspot_simulator.simulator import Simulator
from tests.world.test_world import START, USER, World, profile

_ENDS = (Kind.COMPANY, Kind.CONTACT, Kind.DEAL)


class PortalOfPeople:
    """Our CRM, in which people act, too: by an object of their own, so that we only hear what is told."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.ours = crm_on(simulator)
        self.theirs = HubSpotCrm(self.ours.api, self.ours.portal)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.ours, name)

    def edit(self, change: Change) -> Outcome:
        return self.theirs.edit(change)

    def add(self, kind: Kind, fields: Fields, relations: Collection[RemoteId] = ()) -> RemoteId:
        return add_as_person(self.simulator, self.ours, kind, fields, list(relations))

    def people_see(self, kind: Kind) -> Iterator[Remote]:
        """Yield every record of a kind, under its whole key and with its parents, named by their kind."""
        for told in self.simulator.records(TYPES[kind]):
            record = Record(told["id"], told["properties"], None)
            remote = remote_of(kind, record, self.ours.portal, frozenset(self._parents(kind, told["id"])))
            key = remote.key
            if key and kind in {Kind.TASK, Kind.CALL}:
                remote = replace(remote, key=Key(kind, USER, key.id))
            yield remote

    def _parents(self, kind: Kind, ident: str) -> Sequence[RemoteId]:
        ends = [end for end in _ENDS if end is not kind]
        found = {end: self.simulator.associated(TYPES[kind], ident, TYPES[end]) for end in ends}
        return [RemoteId(f"{end}-{far}") for end, of_kind in found.items() for far in of_kind]


class HubSpotWorld(World):
    """The world on HubSpot-on-simulator and the SQL ledger."""

    account = "hubspot-4242424"

    def make_crm(self) -> Any:
        self.ticks = 0
        self.folder = tempfile.TemporaryDirectory()
        self.simulator = Simulator(tier="starter", clock=self.clock).__enter__()
        return PortalOfPeople(self.simulator)

    def clock(self) -> datetime:
        """Return the portal's time, which never stands still."""
        self.ticks += 1
        return getattr(self, "now", START) + timedelta(milliseconds=self.ticks)

    def make_ledger(self) -> Any:
        return open_ledger(f"sqlite:///{self.folder.name}/ledger.db")

    def live(self, kind: Kind) -> list[Remote]:
        return list(self.real_crm.people_see(kind))

    def teardown(self) -> None:
        if hasattr(self, "real_ledger"):
            self.real_ledger.close()
        if hasattr(self, "simulator"):
            self.simulator.__exit__(None, None, None)
            self.folder.cleanup()


class LaggingWorld(HubSpotWorld):
    """The same, while the search index is twenty seconds behind: what just happened is not found yet."""

    lag = 20.0

    def make_crm(self) -> Any:
        portal = super().make_crm()
        self.simulator.options.index_lag = self.lag
        return portal

    @rule(complete=st.booleans())
    def sync_well(self, complete: bool) -> None:
        self.now += timedelta(seconds=self.lag + 5)  # so that people are heard; what the syncs write is not
        super().sync_well(complete)


TestHubSpotWorld = HubSpotWorld.TestCase
TestHubSpotWorld.settings = settings(profile(6), phases=[Phase.explicit, Phase.generate])

TestLaggingWorld = LaggingWorld.TestCase
TestLaggingWorld.settings = settings(profile(4), phases=[Phase.explicit, Phase.generate])


@pytest.mark.slow
@pytest.mark.parametrize("world", [HubSpotWorld, LaggingWorld])
def test_the_world_holds_on_hubspot_for_long(world: type[HubSpotWorld]) -> None:
    run_state_machine_as_test(world, settings=profile(300))
