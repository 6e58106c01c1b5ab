"""One table of ways to bring 500 rows into HubSpot: ``python -m benchmarks.peers [--peers NAMES]``.

Each peer is installed from the package index into an environment of its own and meets a simulated account
of its own that enforces HubSpot's limits, answers after 100 ms and demands a description on deals. What
is set up beforehand (properties, a pipeline) is not counted.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sqlite3
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.peers.relay import relay
from benchmarks.portal import SETTINGS, Account, Ran, opened, run

HERE = Path(__file__).parent
ROWS, BAD = 500, (7, 103, 250, 251, 499)
NAMED = {"deals": "dealname", "companies": "name", "contacts": "email", "tasks": "hs_task_subject"}
PROJECT = {
    "drt_project.yml": 'name: tracker\nversion: "0.1"\nprofile: tracker\n',
    "syncs/deals.yml": """name: deals
model: "SELECT * FROM deals"
destination:
  type: hubspot
  object_type: deals
  id_property: application_key
  properties_template: |
    {"application_key": {{ row.application_key | tojson }}, "dealname": {{ row.dealname | tojson }},
     "dealstage": "appointmentscheduled", "pipeline": "default",
     "description": {{ row.description | tojson }}}
  auth: {type: bearer, token_env: HUBSPOT_ACCESS_TOKEN}
sync: {mode: full, batch_size: 100, on_error: skip}
""",
}


@dataclass
class Client:
    """A peer that is ready to run on one account: its command for a file, its variables, its folder."""

    command: Callable[[Path], list[str]]
    environ: dict[str, str]
    folder: Path = field(default_factory=Path.cwd)


def write_rows(path: Path, *, bad: bool = False) -> Path:
    """Write 500 plainly invented applications; the bad ones lack what a deal's description is made of."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("Company", "Job Title", "Date Applied", "Status", "Contact", "Email"))
        for n in range(ROWS):
            company = f"Company {n} of Invention"
            spoiled = bad and n in BAD
            person = ("", "") if spoiled else (f"Person {n}", f"person{n}@company{n}.example")
            job = ("", "") if spoiled else (f"Job {n}", "2027-01-28")
            table.writerow((company, *job, "Applied", *person))
    return path


def installed(name: str, package: str, folder: Path) -> Path:
    """Install a package into an environment of its own; return its folder of programs."""
    subprocess.run([sys.executable, "-m", "venv", folder / name], check=True)
    programs = folder / name / "bin"
    subprocess.run([programs / "python", "-m", "pip", "install", "-q", package], check=True)
    return programs


@contextmanager
def crm_sync(account: Account, folder: Path, _: Path) -> Iterator[Client]:
    """Set the account up with crm-sync."""
    ours = [sys.executable, "-m", "crm_sync"]
    environ = SETTINGS | account.environ | {"CRM_SYNC_HOME": str(folder / "home")}
    ready = run([*ours, "setup", "--crm", "hubspot", "--yes"], environ)
    assert ready.code == 0, ready.words
    yield Client(lambda file: [*ours, "import", str(file), "--crm", "hubspot", "--yes"], environ)


@contextmanager
def plain_loop(account: Account, _: Path, programs: Path) -> Iterator[Client]:
    """Run a loop over the SDK."""
    yield Client(lambda f: [str(programs / "python"), str(HERE / "plain_loop.py"), str(f)], account.environ)


@contextmanager
def dlt(account: Account, folder: Path, programs: Path) -> Iterator[Client]:
    """Run a hand-written dlt destination; its unique property is there beforehand."""
    _unique_property(account)
    more = {"DLT_HOME": str(folder / "dlt"), "RUNTIME__DLTHUB_TELEMETRY": "false"}
    words = [str(programs / "python"), str(HERE / "dlt_upsert.py")]
    yield Client(lambda file: [*words, str(file)], account.environ | more, folder)


@contextmanager
def drt(account: Account, folder: Path, programs: Path) -> Iterator[Client]:
    """Run drt on a table of the same rows; its unique property is there beforehand."""
    _unique_property(account)
    settings = folder / ".drt" / "profiles.yml"
    for name, text in PROJECT.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    settings.parent.mkdir()
    settings.write_text(f"tracker:\n  type: sqlite\n  database: {folder / 'deals.sqlite'}\n")

    def command(file: Path) -> list[str]:
        _fill(folder / "deals.sqlite", file)
        return [str(programs / "drt"), "run"]

    with relay(account.url, folder) as proxied:
        more = {"HOME": str(folder), "DO_NOT_TRACK": "1"}
        yield Client(command, account.environ | proxied | more, folder)


