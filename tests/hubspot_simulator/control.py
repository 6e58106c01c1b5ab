"""A side door for tests in other processes: look, act as a person, change the weather, start anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from tests.hubspot_simulator.answers import Answer, Json, Refusal
from tests.hubspot_simulator.faults import at_random, never
from tests.hubspot_simulator.front import Request

if TYPE_CHECKING:
    from tests.hubspot_simulator.simulator import Simulator

ACTS = (
    *("create", "edit", "complete", "reopen", "reschedule", "move", "delete", "merge"),
    *("connect", "disconnect", "log_call", "rename_stage"),
)


def control(simulator: Simulator, request: Request) -> Answer:
    """Answer a request to the side door; needs no token and is not in the log."""
    words = request.path.strip("/").split("/")[1:]
    door = _DOORS.get((request.method, words[0]))
    if door is None:
        return Answer(404, {"message": f"no such door: {request.path}"})
    try:
        body = json.loads(request.body) if request.body else {}
        return Answer(200, door(simulator, words[1:], body, request))
    except Refusal as refusal:
        return refusal.answer()
    except (LookupError, TypeError, ValueError, StopIteration, AssertionError) as error:
        return Answer(400, {"message": f"{type(error).__name__}: {error}"})


def _records(simulator: Simulator, words: list[str], _: Json, __: Request) -> Any:
    return simulator.records(words[0])


def _associations(simulator: Simulator, words: list[str], _: Json, __: Request) -> Any:
    kind, number, other = words
    return {far: sorted(types) for far, types in simulator.associated(kind, number, other).items()}


def _log(simulator: Simulator, _: list[str], __: Json, request: Request) -> Any:
    query = {name: values[0] for name, values in parse_qs(urlsplit(request.target).query).items()}
    lines = simulator.log.matching(query.get("path", ""), query.get("method"), writes="writes" in query)
    return [asdict(line) for line in lines if line.number > int(query.get("after", 0))]


def _reset(simulator: Simulator, _: list[str], __: Json, ___: Request) -> Any:
    simulator.reset()
    return {"reset": True}


def _settings(simulator: Simulator, _: list[str], body: Json, __: Request) -> Any:
    if "latency" in body:
        simulator.options.latency = float(body["latency"])
    if "index_lag" in body:
        simulator.options.index_lag = float(body["index_lag"])
    if "faults" in body:
        share = float(body["faults"])
        plan = at_random(share, int(body.get("seed", 1)), body.get("names"), slow=body.get("slow", 1.0))
        simulator.faults = plan if share else never
    if "fail" in body:
        simulator.fail(**body["fail"])
    return {"set": sorted(body)}


def _people(simulator: Simulator, words: list[str], body: Json, _: Request) -> Any:
    if words[0] not in ACTS:
        raise LookupError(f"people do {', '.join(ACTS)}")
    return {"answer": getattr(simulator.people, words[0])(**body)}


Door = Callable[["Simulator", list[str], Json, Request], Any]
_DOORS: dict[tuple[str, str], Door] = {
    ("GET", "records"): _records,
    ("GET", "associations"): _associations,
    ("GET", "log"): _log,
    ("POST", "reset"): _reset,
    ("POST", "settings"): _settings,
    ("POST", "people"): _people,
}
