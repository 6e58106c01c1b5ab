"""Work done a little ahead, side by side, and handed over in its order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

_AHEAD = 2
"""So many results for each thread may lie ready, so that what a thousand users' lists hold is never here."""


def ahead(work: Callable[[T], R], things: Iterable[T], jobs: int) -> Iterator[tuple[T, R]]:
    """Yield each thing with what *work* makes of it, in order; *jobs* threads work ahead of who takes them.

    With one job nothing is done ahead. What *work* raises is raised when the thing's turn comes.
    """
    if jobs <= 1:
        yield from ((thing, work(thing)) for thing in things)
        return
    coming = iter(things)
    waiting: deque[tuple[T, Future[R]]] = deque()
    pool = ThreadPoolExecutor(jobs, thread_name_prefix="ahead")
    try:
        for thing in coming:
            waiting.append((thing, pool.submit(copy_context().run, work, thing)))
            if len(waiting) >= _AHEAD * jobs:
                yield _next(waiting)
        while waiting:
            yield _next(waiting)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _next(waiting: deque[tuple[T, Future[R]]]) -> tuple[T, R]:
    thing, future = waiting.popleft()
    return thing, future.result()
