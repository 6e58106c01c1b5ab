"""A board keeps slips until they are taken down, and gives each claim to one alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crm_sync.errors import LedgerError
from crm_sync.ledger.noticeboard import Noticeboard, Slip

NOW = datetime(2027, 2, 1, 8, 0, 0, 123456, UTC)
ONE = Slip("jane", "ask", "gldk:need_number", NOW, words="why \ud800 \\ not \0")
TWO = Slip("ben", "outage", "/srv/ü.csv", NOW, told=True)


@pytest.fixture
def board(book_url: str) -> Iterator[Noticeboard]:
    opened = Noticeboard(book_url)
    yield opened
    opened.close()


def test_slips_stand_until_they_are_taken_down(board: Noticeboard, book_url: str) -> None:
    board.change([ONE, TWO])
    again = Noticeboard(book_url)
    found = again.slips()
    again.close()
    assert found == {ONE.pin: ONE, TWO.pin: TWO}
    assert (found[ONE.pin].words, found[ONE.pin].told, found[TWO.pin].told) == (ONE.words, False, True)
    assert board.slips(["outage"]) == {TWO.pin: TWO}
    board.change([Slip("jane", "ask", "gldk:need_number", NOW, told=True)], [TWO.pin])
    assert {pin: slip.told for pin, slip in board.slips().items()} == {ONE.pin: True}


def test_a_claim_is_given_once(board: Noticeboard) -> None:
    assert board.claim(ONE)
    assert not board.claim(Slip(*ONE.pin, NOW + timedelta(seconds=1)))
    board.change((), [ONE.pin])
    assert board.claim(ONE)


def test_of_many_who_claim_at_once_one_gets_it(board: Noticeboard) -> None:
    won: list[bool] = []
    several = [
        threading.Thread(
            target=lambda n=n: won.append(
                board.claim(Slip("jane", "digest", "x", NOW + timedelta(seconds=n)))
            )
        )
        for n in range(8)
    ]
    for one in several:
        one.start()
    for one in several:
        one.join()
    assert sorted(won) == [False] * 7 + [True]


def test_what_is_about_a_user_can_be_forgotten(board: Noticeboard) -> None:
    refused = Slip("jane", "refused", "gldk", NOW)
    other = Slip("jane", "ask", "gldkx:need_number", NOW)
    board.change([ONE, TWO, refused, other])
    board.forget("jane", "gldk")
    assert set(board.slips()) == {TWO.pin, other.pin}
    board.forget("jane")
    assert list(board.slips()) == [TWO.pin]


def test_a_board_that_is_damaged_says_so(tmp_path: Path) -> None:
    path = tmp_path / "notices.db"
    path.write_bytes(b"no database" * 100)
    with pytest.raises(LedgerError, match="is damaged"):
        Noticeboard(str(path))
