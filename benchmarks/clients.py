"""A coaching firm of any size: users with a list of applications each, and their configuration."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from benchmarks.generate import TODAY

HEADER = (
    "Company",
    "Job Title",
    "Location",
    "Date Applied",
    "Status",
    "Contact Name",
    "Contact Email",
    "Notes",
)
PLACES = ("Berlin, Germany", "Lyon, France", "Remote", "Leeds, United Kingdom")
STATUSES = ("Applied",) * 8 + ("Interview", "Rejected")
SHARED = 10
"""Every so many rows lead to a firm, and a person there, whom other users write to as well."""


def names(count: int) -> list[str]:
    """Return the names of the users."""
    return [f"client-{number:04}" for number in range(count)]


def rows(user: int, count: int) -> Iterator[tuple[str, ...]]:
    """Yield the applications of a user, always the same; *user* is the mark that nobody else's rows carry."""
    dice = random.Random(user)
    for number in range(count):
        firm = f"Hall {dice.randrange(200)}" if number % SHARED == 0 else f"Firm {user}-{number // 2}"
        address = firm.replace(" ", "").lower()
        yield (
            f"{firm} Ltd",
            f"Engineer {number}",
            dice.choice(PLACES),
            (TODAY - timedelta(days=dice.randrange(20))).isoformat(),
            dice.choice(STATUSES),
            f"Person of {firm}",
            f"person@{address}.example",
            f"mark-{user:04}-{number}",
        )


def write_list(folder: Path, user: int, count: int) -> Path:
    """Write a user's list."""
    path = folder / f"{names(user + 1)[-1]}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows(user, count))
    return path


def write_firm(folder: Path, users: int, applications: int, crms: str = "") -> Path:
    """Write a configuration, and a list for each of its users; *crms* are more lines of the configuration.

    Users are spread evenly over the CRMs that it names in lines such as ``  agency: {...}``.
    """
    named = [line.split(":")[0].strip() for line in crms.splitlines() if line.startswith("  ")]
    lines = ["state: {home: home}", "defaults: {time_zone: Europe/Berlin, country: DE, calls_per_day: 10}"]
    lines += [crms.rstrip()] if crms else []
    lines.append("users:")
    for number, name in enumerate(names(users)):
        write_list(folder, number, applications)
        crm = f"crm: {named[number % len(named)]}, " if named else ""
        lines.append(f"  {name}: {{{crm}sources: [{name}.csv]}}")
    path = folder / "crm-sync.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
