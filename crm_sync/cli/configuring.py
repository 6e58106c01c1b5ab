"""`config` and `init`: look at a configuration, check it, write a first one."""

from __future__ import annotations

from typing import Annotated

import typer

from crm_sync.cli import options
from crm_sync.cli.output import say, say_data

_LOOKING = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


def add_to(app: typer.Typer) -> None:
    """Give the app its commands about the configuration."""
    app.command("init")(init)
    app.add_typer(_LOOKING, name="config", help="Check and show the configuration.")


@_LOOKING.command("check")
def check(
    online: Annotated[
        bool, typer.Option("--online", help="Ask every CRM, too: token, portal, setup.")
    ] = False,
    user: options.User = None,
    as_json: options.AsJson = False,
) -> None:
    """Check everything that a run would need: files, columns, secrets, time zones, state."""
    from crm_sync.cli.config_run import check_configuration

    raise typer.Exit(check_configuration(user, online=online, as_json=as_json))


@_LOOKING.command("show")
def show(user: options.User = None, as_json: options.AsJson = False) -> None:
    """Show the settings of every user as they are in effect, and where each was told."""
    from crm_sync.cli.config_run import effective, effective_text

    told = effective(user)
    if as_json:
        say_data(told)
    else:
        say(effective_text(told))


@_LOOKING.command("schema")
def schema() -> None:
    """Print the JSON Schema of the configuration, for editors."""
    from crm_sync.config.schema import config_schema

    say_data(config_schema())


def init(
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="Your name in the configuration.")
    ] = None,
    source: Annotated[
        list[str], typer.Option("--source", metavar="FILE", help="Where your list lies; repeatable.")
    ] = [],  # noqa: B006
    owner: Annotated[
        str | None, typer.Option("--owner", metavar="ADDRESS", help="Your e-mail address in the CRM.")
    ] = None,
    time_zone: Annotated[
        str | None, typer.Option("--time-zone", metavar="ZONE", help="Your zone, else the system's.")
    ] = None,
    country: Annotated[
        str | None, typer.Option("--country", metavar="CODE", help="Your country, else the locale's.")
    ] = None,
    cadence: Annotated[
        str | None, typer.Option("--cadence", metavar="NAME", help="steady, gentle or once.")
    ] = None,
    crm: Annotated[
        str | None, typer.Option("--crm", metavar="KIND", help="local (embedded) or hubspot.")
    ] = None,
    to: Annotated[str, typer.Option("--to", metavar="FILE", help="The file to write.")] = "crm-sync.yaml",
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Ask a few questions and write a configuration that works; without a terminal, take options."""
    from crm_sync.cli.beginning import Answers, begin

    begin(Answers(name, tuple(source), owner, time_zone, country, cadence, crm), to, force=force)
