"""A simulated account whose administrator demands a description on deals; started by ``portal.opened``."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path

from tests.hubspot_simulator.simulator import Simulator


def main() -> None:
    """Serve until terminated; the first two lines say what to set."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--latency", type=float, default=0)
    words.add_argument("--tier", default="starter")
    words.add_argument("--log", type=Path)
    words.add_argument("--rate-limit", action="store_true")
    words.add_argument("--control", action="store_true")
    given = words.parse_args()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with Simulator(
        rate_limit=given.rate_limit,
        log_file=given.log,
        tier=given.tier,
        latency=given.latency / 1000,
        control=given.control,
        required={"deals": ("description",)},
    ) as simulator:
        sys.stdout.write(f"export HUBSPOT_BASE_URL={simulator.url}\n")
        sys.stdout.write(f"export HUBSPOT_ACCESS_TOKEN={simulator.token}\n")
        sys.stdout.flush()
        stop.wait()


if __name__ == "__main__":
    main()
