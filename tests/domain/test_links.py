"""What a link remembers when a record is wished again."""

from __future__ import annotations

from crm_sync.domain.items import RemoteId
from crm_sync.domain.keys import Key, Kind
from crm_sync.domain.links import Link, Mark, fingerprint

DEAL = Key(Kind.DEAL, "me", "abcdefghijkl")
NAME = Mark("n", "n")
CLOSING = Mark(None, None, fingerprint(False))
CLOSED = Mark(fingerprint(False), fingerprint(False))


def test_while_a_removal_is_in_the_air_what_was_said_about_the_fields_counts() -> None:
    link = Link(DEAL, RemoteId("7"), {"name": NAME, "open": CLOSING}, attempted=True)

    again = link.taken_back()

    assert (again.marks, again.remote_id, again.attempted) == ({"name": NAME}, None, True)


def test_a_record_that_was_removed_is_made_anew() -> None:
    link = Link(DEAL, RemoteId("7"), {"name": NAME, "open": CLOSED}, retired=True, attempted=True)

    assert link.taken_back() == Link(DEAL)
