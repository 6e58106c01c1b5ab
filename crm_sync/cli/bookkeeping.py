"""The book itself: `runs`, `history`, `undo`, `forget`, `backup`, `restore`."""

from __future__ import annotations

from typing import Annotated

import typer

from crm_sync.cli import options


def add_to(app: typer.Typer) -> None:
    """Give the app its commands about the book."""
    for command in (runs, history, undo, forget, backup, restore):
        app.command(command.__name__)(command)


RunId = Annotated[str, typer.Argument(metavar="RUN", help="A run, or the first characters of its name.")]


def runs(
    run: Annotated[str | None, typer.Argument(metavar="[RUN]", help="Show all that is kept of it.")] = None,
    user: options.User = None,
    crm: Annotated[
        str | None, typer.Option("--crm", metavar="NAME", help="Only the runs of this CRM.")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, help="How many are shown, the latest first.")
    ] = 20,
    as_json: options.AsJson = False,
) -> None:
    """Show the runs: what was read, planned, written and refused, and how each ended."""
    from crm_sync.cli import book_run

    if run is None:
        book_run.show_runs(user, crm, limit, as_json=as_json)
    else:
        book_run.show_run(run, as_json=as_json)


def history(key: options.Key, user: options.User = None, as_json: options.AsJson = False) -> None:
    """Tell all that ever happened to one application, in the order in which it became known."""
    from crm_sync.cli import book_run

    book_run.show_history(key, user, as_json=as_json)


def undo(
    run: RunId,
    plan: options.Plan = False,
    yes: options.Yes = False,
    wait: options.Wait = 0.0,
    as_json: options.AsJson = False,
) -> None:
    """Take back what one import or sync made and changed, where nobody touched it since."""
    from crm_sync.cli import undo_run

    raise typer.Exit(undo_run.undo(run, plan_only=plan, agreed=yes, wait=wait, as_json=as_json))


def forget(
    whom: Annotated[str, typer.Argument(metavar="USER|KEY", help="A user, or the key of an application.")],
    crm: Annotated[
        bool, typer.Option("--crm", help="Remove what is theirs alone from the CRM, too.")
    ] = False,
    yes: options.Yes = False,
    lift: Annotated[
        bool, typer.Option("--lift", help="Let in again who was forgotten; of a KEY all of it is needed.")
    ] = False,
    user: options.User = None,
    as_json: options.AsJson = False,
) -> None:
    """Remove a person, or one application, from the ledger for good; the next import brings nothing back."""
    from crm_sync.cli import forget_run

    if lift:
        forget_run.lift(whom)
    else:
        raise typer.Exit(forget_run.forget(whom, user, with_crm=crm, agreed=yes, as_json=as_json))


def backup(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="The file to write, or a folder to put it into.")
    ],
    as_json: options.AsJson = False,
) -> None:
    """Write the ledger, and the embedded CRM beside it, into one file; runs may go on meanwhile."""
    from crm_sync.cli import backup_run

    backup_run.make(file, as_json=as_json)


def restore(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A file that `backup` wrote.")],
    yes: options.Yes = False,
    as_json: options.AsJson = False,
) -> None:
    """Put a backup in place; what stands there is kept beside it."""
    from crm_sync.cli import backup_run

    backup_run.put_back(file, agreed=yes, as_json=as_json)
