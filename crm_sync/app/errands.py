"""Calls of the CRM's writing methods, several on their way at once, all settled by one thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from crm_sync.errors import CrmError
from crm_sync.ports import Outcome


@dataclass(slots=True)
class Answers:
    """What a call came to: the outcomes it gave, and what kept it from giving all."""

    outcomes: list[Outcome] = field(default_factory=list)
    error: CrmError | None = None


@dataclass(frozen=True, slots=True)
class Errand:
    """A call of the CRM, whose intent is written down already, and what settles its answers.

    ``call`` may run in any thread; ``settle`` runs in the thread of ``send``, which alone touches the book.
    """

    call: Callable[[], Iterator[Outcome]]
    settle: Callable[[Answers], object]


def send(errands: Iterable[Errand], at_once: int, stop: threading.Event | None = None) -> None:
    """Run errands, at most *at_once* together, and settle each when it is back.

    An errand is fetched (and its intent written) only when there is room for it. When one meets a
    CrmError, no other is begun; those on their way are settled, and the first error is raised. Whatever
    else breaks it off (Ctrl-C) sets *stop*, so that nobody waits for those who wait.
    """
    if at_once <= 1:
        for errand in errands:
            _settle(errand, _collect(errand))
        return
    coming = iter(errands)
    with ThreadPoolExecutor(at_once, thread_name_prefix="crm") as pool:
        try:
            error = _send_all(coming, at_once, pool)
        except BaseException:
            if stop is not None:
                stop.set()
            raise
    if error is not None:
        raise error


def _send_all(coming: Iterator[Errand], at_once: int, pool: ThreadPoolExecutor) -> CrmError | None:
    away: dict[Future[Answers], Errand] = {}
    error: CrmError | None = None
    while True:
        while error is None and len(away) < at_once and (next_one := next(coming, None)) is not None:
            away[pool.submit(_collect, next_one)] = next_one
        if not away:
            return error
        done, _ = wait(away, return_when=FIRST_COMPLETED)
        for future in done:
            error = _settled(away.pop(future), future.result()) or error


def _collect(errand: Errand) -> Answers:
    answers = Answers()
    try:
        for outcome in errand.call():
            answers.outcomes.append(outcome)
    except CrmError as error:
        answers.error = error
    return answers


def _settle(errand: Errand, answers: Answers) -> None:
    errand.settle(answers)
    if answers.error is not None:
        raise answers.error


def _settled(errand: Errand, answers: Answers) -> CrmError | None:
    """Settle an errand among others: what keeps one from being settled does not keep the others."""
    try:
        _settle(errand, answers)
    except CrmError as error:
        return error
    return None
