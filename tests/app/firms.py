"""A firm with many clients in a folder, and syncs of all of them."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from crm_sync.app.fleet import Fleet, UserRun
from crm_sync.app.house import AS_USUAL, House, Wishes
from crm_sync.app.wiring import open_house
from crm_sync.config.surroundings import look_around

HEADER = ("Company", "Job Title", "Date Applied", "Status", "Contact Name", "Contact Email", "Notes")
MONDAY = "2027-02-01T09:00:00+01:00"


@dataclass
class Firm:
    """Users, each with a list of their own; ``environ`` is what their runs see of the machine."""

    folder: Path
    environ: dict[str, str] = field(default_factory=lambda: {"CRM_SYNC_NOW": MONDAY})

    def hire(self, *users: str, crm: str = "", rows: int = 2) -> Firm:
        """Write the configuration and a list for each user."""
        lines = ["state: {home: home}", "defaults: {time_zone: Europe/Berlin, country: DE}", crm, "users:"]
        for user in users:
            self.put(user, [row(user, number) for number in range(rows)])
            lines.append(f"  {user}: {{sources: [{user}.csv]}}")
        (self.folder / "crm-sync.yaml").write_text("\n".join(filter(None, lines)) + "\n", "utf-8")
        return self

    def put(self, user: str, rows: Sequence[Sequence[str]]) -> None:
        """Write a user's list."""
        with (self.folder / f"{user}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([HEADER, *rows])

    def fleet(self, *users: str, jobs: int = 1) -> Fleet:
        """Return all users, or these."""
        around = look_around(self.environ, str(self.folder / "crm-sync.yaml"))
        return Fleet(around, users or around.users, jobs=jobs)

    def sync(self, *users: str, wishes: Wishes = AS_USUAL, jobs: int = 1) -> dict[str, UserRun]:
        """Sync all users, or these, and return what it came to for each."""
        return {done.user: done for done in self.fleet(*users, jobs=jobs).sync(wishes)}

    @contextmanager
    def house(self) -> Iterator[House]:
        """Open ledger and embedded CRM, to look."""
        with open_house(self.fleet().around.settings(None)) as house:
            yield house


def row(user: str, number: int, **more: str) -> tuple[str, ...]:
    """Return an application that carries the user's mark in every cell that can."""
    facts: dict[str, Any] = {
        "company": f"Firm {user} {number}",
        "title": f"Engineer {user}",
        "on": "2027-01-29",
        "status": "Applied",
        "contact": f"Person {user}",
        "mail": f"{user}@firm{number}.example",
        "notes": f"secret-of-{user}",
    }
    return tuple((facts | more).values())


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect every statement that goes to a database meanwhile."""
    heard: list[str] = []

    def listen(_c: Any, _cursor: Any, statement: str, _p: Any, _x: Any, _m: Any) -> None:
        heard.append(statement)

    event.listen(Engine, "before_cursor_execute", listen)
    try:
        yield heard
    finally:
        event.remove(Engine, "before_cursor_execute", listen)
