"""What happened between the applicant and the employer: calls, inbound calls, e-mails."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class TouchKind(StrEnum):
    """How they were in touch."""

    CALL = "call"
    INBOUND = "inbound"
    EMAIL = "email"


class CallOutcome(StrEnum):
    """Outcome of the dial (cadence 3.5)."""

    NO_ANSWER = "no_answer"
    LEFT_VOICEMAIL = "left_voicemail"
    LEFT_LIVE_MESSAGE = "left_live_message"
    CONNECTED = "connected"
    BUSY = "busy"
    WRONG_NUMBER = "wrong_number"
    UNKNOWN = "unknown"  # a task was ticked, no call was logged


class CallResult(StrEnum):
    """Result of the conversation (cadence 3.5): only this stops or moves the calls."""

    IN_PROCESS = "in_process"
    CALL_BACK = "call_back"
    INTERVIEW = "interview"
    NO_INTEREST = "no_interest"
    POSITION_FILLED = "position_filled"
    REFERRED = "referred"
    ANOTHER_OPENING = "another_opening"
    ROLE_CREATED = "role_created"
    DO_NOT_CALL = "do_not_call"


@dataclass(frozen=True, slots=True)
class Touch:
    """One thing that happened; ``id`` is its marker and keeps it from being counted twice.

    ``at`` is aware. ``callback_on`` is the callee's day on which they asked to be called. ``note`` and
    ``referred_to`` are a person's words and stay in the ledger.
    """

    id: str
    application: str
    at: datetime
    kind: TouchKind = TouchKind.CALL
    outcome: CallOutcome = CallOutcome.NO_ANSWER
    result: CallResult | None = None
    callback_on: date | None = None
    round: int = 1
    note: str | None = None
    referred_to: str | None = None
