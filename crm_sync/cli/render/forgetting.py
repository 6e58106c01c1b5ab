"""What is forgotten, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crm_sync.app.forgetting import Forgetting
from crm_sync.cli.render.wording import listing, nouns

_MOST = 10


def question_text(user: str, key: str | None, planned: Sequence[Forgetting], *, with_crm: bool) -> str:
    """Return what would be removed for good."""
    lines = [f"To be forgotten: {_whom(user, key)}"]
    for each in planned:
        records = nouns(len(each.records), "record")
        there = f", {records} in the CRM" if with_crm else f" (in the CRM stay {records}, without --crm)"
        applications = nouns(len(each.dossiers), "application")
        lines.append(
            f"  in {each.oblivion.account}: {applications} with all that was written about them{there}"
        )
    return "\n".join(lines)


def forgotten_text(user: str, key: str | None, done: Sequence[Forgetting], *, with_crm: bool) -> str:
    """Return what was removed, what stays where, and how it is taken back."""
    failed = [each for each in done if each.not_removed]
    lines = [line for each in done for line in _account(each, with_crm=with_crm)]
    if failed:
        return "\n".join([*lines, "The ledger still holds what the CRM did not remove; try again later."])
    whom = key or user
    lines.append(f"Forgotten for good. To let {whom} in again: crm-sync forget {whom} --lift")
    return "\n".join(lines)


def _whom(user: str, key: str | None) -> str:
    return f"application {key} of {user}" if key else f"all of {user}"


def _account(each: Forgetting, *, with_crm: bool) -> Iterator[str]:
    account = each.oblivion.account
    if not each.not_removed:
        yield f"{account}: {nouns(len(each.dossiers), 'application')} removed from the ledger."
    removed = len(each.records) - len(each.not_removed)
    if with_crm:
        yield f"{account}: {nouns(removed, 'record')} removed from the CRM."
        if each.staying:
            yield f"  {nouns(len(each.staying), 'company or contact')} that others use or made stay there."
    elif each.records:
        number = nouns(len(each.records), "record")
        yield (
            f"{account}: the CRM may still hold {number}, of which the ledger knows nothing any more: remove "
            "them there by hand. --crm removes them in the same step."
        )
    lines = [f"  {key}: {reason}" for key, reason in each.not_removed.items()]
    yield from listing(lines, _MOST, "--json tells all")
