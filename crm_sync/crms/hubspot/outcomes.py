"""The account's call outcomes as ours: read from the account, by label, never by a list of ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crm_sync.domain.touches import CallOutcome

_WORDS: Mapping[str, CallOutcome] = {
    "busy": CallOutcome.BUSY,
    "connected": CallOutcome.CONNECTED,
    "left live message": CallOutcome.LEFT_LIVE_MESSAGE,
    "left message": CallOutcome.LEFT_LIVE_MESSAGE,
    "left voicemail": CallOutcome.LEFT_VOICEMAIL,
    "voicemail": CallOutcome.LEFT_VOICEMAIL,
    "no answer": CallOutcome.NO_ANSWER,
    "wrong number": CallOutcome.WRONG_NUMBER,
}


def outcomes_by_label(told: Sequence[Mapping[str, Any]]) -> tuple[dict[str, CallOutcome], dict[str, str]]:
    """Return our outcome by the id of the account's, and every label by its id.

    An outcome of the account's own that says none of ours is left out: such a call counts as made, with
    an outcome nobody knows.
    """
    kept = [entry for entry in told if not entry.get("deleted")]
    labels = {str(entry.get("id")): str(entry.get("label")) for entry in kept}
    words = {ident: " ".join(label.casefold().replace("-", " ").split()) for ident, label in labels.items()}
    return {ident: _WORDS[word] for ident, word in words.items() if word in _WORDS}, labels
