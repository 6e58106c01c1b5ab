"""A sync as the command line tells it: one user at length, many in a line each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from crm_sync.app.fleet import Fleet, Heard, UserRun
from crm_sync.app.house import Wishes
from crm_sync.app.report import exit_code
from crm_sync.cli import failures
from crm_sync.cli.doors import connection_for, load_settings, open_for_user, surroundings
from crm_sync.cli.import_run import Outcome, doubts, source_failures, sync_without_files
from crm_sync.cli.notice_run import watching
from crm_sync.cli.output import MANNER, note, say, say_data, warn
from crm_sync.cli.progress import writing
from crm_sync.cli.render.fleet import needs_a_person, summary, user_line
from crm_sync.cli.setup_run import ready
from crm_sync.errors import Interrupted

JOBS = 4
"""So many users' sources are read side by side where nothing else is said: links are waited for together."""


def sync(
    user: str | None, crm: str | None, wishes: Wishes, *, jobs: int | None, yes: bool, as_json: bool
) -> int:
    """Sync one user or all, tell what it came to, and return the exit code."""
    users = _users(user)
    if not users:
        return _without_configuration(user, crm, wishes, yes=yes, as_json=as_json)
    fleet = Fleet(surroundings(), users, crm, jobs or JOBS, MANNER.brake)
    for override in load_settings(users[0]).overrides:
        note(f"Note: {override}")
    with watching(plan_only=wishes.plan_only) as watch:
        watch.runs = _synced(fleet, wishes, yes=yes, as_json=as_json)
        watch.code = _tell_runs(watch.runs, wishes, as_json=as_json)
    return watch.code


def _synced(fleet: Fleet, wishes: Wishes, *, yes: bool, as_json: bool) -> list[UserRun]:
    """Sync them all; of several, each is told of as soon as it is done."""
    runs: list[UserRun] = []
    try:
        with writing() as progress:
            for done in fleet.sync(wishes, Heard(written=progress), partial(ready, yes=yes)):
                runs.append(done)
                if len(fleet.users) > 1:
                    _tell_line(done, wishes, as_json=as_json)
    except KeyboardInterrupt:
        if len(fleet.users) == 1:
            raise
        told = {done.user for done in runs}
        runs += [UserRun(user, failure=Interrupted()) for user in fleet.users if user and user not in told]
    return runs


def _tell_runs(runs: Sequence[UserRun], wishes: Wishes, *, as_json: bool) -> int:
    if len(runs) == 1 and runs[0].report is not None:
        _tell_at_length(runs[0], wishes, as_json=as_json)
    elif len(runs) == 1:
        return failures.fail(_failure(runs[0]))
    else:
        _tell_all(runs, as_json=as_json)
    return failures.worst(map(_code, runs))


def _users(user: str | None) -> tuple[str, ...]:
    """Return the users of the configuration who are meant, () where it names none."""
    around = surroundings()
    told = around.user_told(user)
    return around.users if told is None or not around.users else (told,)


def _without_configuration(
    user: str | None, crm: str | None, wishes: Wishes, *, yes: bool, as_json: bool
) -> int:
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


def _tell_line(done: UserRun, wishes: Wishes, *, as_json: bool) -> None:
    """Tell at once what one of many users has to hear."""
    if done.report is None:
        if not isinstance(done.failure, Interrupted):
            failures.tell(_failure(done), about=done.user)
        return
    for failure in source_failures(done.report):
        warn(f"{done.user}: {failure}")
    if not as_json and (needs_a_person(done.report) or not MANNER.quiet):
        say(user_line(done.user, done.report, plan_only=wishes.plan_only))


def _tell_all(runs: Sequence[UserRun], *, as_json: bool) -> None:
    if as_json:
        say_data({"users": [_data(done) for done in runs]})
    elif not MANNER.quiet:
        not_begun = sum(isinstance(done.failure, Interrupted) for done in runs)
        say(summary([done.report for done in runs], not_begun))


def _data(done: UserRun) -> dict[str, Any]:
    data = (
        done.report.as_data()
        if done.report
        else {"user": done.user, "failure": failures.shown(_failure(done))}
    )
    return data | {"exit_code": _code(done)}


def _failure(done: UserRun) -> Exception:
    assert done.failure is not None
    return done.failure


def _code(done: UserRun) -> int:
    return exit_code(done.report) if done.report is not None else failures.code_of(_failure(done))
