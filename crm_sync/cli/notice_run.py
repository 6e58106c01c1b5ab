"""Watch over a sync: tell a switch of its start and end, and people of what needs them. Never fails a run."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crm_sync.cli import failures
from crm_sync.cli.doors import surroundings
from crm_sync.cli.hiding import hide_secrets
from crm_sync.cli.output import note, warn
from crm_sync.config.configuration import Configuration
from crm_sync.errors import ConfigError

if TYPE_CHECKING:
    from crm_sync.app.fleet import UserRun
    from crm_sync.app.matters import Change
    from crm_sync.app.notifying import Digest
    from crm_sync.domain.dossiers import Dossier
    from crm_sync.ledger.noticeboard import Noticeboard, Slip
    from crm_sync.notices.addresses import Address
    from crm_sync.notices.sending import Letter
    from crm_sync.notices.switch import Switch


@dataclass(slots=True)
class Watch:
    """What a sync came to, as far as it is told: the runs of all users, and the exit code."""

    runs: list[UserRun] = field(default_factory=list)
    code: int = failures.BUG


@contextmanager
def watching(*, plan_only: bool) -> Iterator[Watch]:
    """Watch over a sync of the configuration's users; a plan changes nothing and is told to nobody."""
    watch, configuration = Watch(), surroundings().configuration
    if plan_only or configuration is None:
        yield watch
        return
    switch = _switch(configuration)
    if switch is not None:
        switch.start()
    try:
        yield watch
        if watch.runs and watch.code != failures.INTERRUPTED:
            _tell_people(configuration, watch.runs)
    finally:
        if switch is not None:
            switch.end(well=watch.code in (failures.DONE, failures.PARTLY))
            if switch.fault:
                note(f"Note: notify.ping: {switch.fault}")


def _switch(configuration: Configuration) -> Switch | None:
    place = configuration.ping_place()
    if place is None:
        return None
    from crm_sync.app.notifying import fetched
    from crm_sync.notices.switch import Switch

    try:
        return Switch(fetched(place, os.environ))
    except ConfigError as error:
        note(f"Note: {error.message}")
        return None


def _tell_people(configuration: Configuration, runs: Sequence[UserRun]) -> None:
    """Tell what is news, then who is to call today; whatever goes wrong with it is a note."""
    from crm_sync.app.board import open_board

    settings = next((run.settings for run in runs if run.settings), None) or surroundings().settings(None)
    try:
        with open_board(settings) as board:
            _tell_news(configuration, board, runs)
            if board is not None:
                _tell_day(configuration, board, runs)
    except Exception as error:
        note(f"Note: nobody could be told: {failures.shown(error)}")


def _tell_news(configuration: Configuration, board: Noticeboard | None, runs: Sequence[UserRun]) -> None:
    from crm_sync.app.notifying import changes_of, write_down

    changes = changes_of(board, runs, datetime.now(UTC), failures.shown)
    letters = [*_to_operator(configuration, changes), *_to_users(configuration, changes, runs)]
    told = _sent(letters, board)
    if not write_down(board, changes, told) and any(change.news for change in changes):
        note("Note: it could not be kept who was told, so the next run tells it again.")


Addressed = tuple["Letter", frozenset[str]]
"""A letter and the users whose news it holds."""


def _to_operator(configuration: Configuration, changes: Sequence[Change]) -> Iterator[Addressed]:
    from crm_sync.app.notifying import as_data
    from crm_sync.cli.render.notices import operator_text
    from crm_sync.notices.addresses import Message

    news = [change.news for change in changes if change.news]
    if not news or len(configuration.users) == 1:
        return
    title, text = operator_text(news, surroundings().settings(None).time_zone)
    data = {"event": "needs_a_person", "users": [as_data(one) for one in news]}
    message = Message(title, hide_secrets(text, os.environ), data)
    users = frozenset(one.user for one in news)
    for address in _addresses(configuration, ""):
        yield (address, message), users


def _to_users(
    configuration: Configuration, changes: Sequence[Change], runs: Sequence[UserRun]
) -> Iterator[Addressed]:
    from crm_sync.app.notifying import as_data
    from crm_sync.cli.render.notices import own_text
    from crm_sync.notices.addresses import Message

    for change, run in zip(changes, runs, strict=True):
        addresses = _addresses(configuration, run.user) if change.news else []
        if not addresses:
            continue
        about = _about(change, run)
        zone = run.settings.time_zone if run.settings else "UTC"
        title, text = own_text(change.news, about, zone)
        data = {"event": "needs_a_person", "users": [as_data(change.news)]}
        message = Message(title, hide_secrets(text, os.environ), data)
        for address in addresses:
            yield (address, message), frozenset({run.user})


