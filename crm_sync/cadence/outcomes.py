"""The words for outcomes and results (cadence 3.5): what needs what, what people type, what CRMs say."""

from __future__ import annotations

from collections.abc import Mapping

from crm_sync.domain.touches import CallOutcome, CallResult

OUTCOME_WORDS: Mapping[CallOutcome, str] = {
    CallOutcome.NO_ANSWER: "no answer",
    CallOutcome.LEFT_VOICEMAIL: "left a voicemail",
    CallOutcome.LEFT_LIVE_MESSAGE: "left a message with a person",
    CallOutcome.CONNECTED: "spoke",
    CallOutcome.BUSY: "busy",
    CallOutcome.WRONG_NUMBER: "wrong number",
    CallOutcome.UNKNOWN: "ticked off, outcome not told",
}

RESULT_WORDS: Mapping[CallResult, str] = {
    CallResult.IN_PROCESS: "still deciding",
    CallResult.CALL_BACK: "asked to be called back",
    CallResult.INTERVIEW: "invited to an interview",
    CallResult.NO_INTEREST: "no interest",
    CallResult.POSITION_FILLED: "position filled",
    CallResult.REFERRED: "referred to somebody else",
    CallResult.ANOTHER_OPENING: "another opening",
    CallResult.ROLE_CREATED: "a role was created",
    CallResult.DO_NOT_CALL: "do not call again",
}

CROSSING_OFF = frozenset({CallResult.NO_INTEREST, CallResult.POSITION_FILLED})
"""Results that end the calls of a round (rule 3)."""

RESOLVING = CROSSING_OFF | {CallResult.INTERVIEW, CallResult.DO_NOT_CALL}
"""Results after which it is known where one stands: a clear no counts as much as an interview."""

UNCOUNTED = frozenset({CallOutcome.BUSY, CallOutcome.WRONG_NUMBER})
"""Outcomes that are no day called (rule 9); the third busy in a row is counted all the same."""

NEEDED_OUTCOME: Mapping[CallResult, CallOutcome] = dict.fromkeys(CallResult, CallOutcome.CONNECTED)
"""The outcome that a result presupposes: whoever told something was spoken to."""

ENDING = CROSSING_OFF | {CallResult.DO_NOT_CALL}
"""Results after which no day for a next call can have been promised."""

_OUTCOME_ALIASES: Mapping[str, CallOutcome] = {
    "na": CallOutcome.NO_ANSWER,
    "noanswer": CallOutcome.NO_ANSWER,
    "unanswered": CallOutcome.NO_ANSWER,
    "nobody": CallOutcome.NO_ANSWER,
    "vm": CallOutcome.LEFT_VOICEMAIL,
    "voicemail": CallOutcome.LEFT_VOICEMAIL,
    "voice_mail": CallOutcome.LEFT_VOICEMAIL,
    "left_voice_mail": CallOutcome.LEFT_VOICEMAIL,
    "message": CallOutcome.LEFT_LIVE_MESSAGE,
    "live_message": CallOutcome.LEFT_LIVE_MESSAGE,
    "left_message": CallOutcome.LEFT_LIVE_MESSAGE,
    "gatekeeper": CallOutcome.LEFT_LIVE_MESSAGE,
    "spoke": CallOutcome.CONNECTED,
    "talked": CallOutcome.CONNECTED,
    "reached": CallOutcome.CONNECTED,
    "answered": CallOutcome.CONNECTED,
    "engaged": CallOutcome.BUSY,
    "wrong": CallOutcome.WRONG_NUMBER,
    "bad_number": CallOutcome.WRONG_NUMBER,
    "done": CallOutcome.UNKNOWN,
}

_RESULT_ALIASES: Mapping[str, CallResult] = {
    "deciding": CallResult.IN_PROCESS,
    "still_deciding": CallResult.IN_PROCESS,
    "process": CallResult.IN_PROCESS,
    "callback": CallResult.CALL_BACK,
    "later": CallResult.CALL_BACK,
    "bad_time": CallResult.CALL_BACK,
    "no": CallResult.NO_INTEREST,
    "not_interested": CallResult.NO_INTEREST,
    "rejected": CallResult.NO_INTEREST,
    "filled": CallResult.POSITION_FILLED,
    "referral": CallResult.REFERRED,
    "other_opening": CallResult.ANOTHER_OPENING,
    "another_role": CallResult.ANOTHER_OPENING,
    "new_role": CallResult.ROLE_CREATED,
    "dnc": CallResult.DO_NOT_CALL,
}

_CRM_LABELS: Mapping[str, CallOutcome] = {
    "busy": CallOutcome.BUSY,
    "connected": CallOutcome.CONNECTED,
    "left_live_message": CallOutcome.LEFT_LIVE_MESSAGE,
    "left_voicemail": CallOutcome.LEFT_VOICEMAIL,
    "no_answer": CallOutcome.NO_ANSWER,
    "wrong_number": CallOutcome.WRONG_NUMBER,
}


def outcome_of(word: str) -> CallOutcome:
    """Return the outcome a person typed ("no-answer", "VM", "left voicemail"); ValueError lists them."""
    folded = _fold(word)
    if folded in _OUTCOME_ALIASES:
        return _OUTCOME_ALIASES[folded]
    try:
        return CallOutcome(folded)
    except ValueError:
        raise ValueError(f"no outcome is called {word!r}; there are {', '.join(CallOutcome)}") from None


def result_of(word: str) -> CallResult:
    """Return the result a person typed ("callback", "not interested"); ValueError lists them."""
    folded = _fold(word)
    if folded in _RESULT_ALIASES:
        return _RESULT_ALIASES[folded]
    try:
        return CallResult(folded)
    except ValueError:
        raise ValueError(f"no result is called {word!r}; there are {', '.join(CallResult)}") from None


def outcome_of_label(label: str) -> CallOutcome | None:
    """Return the outcome that a CRM's label names, whatever its case; None for a label of the account's own.

    Labels are read from the account, never taken for granted by their ids (cadence 3.5).
    """
    return _CRM_LABELS.get(_fold(label))


def check_call(outcome: CallOutcome, result: CallResult | None, *, promises: bool = False) -> str | None:
    """Return what does not fit together in a logged call, in a sentence, or None.

    ``promises`` says that a day for the next call was given.
    """
    if result is not None and outcome not in (NEEDED_OUTCOME[result], CallOutcome.UNKNOWN):
        return f"the result {result} needs the outcome {NEEDED_OUTCOME[result]}, not {outcome}"
    if promises and result in ENDING:
        return f"a day for the next call makes no sense after the result {result}"
    return None


def _fold(word: str) -> str:
    return "_".join(word.casefold().replace("-", " ").replace("_", " ").split())
