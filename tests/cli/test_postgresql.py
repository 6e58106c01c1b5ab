"""The commands with the book in PostgreSQL: the whole way, where a server answers on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import JANE, TRACKER, Shell
from tests.ledger.conftest import fresh_schema


@pytest.fixture
def served(shell: Shell) -> Iterator[Shell]:
    """A shell whose book is an empty schema of a PostgreSQL server."""
    with fresh_schema() as url:
        shell.patch.setenv("CRM_SYNC_DATABASE_URL", url)
        yield shell


def test_a_list_becomes_deals_and_calls_and_the_second_import_changes_nothing(served: Shell) -> None:
    first = served("import", served.put())
    second = served("import", served.put())

    assert first.out.startswith("4 applications: 4 new")
    assert (second.code, second.out.splitlines()[0]) == (0, "Nothing new: 4 applications unchanged.")
    assert [c["company"] for c in json.loads(served("calls", "--days", "7", "--json").out)] == [
        "Northwind Robotics",
        "Bluebird Analytics",
    ]


def test_a_persons_words_and_a_changed_row_are_kept(served: Shell) -> None:
    served("import", served.put())
    key = served.key(JANE)

    assert served("log", key, "no_answer").code == 0
    served("import", served.put(TRACKER.replace("2027-02-01,Applied", "2027-02-01,Rejected")))

    told = json.loads(served("status", "--json").out)
    assert (told["calls_made"], told["stages"]["rejected"]) == (1, 1)
    assert json.loads(served("calls", key, "--json").out)[0]["attempt"] == 2
    assert served("explain", key).code == 0


def test_the_home_keeps_no_book_beside_the_servers(served: Shell, home: Path) -> None:
    served("import", served.put())

    assert not list(home.rglob("ledger*"))
