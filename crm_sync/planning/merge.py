"""One field, three opinions, one verdict: the only rule there is (design 4)."""

from __future__ import annotations

from enum import Enum, auto

from crm_sync.domain.items import Value
from crm_sync.domain.links import EMPTY, UNMARKED, Mark, fingerprint


class Verdict(Enum):
    """What to do about one field."""

    LEAVE = auto()
    AGREE = auto()
    WRITE = auto()
    DISPUTE = auto()


def moved(ours: Value, mark: Mark) -> bool:
    """Tell whether our wish differs from our last settled word, or a write of it is in the air."""
    return mark.pending is not None or mark.sent != fingerprint(ours)


def verdict(ours: Value, theirs: Value, mark: Mark) -> Verdict:
    """Return what to do about a field that the source wants to be *ours* and the CRM shows as *theirs*.

    A person's edit always survives: we write only over our own last word, or over an empty field about
    which nothing was ever settled.
    """
    if not moved(ours, mark):
        return Verdict.LEAVE
    its = fingerprint(theirs)
    if its == fingerprint(ours):
        return Verdict.AGREE
    never_settled = mark == UNMARKED and its == EMPTY
    ours_there = its == mark.seen or (mark.pending is not None and its == mark.pending)
    return Verdict.WRITE if never_settled or ours_there else Verdict.DISPUTE
