"""A HubSpot account on loopback that the real SDK talks to; see README.md for what it promises."""

from tests.hubspot_simulator.faults import Fault, at_random, fault_named, never, nth, script
from tests.hubspot_simulator.options import ALL_SCOPES, OWNERS, SYNC_SCOPES, TOKEN, Limits, Options, Owner
from tests.hubspot_simulator.simulator import Simulator

__all__ = [
    "ALL_SCOPES",
    "OWNERS",
    "SYNC_SCOPES",
    "TOKEN",
    "Fault",
    "Limits",
    "Options",
    "Owner",
    "Simulator",
    "at_random",
    "fault_named",
    "never",
    "nth",
    "script",
]
