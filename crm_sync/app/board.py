"""Open the board on which stands what people were told, wherever it can be kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from crm_sync.app.wiring import notices_url
from crm_sync.config.settings import Settings
from crm_sync.errors import ConfigError, LedgerError
from crm_sync.ledger.noticeboard import Noticeboard


@contextmanager
def open_board(settings: Settings) -> Iterator[Noticeboard | None]:
    """Open the board beside the ledger; where the ledger's database is gone, in the home; else yield None."""
    board = _opened(notices_url(settings)) or _opened(f"sqlite:///{settings.home / 'notices.db'}")
    try:
        yield board
    finally:
        if board is not None:
            board.close()


def _opened(url: str) -> Noticeboard | None:
    try:
        return Noticeboard(url)
    except (LedgerError, ConfigError):
        return None
