"""The other users of an account: when they call the same people, and what they must hear of our run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from crm_sync.app.desk import CalleeDays, Desk
from crm_sync.app.house import House
from crm_sync.domain.dossiers import Dossier
from crm_sync.planning.callees import DO_NOT_CALL, days_of_calls, identities


def days_of_others(house: House, desk: Desk) -> CalleeDays:
    """Return the days on which other users of the account are due to call the people of this desk."""
    if not has_others(house):
        return {}
    callees = {callee for dossier in desk.dossiers.values() for callee in identities(dossier)}
    others = house.ledger.calling(house.account.name, callees, house.settings.user)
    return days_of_calls(others.values(), house.settings.today)


def has_others(house: House) -> bool:
    """Tell whether the account has more users than the one of this run."""
    return not {house.settings.user}.issuperset(house.ledger.users(house.account.name))


def not_to_be_called_any_more(house: House, desk: Desk) -> dict[str, Dossier]:
    """Return other users' applications to people who asked, on this desk, not to be called again."""
    asked = {text.removeprefix(DO_NOT_CALL) for _, text in desk.new_evidence if text.startswith(DO_NOT_CALL)}
    return house.ledger.calling(house.account.name, asked, house.settings.user) if asked else {}


def due_now(dossiers: Iterable[Dossier]) -> tuple[Dossier, ...]:
    """Return the dossiers as due, so that the next run of their user decides them again."""
    return tuple(replace(d, course=replace(d.course, decide_on=date.min)) for d in dossiers)
