"""The brake of a run: pulled from outside, it lets what is in the air arrive, and nothing more begin."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Brake(threading.Event):
    """Set, it ends every wait of the CRM at once, and no batch is begun any more.

    Set it from a thread: in a signal handler the event's lock may be held by the code that was interrupted.
    ``in_the_air`` tells whether batches are being written: then the run ends by itself, soon after. ``asked``
    is for whoever pulls it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.in_the_air = False
        self.asked = False

    @contextmanager
    def held_off(self) -> Iterator[None]:
        """Batches are written in this block: whoever wants the run to end sets the brake and waits."""
        self.in_the_air = True
        try:
            yield
        finally:
            self.in_the_air = False
