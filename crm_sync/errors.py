"""Every error a person can meet, sorted by who can fix it.

    CrmSyncError(message, hint)
    |- ConfigError              you, in the file: path, line, key, what was expected
    |- SourceError              one source cannot be read; the others go on, nothing of it is closed
    |- CrmError
    |  |- RecordRefused         one record is wrong: key, the CRM's reason
    |  |- CrmUnavailable        for now; the next run continues
    |  |- NotAllowed            token, scope, wrong portal
    |  |  |- NotSetUp           an account that was never prepared
    |- LedgerError
    |  |- LedgerBusy            another run holds the account
    |- ScheduleError            cron or systemd cannot be used on this machine
    |- UnsafePlan               the plan is too big: count, limit, the option that allows it
    |- UsageError               the words of a command do not make sense together
    |- Interrupted              somebody asked the run to end; the next one goes on

Errors carry fields; only ``cli`` makes sentences and exit codes of them.
"""

from __future__ import annotations


class CrmSyncError(Exception):
    """Something that a person can act on.

    ``message`` says what happened and where, ``hint`` what to do next.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class ConfigError(CrmSyncError):
    """A setting is wrong or missing; ``problems`` are all mistakes of one file, where it has several."""

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        path: str = "",
        line: int | None = None,
        problems: tuple[ConfigError, ...] = (),
    ) -> None:
        super().__init__(message, hint)
        self.path = path
        self.line = line
        self.problems = problems


class UsageError(CrmSyncError):
    """The words of a command do not make sense together, or name nothing."""


class SourceError(CrmSyncError):
    """One source cannot be read; the others go on and nothing of it is closed."""

    def __init__(self, message: str, hint: str = "", *, source: str = "") -> None:
        super().__init__(message, hint)
        self.source = source


class CrmError(CrmSyncError):
    """The CRM said no, or nothing."""


class RecordRefused(CrmError):
    """One record is wrong in the eyes of the CRM."""

    def __init__(self, message: str, hint: str = "", *, key: str = "") -> None:
        super().__init__(message, hint)
        self.key = key


class CrmUnavailable(CrmError):
    """The CRM cannot be reached for now; ``retry_after`` is in seconds where it was told."""

    def __init__(self, message: str, hint: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(message, hint)
        self.retry_after = retry_after


class NotAllowed(CrmError):
    """The token, its scopes or the portal do not allow it."""


class NotSetUp(NotAllowed):
    """The account was never prepared for us."""


class LedgerError(CrmSyncError):
    """The ledger cannot be read or written."""


class LedgerBusy(LedgerError):
    """Another run works on this account; ``holder`` says which."""

    def __init__(self, message: str, hint: str = "", *, holder: str = "") -> None:
        super().__init__(message, hint)
        self.holder = holder


class ScheduleError(CrmSyncError):
    """The machine's cron or systemd cannot be asked or told."""


class UnsafePlan(CrmSyncError):
    """A plan that changes more than a person would expect is refused until one allows it."""

    def __init__(self, message: str, hint: str = "", *, count: int = 0, limit: int = 0) -> None:
        super().__init__(message, hint)
        self.count = count
        self.limit = limit


class Interrupted(CrmSyncError):
    """Somebody asked the run to end; what was in the air was settled, the next run goes on."""

    def __init__(self) -> None:
        super().__init__("interrupted", "What was done so far is kept; run it again to go on.")
