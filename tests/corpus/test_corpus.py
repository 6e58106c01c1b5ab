"""The labelled trackers hold their score."""

from __future__ import annotations

import pytest

from tests.corpus.score import TRACKERS, Score, score_file, trackers

FLOOR = 0.995
AUTHORED = TRACKERS.parent / "authored"
"""Trackers written by somebody who never saw the code."""
MEASURED = trackers()


@pytest.fixture(scope="module")
def scores() -> list[Score]:
    return [score_file(path) for path in MEASURED]


def test_the_corpus_is_there() -> None:
    assert len(MEASURED) >= 70


def test_the_share_of_rows_read_right_does_not_fall(scores: list[Score]) -> None:
    right = sum(score.right for score in scores)
    whole = sum(score.labelled + score.spurious for score in scores)
    assert right / whole >= FLOOR


def test_trackers_written_by_others_keep_their_score() -> None:
    scores = [score_file(path) for path in trackers(AUTHORED)]
    right = sum(score.right for score in scores)
    whole = sum(score.labelled + score.spurious for score in scores)
    assert len(scores) >= 280
    assert right / whole >= FLOOR


def test_no_row_is_read_that_is_no_application(scores: list[Score]) -> None:
    assert {score.name: score.wrong for score in scores if score.spurious} == {}
