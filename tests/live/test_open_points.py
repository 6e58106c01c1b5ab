"""What nobody documents about HubSpot, asked of a real test account, and printed.

Each test holds what we rely on; what is printed besides may turn out either way, and crm-sync is built for
both. Run with `pytest -m live -s`; see ``places`` for the account.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from crm_sync.crms.hubspot import Api, Portal, PortalSetup
from crm_sync.crms.hubspot.markers import PROPERTY
from crm_sync.crms.hubspot.refusals import Rejection, record_errors
from crm_sync.crms.trouble import Cause, Trouble
from crm_sync.domain.stages import Stage
from crm_sync.errors import NotAllowed
from tests.live.places import api_of

pytestmark = pytest.mark.live

SAMPLE = "Sample of Invention"
DUE = "2027-03-01T10:00:00Z"
TOO_LONG = "x" * 65_537
MOST, THREADS = 400, 16
TO_DEAL, NOT_OF_TASKS = 216, 279
NAMES = ("name", PROPERTY)

Answer = Rejection | NotAllowed | None
"""How HubSpot refused; None where it did what it was asked."""


@pytest.fixture(scope="module")
def portal() -> Portal:
    setup = PortalSetup(api_of(), None, None)
    portal = Portal.from_text(setup.carry_out(setup.survey()).state)
    tell("account", f"{portal.account_type}, pipeline {portal.pipeline_label}")
    return portal


@pytest.fixture(scope="module")
def api(portal: Portal) -> Iterator[Api]:
    """The requests of the account, which is set up first, and tidied up afterwards."""
    ready = api_of()
    yield ready
    for kind, name in (("companies", "name"), ("deals", "dealname"), ("tasks", "hs_task_subject")):
        ours = [{"propertyName": name, "operator": "EQ", "value": SAMPLE}]
        body = {"limit": 100, "filterGroups": [{"filters": ours}], "properties": [], "sorts": []}
        found = ready.search(kind, body).body.get("results") or ()
        if found:
            ready.archive(kind, [str(record["id"]) for record in found])


@pytest.fixture
def deal(portal: Portal) -> dict[str, Any]:
    """What a deal is made of in the account."""
    stage = portal.column_of(Stage.APPLIED)
    return {"properties": {"dealname": SAMPLE, "pipeline": portal.pipeline, "dealstage": stage}}


def tell(question: str, answer: object) -> None:
    print(f"\n{question}: {answer}", end="")  # noqa: T201 - what these tests are for


def refused(act: Callable[[], object]) -> Answer:
    """Return how HubSpot refused what was asked, None where it did it."""
    try:
        act()
    except (Rejection, NotAllowed) as refusal:
        return refusal
    return None


def company(**more: str) -> dict[str, Any]:
    return {"properties": {"name": SAMPLE, PROPERTY: uuid.uuid4().hex, **more}}


def task(**more: str) -> dict[str, Any]:
    told = {"hs_task_subject": SAMPLE, "hs_timestamp": DUE, "hs_task_type": "CALL"}
    return {"properties": {**told, **more}}


def test_1_whether_tasks_take_a_unique_property(api: Api) -> None:
    name = f"crm_sync_probe_{uuid.uuid4().hex[:8]}"
    body = {"name": name, "label": "Probe", "groupName": "task", "type": "string", "fieldType": "text"}
    refusal = refused(lambda: api.create_property("tasks", {**body, "hasUniqueValue": True}))
    tell("1. a unique property on tasks", refusal or "was made")
    if refusal is None:
        made = api.property_of("tasks", name)
        assert made is not None
        tell("   and it is unique", made.get("hasUniqueValue"))
        api.wire.send(api.wire.raw("DELETE", f"/crm/v3/properties/tasks/{name}"))
    assert refused(lambda: api.property_of("tasks", name)) is None


def test_2_whether_batch_create_echoes_trace_ids(api: Api) -> None:
    inputs = [{**company(), "objectWriteTraceId": str(number)} for number in range(3)]
    results = api.create("companies", inputs).body.get("results") or ()
    tell("2. batch create echoes trace ids", all("objectWriteTraceId" in result for result in results))
    tell("   and keeps the order", [r["properties"][PROPERTY] for r in results] == _keys(inputs))
    assert {result["properties"][PROPERTY] for result in results} == set(_keys(inputs))


def _keys(inputs: list[dict[str, Any]]) -> list[str]:
    return [str(one["properties"][PROPERTY]) for one in inputs]


def test_3_what_a_burst_is_answered(api: Api) -> None:
    call = api.wire.raw("GET", "/account-info/v3/details")

    def ask(_: int) -> Any:
        try:
            call().data  # noqa: B018 - read, so that the connection is given back
        except Exception as error:
            return error
        return None

    with ThreadPoolExecutor(THREADS) as pool:
        answers = [error for error in pool.map(ask, range(MOST)) if error is not None]
    many = [error for error in answers if getattr(error, "status", None) == 429]
    tell(f"3. of {MOST} requests at once", f"{len(many)} were answered 429")
    for error in many[:1]:
        limits = {k: v for k, v in error.headers.items() if "limit" in k.lower() or "retry" in k.lower()}
        tell("   body", error.body)
        tell("   headers", limits)
        trouble = api.wire._explained(error, "burst")
        assert isinstance(trouble, Trouble)
        assert trouble.cause is Cause.BURST
    assert len(answers) == len(many), f"something else than a limit: {answers}"


def test_4_what_a_text_that_is_too_long_and_a_wrong_association_are_answered(
    api: Api, deal: dict[str, Any]
) -> None:
    long = refused(lambda: api.create("tasks", [task(hs_task_body=TOO_LONG)]))
    tell("4. a text of 65,537 characters", _told(long))
    parent = api.create("deals", [deal]).body["results"][0]["id"]
    types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": NOT_OF_TASKS}]
    wrong = {**task(), "associations": [{"to": {"id": parent}, "types": types}]}
    refusal = refused(lambda: api.create("tasks", [wrong]))
    tell("   a wrong type of association", _told(refusal))
    right = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": TO_DEAL}]
    made = api.create("tasks", [{**task(), "associations": [{"to": {"id": parent}, "types": right}]}]).body[
        "results"
    ][0]
    assert api.related("tasks", "deals", [made["id"]]) == {made["id"]: {parent}}
    assert isinstance(long, Rejection)
    assert all(error.reason for error in record_errors({"errors": [long.body]}))


def _told(refusal: Answer) -> str:
    if isinstance(refusal, Rejection):
        return f"{refusal.status} {refusal.body}"
    return str(refusal) if refusal else "taken"


def test_5_how_much_the_account_may_hold(api: Api) -> None:
    tell("5. custom properties", api.quota())
    left = api.pipelines_left()
    tell("   pipelines left", left)
    stages = [
        {"label": "Open", "displayOrder": 0, "metadata": {"probability": "0.5"}},
        {"label": "Shut", "displayOrder": 1, "metadata": {"probability": "0.0"}},
    ]
    probe = {"label": f"Probe {uuid.uuid4().hex[:8]}", "displayOrder": 9, "stages": stages}
    made: list[Any] = []
    refusal = refused(lambda: made.append(api.create_pipeline(probe)))
    tell("   one more pipeline", _told(refusal) if refusal else "was made")
    for pipeline in made:
        api.wire.send(api.wire.raw("DELETE", f"/crm/v3/pipelines/deals/{pipeline['id']}"))
    assert left is None or bool(left) == bool(made), "what the account tells of its limits is not so"


@pytest.mark.parametrize("version", ["2026-03", "2026-09"])
def test_6_whether_dated_paths_take_the_bodies_of_the_old_ones(deal: dict[str, Any], version: str) -> None:
    dated = api_of(version)
    made = dated.create("companies", [company()]).body["results"][0]
    parent = str(dated.create("deals", [deal]).body["results"][0]["id"])
    key, ident = uuid.uuid4().hex, str(made["id"])
    upsert = {"id": key, "idProperty": PROPERTY, "properties": {"name": SAMPLE, PROPERTY: key}}
    nothing = {"limit": 1, "filterGroups": [], "properties": [], "sorts": []}
    calls: dict[str, Callable[[], object]] = {
        "account": dated.account,
        "owner by address": lambda: dated.owner_of("nobody@invention.example"),
        "pipelines": dated.pipelines,
        "property": lambda: dated.property_of("deals", PROPERTY),
        "call outcomes": dated.call_outcomes,
        "limits of properties": dated.quota,
        "limits of pipelines": dated.pipelines_left,
        "search": lambda: dated.search("deals", nothing),
        "upsert": lambda: dated.upsert("companies", [upsert]),
        "update": lambda: dated.update("companies", [{"id": ident, "properties": {"phone": "5550100"}}]),
        "read": lambda: dated.read("companies", [ident], NAMES),
        "read by our key": lambda: dated.read("companies", [key], NAMES, by=PROPERTY),
        "relate": lambda: dated.relate("deals", "companies", [(parent, ident)]),
        "related": lambda: dated.related("deals", "companies", [parent]),
        "archive": lambda: dated.archive("companies", [ident]),
    }
    answers = {name: refused(call) for name, call in calls.items()}
    tell(f"6. by paths of {version}", {name: _told(answer) for name, answer in answers.items()})
    assert not {name for name, answer in answers.items() if answer is not None}


def test_7_whether_a_read_by_our_key_sees_a_record_at_once(api: Api) -> None:
    seen = []
    for _ in range(5):
        one = company()
        key = str(one["properties"][PROPERTY])
        api.create("companies", [one])
        seen.append(len(api.read("companies", [key], NAMES, by=PROPERTY)))
    tell("7. read by our key right after create, five times", seen)
    assert seen == [1] * 5
