"""Send messages side by side, within a limit of time that holds whatever the other side does."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Sequence

from crm_sync.notices.addresses import Address, Message, Undelivered, deliver

_SIDE_BY_SIDE = 8
_LATE = "it did not answer in time"

Letter = tuple[Address, Message]


def send_all(letters: Sequence[Letter], seconds: float = 30.0) -> list[str]:
    """Send every letter and return, in their order, why one was not taken ("" where it was).

    Takes no longer than *seconds* and one more for every eight letters. A letter that is late may still
    arrive; its thread ends with the program.
    """
    answers = [_LATE] * len(letters)
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in range(len(letters)):
        waiting.put(number)
    told: queue.SimpleQueue[tuple[int, str]] = queue.SimpleQueue()

    def work() -> None:
        while True:
            try:
                number = waiting.get_nowait()
            except queue.Empty:
                return
            told.put((number, _answer(*letters[number])))

    for _ in range(min(_SIDE_BY_SIDE, len(letters))):
        threading.Thread(target=work, daemon=True).start()
    end = time.monotonic() + seconds + len(letters) / _SIDE_BY_SIDE
    for _ in letters:
        try:
            number, answer = told.get(timeout=max(0.0, end - time.monotonic()))
        except queue.Empty:
            break
        answers[number] = answer
    return answers


def _answer(address: Address, message: Message) -> str:
    try:
        deliver(address, message)
    except Undelivered as error:
        return str(error)
    except Exception as error:  # a library's own bug must not end a thread without a word
        return f"it failed ({type(error).__name__})"
    return ""
