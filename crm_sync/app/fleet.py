"""One sync for many users: grouped by account, each run for itself, and nobody's failure is another's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

from crm_sync.app.ahead import ahead
from crm_sync.app.apply import Progress
from crm_sync.app.brake import Brake
from crm_sync.app.gather import Look, look_at
from crm_sync.app.house import House, Wishes, understanding
from crm_sync.app.report import Report
from crm_sync.app.shift import Shift, shift
from crm_sync.app.sourcing import name_of_source, named_sources
from crm_sync.app.wiring import open_house
from crm_sync.config.connections import Connection
from crm_sync.config.settings import Settings
from crm_sync.config.surroundings import Surroundings
from crm_sync.domain.forgetting import user_trace
from crm_sync.errors import Interrupted
from crm_sync.ports import Ledger, SourceState

Prepare = Callable[[Connection], Connection]
"""Makes a connection ready before it is opened, as far as a person allowed it."""

States = Mapping[str, SourceState]


@dataclass(frozen=True, slots=True)
class UserRun:
    """What a sync came to for one user: a report, or why there is none.

    ``crm`` is the name of the CRM, whose users are so many (``together``); ``shared`` tells that the failure
    is the whole account's.
    """

    user: str
    settings: Settings | None = None
    report: Report | None = None
    looks: tuple[Look, ...] = ()
    failure: Exception | None = None
    crm: str = ""
    shared: bool = False
    together: int = 1


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who watches a sync while it goes on: so many records were written, a user's sources were read."""

    written: Progress = lambda _: None
    read: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class Fleet:
    """Who is synced: users of the surroundings, with the CRM that was named or each one's own.

    The sources of so many users (``jobs``) are read side by side, a little ahead of their turn. Accounts all
    of whose users failed the last time (``failing``) have their turn last: waiting for one that does not
    answer holds up nobody else.
    """

    around: Surroundings
    users: tuple[str | None, ...]
    crm: str | None = None
    jobs: int = 1
    brake: Brake | None = None
    failing: frozenset[str] = frozenset()

    def sync(
        self, wishes: Wishes, watcher: Watcher | None = None, prepare: Prepare = lambda told: told
    ) -> Iterator[UserRun]:
        """Sync every user and yield what it came to, as it comes; one user's failure stops no other."""
        ready: dict[str, list[Settings]] = {}
        for user in self.users:
            try:
                settings = self.around.settings(user)
                ready.setdefault(self.around.crm_name(self.crm, settings), []).append(settings)
            except Exception as error:
                yield UserRun(user or "", failure=error)
        for name, members in sorted(ready.items(), key=lambda account: self._failed(account[1])):
            yield from self._sync_account(name, members, wishes, watcher or Watcher(), prepare)

    def _failed(self, members: Sequence[Settings]) -> bool:
        return all(settings.user in self.failing for settings in members)

    def _sync_account(
        self, name: str, members: Sequence[Settings], wishes: Wishes, watcher: Watcher, prepare: Prepare
    ) -> Iterator[UserRun]:
        """Sync the users of one CRM; where it cannot be opened, that is what each of them hears."""
        done: set[str] = set()
        try:
            with ExitStack() as stack:
                connection = prepare(self.around.connection(name))
                house = stack.enter_context(open_house(members[0], connection, self.brake))
                users = [settings.user for settings in members]
                at_work = stack.enter_context(shift(house, "sync", wishes, users))
                for settings, looks in self._gathered(house, members):
                    watcher.read()
                    done_now = _sync_user(at_work, settings, looks, watcher.written, name)
                    yield replace(done_now, together=len(members))
                    done.add(settings.user)
        except Exception as error:
            left = [settings for settings in members if settings.user not in done]
            if not left:  # everybody's turn is over, yet the shift could not be closed
                yield UserRun("", failure=error, crm=name, shared=True, together=len(members))
            yield from (_not_run(s, error, name, len(members)) for s in left)

    def _gathered(
        self, house: House, members: Sequence[Settings]
    ) -> Iterator[tuple[Settings, tuple[Look, ...] | Exception]]:
        """Yield users with their looks, in their order; what went wrong in looking stands for the looks."""
        states = states_by_user(house.ledger, house.account.name, members)
        forgotten = house.ledger.forgotten(house.account.name)

        def look(settings: Settings) -> tuple[Look, ...] | Exception:
            if forgotten.holds(user_trace(settings.user)):
                return ()  # nothing of theirs is fetched any more
            try:
                return tuple(gather_sources(settings, states.get(settings.user, {})))
            except Exception as error:
                return error

        return ahead(look, members, self.jobs)


def _not_run(settings: Settings, error: Exception, crm: str, together: int) -> UserRun:
    return UserRun(settings.user, settings, failure=error, crm=crm, shared=True, together=together)


def _sync_user(
    at_work: Shift, settings: Settings, looks: tuple[Look, ...] | Exception, progress: Progress, crm: str
) -> UserRun:
    if isinstance(looks, Exception):
        return UserRun(settings.user, settings, failure=looks, crm=crm)
    try:
        report = at_work.run(settings, looks, progress=progress)
    except Exception as error:
        shared = isinstance(error, Interrupted) or at_work.ended is error
        return UserRun(settings.user, settings, looks=looks, failure=error, crm=crm, shared=shared)
    return UserRun(settings.user, settings, report, looks, crm=crm)


def states_by_user(ledger: Ledger, account: str, members: Sequence[Settings]) -> dict[str, States]:
    """Return what was last seen of each user's sources, asked for all of them at once."""
    found: dict[str, dict[str, SourceState]] = {}
    for state in ledger.sources(account, members[0].user if len(members) == 1 else None):
        found.setdefault(state.user, {})[state.source] = state
    return dict(found)


def gather_sources(settings: Settings, states: States) -> Iterator[Look]:
    """Look at each source of a user, in the order that decides between them."""
    understood = understanding(settings)
    for source, called in named_sources(settings.sources):
        name = called or name_of_source(source.text)
        told = replace(settings, reading=source)
        yield look_at(name, source.text, told, states.get(name), understood, source.connector)
