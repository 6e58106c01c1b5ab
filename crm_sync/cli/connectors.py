"""`connectors`: which there are, and a first description of one more."""

from __future__ import annotations

from typing import Annotated

import typer

from crm_sync.cli import options
from crm_sync.cli.output import say, say_data

_LISTING = typer.Typer(no_args_is_help=False, rich_markup_mode=None)


def add_to(app: typer.Typer) -> None:
    """Give the app its commands about connectors."""
    app.add_typer(_LISTING, name="connectors", help="List the connectors, show one, or write a new one.")


@_LISTING.callback(invoke_without_command=True)
def connectors(context: typer.Context, as_json: options.AsJson = False) -> None:
    """List the connectors: name, version, side, evidence, and where each comes from."""
    from crm_sync.app.plugins import installed
    from crm_sync.cli.render.connectors import connectors_data, connectors_text

    if context.invoked_subcommand is not None:
        return
    found = installed()
    if as_json:
        say_data(connectors_data(found))
    else:
        say(connectors_text(found))


@_LISTING.command("show")
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The connector, as the list names it.")],
    as_json: options.AsJson = False,
) -> None:
    """Tell what a connector reads, how one gets that export, and on what the reading rests."""
    from crm_sync.app.plugins import installed_as
    from crm_sync.cli.render.connectors import connector_data, connector_text

    found = installed_as(name)
    if as_json:
        say_data(connector_data(name, found))
    else:
        say(connector_text(name, found))


@_LISTING.command("new")
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A plain word, such as my_tracker.")],
    sample: Annotated[str, typer.Option("--from", metavar="FILE", help="A sample of the export.")],
    to: Annotated[
        str | None,
        typer.Option(
            "--to", metavar="FOLDER", help="Where to write it; else CRM_SYNC_CONNECTORS, else here."
        ),
    ] = None,
) -> None:
    """Write a first description of an export from a sample of it, ready to be edited."""
    from crm_sync.app.describing import write_draft
    from crm_sync.cli.doors import load_settings

    path, told = write_draft(name, sample, to, load_settings())
    say(f"Written: {path}, which reads {told} of {sample}.")
    say("Edit it, and see what it makes of the file:")
    say(f"  CRM_SYNC_CONNECTORS={path.parent} crm-sync inspect {sample}")
