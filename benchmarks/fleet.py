"""A coaching firm of a thousand users: `python -m benchmarks.fleet [--users N] [--portals]`.

Each sync runs in a process of its own; its processor time (user and system), wall time and peak memory are
told, with what became of the users. With ``--portals`` two users are led astray: one to a portal that
refuses the token, one to an address where nobody answers (which takes five minutes of waiting).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.clients import names, write_firm
from benchmarks.portal import opened

ROOT = Path(__file__).parent.parent
TARGET = 10.0
NOBODY = "http://127.0.0.1:9"


@dataclass(frozen=True)
class Synced:
    """One sync: exit code, seconds of processor and of the clock, peak memory in MB, the users' reports."""

    code: int
    cpu: float
    wall: float
    peak: float
    users: list[Mapping[str, Any]]

    @property
    def told(self) -> str:
        """Return how the users fared, in one line."""
        failed = [user for user in self.users if "failure" in user]
        hurt = [user for user in self.users if user.get("outages") or user.get("stopped")]
        quiet = sum(bool(user.get("nothing_new")) for user in self.users)
        done = len(self.users) - len(failed) - len(hurt) - quiet
        return f"{done} synced, {quiet} nothing new, {len(hurt)} with a source not read, {len(failed)} failed"


def sync(folder: Path, *more: str, environ: Mapping[str, str] | None = None) -> Synced:
    """Sync everybody once."""
    told = {"CRM_SYNC_NOW": "2027-02-01T09:00:00+01:00", "PYTHONPATH": str(ROOT), **(environ or {})}
    begun = time.perf_counter()
    with (
        tempfile.TemporaryFile() as out,
        subprocess.Popen(
            [sys.executable, "-m", "crm_sync", "sync", "--json", *more],
            stdout=out, stderr=subprocess.DEVNULL, env=os.environ | told, cwd=folder,
        ) as child,
    ):  # fmt: skip
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - begun
        out.seek(0)
        users = json.load(out)["users"]
    return Synced(child.returncode, usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, users)


def tell(what: str, done: Synced, target: float | None = None) -> None:
    """Print one line about a sync."""
    met = "" if target is None else f", target {target:g} s: {'met' if done.cpu < target else 'MISSED'}"
    figures = f"{done.cpu:.1f} s processor{met}, {done.wall:.1f} s wall, {done.peak:.0f} MB, exit {done.code}"
    print(f"{what}: {figures}; {done.told}", flush=True)


def lead_astray(folder: Path, users: int, applications: int) -> None:
    """Let the last user but one meet a portal that refuses the token, and the last one nobody."""
    with opened(latency=0) as account:
        crms = (
            "crms:\n"
            f"  wrong: {{kind: hubspot, token: {{env: WRONG}}, base_url: '{account.url}'}}\n"
            f"  away: {{kind: hubspot, token: {{env: WRONG}}, base_url: '{NOBODY}'}}\n"
        )
        path = write_firm(folder, users, applications)
        *_, one, other = names(users)
        text = path.read_text("utf-8").replace("users:\n", f"{crms}users:\n", 1)
        text = text.replace(f"{one}: {{", f"{one}: {{crm: wrong, ").replace(
            f"{other}: {{", f"{other}: {{crm: away, "
        )
        path.write_text(text.replace(": {sources", ": {crm: local, sources"), "utf-8")
        tell("one token revoked, one portal down", sync(folder, environ={"WRONG": "pat-na1-0000-no-token"}))


def main() -> None:
    """Measure and print."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--users", type=int, default=1000)
    words.add_argument("--applications", type=int, default=20)
    words.add_argument("--portals", action="store_true")
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_firm(folder, given.users, given.applications)
        print(
            f"{given.users} users with {given.applications} applications each, load {os.getloadavg()[0]:.1f}"
        )
        tell("first sync", sync(folder))
        for _ in range(3):
            tell("unchanged", sync(folder), TARGET)
        (folder / f"{names(2)[1]}.csv").write_bytes(b"PK\x03\x04 no workbook")
        tell("one user's file broken", sync(folder))
        if given.portals:
            lead_astray(folder, given.users, given.applications)


if __name__ == "__main__":
    main()
