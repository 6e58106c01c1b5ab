"""Forget a user or an application, as the command line tells it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from crm_sync.app import forgetting
from crm_sync.app.backups import state_files
from crm_sync.app.board import open_board
from crm_sync.app.finding import find_application
from crm_sync.app.forgetting import Forgetting
from crm_sync.app.house import House
from crm_sync.app.wiring import open_book, open_house
from crm_sync.cli.doors import load_settings, surroundings
from crm_sync.cli.output import say, say_data, warn
from crm_sync.cli.render.forgetting import forgotten_text, question_text
from crm_sync.config.settings import Settings
from crm_sync.errors import UsageError
from crm_sync.ledger.copies import leave_no_bytes
from crm_sync.ports import Ledger
from crm_sync.sources.keeping import KeptCopy


@dataclass(frozen=True, slots=True)
class _Target:
    """Who is meant: a user in some accounts, or one application in its account."""

    user: str
    accounts: tuple[str, ...]
    key: str | None = None


def forget(whom: str, user: str | None, *, with_crm: bool, agreed: bool, as_json: bool) -> int:
    """Forget for good once it is confirmed; return the exit code."""
    with open_book(load_settings(user)) as ledger:
        target = _target(ledger, whom, user)
        if target is None:
            return _write_anew(whom, load_settings(user), with_crm=with_crm)
        settings = _settings_of(target)
        planned = [
            forgetting.what_to_forget(ledger, account, target.user, target.key) for account in target.accounts
        ]
        if not agreed:
            _ask(question_text(target.user, target.key, planned, with_crm=with_crm))
        sources = {each.source for name in target.accounts for each in ledger.sources(name, target.user)}
        done = [
            _forget_in(ledger, account, target, settings, with_crm=with_crm) for account in target.accounts
        ]
    _clear_away(target, sources, settings, with_crm=with_crm)
    _tell(target, done, settings, with_crm=with_crm, as_json=as_json)
    return 1 if any(each.not_removed for each in done) else 0


def _write_anew(whom: str, settings: Settings, *, with_crm: bool) -> int:
    """Finish what was cut off after the rows were gone: leave no bytes of them in the files."""
    for path in _files(settings, with_crm=True, with_book=True):
        if path.exists():
            leave_no_bytes(path)
    say(f"{whom} was forgotten already; the files were written anew.")
    if with_crm:
        warn("Note: the CRM was not asked: of what may still lie there the ledger knows nothing any more.")
    return 0


def _target(ledger: Ledger, whom: str, user: str | None) -> _Target | None:
    """Return who is meant, None for somebody who was forgotten already; raise UsageError for a stranger."""
    accounts = tuple(name for name in ledger.accounts() if whom in ledger.users(name))
    if accounts:
        return _Target(whom, accounts)
    if forgetting.is_forgotten(ledger, whom):
        return None
    if whom in surroundings().users:
        raise UsageError(f"the book holds nothing of {whom}", "See who it knows: crm-sync status --json")
    found = find_application(ledger, whom, user=user)
    return _Target(found.user, (found.account,), found.key)


def _settings_of(target: _Target) -> Settings:
    """Return the settings of the user; of one who left the configuration, those of nobody in particular."""
    around = surroundings()
    return around.settings(target.user if target.user in around.users or not around.users else None)


def _forget_in(
    ledger: Ledger, account: str, target: _Target, settings: Settings, *, with_crm: bool
) -> Forgetting:
    with ExitStack() as stack:
        house = stack.enter_context(_open(account, settings)) if with_crm else None
        return forgetting.forget(ledger, account, target.user, target.key, house)


@contextmanager
def _open(account: str, settings: Settings) -> Iterator[House]:
    with open_house(settings, surroundings().connection_of(account, settings)) as house:
        if house.account.name != account:
            raise UsageError(
                f"the records lie in {account}, the token belongs to {house.account.name}",
                "Give the token of its account, or leave --crm out.",
            )
        yield house


def _clear_away(target: _Target, sources: set[str], settings: Settings, *, with_crm: bool) -> None:
    """Take down what people were told, drop kept downloads, and leave no bytes in the CRM's file."""
    with open_board(settings) as board:
        if board is not None:
            board.forget(target.user, target.key)
    if target.key is None:
        for source in sources:
            KeptCopy(settings.home / "downloads", source).drop()
    for path in _files(settings, with_crm=with_crm):
        if path.exists():
            leave_no_bytes(path)


def _files(settings: Settings, *, with_crm: bool, with_book: bool = False) -> list[Path]:
    try:
        there = state_files(settings)
    except UsageError:  # PostgreSQL keeps its own house
        return []
    beside = there["ledger.db"].with_name("notices.db")
    more = [there["crm.db"]] if with_crm else []
    return [beside, *more, *([there["ledger.db"]] if with_book else [])]


def _ask(question: str) -> None:
    if not sys.stdin.isatty():
        raise UsageError(
            "to forget is for good, so it needs your word",
            "Add --yes, and --crm where what lies in the CRM shall go, too: later nobody can find it.",
        )
    say(question)
    if not typer.confirm("Forget this for good?", err=True):
        raise typer.Exit(0)


def _tell(
    target: _Target, done: list[Forgetting], settings: Settings, *, with_crm: bool, as_json: bool
) -> None:
    try:
        kept = forgetting.copies_that_remain(state_files(settings)["ledger.db"])
    except UsageError:
        kept = []
    if as_json:
        say_data({**_data(target, done), "copies": [str(path) for path in kept]})
        return
    say(forgotten_text(target.user, target.key, done, with_crm=with_crm))
    for path in kept:
        warn(f"Note: an older copy still holds it: {path}")


def _data(target: _Target, done: list[Forgetting]) -> dict[str, Any]:
    return {
        "user": target.user if target.key is None else None,
        "key": target.key,
        "accounts": [
            {
                "account": each.oblivion.account,
                "applications": len(each.dossiers),
                "records": len(each.records),
                "staying": [str(key) for key in each.staying],
                "not_removed": {str(key): reason for key, reason in each.not_removed.items()},
            }
            for each in done
        ],
    }


def lift(whom: str) -> None:
    """Let in again who was forgotten."""
    with open_book(load_settings()) as ledger:
        lifted = [name for name in ledger.accounts() if forgetting.let_in_again(ledger, name, whom)]
    if not lifted:
        raise UsageError(
            f'nobody was forgotten as "{whom}"', "Give the user's name, or the whole key of the application."
        )
    say(f"{whom} may come in again, with the next import or sync.")
