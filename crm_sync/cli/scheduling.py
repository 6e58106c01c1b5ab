"""`schedule`: have the machine sync by itself, see when it will, and end it."""

from __future__ import annotations

from typing import Annotated

import typer

from crm_sync.cli import options
from crm_sync.cli.output import say, say_data

_SCHEDULE = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
_Systemd = Annotated[bool, typer.Option("--systemd", help="By a timer of systemd.")]
_Cron = Annotated[bool, typer.Option("--cron", help="By a line in your crontab.")]
_System = Annotated[bool, typer.Option("--system", help="By a timer of the machine, not of your own.")]
_Plan = Annotated[bool, typer.Option("--plan", help="Show what would be written, and write nothing.")]


def add_to(app: typer.Typer) -> None:
    """Give the app its commands about schedules."""
    app.add_typer(_SCHEDULE, name="schedule", help="Sync at set times, with nobody watching.")


@_SCHEDULE.command("install")
def install(
    every: Annotated[
        str | None, typer.Option("--every", metavar="TIME", help="How often: 15m, 1h, 4h; else 1h.")
    ] = None,
    at: Annotated[
        list[str],
        typer.Option("--at", metavar="TIME", help="At that time: 07:30, or mon-fri 07:30; repeatable."),
    ] = [],  # noqa: B006
    systemd: _Systemd = False,
    cron: _Cron = False,
    system: _System = False,
    run_as: Annotated[
        str | None,
        typer.Option("--run-as", metavar="NAME", help="With --system: as this user of the machine."),
    ] = None,
    credential: Annotated[
        list[str],
        typer.Option(
            "--credential", metavar="NAME:PATH", help="A secret that systemd hands over; repeatable."
        ),
    ] = [],  # noqa: B006
    plan: _Plan = False,
) -> None:
    """Write a systemd timer or a crontab entry that syncs; running it again changes only what differs."""
    from crm_sync.cli.schedule_run import Choice, install_schedule

    choice = Choice(systemd, cron, system, run_as, tuple(credential))
    install_schedule(choice, every, at, plan=plan)


@_SCHEDULE.command("show")
def show(as_json: options.AsJson = False) -> None:
    """Show what is scheduled, and when it runs next."""
    from crm_sync.cli.render.schedules import schedules_data, schedules_text
    from crm_sync.cli.schedule_run import standing_schedules

    found, zone = standing_schedules()
    if as_json:
        say_data(schedules_data(found))
    else:
        say(schedules_text(found, zone))


@_SCHEDULE.command("remove")
def remove(
    systemd: _Systemd = False, cron: _Cron = False, system: _System = False, plan: _Plan = False
) -> None:
    """Take the timer or the crontab entry away; everything else stays as it is."""
    from crm_sync.cli.schedule_run import Choice, remove_schedules

    remove_schedules(Choice(systemd, cron, system), plan=plan)
