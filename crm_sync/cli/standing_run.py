"""How all users stand, as the command line finds out."""

from __future__ import annotations

from crm_sync.app.board import open_board
from crm_sync.app.standings import Standing, standings
from crm_sync.app.wiring import open_book
from crm_sync.cli.doors import surroundings
from crm_sync.cli.output import note, say, say_data
from crm_sync.cli.render.standings import NOBODY, standings_grid, standings_summary
from crm_sync.cli.tables import show_grid
from crm_sync.errors import CrmSyncError, UsageError


def all_standings() -> list[Standing]:
    """Return how the users of the configuration and of the ledger stand; no CRM is asked."""
    around = surroundings()
    settings = around.settings(None)
    with open_book(settings) as ledger, open_board(settings) as board:
        return standings(ledger, board, around.users, around.settings)


def tell_standings(user: str | None, metrics: str | None, *, everybody: bool, as_json: bool) -> None:
    """Show how all users stand, and write the figures where that is wanted; raise UsageError."""
    if user is not None or not everybody:
        raise UsageError("--metrics and --all are about all users", "Say --all, and leave --user out.")
    found = all_standings()
    if metrics is not None:
        from crm_sync.cli.metrics import write_metrics

        write_metrics(found, metrics)
    if as_json:
        say_data([one.as_data() for one in found])
    elif found:
        show_grid(standings_grid(found))
        say(standings_summary(found))
    else:
        say(NOBODY)


def figures_after_a_run(metrics: str) -> None:
    """Write the figures; what stands in the way is a note, since the run is done."""
    from crm_sync.cli.metrics import write_metrics

    try:
        write_metrics(all_standings(), metrics)
    except CrmSyncError as error:
        note(f"Note: {error.message}. {error.hint}")
