"""What other processes do to a book: ``python -m tests.ledger.children VERB URL ...``."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

from crm_sync.domain.items import RemoteId
from crm_sync.domain.links import Link
from crm_sync.ledger import SqlLedger, open_ledger
from crm_sync.ports import Cursor, Entry
from crm_sync.testing.ledger_samples import key, plain_dossier, source

ACCOUNT = "local"


def start(*words: str) -> subprocess.Popen[str]:
    """Start a process that does one of the verbs below; it says what it did, line by line."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.ledger.children", *words], stdout=subprocess.PIPE, text=True
    )


def say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def open_at(url: str, instant: str) -> None:
    """Open the book at an instant at which others open it too."""
    time.sleep(max(float(instant) - time.time(), 0))
    ledger = open_ledger(url)
    with ledger.exclusive("local", wait=30) as lease:
        ledger.record(Entry("local", links=[Link(key(str(os.getpid())))]), lease)
    say("opened")


def add(url: str, rounds: str) -> None:
    """Add to a counter that the account's lease alone protects."""
    ledger = open_ledger(url)
    for _ in range(int(rounds)):
        with ledger.exclusive(ACCOUNT, wait=60) as lease:
            counted = int(ledger.cursor(ACCOUNT) or 0)
            ledger.record(Entry(ACCOUNT, cursor=Cursor(str(counted + 1))), lease)
    say("added")


def write(url: str, rounds: str) -> None:
    """Write links, entry after entry."""
    ledger = open_ledger(url)
    for number in range(int(rounds)):
        with ledger.exclusive(ACCOUNT, wait=60) as lease:
            ledger.record(Entry(ACCOUNT, links=[Link(key(f"{os.getpid()}-{number}"))]), lease)
        say(number)


def hold(url: str) -> None:
    """Hold the account until the process ends."""
    with open_ledger(url).exclusive(ACCOUNT) as lease:
        say(lease.holder)
        time.sleep(600)


def die_while_recording(url: str) -> None:
    """Die by signal when half of an entry was sent to the database."""
    ledger = open_ledger(url)
    with ledger.exclusive(ACCOUNT) as lease:
        ledger.record(entry_of(1), lease)
        say("recorded")
        ledger.record(entry_of(2, sources=Deadly()), lease)


def record_for_ever(url: str) -> None:
    """Record one entry after the other, telling which are in the book."""
    ledger = open_ledger(url)
    with ledger.exclusive(ACCOUNT) as lease:
        number = 0
        while True:
            number += 1
            ledger.record(entry_of(number), lease)
            say(number)


def entry_of(number: int, **more: Any) -> Entry:
    """Return an entry whose parts all say the same number."""
    return Entry(
        ACCOUNT,
        links=[Link(key(f"k{n}"), RemoteId(str(number))) for n in range(50)],
        dossiers=[plain_dossier("k0", str(number))],
        cursor=Cursor(str(number)),
        **{"sources": [source(applications=number)], **more},
    )


def numbers_in(ledger: SqlLedger) -> set[str]:
    """Return the numbers that the parts of the book say: one, if no entry was torn."""
    return {
        str(ledger.cursor(ACCOUNT)),
        *(str(link.remote_id) for link in ledger.links(ACCOUNT).values()),
        *(dossier.user for dossier in ledger.dossiers(ACCOUNT).values()),
        *(str(state.applications) for state in ledger.sources(ACCOUNT)),
    }


class Deadly(Sequence[Any]):
    """A sequence that nobody survives reading."""

    def __len__(self) -> int:
        return 1

    def __getitem__(self, index: Any) -> Any:
        raise IndexError

    def __iter__(self) -> Iterator[Any]:
        yield source()
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    verbs = {
        each.__name__: each for each in (open_at, add, write, hold, die_while_recording, record_for_ever)
    }
    verbs[sys.argv[1]](*sys.argv[2:])
