"""Take one run back, as the command line tells it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer

from crm_sync.app.book import find_run
from crm_sync.app.house import House
from crm_sync.app.taking_back import take_back
from crm_sync.app.undoing import UNDOABLE, Undoing, survey
from crm_sync.app.wiring import open_book, open_house
from crm_sync.cli.doors import load_settings, surroundings
from crm_sync.cli.output import say, say_data
from crm_sync.cli.render.undo import undo_text
from crm_sync.errors import UsageError
from crm_sync.ports import Run


def undo(text: str, *, plan_only: bool, agreed: bool, wait: float, as_json: bool) -> int:
    """Show what would be taken back, or take it back once it is confirmed; return the exit code."""
    with _open_for_run(text) as (house, run):
        names = house.ledger.dossiers(run.account, run.user)
        if plan_only or not agreed:
            undoing = survey(house, run)
            if plan_only or not _confirmed(undoing, undo_text(undoing, names, done=False)):
                _tell(undoing, undo_text(undoing, names, done=False), plan_only=True, as_json=as_json)
                return 0
        undoing = take_back(house, run, wait=wait)
        _tell(undoing, undo_text(undoing, names, done=True), plan_only=False, as_json=as_json)
    return 1 if undoing.left else 0


@contextmanager
def _open_for_run(text: str) -> Iterator[tuple[House, Run]]:
    with open_book(load_settings()) as ledger:
        run = find_run(ledger, text)
    if run.command not in UNDOABLE:
        raise UsageError(
            f"run {run.id} was `{run.command}`, a word about one application",
            "Take it back by another word (stage, move, resume); undo is for imports and syncs.",
        )
    settings = surroundings().settings(run.user)
    with open_house(settings, surroundings().connection_of(run.account, settings)) as house:
        if house.account.name != run.account:
            raise UsageError(
                f"run {run.id} worked on {run.account}, the token belongs to {house.account.name}",
                "Give the token of its account.",
            )
        yield house, run


def _confirmed(undoing: Undoing, shown: str) -> bool:
    """Ask a person at a terminal; elsewhere a word must be given."""
    if undoing.is_empty:
        return False
    if not sys.stdin.isatty():
        raise UsageError("an undo needs your word", "Look with --plan, then add --yes.")
    say(shown)
    if typer.confirm("Take this back?", err=True):
        return True
    raise typer.Exit(0)


def _tell(undoing: Undoing, text: str, *, plan_only: bool, as_json: bool) -> None:
    if as_json:
        say_data({"plan_only": plan_only, **_data(undoing)})
    else:
        say(text)


def _data(undoing: Undoing) -> dict[str, Any]:
    return {
        "run": undoing.run.id,
        "applications": sorted(undoing.applications),
        "removed": [str(key) for key in sorted(undoing.removals)],
        "put_back": [
            {"key": str(key), "fields": dict(change.fields)}
            for key, change in sorted(undoing.restorals.items())
        ],
        "left": [
            {"key": str(left.key), "field": left.field or None, "reason": left.reason}
            for left in undoing.left
        ],
    }
