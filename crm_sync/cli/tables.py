"""Show a table: drawn on a terminal, one record below the other on a narrow one, aligned in a pipe."""

from __future__ import annotations

import sys
from shutil import get_terminal_size

from crm_sync.cli.output import clean, on_terminal, write_lines
from crm_sync.cli.render.grids import Grid, grid_lines, kept, stacked_lines
from crm_sync.cli.render.wording import width

_NARROW = 80


def show_grid(grid: Grid) -> None:
    """Print the table as a result."""
    plain = Grid(grid.headers, [[clean(cell, one_line=True) for cell in row] for row in grid.rows])
    if on_terminal(sys.stdout):
        shown, columns = kept(plain), get_terminal_size().columns
        if columns < _NARROW and columns < max(map(width, grid_lines(shown))):
            write_lines(stacked_lines(shown))
        else:
            _draw(shown)
    else:
        write_lines(grid_lines(plain))


def _draw(grid: Grid) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for place, header in enumerate(grid.headers):
        table.add_column(header, no_wrap=place == 0, overflow="fold")
    for row in grid.rows:
        table.add_row(*map(Text, row))
    Console().print(table)
