"""What a run does, told to whoever keeps logs: events with their run, user, account and key.

Nobody listens unless the command line says so (``cli.logs``), which sifts secrets out as everywhere.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

LOG = logging.getLogger("crm_sync")
LOG.addHandler(logging.NullHandler())
LOG.propagate = False

_ABOUT: ContextVar[Mapping[str, str]] = ContextVar("what events are about")
_NOTHING: Mapping[str, str] = {}


@contextmanager
def about(**facts: str) -> Iterator[None]:
    """Let every event of this block tell these facts, too."""
    token = _ABOUT.set({**told_about(), **facts})
    try:
        yield
    finally:
        _ABOUT.reset(token)


def told_about() -> Mapping[str, str]:
    """Return what events are about just now: run, user, account."""
    return _ABOUT.get(_NOTHING)


def tell(event: str, *, level: int = logging.INFO, **facts: object) -> None:
    """Tell an event; *facts* are JSON-able."""
    LOG.log(level, event, extra={"facts": facts})
