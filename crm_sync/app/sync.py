"""One run for one user: hear, take in, decide, plan, guard, build, report (design 3)."""

from __future__ import annotations

from collections.abc import Sequence

from crm_sync.app.apply import Progress
from crm_sync.app.gather import Look
from crm_sync.app.house import AS_USUAL, House, Wishes, Words, understanding
from crm_sync.app.report import Report
from crm_sync.app.shift import shift


def run(
    house: House,
    command: str,
    looks: Sequence[Look] = (),
    *,
    words: Words | None = None,
    wishes: Wishes = AS_USUAL,
    progress: Progress = lambda _: None,
) -> Report:
    """Run once for the settings' user and return the report.

    Raises UnsafePlan where a guard refuses, LedgerBusy where another run holds the account, LedgerError
    and CrmError where nothing could be done. A CRM that goes away half-way is told in the report.
    """
    with shift(house, command, wishes) as at_work:
        return at_work.run(house.settings, looks, words=words, progress=progress)


__all__ = ["House", "Wishes", "Words", "run", "understanding"]
