"""What a sync of many users tells: a line each as it goes on, or a table; each account; a summary last."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from crm_sync.app.events import about
from crm_sync.app.fleet import UserRun
from crm_sync.app.report import exit_code
from crm_sync.cli import failures
from crm_sync.cli.import_run import source_failures
from crm_sync.cli.output import MANNER, on_terminal, say, say_data, warn
from crm_sync.cli.render.fleet import Tally, fleet_grid, needs_a_person, summary, user_line
from crm_sync.cli.render.wording import nouns
from crm_sync.cli.tables import show_grid
from crm_sync.errors import Interrupted


class ManyTold:
    """Tells of many users: what is wrong at once, the rest in a pipe at once and on a terminal in a table."""

    def __init__(self, *, plan_only: bool, as_json: bool) -> None:
        self._plan_only = plan_only
        self._as_json = as_json
        self._draws = on_terminal(sys.stdout)
        self._accounts: set[str] = set()

    def tell(self, done: UserRun) -> None:
        """Tell what one user has to hear."""
        with about(user=done.user):
            if done.report is None:
                self._tell_failure(done)
                return
            for failure in source_failures(done.report):
                warn(f"{done.user}: {failure}")
        if not self._as_json and not self._draws and (needs_a_person(done.report) or not MANNER.quiet):
            say(user_line(done.user, done.report, plan_only=self._plan_only))

    def _tell_failure(self, done: UserRun) -> None:
        """Tell a failure; one of a whole account once, not for each of its users."""
        if isinstance(done.failure, Interrupted):
            return
        if not done.shared or done.together == 1:
            failures.tell(failure_of(done), about=done.user)
        elif done.crm not in self._accounts:
            self._accounts.add(done.crm)
            failures.tell(failure_of(done), about=f"{done.crm} ({nouns(done.together, 'user')})")

    def end(self, runs: Sequence[UserRun]) -> None:
        """Tell how everybody fared."""
        if self._as_json:
            say_data({"users": [_data(done) for done in runs], "accounts": _accounts(runs)})
            return
        if self._draws:
            grid = fleet_grid(
                [d.report for d in runs if d.report and _is_shown(d)], plan_only=self._plan_only
            )
            if grid.rows:
                show_grid(grid)
        if not MANNER.quiet:
            say("\n".join(_summaries(runs)))


def _is_shown(done: UserRun) -> bool:
    report = done.report
    return report is not None and (needs_a_person(report) if MANNER.quiet else not report.nothing_new)


def _summaries(runs: Sequence[UserRun]) -> list[str]:
    """Return a line for each account where there are several, and one for all of them last."""
    accounts = _by_account(runs)
    each = (
        [f"{crm}: {summary(_tally(of_one))}" for crm, of_one in accounts.items()] if len(accounts) > 1 else []
    )
    return [*each, summary(_tally(runs))]


def _by_account(runs: Sequence[UserRun]) -> dict[str, list[UserRun]]:
    found: dict[str, list[UserRun]] = {}
    for done in runs:
        if done.crm:
            found.setdefault(done.crm, []).append(done)
    return found


def _tally(runs: Sequence[UserRun]) -> Tally:
    not_begun = sum(isinstance(done.failure, Interrupted) for done in runs)
    reports = [done.report for done in runs if done.report is not None]
    unread = sum(bool(report.outages) for report in reports)
    quiet = sum(report.nothing_new and not report.outages for report in reports)
    failed = sum(done.report is None for done in runs) - not_begun
    return Tally(len(runs), quiet, unread, failed, not_begun)


def _accounts(runs: Sequence[UserRun]) -> list[dict[str, Any]]:
    return [_account(crm, of_one) for crm, of_one in _by_account(runs).items()]


def _account(crm: str, runs: Sequence[UserRun]) -> dict[str, Any]:
    tally = _tally(runs)
    shared = next((done for done in runs if done.shared), None)
    return {
        "crm": crm,
        "account": next((done.report.account for done in runs if done.report), None),
        "users": tally.users,
        "synced": tally.synced,
        "nothing_new": tally.quiet,
        "unread": tally.unread,
        "failed": tally.failed,
        "not_begun": tally.not_begun,
        "failure": failures.shown(failure_of(shared)) if shared else None,
        "exit_code": failures.worst(map(code_of, runs)),
    }


def _data(done: UserRun) -> dict[str, Any]:
    data = (
        done.report.as_data()
        if done.report
        else {"user": done.user, "failure": failures.shown(failure_of(done))}
    )
    return data | {"crm": done.crm or None, "exit_code": code_of(done)}


def failure_of(done: UserRun) -> Exception:
    """Return why there is no report."""
    assert done.failure is not None
    return done.failure


def code_of(done: UserRun) -> int:
    """Return the exit code of one user's run."""
    return exit_code(done.report) if done.report is not None else failures.code_of(failure_of(done))
