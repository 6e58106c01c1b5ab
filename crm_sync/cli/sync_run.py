"""A sync as the command line tells it: one user at length, many in a line each."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from crm_sync.app.board import failing_users
from crm_sync.app.fleet import Fleet, UserRun, Watcher
from crm_sync.app.house import Wishes
from crm_sync.cli import failures
from crm_sync.cli.doors import connection_for, load_settings, open_for_user, surroundings
from crm_sync.cli.import_run import Outcome, doubts, sync_without_files
from crm_sync.cli.notice_run import watching
from crm_sync.cli.output import MANNER, note, say, say_data, warn
from crm_sync.cli.progress import syncing, writing
from crm_sync.cli.render.fleet import needs_a_person
from crm_sync.cli.setup_run import ready
from crm_sync.cli.sync_telling import ManyTold, code_of, failure_of
from crm_sync.errors import Interrupted

_SWEPT = 100

_NO_FILES = (
    "no configuration names any users, so no file is read and only the CRM is heard. "
    "To read a file: crm-sync import FILE; for sync to read it: crm-sync init, or --config FILE."
)
JOBS = 4
"""So many users' sources are read side by side where nothing else is said: links are waited for together."""


def sync(
    user: str | None, crm: str | None, wishes: Wishes, *, jobs: int | None, yes: bool, as_json: bool
) -> int:
    """Sync one user or all, tell what it came to, and return the exit code."""
    users = _users(user)
    if not users:
        return _without_configuration(user, crm, wishes, yes=yes, as_json=as_json)
    failing = failing_users(surroundings().settings(None)) if len(users) > 1 else frozenset()
    fleet = Fleet(surroundings(), users, crm, jobs or JOBS, MANNER.brake, failing)
    for override in load_settings(users[0]).overrides:
        note(f"Note: {override}")
    with watching(plan_only=wishes.plan_only) as watch:
        watch.runs = _synced(fleet, wishes, yes=yes, as_json=as_json)
        watch.code = _tell_runs(watch.runs, wishes, as_json=as_json)
    return watch.code


def _synced(fleet: Fleet, wishes: Wishes, *, yes: bool, as_json: bool) -> list[UserRun]:
    """Sync them all and tell of them."""
    runs: list[UserRun] = []
    if len(fleet.users) == 1:
        with writing() as progress:
            return list(fleet.sync(wishes, Watcher(progress), partial(ready, yes=yes)))
    told = ManyTold(plan_only=wishes.plan_only, as_json=as_json)
    try:
        with syncing(len(fleet.users)) as (written, read):
            for done in fleet.sync(wishes, Watcher(written, read), partial(ready, yes=yes)):
                told.tell(done)
                runs.append(_lightened(done))
                if len(runs) % _SWEPT == 0:
                    gc.collect()  # a long life does make cycles, which nobody else looks for
    except KeyboardInterrupt:
        done_with = {done.user for done in runs}
        left = [user for user in fleet.users if user and user not in done_with]
        runs += [UserRun(user, failure=Interrupted()) for user in left]
    told.end(runs)
    return runs


def _lightened(done: UserRun) -> UserRun:
    """Return a run without what was read and planned: a thousand users' would fill the memory."""
    if done.report is not None:
        done.report.plan = None
    return replace(done, looks=())


def _tell_runs(runs: Sequence[UserRun], wishes: Wishes, *, as_json: bool) -> int:
    """Tell of a single user at length, and return the exit code of all."""
    if len({done.user for done in runs} - {""}) == 1:
        for done in runs:
            if done.report is None:
                failures.fail(failure_of(done))
            else:
                _tell_at_length(done, wishes, as_json=as_json)
    return failures.worst(map(code_of, runs))


def _users(user: str | None) -> tuple[str, ...]:
    """Return the users of the configuration who are meant, () where it names none."""
    around = surroundings()
    told = around.user_told(user)
    return around.users if told is None or not around.users else (told,)


def _without_configuration(
    user: str | None, crm: str | None, wishes: Wishes, *, yes: bool, as_json: bool
) -> int:
    note(f"Note: {_NO_FILES}")
    with open_for_user(user, ready(connection_for(crm, user), yes=yes)) as house:
        outcome = sync_without_files(house, wishes)
    _tell_outcome(outcome, as_json=as_json)
    return outcome.exit_code


def _tell_at_length(done: UserRun, wishes: Wishes, *, as_json: bool) -> None:
    assert done.report is not None
    assert done.settings is not None
    done.report.notes += doubts(done.looks)
    outcome = Outcome(done.report, done.settings, [], wishes.plan_only, sources=bool(done.settings.sources))
    for failure in outcome.outages:
        warn(failure)
    _tell_outcome(outcome, as_json=as_json)


def _tell_outcome(outcome: Outcome, *, as_json: bool) -> None:
    if as_json:
        say_data(outcome.as_data())
    elif not MANNER.quiet or needs_a_person(outcome.report):
        say(outcome.as_text())
