"""How the simulator's own tests ask it: by the SDK, and bare where the SDK has no call."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import urllib3
from hubspot import HubSpot

from tests.hubspot_simulator.simulator import Simulator

KEY = {
    "name": "crm_sync_key",
    "label": "Key",
    "type": "string",
    "fieldType": "text",
    "groupName": "dealinformation",
    "hasUniqueValue": True,
}
DUE = "2031-03-04T09:30:00Z"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2031, 3, 4, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Reply:
    """A bare answer."""

    status: int
    body: Any
    headers: Any


class Bare:
    """Asks without the SDK: one kept connection, no retries."""

    def __init__(self, sim: Simulator, token: str | None = None) -> None:
        self.pool = urllib3.PoolManager(retries=False, timeout=10)
        self.url = sim.url
        self.headers = {"Authorization": f"Bearer {token or sim.token}"}

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        data = None if body is None else json.dumps(body)
        reply = self.pool.request(method, self.url + path, body=data, headers={**self.headers, **headers})
        text = reply.data.decode()
        told = json.loads(text) if "json" in reply.headers.get("Content-Type", "") and text else text
        return Reply(reply.status, told, reply.headers)

    def get(self, path: str) -> Reply:
        return self.ask("GET", path)

    def post(self, path: str, body: Any) -> Reply:
        return self.ask("POST", path, body)

    def batch(self, verb: str, kind: str, inputs: list[Any], **more: Any) -> Reply:
        return self.post(f"/crm/v3/objects/{kind}/batch/{verb}", {"inputs": inputs, **more})

    def search(self, kind: str, *filters: Any, **more: Any) -> Reply:
        groups = [{"filters": list(filters)}] if filters else []
        return self.post(f"/crm/v3/objects/{kind}/search", {"filterGroups": groups, **more})

    def close(self) -> None:
        self.pool.clear()


def sdk(sim: Simulator) -> HubSpot:
    """Return the official client of a simulated account."""
    return HubSpot(access_token=sim.token, host=sim.url, base_url=sim.url)


def deal(number: int = 1, **more: str) -> dict[str, str]:
    """Return the properties of a deal."""
    return {"dealname": f"Deal {number}", "dealstage": "appointmentscheduled", **more}


def keyed(number: int, **more: str) -> dict[str, Any]:
    """Return the input of an upsert by our key, with a trace id."""
    return {
        "id": f"key-{number}",
        "idProperty": "crm_sync_key",
        "objectWriteTraceId": f"trace-{number}",
        "properties": deal(number, **more),
    }


def made(sim: Simulator, kind: str = "deals", **properties: str) -> str:
    """Return the id of a record that a person made."""
    sample = {"deals": deal(), "tasks": {"hs_timestamp": DUE}, "calls": {"hs_timestamp": DUE}}
    return sim.people.create(kind, {**sample.get(kind, {}), **properties})


def tie(number: str, type_id: int) -> dict[str, Any]:
    """Return an inline association."""
    return {
        "to": {"id": number},
        "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}],
    }
