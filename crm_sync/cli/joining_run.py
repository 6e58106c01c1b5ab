"""Carry out `merge` and `split`, and tell what stands now."""

from __future__ import annotations

import sys
from collections.abc import Callable

import typer

from crm_sync.app import joining
from crm_sync.app.desk import Desk
from crm_sync.app.finding import find_application
from crm_sync.app.report import Report, exit_code
from crm_sync.app.sync import Wishes, run
from crm_sync.cli.doors import Room, dossier_of
from crm_sync.cli.output import say
from crm_sync.cli.render.reports import problems_text
from crm_sync.cli.render.steps import next_step_text
from crm_sync.cli.render.wording import named_dossier
from crm_sync.cli.word_run import explained
from crm_sync.domain.dossiers import Dossier
from crm_sync.errors import UsageError
from crm_sync.planning.desired import deal_key

LOOK = Wishes(plan_only=True)


def merge_into(room: Room, other: str, *, agreed: bool) -> None:
    """Merge the other application into the one of the room; ask before anything of it is removed."""
    loser = _the_other(room, other)
    if loser.key != room.key and not agreed and (what := _goes(room, loser)):
        then = " and ".join(what)
        _ask(
            f"Merge {loser.key} ({named_dossier(loser)}) into {room.key}? Then {then}.",
            f"merging {loser.key} removes something: {then}",
        )
    run_ = run(room.house, "merge", words=lambda desk: _merge(desk, room.key, loser.key))
    say(f"Merged: {loser.key} ({named_dossier(loser)}) is {room.key} ({named_dossier(room.dossier)}) now.")
    say(next_step_text(explained(room), room.house.settings))
    say(f"To take it back: crm-sync split {room.key}")
    _end(run_)


def _merge(desk: Desk, first: str, other: str) -> None:
    joining.merge(desk, first, other)


def _the_other(room: Room, text: str) -> Dossier:
    house = room.house
    found = find_application(house.ledger, text, account=house.account.name, user=room.dossier.user)
    return dossier_of(house.ledger, found.account, found.key)


def _goes(room: Room, loser: Dossier) -> list[str]:
    """Return what a merge removes of the other application."""
    house = room.house
    link = house.ledger.links(house.account.name, [deal_key(loser)]).get(deal_key(loser))
    there = link is not None and link.remote_id is not None and not link.retired
    gone = ["its deal is removed from the CRM, unless somebody worked on it"] if there else []
    return gone + (["its planned call is cancelled"] if loser.course.open_task else [])


def _ask(question: str, refusal: str) -> None:
    if not sys.stdin.isatty():
        raise UsageError(refusal, "Add --yes to do it.")
    if not typer.confirm(question, err=True):
        say("Left as it is.")
        raise typer.Exit(0)


def split_up(room: Room, other: str | None, *, agreed: bool) -> None:
    """Split the application of the room, or keep it apart from the other one; ask before a call is lost."""
    second = _itself(room, other) if other is not None else None
    if not agreed and run(room.house, "split", words=_parting(room, second)[0], wishes=LOOK).calls_cancelled:
        _ask(
            f"Split {room.key} ({named_dossier(room.dossier)})? Then its planned call is cancelled.",
            f"splitting {room.key} cancels its planned call",
        )
    words, parts = _parting(room, second)
    report = run(room.house, "split", words=words)
    if not parts:
        say(f"Remembered: {room.key} and {second} are two applications.")
    for key in parts:
        part = Room(room.house, key)
        say(f"{key}: {named_dossier(part.dossier)}. {next_step_text(explained(part), room.house.settings)}")
    if parts:
        say(f"To take it back: crm-sync merge {' '.join(parts[:2])}")
    _end(report)


def _parting(room: Room, second: str | None) -> tuple[Callable[[Desk], None], list[str]]:
    """Return the words of a split, and the list into which they put what stands alone, the old key first."""
    parts: list[str] = []

    def words(desk: Desk) -> None:
        if second is None:
            stays, freed = joining.split(desk, room.key)
        else:
            stays, freed = room.key, joining.keep_apart(desk, room.key, second)
        parts.extend([stays, *freed] if freed else [])

    return words, parts


def _itself(room: Room, text: str) -> str:
    """Return the key that was meant, also where it was merged into another."""
    house = room.house
    return find_application(
        house.ledger, text, account=house.account.name, user=room.dossier.user, itself=True
    ).key


def _end(report: Report) -> None:
    for note in report.notes:
        say(note)
    if problems := problems_text(report):
        say(problems)
    raise typer.Exit(exit_code(report))
