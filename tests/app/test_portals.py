"""Portals opened as the settings name them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from crm_sync.app.portals import requests_of
from crm_sync.config.connections import HUBSPOT, Connection
from crm_sync.config.secrets import Secret
from crm_sync.errors import CrmUnavailable
from tests.hubspot_simulator.faults import Fault, fault_named
from tests.hubspot_simulator.simulator import Simulator

TOKEN = "pat-eu1-5ec2e75e-0000-4000-8000-000000000002"


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(token=TOKEN) as portal:
        yield portal


@pytest.fixture
def state(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/accounts.db"


def connection(simulator: Simulator, token: str = TOKEN) -> Connection:
    return Connection(HUBSPOT, HUBSPOT, Secret(token, "a test"), base_url=simulator.url)


@pytest.mark.parametrize("fault", ["429", "503", "423"])
def test_a_stop_ends_the_wait_for_hubspot(simulator: Simulator, state: str, fault: str) -> None:
    stop = threading.Event()
    simulator.faults = lambda _: fault_of(fault, stop)
    with requests_of(connection(simulator), state, stop) as api, pytest.raises(CrmUnavailable):
        api.account()  # would wait four minutes
    assert simulator.count() == 1


def test_searches_are_counted_for_the_portal_and_bursts_for_the_key(simulator: Simulator, state: str) -> None:
    nothing = {"limit": 1, "filterGroups": [], "properties": [], "sorts": []}
    with requests_of(connection(simulator), state) as api:
        api.account()
        api.search("deals", nothing)
    engine = create_engine(state)
    with engine.connect() as book:
        kept = {row.bucket: row.account for row in book.execute(text("SELECT * FROM throttle_queues"))}
    engine.dispose()
    assert kept["search"] == f"hubspot-{simulator.options.portal}"
    assert kept["burst"].startswith("hubspot-key-")
    assert TOKEN not in str(kept)


def fault_of(name: str, stop: threading.Event) -> Fault:
    """Set the stop a moment after the answer that asks to wait."""
    threading.Timer(0.3, stop.set).start()
    return fault_named(name, 240.0)
