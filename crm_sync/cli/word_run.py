"""Carry out a person's words about one application, and tell the next step."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TypeVar
from zoneinfo import ZoneInfo

import typer

from crm_sync.app import edits, words
from crm_sync.app.desk import Desk
from crm_sync.app.explaining import Explained, explain_application
from crm_sync.app.report import Report, exit_code
from crm_sync.app.sync import Words, run
from crm_sync.app.today import zone_for
from crm_sync.app.views import open_shelf
from crm_sync.cadence.outcomes import outcome_of, result_of
from crm_sync.cli.days import read_day, read_moment
from crm_sync.cli.doors import Room
from crm_sync.cli.output import say
from crm_sync.cli.render.reports import problems_text
from crm_sync.cli.render.steps import begun_text, next_step_text
from crm_sync.cli.render.touches import touch_text
from crm_sync.cli.render.wording import day as in_words
from crm_sync.cli.render.wording import named_dossier
from crm_sync.domain.stages import Stage
from crm_sync.domain.touches import CallOutcome, TouchKind
from crm_sync.errors import UsageError

_Word = TypeVar("_Word")
_KINDS = {"inbound": TouchKind.INBOUND, "email": TouchKind.EMAIL, "e-mail": TouchKind.EMAIL}


def explained(room: Room) -> Explained:
    """Return why the application of the room stands as it does."""
    house = room.house
    shelf = open_shelf(house.ledger, house.account.name, house.settings.user, house.settings)
    return explain_application(shelf, room.key)


def log_call(
    room: Room,
    outcome: str,
    result: str | None,
    call_back: str | None,
    note: str | None,
    at: str | None,
    referred_to: str | None,
) -> None:
    """Record a call; raise UsageError where the words make no sense together."""
    settings = room.house.settings
    kind, dial = _outcome(outcome)
    if kind is TouchKind.EMAIL and (result or call_back):
        raise UsageError(
            "an e-mail has no result of a conversation",
            f"Log it without --result; if it settles the matter: crm-sync stage {room.key} STAGE",
        )
    call = words.LoggedCall(
        read_moment(at, settings.now, ZoneInfo(settings.time_zone)),
        kind,
        dial,
        _worded(result_of, result) if result else None,
        read_day(call_back, settings.today) if call_back else None,
        note,
        referred_to,
    )
    told = touch_text(call, zone_for(settings, room.dossier))
    report = run(room.house, "log", words=lambda desk: words.log(desk, room.key, call))
    begun = _begun_from(room) if call.result in words.LEADS_ELSEWHERE else []
    _tell(room, f"Recorded: {told}", report, begun)


def _begun_from(room: Room) -> list[str]:
    """Return a line for each application to which calls on this one led."""
    house = room.house
    dossiers = house.ledger.dossiers(house.account.name, house.settings.user).values()
    return [begun_text(d, house.settings) for d in dossiers if d.led_from == room.key]


def _outcome(word: str) -> tuple[TouchKind, CallOutcome]:
    kind = _KINDS.get(word.strip().lower())
    if kind is None:
        return TouchKind.CALL, _worded(outcome_of, word)
    return kind, CallOutcome.CONNECTED if kind is TouchKind.INBOUND else CallOutcome.NO_ANSWER


def _worded(read: Callable[[str], _Word], word: str) -> _Word:
    try:
        return read(word)
    except ValueError as error:
        what, _, names = str(error).partition("; ")
        raise UsageError(what, f"{names[:1].upper()}{names[1:]}.") from None


def snooze(room: Room, day: str) -> None:
    """Plan nothing before that day."""
    until = read_day(day, room.house.settings.today)
    told = f"Snoozed until {in_words(until)}"
    _say_words(room, "snooze", lambda desk: words.snooze(desk, room.key, until), told)


def resume(room: Room, *, agreed: bool) -> None:
    """Take up what rests; ask before a new round begins."""
    if words.resume_needs_confirmation(room.dossier) and not agreed:
        _ask_for_round(room)
    told: list[str] = []

    def take_up(desk: Desk) -> None:
        told.append(words.resume(desk, room.key))

    report = run(room.house, "resume", words=take_up)
    _tell(room, f"Resumed: {told[0]}", report)


def _ask_for_round(room: Room) -> None:
    question = f"Begin a new round of calls for {named_dossier(room.dossier)}?"
    if not sys.stdin.isatty():
        raise UsageError(f"a new round of calls for {room.key} needs your word", "Add --yes to begin it.")
    if not typer.confirm(question, err=True):
        say("Left as it is.")
        raise typer.Exit(0)


def set_number(room: Room, number: str) -> None:
    """Remember the number to call."""
    _say_words(
        room, "number", lambda desk: words.set_number(desk, room.key, number), f"Number: {number.strip()}"
    )


def prepare(room: Room, why: str | None, facts: tuple[str, ...], reason: str | None) -> None:
    """Fill in the brief."""
    if not (why or facts or reason):
        raise UsageError("there is nothing to prepare with", "Give --why TEXT, --fact TEXT or --reason TEXT.")
    _say_words(
        room,
        "prepare",
        lambda desk: words.prepare(desk, room.key, why, facts, reason),
        f"Prepared; the whole brief: crm-sync calls {room.key}",
    )


def set_stage(room: Room, word: str) -> None:
    """Move the deal to another stage."""
    folded = word.strip().lower().replace("-", "_").replace(" ", "_")
    if folded not in set(Stage) - {Stage.UNKNOWN}:
        names = ", ".join(s for s in Stage if s is not Stage.UNKNOWN)
        raise UsageError(f'there is no stage "{word}"', f"There are {names}.")
    named = Stage(folded)
    edits.set_stage(room.house, room.dossier, named)
    _say_words(
        room, "stage", lambda desk: words.say_stage(desk, room.key, named), f"Stage: {_spaced(folded)}"
    )


def _spaced(word: str) -> str:
    return word.replace("_", " ")


def complete(room: Room) -> None:
    """Tick the planned call off."""
    edits.complete(room.house, room.dossier)
    _say_edit(room, "done", "Ticked off, outcome not told")


def skip(room: Room) -> None:
    """Remove the planned call."""
    edits.skip(room.house, room.dossier)
    _say_edit(room, "skip", "Skipped: the planned call is removed")


def move(room: Room, day: str) -> None:
    """Put the planned call on another day."""
    target = read_day(day, room.house.settings.today)
    edits.move(room.house, room.dossier, target)
    _say_edit(room, "move", f"Moved to {in_words(target)}")


def _say_words(room: Room, command: str, said: Words, told: str) -> None:
    _tell(room, told, run(room.house, command, words=said))


def _say_edit(room: Room, command: str, told: str) -> None:
    _tell(room, told, run(room.house, command))


def _tell(room: Room, told: str, report: Report, more: Sequence[str] = ()) -> None:
    say(f"{told} ({named_dossier(room.dossier)}, {room.key}).")
    say("\n".join([next_step_text(explained(room), room.house.settings), *more]))
    problems = problems_text(report)
    if problems:
        say(problems)
    raise typer.Exit(exit_code(report))
