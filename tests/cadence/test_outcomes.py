"""The words for outcomes and results."""

from __future__ import annotations

import pytest

from crm_sync.cadence.outcomes import (
    OUTCOME_WORDS,
    RESULT_WORDS,
    check_call,
    outcome_of,
    outcome_of_label,
    result_of,
)
from crm_sync.domain.touches import CallOutcome, CallResult


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("no_answer", CallOutcome.NO_ANSWER),
        ("No-Answer", CallOutcome.NO_ANSWER),
        ("vm", CallOutcome.LEFT_VOICEMAIL),
        ("voicemail", CallOutcome.LEFT_VOICEMAIL),
        ("left live message", CallOutcome.LEFT_LIVE_MESSAGE),
        ("spoke", CallOutcome.CONNECTED),
    ],
)
def test_what_people_type_is_understood(word: str, outcome: CallOutcome) -> None:
    assert outcome_of(word) is outcome


def test_every_outcome_and_result_is_understood_by_its_own_name_and_has_words() -> None:
    assert all(outcome_of(outcome) is outcome for outcome in CallOutcome)
    assert all(result_of(result) is result for result in CallResult)
    assert set(OUTCOME_WORDS) == set(CallOutcome)
    assert set(RESULT_WORDS) == set(CallResult)


def test_an_unknown_word_is_answered_with_the_words_there_are() -> None:
    with pytest.raises(ValueError, match="left_voicemail"):
        outcome_of("shouted")
    with pytest.raises(ValueError, match="no_interest"):
        result_of("maybe")


@pytest.mark.parametrize(
    ("label", "outcome"),
    [
        ("Busy", CallOutcome.BUSY),
        ("Connected", CallOutcome.CONNECTED),
        ("Left live message", CallOutcome.LEFT_LIVE_MESSAGE),
        ("LEFT VOICEMAIL", CallOutcome.LEFT_VOICEMAIL),
        ("No answer", CallOutcome.NO_ANSWER),
        ("Wrong number", CallOutcome.WRONG_NUMBER),
        ("Meeting booked", None),
    ],
)
def test_the_six_labels_of_a_crm_are_known_and_others_are_not_guessed(
    label: str, outcome: CallOutcome | None
) -> None:
    assert outcome_of_label(label) is outcome


def test_a_result_needs_a_conversation() -> None:
    assert check_call(CallOutcome.CONNECTED, CallResult.NO_INTEREST) is None
    assert check_call(CallOutcome.NO_ANSWER, None) is None
    assert check_call(CallOutcome.UNKNOWN, CallResult.NO_INTEREST) is None
    assert "connected" in (check_call(CallOutcome.NO_ANSWER, CallResult.NO_INTEREST) or "")


def test_no_day_is_promised_together_with_a_no() -> None:
    assert check_call(CallOutcome.CONNECTED, CallResult.CALL_BACK, promises=True) is None
    assert "makes no sense" in (
        check_call(CallOutcome.CONNECTED, CallResult.NO_INTEREST, promises=True) or ""
    )
