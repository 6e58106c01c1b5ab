"""`setup` and `sync`: an account is prepared once, and heard and written from then on."""

from __future__ import annotations

from typing import Annotated

import typer

from crm_sync.cli import options
from crm_sync.cli.output import say, say_data


def add_to(app: typer.Typer) -> None:
    """Give the app its commands about accounts."""
    app.command("setup")(setup)
    app.command("sync")(sync)


def setup(
    crm: options.Crm = None,
    plan: Annotated[bool, typer.Option("--plan", help="Show how the account stands; write nothing.")] = False,
    yes: options.Yes = False,
    as_json: options.AsJson = False,
) -> None:
    """Prepare a HubSpot account: two properties for our key, the places of the stages."""
    from crm_sync.cli.setup_run import is_ready, set_up, survey_data, survey_text

    survey = set_up(crm or "hubspot", plan=plan, yes=yes)
    if as_json:
        say_data(survey_data(survey))
    else:
        say(survey_text(survey))
    if not plan and not is_ready(survey):
        raise typer.Exit(1)


def sync(
    user: options.User = None,
    crm: options.Crm = None,
    yes: options.Yes = False,
    plan: options.Plan = False,
    full: Annotated[
        bool, typer.Option("--full", help="Look every record up: finds deletions and merges.")
    ] = False,
    allow_loss: options.AllowLoss = False,
    retry_failed: options.RetryFailed = False,
    wait: options.Wait = 0.0,
    metrics: options.Metrics = None,
    jobs: options.Jobs = None,
    as_json: options.AsJson = False,
) -> None:
    """Read the sources of the configuration, hear the CRM, and plan the next calls, for every user."""
    from crm_sync.app.sync import Wishes
    from crm_sync.cli.sync_run import sync as sync_users

    wishes = Wishes(plan_only=plan, allow_loss=allow_loss, retry_failed=retry_failed, wait=wait, full=full)
    code = sync_users(user, crm, wishes, jobs=jobs, yes=yes, as_json=as_json)
    if metrics is not None and not plan:
        from crm_sync.cli.standing_run import figures_after_a_run

        figures_after_a_run(metrics)
    raise typer.Exit(code)
