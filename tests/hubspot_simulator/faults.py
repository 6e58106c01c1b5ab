"""What can go wrong between a client and HubSpot, and plans for when it does."""

from __future__ import annotations

import random
import re
import threading
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tests.hubspot_simulator.answers import Answer
from tests.hubspot_simulator.front import Request
from tests.hubspot_simulator.limits import BURST, DAY, SECOND, too_many

PROXY_PAGE = "<!DOCTYPE html><html><body><h1>Please sign in to the network</h1></body></html>"
_GATEWAY = "<html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"
_POLICIES = {"429": BURST, "429-search": SECOND, "429-daily": DAY}
_SERVER = ("500", "502", "503", "504")
KINDS = (*_POLICIES, "423", "477", *_SERVER, "drop", "half", "proxy", "slow")
SHORT_KINDS = tuple(kind for kind in KINDS if kind not in ("429-daily", "477", "slow"))
AFTER = ("500", "502", "503", "504", "drop", "half", "proxy")


@dataclass(frozen=True, slots=True)
class Fault:
    """One mishap of a *kind* (see KINDS).

    *after*: the write was applied before it happened, so that only the answer is lost. An answer cut in
    half is always after. *seconds* is the Retry-After of a 429, 477 or 503 (None: no header), or how slow.
    """

    kind: str
    after: bool = False
    seconds: float | None = None

    @property
    def applied(self) -> bool:
        """Say whether the request is carried out in spite of it."""
        return self.after or self.kind in ("half", "slow")

    @property
    def name(self) -> str:
        return f"{self.kind}-after" if self.after else self.kind

    def answer(self) -> Answer | None:
        """Return the answer instead of the right one; None where that is sent in part, late or never."""
        headers = {} if self.seconds is None else {"Retry-After": f"{self.seconds:g}"}
        if self.kind in _POLICIES:
            return too_many(_POLICIES[self.kind], headers)
        if self.kind == "423":
            return _said(423, "Too many writes at once: the record is locked", "LOCKED", headers)
        if self.kind == "477":
            return _said(477, "This account is moving to another data center", "MIGRATION", headers)
        if self.kind == "500":
            return _said(500, "internal error", "INTERNAL_ERROR", headers)
        if self.kind in _SERVER:
            return Answer(int(self.kind), _GATEWAY.format(f"{self.kind} from the gateway"), headers)
        return Answer(200, PROXY_PAGE) if self.kind == "proxy" else None


def _said(status: int, message: str, category: str, headers: dict[str, str]) -> Answer:
    body = {"status": "error", "message": message, "correlationId": str(uuid.uuid4()), "category": category}
    return Answer(status, body, headers)


def fault_named(name: str, seconds: float | None = None) -> Fault:
    """Return the fault of a name, such as ``502`` or ``drop-after``. Raises ValueError."""
    kind = name.removesuffix("-after")
    if kind not in KINDS:
        raise ValueError(f"no fault is called {name!r}; there are {', '.join(KINDS)}")
    return Fault(kind, name.endswith("-after"), 1.0 if kind == "477" and seconds is None else seconds)


Plan = Callable[[Request], Fault | None]


def never(_: Request) -> Fault | None:
    """Plan no fault."""
    return None


def every_name() -> list[str]:
    """Return the names of all faults that a client is to get over within a run."""
    return [*SHORT_KINDS, *(f"{kind}-after" for kind in AFTER if kind != "half")]


def at_random(
    share: float,
    seed: int,
    names: Sequence[str] | None = None,
    *,
    seconds: float | None = None,
    slow: float = 1.0,
) -> Plan:
    """Plan a fault for a share of the requests; the second's 429 befalls only searches.

    *seconds* is the Retry-After of 429 and 503, *slow* how long a slow answer takes.
    """
    chance, lock = random.Random(seed), threading.Lock()
    told = {"429": seconds, "503": seconds, "slow": slow}
    faults = [fault_named(name, told.get(name.partition("-")[0])) for name in names or every_name()]

    def plan(request: Request) -> Fault | None:
        searching = request.path.rstrip("/").endswith("/search")
        possible = [fault for fault in faults if searching or fault.kind != "429-search"]
        with lock:
            return chance.choice(possible) if chance.random() < share else None

    return plan


def nth(number: int, fault: Fault, pattern: str = "", method: str | None = None) -> Plan:
    """Plan one fault: on the number-th request (from 1) whose path matches the pattern."""
    return script({number: fault}, pattern, method)


def script(faults: dict[int, Fault], pattern: str = "", method: str | None = None) -> Plan:
    """Plan faults by number (from 1) of the requests that match."""
    wanted, lock, seen = re.compile(pattern), threading.Lock(), [0]

    def plan(request: Request) -> Fault | None:
        if method not in (None, request.method) or not wanted.search(request.path):
            return None
        with lock:
            seen[0] += 1
            return faults.get(seen[0])

    return plan


def first_of(plans: Iterable[Plan]) -> Plan:
    """Plan the first fault that any of the plans has; the plans after it do not see the request."""
    every = list(plans)

    def plan(request: Request) -> Fault | None:
        return next((fault for one in every if (fault := one(request)) is not None), None)

    return plan
