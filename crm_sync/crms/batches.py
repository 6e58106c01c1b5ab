"""Cutting long sequences to the size that a CRM takes at once, and asking for several at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def batches(entries: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Return the entries in runs of at most *size*, in order."""
    return (entries[start : start + size] for start in range(0, len(entries), size))


def side_by_side(ask: Callable[[T], R], things: Sequence[T], at_once: int, stop: threading.Event) -> list[R]:
    """Return the answers about things, in their order, asked from so many threads.

    The first error is raised when those who ask already are done. Whatever else breaks it off (Ctrl-C) sets
    *stop*, so that nobody waits for those who wait.
    """
    if len(things) < 2:
        return [ask(thing) for thing in things]
    with ThreadPoolExecutor(min(at_once, len(things)), thread_name_prefix="asking") as pool:
        asked = [pool.submit(ask, thing) for thing in things]
        try:
            return [each.result() for each in asked]
        except BaseException as error:
            pool.shutdown(wait=False, cancel_futures=True)
            if not isinstance(error, Exception):
                stop.set()
            raise
