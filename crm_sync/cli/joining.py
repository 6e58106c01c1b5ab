"""`merge` and `split`: a person's word that two applications are one, or that one is two."""

from __future__ import annotations

from typing import Annotated

import typer

from crm_sync.cli import options

Other = Annotated[
    str, typer.Argument(metavar="OTHER", help="Key of the other one, or its first four characters.")
]
MaybeOther = Annotated[
    str | None, typer.Argument(metavar="[OTHER]", help="Say that these two are two, whatever they look like.")
]


def add_to(app: typer.Typer) -> None:
    """Give the app its commands about which applications are one."""
    for command in (merge, split):
        app.command(command.__name__)(command)


def merge(key: options.Key, other: Other, yes: options.Yes = False, user: options.User = None) -> None:
    """Say that two applications are one; the first goes on, with the calls and sources of both."""
    from crm_sync.cli.doors import open_for_key
    from crm_sync.cli.joining_run import merge_into

    with open_for_key(key, user) as room:
        merge_into(room, other, agreed=yes)


def split(
    key: options.Key, other: MaybeOther = None, yes: options.Yes = False, user: options.User = None
) -> None:
    """Take a merge back, or say that what two sources tell of are two applications."""
    from crm_sync.cli.doors import open_for_key
    from crm_sync.cli.joining_run import split_up

    with open_for_key(key, user, itself=True) as room:
        split_up(room, other, agreed=yes)
