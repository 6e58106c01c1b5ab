"""What other processes do at a rate limit: ``python -m tests.crms.throttle_children VERB URL ...``."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import closing

from crm_sync.crms.throttle import Limit, Throttle


def start(*words: str) -> subprocess.Popen[str]:
    """Start a process that does one of the verbs below."""
    command = [sys.executable, "-m", "tests.crms.throttle_children", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def wait_for_slots(url: str, account: str, times: str, count: str, window: str) -> None:
    """Acquire so many times, really waiting, and tell the instant that each slot was for."""
    read: list[float] = []

    def clock() -> float:
        read.append(time.time())
        return read[-1]

    with closing(
        Throttle(url, account, {"burst": Limit(int(count), float(window))}, clock=clock)
    ) as throttle:
        for _ in range(int(times)):
            read.clear()
            waited = throttle.acquire("burst")
            sys.stdout.write(f"{read[0] + waited!r}\n")


def reserve_only(url: str, account: str, times: str, count: str, window: str) -> None:
    """Reserve so many slots one after the other without waiting for any."""
    limits = {"burst": Limit(int(count), float(window))}
    with closing(Throttle(url, account, limits, sleep=lambda _seconds: None)) as throttle:
        for _ in range(int(times)):
            throttle.acquire("burst")


def die_waiting(url: str, account: str, times: str, count: str, window: str) -> None:
    """Reserve so many slots and be killed while waiting for one more."""
    limits = {"burst": Limit(int(count), float(window))}
    throttle = Throttle(url, account, limits, sleep=lambda _seconds: os.kill(os.getpid(), signal.SIGKILL))
    for _ in range(int(times) + 1):
        throttle.acquire("burst")


if __name__ == "__main__":
    verbs = {each.__name__: each for each in (wait_for_slots, reserve_only, die_waiting)}
    verbs[sys.argv[1]](*sys.argv[2:])
