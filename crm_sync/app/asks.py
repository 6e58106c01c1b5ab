"""What a person must do, in words: one sentence for every reason to ask, hold or stop."""

from __future__ import annotations

MAY_BE_ONE = "may_be_one"
"""Two sources may tell of one application: asked of both at once, in words of their own (``twins``)."""

ASKS = {
    "employer_contacted_you": (
        "the employer contacted you; what did they say?",
        "crm-sync log KEY inbound --result RESULT",
    ),
    "task_deleted_by_user": (
        "its call was removed or skipped; plan a new one, or end it",
        "crm-sync resume KEY, or crm-sync stage KEY withdrawn",
    ),
    "need_number": ("the number is wrong or missing", "crm-sync number KEY NUMBER"),
    "stage_disputed": ("file and CRM dispute its stage", "crm-sync stage KEY STAGE, or correct the file"),
    "stage_unknown": ("nobody could map its status word {word}", "crm-sync stage KEY STAGE"),
    "applied_date_in_future": ("its applied date lies ahead", "correct the date in the file"),
    "too_old_to_start": (
        "it is too old to begin by itself; start the calls now, or let it rest",
        "crm-sync resume KEY",
    ),
}
"""What is asked, the most urgent first: a first import may ask about hundreds of old applications."""

WAITS = {
    "in_interview": "in interviews: calls are on hold",
    "not_applied_yet": "saved, not applied yet",
    "on_hold": "on hold",
    "capacity_full": "waits for a free day",
    "max_calls_no_response": "not noticed yet: all calls were made, nobody answered for it",
    "hard_total": "called as often as anybody should",
    "posting_says_no_calls": "the posting says no calls",
    "do_not_call": "they asked not to be called again",
    "crossed_off:no_interest": "crossed off: no interest",
    "crossed_off:position_filled": "crossed off: the position is filled",
    "row_vanished": "its row left the file",
    "merged": "it was merged into another application",
    "deal_removed": "its deal was removed from the CRM",
    "undone": "taken back by undo; it stays away until it is resumed",
}


_BEFORE_TWINS = list(ASKS).index("stage_unknown")
_URGENCY = {reason: place for place, reason in enumerate(ASKS)} | {MAY_BE_ONE: _BEFORE_TWINS + 0.5}


def urgency(reason: str) -> float:
    """Return the place of a reason in a list of asks, the most urgent first."""
    return _URGENCY.get(reason, 0)


def sentence(reason: str, *, key: str, word: str | None = None) -> tuple[str, str]:
    """Return what a reason means and the command that answers it ("" where nothing is asked)."""
    if reason in ASKS:
        meaning, command = ASKS[reason]
        shown = f'"{word}"' if word else "(none)"
        return meaning.replace("{word}", shown), command.replace("KEY", key)
    return WAITS.get(reason, reason.replace("_", " ")), ""
