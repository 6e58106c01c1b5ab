"""Calls of the CRM that are on their way together, and a run that is broken off meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from crm_sync.app.errands import Answers, Errand, send
from crm_sync.crms.patient import Patience
from crm_sync.crms.trouble import Cause, Trouble
from crm_sync.ports import Outcome

LONG = 3600.0


def test_who_waits_is_woken_when_the_run_is_broken_off() -> None:
    stop, is_waiting = threading.Event(), threading.Event()
    patience = Patience(total=2 * LONG, stop=stop, on_pause=lambda _trouble, _seconds: is_waiting.set())
    sent = []

    def refused() -> None:
        sent.append("once")
        raise Trouble("come back in an hour", Cause.BURST, LONG)

    def waiting() -> Iterator[Outcome]:
        with pytest.raises(Trouble):
            patience(refused, repeatable=True)
        return iter(())

    def broken_off(_: Answers) -> None:
        assert is_waiting.wait(10)
        raise KeyboardInterrupt

    errands = [Errand(waiting, lambda _: None), Errand(lambda: iter(()), broken_off)]
    with pytest.raises(KeyboardInterrupt):
        send(errands, 2, stop)
    assert stop.is_set()
    assert sent == ["once"]


def test_a_run_that_ends_by_itself_stops_nobody() -> None:
    stop = threading.Event()
    settled: list[Answers] = []
    send([Errand(lambda: iter(()), settled.append)] * 3, 2, stop)
    assert len(settled) == 3
    assert not stop.is_set()
