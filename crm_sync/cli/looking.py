"""How things stand: `status`, `deals`, `explain`."""

from __future__ import annotations

from typing import Annotated

import typer

from crm_sync.cli import options
from crm_sync.cli.output import say, say_data


def add_to(app: typer.Typer) -> None:
    """Give the app its commands about looking."""
    for command in (status, deals, explain):
        app.command(command.__name__)(command)


def status(
    user: options.User = None,
    everybody: Annotated[
        bool, typer.Option("--all", help="A line for each user: for whoever looks after them.")
    ] = False,
    metrics: options.Metrics = None,
    as_json: options.AsJson = False,
) -> None:
    """Show applications by stage, calls, what has no next step, and what asks for you."""
    if everybody or metrics:
        from crm_sync.cli.standing_run import tell_standings

        tell_standings(user, metrics, everybody=everybody, as_json=as_json)
        return
    from crm_sync.app.views import status as standing
    from crm_sync.cli.doors import open_to_look
    from crm_sync.cli.render.status import status_text

    with open_to_look(user) as (_, shelf, several):
        told = standing(shelf)
    if as_json:
        say_data(told)
    else:
        say(status_text(told, shelf.settings, several=several))


def deals(user: options.User = None, as_json: options.AsJson = False) -> None:
    """Show the deals in the CRM with stage, company, contact and next call."""
    from crm_sync.cli.doors import deals_on, open_to_look
    from crm_sync.cli.render.deals import NO_DEALS, deals_grid
    from crm_sync.cli.tables import show_grid

    with open_to_look(user) as (house, shelf, several):
        rows = deals_on(house, shelf)
    if as_json:
        say_data(rows)
    elif rows:
        zone_of = lambda user: shelf.settings_for(user).time_zone  # noqa: E731
        show_grid(deals_grid(rows, zone_of, shelf.settings.today, several=several))
    else:
        say(NO_DEALS)


def explain(key: options.Key, user: options.User = None, as_json: options.AsJson = False) -> None:
    """Tell why the next call is on that day, rule by rule."""
    from crm_sync.cli.doors import open_for_key
    from crm_sync.cli.render.steps import explanation_text
    from crm_sync.cli.word_run import explained

    with open_for_key(key, user) as room:
        told = explained(room)
    if as_json:
        say_data(told.as_data())
    else:
        say(explanation_text(told, room.house.settings))
