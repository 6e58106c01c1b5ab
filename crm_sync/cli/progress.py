"""A progress bar for people who watch, nothing for pipes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from crm_sync.cli.output import MANNER, on_terminal


@contextmanager
def writing() -> Iterator[Callable[[int], None]]:
    """Show how many records were written; the yielded function takes the size of each batch."""
    if MANNER.quiet or not on_terminal(sys.stderr):
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Writing to the CRM", total=None)
        yield lambda size: bar.advance(task, size)
