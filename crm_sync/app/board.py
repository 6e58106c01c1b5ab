"""Open the board on which stands what people were told, wherever it can be kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from crm_sync.app.matters import FAILURE, SYNCED
from crm_sync.app.wiring import notices_url
from crm_sync.config.settings import Settings
from crm_sync.errors import ConfigError, LedgerError
from crm_sync.ledger.noticeboard import Noticeboard, Slip


@contextmanager
def open_board(settings: Settings) -> Iterator[Noticeboard | None]:
    """Open the board beside the ledger; where the ledger's database is gone, in the home; else yield None.

    What was put up in the home meanwhile moves to the board that is back: its end is news, too.
    """
    spare = settings.home / "notices.db"
    board = _opened(notices_url(settings))
    if board is not None and notices_url(settings) != f"sqlite:///{spare}" and spare.is_file():
        _move(spare, board)
    board = board or _opened(f"sqlite:///{spare}")
    try:
        yield board
    finally:
        if board is not None:
            board.close()


def remember_read(settings: Settings, account: str) -> None:
    """Put up that everything of this user was read just now; where no board can be kept, nobody misses it."""
    with open_board(settings) as board, suppress(LedgerError):
        if board is not None:
            board.change([Slip(settings.user, SYNCED, account, datetime.now(UTC))])


def failing_users(settings: Settings) -> frozenset[str]:
    """Return the users whose last sync failed as a whole; nobody where that is not known."""
    with open_board(settings) as board, suppress(LedgerError):
        if board is not None:
            return frozenset(slip.user for slip in board.slips([FAILURE]).values())
    return frozenset()


def _move(spare: Path, board: Noticeboard) -> None:
    old = _opened(f"sqlite:///{spare}")
    if old is None:
        return
    try:
        with suppress(LedgerError):
            slips = old.slips()
            board.change(slips.values())
            old.change((), slips)
    finally:
        old.close()


def _opened(url: str) -> Noticeboard | None:
    try:
        return Noticeboard(url)
    except (LedgerError, ConfigError):
        return None
