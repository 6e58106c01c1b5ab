"""Start a simulated HubSpot account by hand: ``python -m tests.hubspot_simulator --latency 100``."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from tests.hubspot_simulator.faults import at_random, every_name, never
from tests.hubspot_simulator.options import ALL_SCOPES, TIERS, TOKEN
from tests.hubspot_simulator.simulator import Simulator


def _asked(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.hubspot_simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--tier", choices=sorted(TIERS), default="free")
    parser.add_argument("--scopes", help="comma separated; default: all that a service key can have")
    parser.add_argument("--latency", type=float, default=0, metavar="MS", help="of every request")
    parser.add_argument(
        "--lag", type=float, default=0, metavar="SECONDS", help="until search knows of a write"
    )
    parser.add_argument("--rate-limit", action="store_true", help="enforce the limits of the tier")
    parser.add_argument("--faults", type=float, default=0, metavar="SHARE", help="of the requests that fail")
    parser.add_argument("--fault-names", help=f"comma separated; default: {','.join(every_name())}")
    parser.add_argument("--seed", type=int, default=1, help="of the faults")
    parser.add_argument("--auto-companies", action="store_true", help="an e-mail domain makes a company")
    parser.add_argument(
        "--require", metavar="TYPE.PROPERTY", help="a property that the administrator demands"
    )
    parser.add_argument("--log", type=Path, metavar="FILE", help="one JSON line per request")
    parser.add_argument("--control", action="store_true", help="open /simulator/ for tests")
    return parser.parse_args(words)


def _simulator(asked: argparse.Namespace) -> Simulator:
    names = asked.fault_names.split(",") if asked.fault_names else None
    return Simulator(
        port=asked.port,
        rate_limit=asked.rate_limit,
        faults=at_random(asked.faults, asked.seed, names) if asked.faults else never,
        log_file=asked.log,
        token=asked.token,
        tier=asked.tier,
        scopes=frozenset(asked.scopes.split(",")) if asked.scopes else ALL_SCOPES,
        latency=asked.latency / 1000,
        index_lag=asked.lag,
        auto_companies=asked.auto_companies,
        required=_required(asked.require),
        control=asked.control,
    )


def _required(text: str | None) -> dict[str, tuple[str, ...]]:
    kind, _, name = (text or "").partition(".")
    return {kind: (name,)} if name else {}


def main(words: Sequence[str] | None = None) -> None:
    """Serve until interrupted or terminated; the first two lines say what to set."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with _simulator(_asked(words)) as simulator:
        sys.stdout.write(f"export HUBSPOT_BASE_URL={simulator.url}\n")
        sys.stdout.write(f"export HUBSPOT_ACCESS_TOKEN={simulator.token}\n")
        sys.stdout.flush()
        stop.wait()


if __name__ == "__main__":
    main()