def _fill(database: Path, file: Path) -> None:
    with sqlite3.connect(database) as table, file.open(newline="", encoding="utf-8") as rows:
        table.execute("drop table if exists deals")
        table.execute("create table deals (application_key, dealname, description)")
        for row in csv.DictReader(rows):
            applied = row["Date Applied"] and f"Applied on {row['Date Applied']}"
            name = f"{row['Job Title']} at {row['Company']}"
            table.execute("insert into deals values (?, ?, ?)", (name, name, applied))


def _unique_property(account: Account) -> None:
    said = {"name": "application_key", "label": "Application key", "groupName": "dealinformation"}
    said |= {"type": "string", "fieldType": "text"}
    request = urllib.request.Request(
        f"{account.url}/crm/v3/properties/deals",
        json.dumps(said | {"hasUniqueValue": True}).encode(),
        {"Authorization": f"Bearer {account.token}", "Content-Type": "application/json"},
    )
    urllib.request.urlopen(request, timeout=60).close()


PEERS = {
    "crm-sync": (crm_sync, ""),
    "plain loop": (plain_loop, "hubspot-api-client"),
    "dlt upsert": (dlt, "dlt"),
    "drt-core": (drt, "drt-core"),
}


def line(peer: str, what: str, account: Account, before: int, runs: list[Ran], bad: tuple[int, ...]) -> str:
    """Return one line of the table: what it took, and what the account holds afterwards."""
    doubled = 0
    for kind, name in NAMED.items():
        found = [record["properties"].get(name) for record in account.records(kind)]
        doubled += len(found) - len(set(found))
    names = " ".join(record["properties"].get("dealname") or "" for record in account.records("deals"))
    kept = {int(number) for number in re.findall(r"Company (\d+) of", names)} - set(bad)
    asked = len(account.lines()) - before
    codes = ", ".join("killed" if ran.code == -9 else str(ran.code) for ran in runs)
    wall = sum(ran.wall for ran in runs)
    return (
        f"| {peer} | {what} | {asked} | {wall:.1f} | {doubled} | {len(kept)} of {ROWS - len(bad)} | {codes} |"
    )


def lines_of(peer: str, programs: Path) -> list[str]:
    """Run one peer through all four trials."""
    told: list[str] = []
    for trial in (_twice, _killed, _spoiled):
        with opened("--require", "deals.description") as account, tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            with PEERS[peer][0](account, folder, programs) as client:
                told += trial(peer, account, client, folder)
    return told


def _twice(peer: str, account: Account, client: Client, folder: Path) -> list[str]:
    file, told = write_rows(folder / "rows.csv"), []
    for what in ("first run", "unchanged run"):
        before = len(account.lines())
        ran = run(client.command(file), client.environ, folder=client.folder)
        told.append(line(peer, what, account, before, [ran], ()))
        _complain(peer, what, ran)
    return told


def _killed(peer: str, account: Account, client: Client, folder: Path) -> list[str]:
    file, before = write_rows(folder / "rows.csv"), len(account.lines())
    half = (account, ROWS // 2)
    runs = [run(client.command(file), client.environ, folder=client.folder, kill_when=half)]
    runs.append(run(client.command(file), client.environ, folder=client.folder))
    _complain(peer, "kill -9 half-way, again", runs[-1])
    return [line(peer, "kill -9 half-way, again", account, before, runs, ())]


def _spoiled(peer: str, account: Account, client: Client, folder: Path) -> list[str]:
    file, before = write_rows(folder / "rows.csv", bad=True), len(account.lines())
    ran = run(client.command(file), client.environ, folder=client.folder)
    _complain(peer, "5 bad of 500", ran)
    return [line(peer, "5 bad of 500", account, before, [ran], BAD)]


def _complain(peer: str, what: str, ran: Ran) -> None:
    if ran.code:
        print(f"{peer}, {what}: {ran.words[-600:]}\n", file=sys.stderr)


def attempted(peer: str, folder: Path) -> list[str]:
    """Install and run one peer; where that fails, say so in the table instead."""
    package = PEERS[peer][1]
    try:
        programs = installed(peer.replace(" ", "-"), package, folder) if package else folder
    except subprocess.CalledProcessError as failed:
        return [f"| {peer} | could not be installed ({failed.returncode}) | | | | | |"]
    return lines_of(peer, programs)


def main() -> None:
    """Run all peers at once, since they mostly wait, and print the table."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS))
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(len(PEERS)) as together:
        told = list(together.map(lambda peer: attempted(peer, Path(folder)), given.peers))
    print("| | trial | requests | wall, s | duplicates | good rows kept | exit code |")
    print("|---|---|---|---|---|---|---|")
    print("\n".join(line for lines in told for line in lines))


if __name__ == "__main__":
    main()
