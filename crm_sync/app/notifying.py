"""Who is told what after a run: the operator counts and keys, each person what is their own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from crm_sync.app.fleet import UserRun
from crm_sync.app.matters import Change, InWords, News, by_user, compared
from crm_sync.app.views import calls, open_shelf
from crm_sync.config.configuration import Configuration
from crm_sync.config.places import SecretPlace
from crm_sync.config.settings import Settings
from crm_sync.errors import ConfigError, CrmSyncError
from crm_sync.ledger.noticeboard import Noticeboard, Pin, Slip
from crm_sync.notices.addresses import Address, fault_of
from crm_sync.ports import Ledger

DIGEST, UNREACHED = "digest", "unreached"
OPERATOR = ""


@dataclass(frozen=True, slots=True)
class Digest:
    """The calls of one user on one day, as ``views.calls`` tells them."""

    user: str
    settings: Settings
    rows: tuple[Mapping[str, Any], ...]


def addresses_of(
    configuration: Configuration | None, user: str, environ: Mapping[str, str]
) -> tuple[list[Address], list[str]]:
    """Return where the operator ("") or a user is told, and why some of it is not there.

    One person alone is their own operator.
    """
    if configuration is None:
        return [], []
    told = configuration.notify_places(user or None)
    if user and len(configuration.users) == 1:
        told += configuration.notify_places()
    found: list[Address] = []
    faults: list[str] = []
    for name, place in told:
        try:
            found.append(Address(name, kind_of(name), fetched(place, environ)))
        except ConfigError as error:
            faults.append(error.message)
    return found, faults


def kind_of(name: str) -> str:
    """Return the kind of an address, by its key: notify.webhook is a webhook."""
    return next((part for part in reversed(name.split(".")) if not part.isdecimal()), name)


def fetched(place: SecretPlace | str, environ: Mapping[str, str]) -> str:
    """Return an address from where it is kept; raise ConfigError."""
    return place if isinstance(place, str) else place.fetch(environ).reveal()


def changes_of(
    board: Noticeboard | None, runs: Iterable[UserRun], now: datetime, in_words: InWords
) -> list[Change]:
    """Return what the runs mean for the board; where there is none, everything is news."""
    standing: dict[str, dict[Pin, Slip]] = {}
    if board is not None:
        with suppress(CrmSyncError):
            standing = by_user(slip for slip in board.slips().values() if slip.kind != DIGEST)
    return [compared(run, standing.get(run.user, {}), now, in_words) for run in runs]


def write_down(board: Noticeboard | None, changes: Iterable[Change], told: frozenset[str]) -> bool:
    """Put up what stands now, as told for the users whose news arrived; tell whether it could be kept."""
    if board is None:
        return False
    put: list[Slip] = []
    take: list[Pin] = []
    for change in changes:
        arrived = change.news.user in told
        put += [replace(slip, told=slip.told or arrived) for slip in change.put]
        take += change.take if arrived or not change.news.over else []
    try:
        board.change(put, take)
    except CrmSyncError:
        return False
    return True


def first_failures(
    board: Noticeboard | None, failed: Collection[str], tried: Iterable[str]
) -> frozenset[str]:
    """Return the addresses that fail for the first time since they last took a message."""
    if board is None:
        return frozenset(failed)
    now = datetime.now(UTC)
    board.change((), [(OPERATOR, UNREACHED, name) for name in tried if name not in failed])
    return frozenset(name for name in failed if board.claim(Slip(OPERATOR, UNREACHED, name, now)))


def due_digests(
    configuration: Configuration, board: Noticeboard, ledger: Ledger, members: Sequence[Settings]
) -> list[tuple[Digest, Slip]]:
    """Return the digests that are due now and that nobody sent today; a slip is taken down where it fails.

    Without calls there is nothing to be told, and the day is over for that digest all the same.
    """
    standing = board.slips([DIGEST])
    due = [(s, slip) for s in members if (slip := _due(configuration, s.user, s, standing))]
    claimed = [(settings, slip) for settings, slip in due if board.claim(slip)]
    today = {settings.user: slip.subject for settings, slip in claimed}
    board.change((), [pin for pin in standing if pin[0] in today and pin[2] < today[pin[0]]])
    digests = digests_of(ledger, [settings for settings, _ in claimed])
    return [(digest, slip) for digest, (_, slip) in zip(digests, claimed, strict=True)]


def digests_of(ledger: Ledger, members: Sequence[Settings]) -> list[Digest]:
    """Return the calls that each of these users has today, in all accounts of the ledger."""
    books = {account: ledger.users(account) for account in ledger.accounts()} if members else {}
    return [
        Digest(
            settings.user,
            settings,
            tuple(
                row
                for account, users in books.items()
                if settings.user in users
                for row in calls(open_shelf(ledger, account, settings.user, settings), settings.today)
            ),
        )
        for settings in members
    ]


def claim_for_operator(configuration: Configuration, board: Noticeboard, settings: Settings) -> Slip | None:
    """Return the slip of the operator's own digest where it is due, None where it is not or was sent."""
    standing = board.slips([DIGEST])
    slip = _due(configuration, OPERATOR, settings, standing)
    if slip is None or not board.claim(slip):
        return None
    board.change((), [pin for pin in standing if pin[0] == OPERATOR and pin[2] < slip.subject])
    return slip


def _due(
    configuration: Configuration, user: str, settings: Settings, standing: Mapping[Pin, Slip]
) -> Slip | None:
    """Return the slip of a digest whose hour has come, on that person's clock, and that does not stand."""
    begin = configuration.digest_from(user or None)
    local = settings.now.astimezone(ZoneInfo(settings.time_zone))
    if begin is None or local.time() < begin:
        return None
    slip = Slip(user, DIGEST, local.date().isoformat(), datetime.now(UTC), told=True)
    return None if slip.pin in standing else slip


def check_addresses(
    configuration: Configuration, environ: Mapping[str, str], users: Iterable[str | None]
) -> Iterator[tuple[str, str]]:
    """Yield (key, what is wrong with that address, "" where nothing is), without asking it anything."""
    for user in dict.fromkeys((None, *users)):
        if configuration.lacks_address(user):
            yield f"users.{user}.notify" if user else "notify", "it has a digest and no address to send it to"
        for name, place in configuration.notify_places(user):
            try:
                yield name, fault_of(Address(name, kind_of(name), fetched(place, environ)))
            except ConfigError:
                continue  # told with the secrets


def as_data(news: News) -> dict[str, Any]:
    """Return news as JSON-able data: kinds and subjects, no texts of a person's own."""
    return {
        "user": news.user,
        "new": [{"kind": s.kind, "subject": s.subject, "since": s.since.isoformat()} for s in news.new],
        "over": [{"kind": s.kind, "subject": s.subject, "since": s.since.isoformat()} for s in news.over],
    }
