"""A person's words about one call or one application: `calls`, `log`, and the smaller ones."""

from __future__ import annotations

from typing import Annotated

import typer

from crm_sync.cli import options
from crm_sync.cli.output import say, say_data


def add_to(app: typer.Typer) -> None:
    """Give the app its commands about calling."""
    for command in (calls, log, snooze, resume, stage, done, skip, move, number, prepare):
        app.command(command.__name__)(command)


def calls(
    key: Annotated[str | None, typer.Argument(metavar="[KEY]", help="Show this call with its brief.")] = None,
    on: Annotated[
        str, typer.Option("--on", metavar="DATE", help="The day: 2027-02-15, tomorrow, or a weekday.")
    ] = "today",
    days: Annotated[
        int, typer.Option("--days", metavar="N", min=1, help="So many days from that day on.")
    ] = 1,
    full: Annotated[bool, typer.Option("--full", help="Show whole briefs in the list, too.")] = False,
    unprepared: Annotated[
        bool,
        typer.Option("--unprepared", help="Only calls for which the why or the reason is not written yet."),
    ] = False,
    user: options.User = None,
    as_json: options.AsJson = False,
) -> None:
    """Show the calls of the day and the overdue ones, or one call with its whole brief."""
    from crm_sync.cli.call_list import calls_of_days, one_call

    found = one_call(key, user) if key is not None else calls_of_days(on, days, user, unprepared=unprepared)
    if as_json:
        say_data(found.rows)
    else:
        say(found.as_text(full=full or key is not None))


def log(
    key: options.Key,
    outcome: Annotated[
        str,
        typer.Argument(
            metavar="OUTCOME",
            help="no_answer, left_voicemail, left_live_message, connected, busy, wrong_number, "
            "inbound or email.",
        ),
    ],
    result: Annotated[
        str | None,
        typer.Option(
            "--result",
            metavar="RESULT",
            help="What they said: in_process, call_back, interview, no_interest, position_filled, referred, "
            "another_opening, role_created, do_not_call.",
        ),
    ] = None,
    call_back: Annotated[
        str | None,
        typer.Option("--call-back", metavar="DATE", help="The day on which they asked to be called."),
    ] = None,
    note: Annotated[
        str | None, typer.Option("--note", metavar="TEXT", help="Your own note; it stays here.")
    ] = None,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="TIME", help="When it was: 14:30, or a date and time (else now)."),
    ] = None,
    referred_to: Annotated[
        str | None, typer.Option("--referred-to", metavar="NAME", help="The person they named.")
    ] = None,
    user: options.User = None,
) -> None:
    """Record a call that was made, and plan the next step at once."""
    from crm_sync.cli import word_run
    from crm_sync.cli.doors import open_for_key

    with open_for_key(key, user) as room:
        word_run.log_call(room, outcome, result, call_back, note, at, referred_to)


def snooze(key: options.Key, day: options.Day, user: options.User = None) -> None:
    """Plan no call before that day."""
    from crm_sync.cli import word_run
    from crm_sync.cli.doors import open_for_key

    with open_for_key(key, user) as room:
        word_run.snooze(room, day)


def resume(
    key: options.Key,
    yes: Annotated[bool, typer.Option("--yes", help="Begin a new round of calls without asking.")] = False,
    user: options.User = None,
) -> None:
    """Take up calls that were skipped, used up, crossed off or too old to begin by themselves."""
    from crm_sync.cli import word_run
    from crm_sync.cli.doors import open_for_key

    with open_for_key(key, user) as room:
        word_run.resume(room, agreed=yes)


def stage(
    key: options.Key,
    stage: Annotated[
        str,
        typer.Argument(
            metavar="STAGE",
            help="saved, applied, screening, interviewing, offer, accepted, rejected, withdrawn, closed "
            "or on_hold.",
        ),
    ],
    user: options.User = None,
) -> None:
    """Move the deal to another stage, as a person would in the CRM."""
    from crm_sync.cli import word_run
    from crm_sync.cli.doors import open_for_key

    with open_for_key(key, user) as room:
        word_run.set_stage(room, stage)


def done(key: options.Key, user: options.User = None) -> None:
    """Tick the planned call off without telling how it went."""
    from crm_sync.cli import word_run
    from crm_sync.cli.doors import open_for_key

    with open_for_key(key, user) as room:
        word_run.complete(room)


def skip(key: options.Key, user: options.User = None) -> None:
    """Remove the planned call; nothing new is planned before `resume`."""
    from crm_sync.cli import word_run
    from crm_sync.cli.doors import open_for_key

    with open_for_key(key, user) as room:
        word_run.skip(room)


def move(key: options.Key, day: options.Day, user: options.User = None) -> None:
    """Put the planned call on another day."""
    from crm_sync.cli import word_run
    from crm_sync.cli.doors import open_for_key

    with open_for_key(key, user) as room:
        word_run.move(room, day)


def number(
    key: options.Key,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="The phone number to call.")],
    user: options.User = None,
) -> None:
    """Tell the phone number to call."""
    from crm_sync.cli import word_run
    from crm_sync.cli.doors import open_for_key

    with open_for_key(key, user) as room:
        word_run.set_number(room, number)


def prepare(
    key: options.Key,
    why: Annotated[str | None, typer.Option("--why", metavar="TEXT", help="Why this company.")] = None,
    fact: Annotated[
        list[str], typer.Option("--fact", metavar="TEXT", help="Something you found out; repeatable.")
    ] = [],  # noqa: B006
    reason: Annotated[
        str | None,
        typer.Option("--reason", metavar="TEXT", help="Why they should act now."),
    ] = None,
    user: options.User = None,
) -> None:
    """Fill in the parts of the brief that only you know."""
    from crm_sync.cli import word_run
    from crm_sync.cli.doors import open_for_key

    with open_for_key(key, user) as room:
        word_run.prepare(room, why, tuple(fact), reason)
