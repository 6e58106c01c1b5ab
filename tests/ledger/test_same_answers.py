"""A book in a database answers every question as the one in memory does, whatever was written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_sync.domain.items import RemoteId
from crm_sync.domain.keys import Kind
from crm_sync.ledger import MemoryLedger, SqlLedger
from crm_sync.ports import Entry, Ledger
from tests import strategies

numbers = count()


@pytest.fixture
def book(book_url: str) -> Iterator[SqlLedger]:
    ledger = SqlLedger(book_url)
    yield ledger
    ledger.close()


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_same_entries_give_the_same_answers(book: SqlLedger, data: st.DataObject) -> None:
    account = f"account-{next(numbers)}"
    memory = MemoryLedger()
    for entry in data.draw(st.lists(strategies.entries(account), min_size=1, max_size=3)):
        items = {item.key: item for item in data.draw(st.lists(strategies.items, max_size=3))}
        begun = [item for key, item in items.items() if key not in {link.key for link in entry.links}]
        arrived = {item.key: data.draw(strategies.remote_ids) for item in begun if data.draw(st.booleans())}
        for ledger in (memory, book):
            with ledger.exclusive(account) as lease:
                ledger.record(replace(entry, begun=begun), lease)
                ledger.record(Entry(account, arrived=arrived), lease)
    assert answers(book, account) == answers(memory, account)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_noun_comes_back_whole(book: SqlLedger, data: st.DataObject) -> None:
    account = f"account-{next(numbers)}"
    entry = data.draw(strategies.entries(account))
    with book.exclusive(account) as lease:
        book.record(entry, lease)
    assert book.links(account) == {link.key: link for link in entry.links}
    assert book.dossiers(account) == {dossier.key: dossier for dossier in entry.dossiers}
    told = {touch.id: touch for many in book.touches(account).values() for touch in many}
    assert told == {touch.id: touch for touch in entry.touches}
    states = {(state.user, state.source): state for state in entry.sources}
    assert book.sources(account) == tuple(states[place] for place in sorted(states))
    assert book.runs(account) == (() if entry.run is None else (entry.run,))


def answers(ledger: Ledger, account: str) -> dict[str, Any]:
    """Ask a book everything that can be asked about an account."""
    links = ledger.links(account)
    some = [key for key in links if key.kind in (Kind.DEAL, Kind.TASK)]
    ids = [(kind, RemoteId(ident)) for kind in Kind for ident in ("1", "2", "公司", "9")]
    users = ("ada", "bob", "", "Łódź/x", "nobody")
    applications = ["k1", "公司", "nul\0", "back\\slash", "absent"]
    return {
        "links": links,
        "some links": ledger.links(account, some),
        "unsettled": ledger.unsettled(account),
        "keys": ledger.keys_of(account, ids),
        "dossiers": ledger.dossiers(account),
        "touches": ledger.touches(account),
        "by user": {user: of_user(ledger, account, user, applications) for user in users},
        "cursor": ledger.cursor(account),
        "conflicts": ledger.conflicts(account),
        "sources": ledger.sources(account),
        "found": [
            place
            for prefix in ("", "abc", "ABC", "a_", "公")
            for place in ledger.find(prefix)
            if place[0] == account
        ],
        "users": ledger.users(account),
        "known": account in ledger.accounts(),
        "runs": ledger.runs(account),
    }


def of_user(ledger: Ledger, account: str, user: str, applications: list[str]) -> dict[str, Any]:
    return {
        "dossiers": ledger.dossiers(account, user),
        "some dossiers": ledger.dossiers(account, user, applications),
        "touches": ledger.touches(account, user),
        "some touches": ledger.touches(account, user, applications),
        "evidence": ledger.evidence(account, user),
        "sources": ledger.sources(account, user),
        "conflicts": ledger.conflicts(account, user),
        "standing": ledger.standings(account, [user]),
        "counts": ledger.counts(account, user),
        "runs": ledger.runs(account, user),
    }
