"""A simulated account and two ways to ask it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hubspot import HubSpot

from tests.hubspot_simulator.asking import KEY, Bare, Clock, sdk
from tests.hubspot_simulator.simulator import Simulator


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sim(clock: Clock) -> Iterator[Simulator]:
    """Open an account whose clock stands still."""
    with Simulator(clock=clock) as opened:
        yield opened


@pytest.fixture
def bare(sim: Simulator) -> Iterator[Bare]:
    """Ask without the SDK."""
    asking = Bare(sim)
    yield asking
    asking.close()


@pytest.fixture
def keyed_deals(bare: Bare) -> None:
    """Give deals a unique key."""
    assert bare.post("/crm/v3/properties/deals", KEY).status == 201


@pytest.fixture
def client(sim: Simulator) -> HubSpot:
    """Ask with the SDK."""
    return sdk(sim)
