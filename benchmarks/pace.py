"""How near an import into HubSpot comes to the pace that its limits allow: ``python -m benchmarks.pace``.

A simulated account in a process of its own enforces HubSpot's limits and answers after 100 ms. The floor
is the longer of two: what the limiter allows for the requests sent (95 in any 10.25 seconds), and what
100 ms for each request take with four in flight.
"""

from __future__ import annotations

import argparse
import compileall
import sys
import tempfile
from pathlib import Path

from benchmarks.generate import write_csv
from benchmarks.portal import ROOT, SETTINGS, Account, Ran, opened, run

BURST, WINDOW, IN_FLIGHT = 95, 10.25, 4
TARGET = 1.3


def set_up(account: Account, home: Path) -> int:
    """Set the account up, and return how many requests that took: neither they nor the time count."""
    command = [sys.executable, "-m", "crm_sync", "setup", "--crm", "hubspot", "--yes"]
    ran = run(command, SETTINGS | account.environ | {"CRM_SYNC_HOME": str(home / "home")})
    if ran.code:
        raise SystemExit(ran.words)
    return account.asked()


def import_into(account: Account, rows: int, home: Path) -> Ran:
    """Import so many new applications into an account that is set up."""
    tracker = write_csv(home / "tracker.csv", rows)
    command = [sys.executable, "-m", "crm_sync", "import", str(tracker), "--crm", "hubspot"]
    return run(
        command, SETTINGS | account.environ | {"CRM_SYNC_HOME": str(home / "home")}, watched_by=account
    )


def report(account: Account, ran: Ran, latency: int, before: int) -> list[str]:
    """Return one line for each figure; so many requests came *before* the import."""
    lines = account.lines()[before:]
    limiter = (len(lines) - 1) // BURST * WINDOW
    flight = len(lines) * latency / 1000 / IN_FLIGHT
    ratio = ran.wall / max(limiter, flight)
    bound = "the limiter" if limiter >= flight else "latency; the target is for runs bound by the limiter"
    counts = {kind: len(account.records(kind)) for kind in ("deals", "companies", "contacts", "tasks")}
    return [
        f"exit code {ran.code}; " + ", ".join(f"{count} {kind}" for kind, count in counts.items()),
        f"requests sent: {len(lines)}",
        f"searches: {sum(line['path'].endswith('/search') for line in lines)}",
        f"429 answered: {sum(line['status'] == 429 for line in lines)} (must be 0)",
        f"wall time: {ran.wall:.1f} s",
        f"the limiter allows: {limiter:.1f} s ({BURST} in any {WINDOW} s)",
        f"latency alone: {flight:.1f} s ({IN_FLIGHT} in flight), {flight * IN_FLIGHT:.1f} s one by one",
        f"ratio: {ratio:.2f} x (target {TARGET} x), bound by {bound}",
        f"peak memory of the client: {ran.peak:.0f} MB",
        *memory(ran, before),
    ]


def memory(ran: Ran, before: int) -> list[str]:
    """Return what the client held after these shares of its requests.

    It reads, matches and decides before it writes; while it writes, memory should stay as it is.
    """
    if not ran.held:
        return []
    requests = ran.held[-1][0] - before
    told = []
    for share in (0.1, 0.25, 0.5, 0.75, 1):
        held = next(mb for asked, mb in ran.held if asked - before >= share * requests)
        told.append(f"{share:.0%} {held:.0f} MB")
    return ["memory after these shares of the requests: " + ", ".join(told)]


def main() -> None:
    """Import once and print the figures; exit 1 where the import failed or a 429 was answered."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--rows", type=int, default=1000, help="applications, up to 10000")
    words.add_argument("--latency", type=int, default=100, metavar="MS")
    given = words.parse_args()
    for room in ("crm_sync", "connectors"):
        compileall.compile_dir(ROOT / room, quiet=1)  # as whoever installs a program does
    with opened(latency=given.latency) as account, tempfile.TemporaryDirectory() as home:
        before = set_up(account, Path(home))
        ran = import_into(account, given.rows, Path(home))
        print("\n".join(report(account, ran, given.latency, before)))
        if ran.code:
            print(ran.words)
        throttled = any(line["status"] == 429 for line in account.lines())
    sys.exit(1 if ran.code or throttled else 0)


if __name__ == "__main__":
    main()
