"""Ctrl-C and SIGTERM: the first lets what is in the air arrive, the second ends at once."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from crm_sync.cli.output import MANNER, on_terminal

INTERRUPTED = 130
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_WAIT = "crm-sync: stopping once what is in the air has arrived; once more stops at once."
_NOW = "crm-sync: stopped at once. The next run takes up what was in the air."
_SHOW_CURSOR = b"\x1b[?25h"


@contextmanager
def heeding_signals() -> Iterator[None]:
    """Heed both signals in this block, as only the main thread of a process can."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, _heed) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _heed(_number: int, _frame: FrameType | None) -> None:
    """While batches are written, pull the brake; else interrupt: there is nothing that must arrive."""
    brake = MANNER.brake
    if brake.asked:
        _tell(_NOW)
        os._exit(INTERRUPTED)
    brake.asked = True
    if not brake.in_the_air:
        raise KeyboardInterrupt
    threading.Thread(target=brake.set, daemon=True).start()
    _tell(_WAIT)


def _tell(words: str) -> None:
    """Write past all buffers and logs, whose locks the interrupted code may hold."""
    told = f'{{"level": "warning", "event": "said", "message": "{words}"}}' if MANNER.json_logs else words
    cursor = _SHOW_CURSOR if on_terminal(sys.stderr) else b""
    os.write(2, cursor + b"\n" + told.encode() + b"\n")
