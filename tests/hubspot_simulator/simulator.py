"""The simulator: a portal behind a server, with its log, its limits and its faults."""

from __future__ import annotations

import threading
import time
import uuid
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.hubspot_simulator.answers import Json, iso
from tests.hubspot_simulator.control import control
from tests.hubspot_simulator.faults import Fault, Plan, fault_named, first_of, never, nth
from tests.hubspot_simulator.front import Front, Request
from tests.hubspot_simulator.kinds import ObjectKind, kind_named
from tests.hubspot_simulator.limits import Gate
from tests.hubspot_simulator.log import Line, Log
from tests.hubspot_simulator.options import Options
from tests.hubspot_simulator.people import People
from tests.hubspot_simulator.portal import Portal
from tests.hubspot_simulator.routes import place, routes_of
from tests.hubspot_simulator.server import Sending, Server, wait


class Simulator:
    """A HubSpot account on loopback, open between ``with`` and its end.

    Keyword arguments are those of Options. *rate_limit* enforces the limits of the tier; *faults* is a
    plan of faults, and can be changed while it runs, as most ``options`` can.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        rate_limit: bool = False,
        faults: Plan = never,
        log_file: Path | None = None,
        **options: Any,
    ) -> None:
        self.options = Options(**options)
        self.limits = self.options.limits or self.options.limits_of_tier(enforced=rate_limit)
        self.faults = faults
        self.log = Log(log_file)
        self.front = Front(self.options)
        self.gate = self._new_gate()
        self.people = People(self.front)
        self.token = self.options.token
        self._server = Server(("127.0.0.1", port), self.serve, self.options.clock)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Simulator:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join()

    @property
    def portal(self) -> Portal:
        """Return the state behind the server; hold ``front.lock`` to look while clients write."""
        return self.front.portal

    def reset(self) -> None:
        """Empty the portal, the log and the windows of the limits."""
        with self.front.lock:
            self.front.portal = Portal(self.options)
            self.gate = self._new_gate()
            self.log.clear()

    def records(self, kind: str) -> list[Json]:
        """Return every living record of a type: id and properties."""
        with self.front.lock:
            live = self.portal.store.live[_kind(kind).name].values()
            return [{"id": record.id, "properties": dict(record.properties)} for record in live]

    def record(self, kind: str, number: str) -> Json:
        """Return one living record. Raises KeyError."""
        return next(record for record in self.records(kind) if record["id"] == number)

    def associated(self, kind: str, number: str, other: str) -> dict[str, set[int]]:
        """Return the type ids of associations by id of the other record."""
        with self.front.lock:
            edges = self.portal.associations.between(_kind(kind).name, number, _kind(other).name)
            return {far: set(edge.types) for far, edge in edges.items()}

    def fail(self, name: str, *, on: int = 1, pattern: str = "", method: str | None = None) -> None:
        """Let the on-th matching request from now fail; the faults planned before befall the others."""
        self.faults = first_of([nth(on, fault_named(name), pattern, method), self.faults])

    def count(self, pattern: str = "", method: str | None = None, *, writes: bool = False) -> int:
        """Return how many requests matched since the start or the last reset."""
        return len(self.log.matching(pattern, method, writes=writes))

    def lines(self) -> list[Line]:
        """Return the log."""
        return list(self.log.lines)

    def serve(self, request: Request) -> Sending:
        """Answer one request as it came over the wire."""
        if self.options.control and request.path.startswith("/simulator/"):
            return Sending(control(self, request))
        started = time.perf_counter()
        wait(self.options.latency / 2)
        fault = self.faults(request)
        sending = self._sending(request, fault)
        wait(self.options.latency / 2)
        self._write_down(request, sending, fault, time.perf_counter() - started)
        return sending

    def _sending(self, request: Request, fault: Fault | None) -> Sending:
        headers = {"X-HubSpot-Correlation-Id": str(uuid.uuid4())}
        if fault is not None and not fault.applied:
            return Sending(fault.answer(), headers=headers)
        refused, more = self.gate.pass_or_refuse(_area(request))
        answer = refused or self.front.answer(request)
        if fault is None:
            return Sending(answer, headers=headers | more)
        if fault.kind == "slow":
            wait(1.0 if fault.seconds is None else fault.seconds)
            return Sending(answer, headers=headers | more)
        if fault.kind == "half":
            return Sending(answer, share=0.5, headers=headers | more)
        return Sending(fault.answer(), headers=headers)

    def _write_down(self, request: Request, sending: Sending, fault: Fault | None, took: float) -> None:
        self.log.add(
            {
                "at": iso(self.portal.now()),
                "method": request.method,
                "path": request.path,
                "status": None if sending.answer is None else sending.answer.status,
                "write": any(route.write for route in _routes(request)),
                "inputs": _inputs(request),
                "fault": None if fault is None else fault.name,
                "applied": fault is None or fault.applied,
                "took": round(took * 1000, 3),
            }
        )

    def _new_gate(self) -> Gate:
        seconds, clock = self.front.portal.seconds, self.options.clock
        return Gate(self.limits, seconds, clock, self.options.time_zone)


def _kind(word: str) -> ObjectKind:
    found = kind_named(word)
    assert found is not None, f"no type of objects is called {word}"
    return found


def _routes(request: Request) -> list[Any]:
    found = place(request.path)
    routes = routes_of(found[0]) if found else ()
    return [route for route, _ in routes if route.method == request.method][:1]


def _area(request: Request) -> str:
    return next((route.area for route in _routes(request)), "other")


def _inputs(request: Request) -> int:
    try:
        said = request.said
    except ValueError:
        return 0
    inputs = said.get("inputs") if isinstance(said, dict) else None
    return len(inputs) if isinstance(inputs, list) else 0
