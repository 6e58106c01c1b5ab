"""How many slots of the rate limit are granted in a second: ``python -m benchmarks.throttle``.

Nobody is slowed down here: what is measured is the cost of asking, by one process and by two at once.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
import uuid

from crm_sync.crms.throttle import Limit, Throttle

AT_ONCE = {"burst": Limit(95, 0.0001)}  # nobody has to wait


def ask(url: str, account: str, times: int) -> float:
    """Return the grants per second that one process gets."""
    throttle = Throttle(url, account, AT_ONCE)
    throttle.acquire("burst")
    began = time.perf_counter()
    for _ in range(times):
        throttle.acquire("burst")
    spent = time.perf_counter() - began
    throttle.close()
    return times / spent


def together(url: str, times: int, processes: int) -> float:
    """Return the grants per second that so many processes get in all."""
    command = [sys.executable, "-m", "benchmarks.throttle", "--ask", url, uuid.uuid4().hex, str(times)]
    children = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(processes)]
    return sum(float(child.communicate()[0]) for child in children)


def main() -> None:
    """Print one line for each database."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--times", type=int, default=3000)
    words.add_argument("--postgres", metavar="URL", help="a database in which two tables may be made")
    words.add_argument("--ask", nargs=3, metavar=("URL", "ACCOUNT", "TIMES"), help=argparse.SUPPRESS)
    given = words.parse_args()
    if given.ask:
        print(ask(given.ask[0], given.ask[1], int(given.ask[2])))
        return
    with tempfile.TemporaryDirectory() as folder:
        for url in filter(None, [f"sqlite:///{folder}/pace.sqlite3", given.postgres]):
            one, two = (together(url, given.times, processes) for processes in (1, 2))
            print(f"{url.split(':')[0]}: {one:,.0f} grants/s by one process, {two:,.0f} by two")


if __name__ == "__main__":
    main()
