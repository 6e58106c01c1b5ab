"""Who is called, as an identity that two applications, and two users of an account, have in common."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from crm_sync.domain.dossiers import Dossier
from crm_sync.domain.touches import Touch
from crm_sync.planning.hearing import blocked_callees

DO_NOT_CALL = "do_not_call:"
"""Evidence of the account (owner "") that somebody asked any of its users not to be called again."""


def callee_of(dossier: Dossier) -> str | None:
    """Return who is called, by the surest of the identities; None where nobody is known."""
    known = identities(dossier)
    return known[0] if known else None


def identities(dossier: Dossier) -> tuple[str, ...]:
    """Return all that the person may be known by across applications, the surest first.

    The e-mail address, the name at a company; a number alone only where no name is known.
    """
    application = dossier.application
    email, name = application.contact_email, application.contact_name
    by_email = (f"email:{email.casefold()}",) if email else ()
    if name and dossier.company_key:
        return (*by_email, f"person:{dossier.company_key}:{name.casefold()}")
    return by_email or _by_number(dossier.course.phone or application.contact_phone or "")


def _by_number(phone: str) -> tuple[str, ...]:
    digits = re.sub(r"\D", "", phone)
    return (f"phone:{digits}",) if len(digits) >= 6 else ()


def asked_not_to_be_called(
    dossiers: Iterable[Dossier], touches: Mapping[str, tuple[Touch, ...]]
) -> dict[str, str]:
    """Return who said "do not call us again": their identities, with the application they said it on."""
    said = set(blocked_callees(touch for group in touches.values() for touch in group))
    concerned = [d for d in dossiers if d.course.do_not_call or d.key in said]
    return {
        identity: dossier.key
        for dossier in sorted(concerned, key=lambda d: d.key)
        for identity in identities(dossier)
    }


def blocked_in(evidence: Iterable[str]) -> frozenset[str]:
    """Return the identities that the account's evidence says are not to be called by any user."""
    start = len(DO_NOT_CALL)
    return frozenset(text[start:] for text in evidence if text.startswith(DO_NOT_CALL))


def is_blocked(dossier: Dossier, blocked: Collection[str]) -> bool:
    """Tell whether the person to be called asked not to be, on whichever application."""
    return bool(blocked) and any(identity in blocked for identity in identities(dossier))


def days_of_calls(dossiers: Iterable[Dossier], today: date) -> dict[str, set[date]]:
    """Return by identity the days on which these applications' open calls are due; overdue ones are today."""
    days: dict[str, set[date]] = {}
    for dossier in dossiers:
        task = dossier.course.open_task
        if task is not None:
            for callee in identities(dossier):
                days.setdefault(callee, set()).add(max(task.day, today))
    return days
