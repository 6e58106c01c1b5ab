"""`read` and `inspect`: how a file is understood, without ledger or CRM."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from crm_sync.cli import options
from crm_sync.cli.output import note, say, say_data, warn, write_lines

if TYPE_CHECKING:
    from crm_sync.ports import Connector

File = Annotated[str, typer.Argument(metavar="FILE", help="A file, a link, a folder, a pattern, or -.")]


def add_to(app: typer.Typer) -> None:
    """Give the app its commands about reading."""
    app.command("read")(read)
    app.command("inspect")(inspect)


def read(
    file: File,
    connector: options.Connector = None,
    rejected: Annotated[
        str | None,
        typer.Option("--rejected", metavar="FILE", help="Write rejected rows there, as JSON Lines."),
    ] = None,
    employer: options.Employer = None,
    sheet: options.Sheet = None,
    day_first: options.DayFirst = None,
    column: options.Columns = [],  # noqa: B006
) -> None:
    """Print one JSON object per application (JSON Lines)."""
    from crm_sync.cli.render.applications import application_lines, rejected_lines, rejection

    with _opened(file, connector, employer, sheet, day_first, column) as source:
        snapshot = source.fetch()
    for remark in snapshot.notes:
        note(remark)
    write_lines(application_lines(snapshot.applications))
    if rejected is not None:
        _write_file(rejected, rejected_lines(snapshot.rejected))
    for row in snapshot.rejected:
        warn(rejection(row))
    raise typer.Exit(1 if snapshot.rejected else 0)


def inspect(
    file: File,
    as_json: options.AsJson = False,
    connector: options.Connector = None,
    employer: options.Employer = None,
    sheet: options.Sheet = None,
    day_first: options.DayFirst = None,
    column: options.Columns = [],  # noqa: B006
) -> None:
    """Show how a file would be understood. Table, columns, dates, stages, rejected rows."""
    from crm_sync.app.sourcing import shown
    from crm_sync.cli.render.understanding import understanding_text

    with _opened(file, connector, employer, sheet, day_first, column) as source:
        told = source.explain()
    if as_json:
        say_data(told)
    else:
        say(understanding_text(shown(file), told))


@contextmanager
def _opened(
    file: str,
    name: str | None,
    employer: str | None,
    sheet: str | None,
    day_first: bool | None,
    columns: list[str],
) -> Iterator[Connector]:
    """Open the source, and let an error about it say which one it is."""
    from dataclasses import replace

    from crm_sync.app.gather import reading_options
    from crm_sync.app.sourcing import opened, remarks, shown
    from crm_sync.cli.doors import column_pair, load_settings
    from crm_sync.errors import SourceError

    settings = load_settings()
    if employer:
        settings = replace(settings, employer=employer)
    told = replace(
        reading_options(settings, day_first=day_first), sheet=sheet, columns=dict(map(column_pair, columns))
    )
    try:
        with opened(file, settings, told, name) as source:
            for remark in remarks(source):
                note(remark)
            yield source
    except SourceError as error:
        error.source = error.source or shown(file)
        raise


def _write_file(path: str, lines: list[str]) -> None:
    from pathlib import Path

    from crm_sync.errors import UsageError

    try:
        Path(path).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror}", "Give --rejected another file."
        ) from error
