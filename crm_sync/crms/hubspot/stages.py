"""The places of our stages in a pipeline: by label where one fits, else by their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crm_sync.crms.hubspot.api import Input
from crm_sync.domain.stages import Stage

OWN_PIPELINE = "Job applications"

_OWN = (
    (Stage.SAVED, "Saved", "0.1"),
    (Stage.APPLIED, "Applied", "0.2"),
    (Stage.SCREENING, "Screening", "0.4"),
    (Stage.INTERVIEWING, "Interviewing", "0.6"),
    (Stage.OFFER, "Offer", "0.8"),
    (Stage.ON_HOLD, "On hold", "0.1"),
    (Stage.ACCEPTED, "Accepted", "1.0"),
    (Stage.REJECTED, "Rejected", "0.0"),
    (Stage.WITHDRAWN, "Withdrawn", "0.0"),
    (Stage.CLOSED, "Closed", "0.0"),
)
_WORDS: Mapping[Stage, tuple[str, ...]] = {
    Stage.SAVED: ("saved", "wishlist", "bookmarked", "interested", "to apply", "lead"),
    Stage.APPLIED: ("applied", "application sent", "submitted", "sent", "new"),
    Stage.SCREENING: ("screening", "phone screen", "screen", "in review", "under review"),
    Stage.INTERVIEWING: ("interviewing", "interview", "interviews"),
    Stage.OFFER: ("offer", "offered", "offer received", "negotiating", "negotiation"),
    Stage.ACCEPTED: ("accepted", "hired", "placed", "signed", "closed won", "won"),
    Stage.REJECTED: ("rejected", "declined", "not selected", "turned down", "closed lost", "lost"),
    Stage.WITHDRAWN: ("withdrawn", "withdrew", "i declined"),
    Stage.CLOSED: ("closed", "position filled", "archived", "no longer available"),
    Stage.ON_HOLD: ("on hold", "hold", "paused", "waiting"),
}
_LIKE: Mapping[Stage, tuple[Stage, ...]] = {
    Stage.WITHDRAWN: (Stage.REJECTED, Stage.CLOSED),
    Stage.CLOSED: (Stage.REJECTED, Stage.WITHDRAWN),
    Stage.REJECTED: (Stage.CLOSED, Stage.WITHDRAWN),
    Stage.ON_HOLD: (Stage.APPLIED,),
    Stage.SAVED: (Stage.APPLIED,),
}
"""Whose place a stage takes that has none of its own."""


def own_stages() -> list[Input]:
    """Return the stages of a pipeline of our own, as HubSpot takes them."""
    return [
        {"label": label, "displayOrder": number, "metadata": {"probability": probability}}
        for number, (_, label, probability) in enumerate(_OWN)
    ]


def place_stages(columns: Sequence[Mapping[str, Any]]) -> dict[Stage, str]:
    """Return the id of a pipeline's stage for each of ours, several of ours in one where it has fewer.

    A label that says the same decides; what has none takes the place of what is most alike, and the open
    ones are spread over the pipeline's open stages in their order.
    """
    ordered = sorted(columns, key=lambda column: column.get("displayOrder") or 0)
    placed: dict[Stage, str] = {}
    for stage, words in _WORDS.items():
        for word in words:
            column = next((c for c in ordered if _plain(c.get("label")) == word), None)
            if column is not None:
                placed[stage] = str(column["id"])
                break
    _spread(placed, [column for column in ordered if not _is_closed(column)] or ordered)
    for stage, alike in _LIKE.items():
        column_id = next((placed[other] for other in alike if other in placed), None)
        if column_id is not None:
            placed.setdefault(stage, column_id)
    _close(placed, ordered)
    return {stage: placed[stage] for stage in Stage if stage in placed}


def _spread(placed: dict[Stage, str], columns: Sequence[Mapping[str, Any]]) -> None:
    """Give the stages on the way a place in the order of the way."""
    way = (Stage.APPLIED, Stage.SCREENING, Stage.INTERVIEWING, Stage.OFFER)
    free = [str(c["id"]) for c in columns if str(c["id"]) not in placed.values()] or [
        str(c["id"]) for c in columns
    ]
    missing = [stage for stage in way if stage not in placed]
    for number, stage in enumerate(missing):
        if stage is Stage.OFFER and len(missing) > 1:
            placed[stage] = free[-1]
        else:
            placed[stage] = free[min(number, len(free) - 1)]


def _close(placed: dict[Stage, str], columns: Sequence[Mapping[str, Any]]) -> None:
    """Give the ends a place among the pipeline's closed stages: won at one end, lost at the other."""
    closed = [column for column in columns if _is_closed(column)]
    won = [c for c in closed if _probability(c) == 1.0] or closed or list(columns[-1:])
    lost = [c for c in closed if _probability(c) == 0.0] or closed or list(columns[-1:])
    if won:
        placed.setdefault(Stage.ACCEPTED, str(won[0]["id"]))
    for stage in (Stage.REJECTED, Stage.WITHDRAWN, Stage.CLOSED):
        if lost:
            placed.setdefault(stage, str(lost[0]["id"]))


def _is_closed(column: Mapping[str, Any]) -> bool:
    return _probability(column) in {0.0, 1.0} or str(_meta(column).get("isClosed")).lower() == "true"


def _probability(column: Mapping[str, Any]) -> float | None:
    try:
        return float(_meta(column).get("probability", ""))
    except (TypeError, ValueError):
        return None


def _meta(column: Mapping[str, Any]) -> Mapping[str, Any]:
    return column.get("metadata") or {}


def _plain(label: object) -> str:
    return " ".join(str(label).casefold().replace("-", " ").split())
