"""Progress bars for people who watch, nothing for pipes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crm_sync.cli.output import MANNER, on_terminal

if TYPE_CHECKING:
    from rich.progress import Progress


@contextmanager
def writing() -> Iterator[Callable[[int], None]]:
    """Show how many records were written; the yielded function takes the size of each batch."""
    with _bars() as bars:
        yield _written(bars)


@contextmanager
def reading(total: int) -> Iterator[Callable[[], None]]:
    """Show how many of so many sources were read; the yielded function is called for each."""
    with _bars() as bars:
        yield _read(bars, total)


@contextmanager
def syncing(total: int) -> Iterator[tuple[Callable[[int], None], Callable[[], None]]]:
    """Show both, for so many users: yields what takes the size of a batch, and what each user calls."""
    with _bars() as bars:
        read = _read(bars, total)
        yield _written(bars), read


def _written(bars: Progress | None) -> Callable[[int], None]:
    if bars is None:
        return lambda _: None
    task = bars.add_task("Writing to the CRM", total=None)
    return lambda size: bars.advance(task, size)


def _read(bars: Progress | None, total: int) -> Callable[[], None]:
    if bars is None:
        return lambda: None
    task = bars.add_task("Reading", total=total)
    return lambda: bars.advance(task)


@contextmanager
def _bars() -> Iterator[Progress | None]:
    if MANNER.quiet or MANNER.json_logs or not on_terminal(sys.stderr):
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        yield bars
