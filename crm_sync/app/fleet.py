"""One sync for many users: each gathered and run for itself, and nobody's failure is another's.

Users of one CRM share its open house. Runs wait in line so far, one user after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

from crm_sync.app.apply import Progress
from crm_sync.app.gather import Look, gather
from crm_sync.app.house import House, Wishes, understanding
from crm_sync.app.report import Report
from crm_sync.app.sourcing import named_sources
from crm_sync.app.sync import run
from crm_sync.app.wiring import open_house
from crm_sync.config.connections import Connection
from crm_sync.config.settings import Settings
from crm_sync.config.surroundings import Surroundings

Prepare = Callable[[Connection], Connection]
"""Makes a connection ready before it is opened, as far as a person allowed it."""


@dataclass(frozen=True, slots=True)
class UserRun:
    """What a sync came to for one user: a report, or why there is none."""

    user: str
    settings: Settings | None = None
    report: Report | None = None
    looks: tuple[Look, ...] = ()
    failure: Exception | None = None


@dataclass(frozen=True, slots=True)
class Fleet:
    """Who is synced: users of the surroundings, with the CRM that was named or each one's own."""

    around: Surroundings
    users: tuple[str | None, ...]
    crm: str | None = None

    def sync(
        self, wishes: Wishes, progress: Progress = lambda _: None, prepare: Prepare = lambda told: told
    ) -> Iterator[UserRun]:
        """Sync every user and yield what it came to, as it comes; one user's failure stops no other."""
        ready: list[tuple[str, Settings]] = []
        for user in self.users:
            try:
                settings = self.around.settings(user)
                ready.append((self.around.crm_name(self.crm, settings), settings))
            except Exception as error:
                yield UserRun(user or "", failure=error)
        for name in dict.fromkeys(name for name, _ in ready):
            members = [settings for crm, settings in ready if crm == name]
            yield from self._sync_account(name, members, wishes, progress, prepare)

    def _sync_account(
        self, name: str, members: Sequence[Settings], wishes: Wishes, progress: Progress, prepare: Prepare
    ) -> Iterator[UserRun]:
        """Sync the users of one CRM; where it cannot be opened, that is what each of them hears."""
        with ExitStack() as stack:
            try:
                connection = prepare(self.around.connection(name))
                house = stack.enter_context(open_house(members[0], connection))
            except Exception as error:
                yield from (UserRun(settings.user, settings, failure=error) for settings in members)
                return
            for settings in members:
                yield _sync_user(replace(house, settings=settings), wishes, progress)


def _sync_user(house: House, wishes: Wishes, progress: Progress) -> UserRun:
    settings = house.settings
    looks: tuple[Look, ...] = ()
    try:
        looks = tuple(gather_sources(house))
        report = run(house, "sync", looks, wishes=wishes, progress=progress)
    except Exception as error:
        return UserRun(settings.user, settings, looks=looks, failure=error)
    return UserRun(settings.user, settings, report, looks)


def gather_sources(house: House) -> Iterator[Look]:
    """Look at each source of the house's user, in the order that decides between them."""
    settings = house.settings
    for source, called in named_sources(settings.sources):
        yield from gather(
            [source.text],
            replace(settings, reading=source),
            house.ledger,
            house.account.name,
            understanding(settings),
            source.connector,
            called,
        )
