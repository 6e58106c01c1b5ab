"""Make a backup and put one back, as the command line tells it."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from crm_sync.app.backups import Backup, back_up, look_into, restore, state_files, taken_from
from crm_sync.cadence.wording import say_day
from crm_sync.cli.doors import load_settings
from crm_sync.cli.output import say, say_data
from crm_sync.errors import UsageError


def make(target: str, *, as_json: bool) -> None:
    """Write a backup and tell what it holds."""
    made = back_up(load_settings(), Path(target).expanduser())
    if as_json:
        say_data(_data(made))
    else:
        say(f"Backed up to {made.path}: {_files(made)}.\nPut it back with: crm-sync restore {made.path}")


def put_back(source: str, *, agreed: bool, as_json: bool) -> None:
    """Put a backup in the place of what stands there, once it is confirmed."""
    settings, path = load_settings(), Path(source).expanduser()
    state_files(settings)
    found = taken_from(settings, look_into(path))
    if not agreed:
        _ask(found, settings.database)
    kept = restore(settings, path)
    if as_json:
        say_data({**_data(found), "kept": [str(each) for each in kept]})
        return
    lines = [f"Restored from {path}, as it was on {_made(found)}: {_files(found)}."]
    lines += [f"What stood there is kept: {each}" for each in kept]
    say("\n".join([*lines, "Next: crm-sync sync (or import), which hears what happened since."]))


def _ask(found: Backup, database: str) -> None:
    question = f"Put the state of {_made(found)} in the place of {database}?"
    if not sys.stdin.isatty():
        raise UsageError("a restore needs your word", "Add --yes to put the backup in place.")
    if not typer.confirm(question, err=True):
        say("Left as it is.")
        raise typer.Exit(0)


def _made(found: Backup) -> str:
    local = found.made_at.astimezone()
    return f"{say_day(local.date())}, {local:%H:%M:%S}"


def _files(found: Backup) -> str:
    return ", ".join(f"{name} ({size:,} bytes)" for name, size in found.files.items())


def _data(found: Backup) -> dict[str, object]:
    made = found.made_at.isoformat()
    return {"path": str(found.path), "made_at": made, "version": found.version, "files": found.files}
