"""`import`: files in, deals and planned calls out."""

from __future__ import annotations

from typing import Annotated

import typer

from crm_sync.cli import options
from crm_sync.cli.output import say, say_data, warn


def add_to(app: typer.Typer) -> None:
    """Give the app its command about importing."""
    app.command("import")(import_files)


def import_files(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE", help="Files, links, folders, patterns, or -.")
    ],
    user: options.User = None,
    crm: options.Crm = None,
    yes: options.Yes = False,
    plan: options.Plan = False,
    expect: Annotated[
        str | None, typer.Option("--expect", metavar="DIGEST", help="Apply only the plan with this digest.")
    ] = None,
    allow_loss: options.AllowLoss = False,
    retry_failed: options.RetryFailed = False,
    connector: options.Connector = None,
    employer: options.Employer = None,
    sheet: options.Sheet = None,
    day_first: options.DayFirst = None,
    column: options.Columns = [],  # noqa: B006
    called: Annotated[
        str | None,
        typer.Option(
            "--as", metavar="NAME", help="Know the source by this name, wherever it lies next time."
        ),
    ] = None,
    wait: options.Wait = 0.0,
    as_json: options.AsJson = False,
) -> None:
    """Read files, make deals of them, and plan the next calls."""
    from crm_sync.app.sync import Wishes
    from crm_sync.cli.doors import connection_for, for_employer, for_reading, open_for_user
    from crm_sync.cli.import_run import import_into
    from crm_sync.cli.setup_run import ready
    from crm_sync.errors import UsageError

    if called is not None and (len(files) != 1 or not called.strip()):
        raise UsageError("--as names one source", "Give one source and a name.")
    wishes = Wishes(plan, expect, allow_loss, retry_failed, wait)
    with open_for_user(user, ready(connection_for(crm, user), yes=yes)) as house:
        house = for_reading(for_employer(house, employer), sheet, day_first, column)
        outcome = import_into(house, files, connector, wishes, called)
    for failure in outcome.outages:
        warn(failure)
    if as_json:
        say_data(outcome.as_data())
    else:
        say(outcome.as_text())
    raise typer.Exit(outcome.exit_code)
