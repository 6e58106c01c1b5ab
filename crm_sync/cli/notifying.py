"""`notify`: try whether people are reached where the configuration says."""

from __future__ import annotations

from typing import Annotated

import typer

from crm_sync.cli import options
from crm_sync.cli.output import say, say_data

_NOTIFY = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


def add_to(app: typer.Typer) -> None:
    """Give the app its commands about telling people."""
    app.add_typer(_NOTIFY, name="notify", help="Try whether people are reached.")


@_NOTIFY.callback()
def notify() -> None:
    """Try whether people are reached."""


@_NOTIFY.command("test")
def try_out(
    user: Annotated[
        str | None, typer.Option("--user", metavar="NAME", help="Where this user is told; else the operator.")
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """Send a test message to every address, and say which did not take it."""
    from crm_sync.cli.failures import DONE, UNAVAILABLE
    from crm_sync.cli.hiding import hidden
    from crm_sync.cli.notice_run import try_addresses

    told = [(name, hidden(answer)) for name, answer in try_addresses(user)]
    if as_json:
        say_data([{"address": name, "ok": not answer, "told": answer} for name, answer in told])
    else:
        say("\n".join(f"!!  {name}: {answer}" if answer else f"ok  {name}" for name, answer in told))
    raise typer.Exit(UNAVAILABLE if any(answer for _, answer in told) else DONE)