def _about(change: Change, run: UserRun) -> Mapping[str, Dossier]:
    """Return the applications that are asked about; from the book, where the run itself had nothing new."""
    from crm_sync.app.matters import ASK
    from crm_sync.app.wiring import open_book

    if run.report is None or run.settings is None:
        return {}
    keys = {slip.subject.partition(":")[0] for slip in change.news.new if slip.kind == ASK}
    if keys <= run.report.about.keys():
        return run.report.about
    with open_book(run.settings) as ledger:
        return ledger.dossiers(run.report.account, keys=keys)


def _addresses(configuration: Configuration, user: str) -> list[Address]:
    from crm_sync.app.notifying import addresses_of

    found, faults = addresses_of(configuration, user, os.environ)
    for fault in faults:
        note(f"Note: {fault}")
    return found


def _sent(letters: Sequence[Addressed], board: Noticeboard | None) -> frozenset[str]:
    """Send the letters and return the users whose news arrived somewhere; tell of addresses that failed.

    The first failure of an address is said under --quiet, too; while it stands it is a note.
    """
    from crm_sync.app.notifying import first_failures
    from crm_sync.notices.sending import send_all

    answers = send_all([letter for letter, _ in letters])
    failed = {
        address.name: answer for ((address, _), _), answer in zip(letters, answers, strict=True) if answer
    }
    first = first_failures(board, failed, [address.name for (address, _), _ in letters])
    for name, answer in failed.items():
        (warn if name in first else note)(f"Note: {name}: {hide_secrets(answer, os.environ)}")
    arrived = [users for (_, users), answer in zip(letters, answers, strict=True) if not answer]
    return frozenset().union(*arrived)


def _tell_day(configuration: Configuration, board: Noticeboard, runs: Sequence[UserRun]) -> None:
    """Send each person the calls of the day, and the operator how many there are, once a day."""
    from crm_sync.app.notifying import OPERATOR, claim_for_operator, digests_of, due_digests
    from crm_sync.app.wiring import open_book
    from crm_sync.cli.render.notices import operator_digest_text
    from crm_sync.notices.addresses import Message

    members = [run.settings for run in runs if run.settings]
    if not members or not _is_a_day_told(configuration):
        return
    several = len(configuration.users) > 1
    everybody = surroundings().settings(None)
    with open_book(members[0]) as ledger:
        digests = due_digests(configuration, board, ledger, members)
        slip = claim_for_operator(configuration, board, everybody) if several else None
        counted = digests_of(ledger, members) if slip else []
    slips: dict[str, Slip] = {digest.user: slip for digest, slip in digests}
    letters = [letter for digest, _ in digests if digest.rows for letter in _day_of(configuration, digest)]
    if slip is not None:
        slips[OPERATOR] = slip
        told_so = operator_digest_text(counted, everybody.today.isoformat())
        message = Message(*told_so, {"event": "digest"})
        letters += [((one, message), frozenset({OPERATOR})) for one in _addresses(configuration, OPERATOR)]
    told = _sent(letters, board)
    meant = frozenset(user for _, users in letters for user in users)
    board.change((), [slips[user].pin for user in meant - told])


def _day_of(configuration: Configuration, digest: Digest) -> Iterator[Addressed]:
    """Yield the letters that tell a person's day."""
    from crm_sync.cli.render.notices import digest_text
    from crm_sync.notices.addresses import Message

    message = Message(*digest_text(digest), {"event": "digest", "calls": [dict(row) for row in digest.rows]})
    for address in _addresses(configuration, digest.user):
        yield (address, message), frozenset({digest.user})


def _is_a_day_told(configuration: Configuration) -> bool:
    return any(configuration.digest_from(user) for user in (None, *configuration.users))


def try_addresses(user: str | None) -> list[tuple[str, str]]:
    """Send a test message to the operator's addresses, or to those of a user; return why each failed."""
    from crm_sync.app.notifying import addresses_of
    from crm_sync.errors import UsageError
    from crm_sync.notices.addresses import Message
    from crm_sync.notices.sending import send_all

    around = surroundings()
    named = around.user_told(user) if user else None
    found, faults = addresses_of(around.configuration, named or "", os.environ)
    if not found and not faults:
        raise UsageError(
            f"nothing says where {named or 'the operator'} is told",
            "Write notify: into the configuration, for example webhook: {env: HOOK}.",
        )
    message = Message(
        "crm-sync: a test", "If you can read this, crm-sync reaches you here.", {"event": "test"}
    )
    answers = send_all([(address, message) for address in found])
    told = [(address.name, answer) for address, answer in zip(found, answers, strict=True)]
    return [*told, *((fault, "it was not tried") for fault in faults)]
