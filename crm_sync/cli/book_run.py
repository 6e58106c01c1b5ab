"""Show the book of runs and the history of an application."""

from __future__ import annotations

from crm_sync.app.book import find_run, history_of, runs_of, whole_run
from crm_sync.app.finding import find_application
from crm_sync.app.wiring import open_book
from crm_sync.cli.doors import dossier_of, load_settings, surroundings
from crm_sync.cli.output import say, say_data
from crm_sync.cli.render.history import history_text
from crm_sync.cli.render.runs import NO_RUNS, run_text, runs_grid
from crm_sync.cli.tables import show_grid
from crm_sync.config.connections import HUBSPOT
from crm_sync.ports import Ledger


def show_runs(user: str | None, crm: str | None, limit: int, *, as_json: bool) -> None:
    """Show the latest runs of all accounts, or of one kind of CRM, or of one user."""
    settings = load_settings(user)
    with open_book(settings) as ledger:
        rows = runs_of(ledger, _accounts(ledger, crm), surroundings().user_told(user), limit)
    if as_json:
        say_data(rows)
    elif rows:
        show_grid(runs_grid(rows, settings.time_zone))
    else:
        say(NO_RUNS)


def _accounts(ledger: Ledger, crm: str | None) -> list[str]:
    """Return the accounts of a CRM: an entry of the configuration, a kind, or an account's own name."""
    if crm is None:
        return list(ledger.accounts())
    kind = surroundings().connection(crm).kind
    return [name for name in ledger.accounts() if name == crm or name.startswith(_beginning(kind))]


def _beginning(kind: str) -> str:
    return HUBSPOT if kind == HUBSPOT else kind


def show_run(text: str, *, as_json: bool) -> None:
    """Show all that is kept of one run."""
    settings = load_settings()
    with open_book(settings) as ledger:
        told = whole_run(ledger, find_run(ledger, text))
    if as_json:
        say_data(told)
    else:
        say(run_text(told, settings.time_zone))


def show_history(text: str, user: str | None, *, as_json: bool) -> None:
    """Tell all that happened to one application."""
    with open_book(load_settings(user)) as ledger:
        found = find_application(ledger, text, user=user)
        dossier = dossier_of(ledger, found.account, found.key)
        told = history_of(ledger, found.account, dossier)
    if as_json:
        say_data([each.as_data() for each in told])
    else:
        say(history_text(dossier, told, surroundings().settings(found.user).time_zone))
