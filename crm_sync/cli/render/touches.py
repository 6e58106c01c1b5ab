"""What happened on the phone, in words."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from crm_sync.app.words import LoggedCall
from crm_sync.cadence.outcomes import OUTCOME_WORDS, RESULT_WORDS
from crm_sync.cadence.wording import say_day
from crm_sync.domain.touches import TouchKind

_KINDS = {TouchKind.INBOUND: "they called", TouchKind.EMAIL: "e-mail"}


def touch_text(call: LoggedCall, zone: ZoneInfo) -> str:
    """Return "spoke, asked to be called back, Thu 4 Feb 2027, 10:05 there, call back on Mon 8 Feb 2027"."""
    at = call.at.astimezone(zone)
    parts = [
        _KINDS.get(call.kind, OUTCOME_WORDS[call.outcome]),
        *([RESULT_WORDS[call.result]] if call.result else []),
        f"{say_day(at.date())}, {at:%H:%M} there",
        *([f"call back on {say_day(call.call_back)}"] if call.call_back else []),
        *([f"referred to {call.referred_to}"] if call.referred_to else []),
    ]
    return ", ".join(parts)
