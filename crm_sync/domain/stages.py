"""The stage of an application, and what a stage means for calling."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """Where an application stands; silence of the employer is *applied*, never *rejected*."""

    SAVED = "saved"
    APPLIED = "applied"
    SCREENING = "screening"
    INTERVIEWING = "interviewing"
    OFFER = "offer"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    ON_HOLD = "on_hold"
    UNKNOWN = "unknown"

    __hash__ = str.__hash__  # stages are looked up by the million


TERMINAL = frozenset({Stage.REJECTED, Stage.WITHDRAWN, Stage.OFFER, Stage.ACCEPTED, Stage.CLOSED})
"""Stages that stop the calls (cadence section 6, rule 1)."""

HOLDING = frozenset({Stage.SAVED, Stage.SCREENING, Stage.INTERVIEWING, Stage.ON_HOLD})
"""Stages in which calls wait for something that comes by itself (rule 6)."""
