"""The simulator as a process of its own, its side door, people, and clients that die."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hubspot_simulator.asking import DUE, Bare, deal, made
from tests.hubspot_simulator.simulator import Simulator

ROOT = Path(__file__).parents[2]


class Started:
    """A simulator that was started by hand."""

    def __init__(self, *words: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.hubspot_simulator", *words],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        said = [self.process.stdout.readline().strip() for _ in range(2)]
        self.url, self.token = (re.sub(r"^export \w+=", "", line) for line in said)
        self.names = [line.split()[1].partition("=")[0] for line in said]

    def stop(self) -> int:
        self.process.terminate()
        self.process.communicate(timeout=30)
        return self.process.returncode


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    return tmp_path / "log.jsonl"


@pytest.fixture
def started(log_file: Path) -> Iterator[Started]:
    running = Started("--control", "--log", str(log_file), "--tier", "starter", "--token", "pat-simulated")
    yield running
    assert running.stop() == 0


@pytest.fixture
def bare_there(started: Started) -> Iterator[Any]:
    asking = Bare(started)  # type: ignore[arg-type]
    yield asking
    asking.close()


def test_it_says_what_to_set(started: Started) -> None:
    assert started.names == ["HUBSPOT_BASE_URL", "HUBSPOT_ACCESS_TOKEN"]
    assert started.url.startswith("http://127.0.0.1:")
    assert started.token == "pat-simulated"


def test_others_look_act_and_count_through_the_side_door(bare_there: Bare, log_file: Path) -> None:
    deal_id = bare_there.post("/crm/v3/objects/deals", {"properties": deal()}).body["id"]
    task = bare_there.post("/crm/v3/objects/tasks", {"properties": {"hs_timestamp": DUE}}).body["id"]
    ties = {"kind": "tasks", "number": task, "other": "deals", "far": deal_id}
    for act, said in (("connect", ties), ("complete", {"task": task})):
        assert bare_there.post(f"/simulator/people/{act}", said).status == 200
    told = bare_there.get("/simulator/records/tasks").body[0]
    assert told["properties"]["hs_task_status"] == "COMPLETED"
    assert bare_there.get(f"/simulator/associations/tasks/{task}/deals").body == {deal_id: [216]}
    lines = [json.loads(line) for line in log_file.read_text("utf-8").splitlines()]
    assert lines == bare_there.get("/simulator/log").body
    assert [line["path"] for line in lines] == ["/crm/v3/objects/deals", "/crm/v3/objects/tasks"]
    assert bare_there.get("/simulator/log?after=1&writes=1").body == lines[1:]
    assert bare_there.post("/simulator/reset", {}).status == 200
    assert bare_there.get("/simulator/records/deals").body == []


def test_the_weather_is_changed_through_the_side_door(bare_there: Bare) -> None:
    assert bare_there.post("/simulator/settings", {"faults": 1, "names": ["502"], "index_lag": 60}).body == {
        "set": ["faults", "index_lag", "names"]
    }
    assert bare_there.get("/crm/v3/owners/").status == 502
    bare_there.post("/simulator/settings", {"faults": 0, "fail": {"name": "503", "on": 2}})
    assert [bare_there.get("/crm/v3/owners/").status for _ in range(3)] == [200, 503, 200]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/simulator/people/sing", {}, 400),
        ("POST", "/simulator/people/complete", {"task": "1"}, 400),
        ("POST", "/simulator/people/create", {"kind": "deals", "properties": {}}, 400),
        ("GET", "/simulator/records/unicorns", None, 400),
        ("GET", "/simulator/nothing", None, 404),
    ],
)
def test_the_side_door_says_what_is_wrong(
    bare_there: Bare, method: str, path: str, body: Any, status: int
) -> None:
    assert bare_there.ask(method, path, body).status == status


def test_the_side_door_is_shut_unless_asked_for(bare: Bare) -> None:
    assert bare.get("/simulator/records/deals").status == 404


CLIENT = """
import sys, urllib3
pool = urllib3.PoolManager(retries=False)
url, token = sys.argv[1:]
body = b'{"inputs": [%s]}' % b",".join([
    b'{"properties": {"dealname": "x", "dealstage": "contractsent"}}'] * 100)
while True:
    pool.request("POST", url + "/crm/v3/objects/deals/batch/create", body=body,
                 headers={"Authorization": "Bearer " + token}).data
    print("one", flush=True)
"""


def test_a_client_that_is_killed_leaves_whole_batches(sim: Simulator, bare: Bare) -> None:
    words = [sys.executable, "-c", CLIENT, sim.url, sim.token]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as client:
        assert client.stdout is not None
        for _ in range(3):
            client.stdout.readline()
        client.send_signal(signal.SIGKILL)
    assert bare.get("/crm/v3/owners/").status == 200
    written = len(sim.records("deals"))
    assert written >= 300
    assert written % 100 == 0


def test_a_request_cut_short_is_not_carried_out(sim: Simulator, bare: Bare) -> None:
    body = json.dumps({"properties": deal()})
    head = f"POST /crm/v3/objects/deals HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {sim.token}\r\n"
    port = int(sim.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as wire:
        wire.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n{body[:-1]}".encode())
        wire.shutdown(socket.SHUT_WR)
        assert wire.recv(100) == b""
    assert bare.get("/crm/v3/owners/").status == 200
    assert sim.records("deals") == []


def test_people_are_heard_by_search(sim: Simulator, bare: Bare) -> None:
    number = made(sim)
    task = sim.people.create("tasks", {"hs_timestamp": DUE}, [("deals", number)])
    sim.people.reschedule(task, "2031-04-01T08:00:00Z")
    call = sim.people.log_call([("deals", number)], "no answer", "It rang out.")
    told = bare.search("calls", properties=["hs_call_disposition"]).body["results"]
    labels = {one["id"]: one["label"] for one in bare.get("/calling/v1/dispositions").body}
    assert [labels[one["properties"]["hs_call_disposition"]] for one in told] == ["No answer"]
    assert sim.associated("deals", number, "calls") == {call: {205}}
    sim.people.disconnect("tasks", task, "deals", number)
    assert sim.associated("deals", number, "tasks") == {}
    assert sim.record("tasks", task)["properties"]["hs_timestamp"] == "2031-04-01T08:00:00Z"


def test_people_do_not_count_as_requests(sim: Simulator) -> None:
    made(sim)
    assert sim.lines() == []


def test_a_reset_account_is_empty(sim: Simulator, bare: Bare) -> None:
    made(sim)
    bare.get("/crm/v3/owners/")
    sim.reset()
    assert (sim.records("deals"), sim.lines()) == ([], [])
