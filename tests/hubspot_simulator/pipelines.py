"""Deal pipelines and their stages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tests.hubspot_simulator.answers import Answer, Json, Refusal, invalid, iso, not_found

if TYPE_CHECKING:
    from tests.hubspot_simulator.portal import Call, Portal

MOST_STAGES = 100
_DEFAULT = (
    ("appointmentscheduled", "Appointment Scheduled", "0.2"),
    ("qualifiedtobuy", "Qualified To Buy", "0.4"),
    ("presentationscheduled", "Presentation Scheduled", "0.6"),
    ("decisionmakerboughtin", "Decision Maker Bought-In", "0.8"),
    ("contractsent", "Contract Sent", "0.9"),
    ("closedwon", "Closed Won", "1.0"),
    ("closedlost", "Closed Lost", "0.0"),
)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage; *probability* 1.0 is won, 0.0 is lost."""

    id: str
    label: str
    order: int
    probability: str
    at: int

    @property
    def won(self) -> bool:
        return float(self.probability) == 1

    @property
    def lost(self) -> bool:
        return float(self.probability) == 0

    def told(self) -> Json:
        closed = "true" if self.won or self.lost else "false"
        return {
            "id": self.id,
            "label": self.label,
            "displayOrder": self.order,
            "metadata": {"isClosed": closed, "probability": self.probability},
            "createdAt": iso(self.at),
            "updatedAt": iso(self.at),
            "archived": False,
            "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
        }


@dataclass(slots=True)
class Pipeline:
    """One pipeline with its stages by id."""

    id: str
    label: str
    order: int
    at: int
    stages: dict[str, Stage] = field(default_factory=dict)

    def told(self) -> Json:
        return {
            "id": self.id,
            "label": self.label,
            "displayOrder": self.order,
            "stages": [s.told() for s in sorted(self.stages.values(), key=lambda stage: stage.order)],
            "createdAt": iso(self.at),
            "updatedAt": iso(self.at),
            "archived": False,
        }


class Pipelines:
    """The deal pipelines of a portal."""

    def __init__(self, now: Callable[[], int]) -> None:
        at = now()
        stages = {
            name: Stage(name, label, order, chance, at)
            for order, (name, label, chance) in enumerate(_DEFAULT)
        }
        self.by_id = {"default": Pipeline("default", "Sales Pipeline", 0, at, stages)}
        self._now = now
        self._made = 0
        self.version = 0

    def stages(self) -> Iterator[Stage]:
        """Yield every stage of every pipeline."""
        for pipeline in self.by_id.values():
            yield from pipeline.stages.values()

    def stage(self, number: str | None) -> Stage | None:
        """Return the stage of that id."""
        return next((stage for stage in self.stages() if stage.id == number), None)

    def rename(self, pipeline: str, stage: str, label: str) -> None:
        """Give a stage another label; its id stays."""
        stages = self.by_id[pipeline].stages
        stages[stage] = replace(stages[stage], label=label)
        self.version += 1

    def add(self, body: Json) -> Pipeline:
        """Make a pipeline of a request's body. Raises Refusal."""
        label = _label(body)
        if any(label.lower() == other.label.lower() for other in self.by_id.values()):
            raise invalid(f"There is already a pipeline with the label {label!r}")
        asked = body.get("stages") or []
        if not asked or len(asked) > MOST_STAGES:
            raise invalid(f"A pipeline has 1 to {MOST_STAGES} stages")
        made = Pipeline(self._id(body.get("pipelineId")), label, body.get("displayOrder", 0), self._now())
        for one in asked:
            self.add_stage(made, one)
        self.by_id[made.id] = made
        self.version += 1
        return made

    def add_stage(self, pipeline: Pipeline, body: Json) -> Stage:
        """Add a stage to a pipeline. Raises Refusal."""
        label = _label(body)
        if any(label.lower() == other.label.lower() for other in pipeline.stages.values()):
            raise invalid(f"Stage labels must be unique: {label!r}")
        number = self._id(body.get("stageId"))
        stage = Stage(number, label, body.get("displayOrder", 0), _probability(body), self._now())
        pipeline.stages[number] = stage
        self.version += 1
        return stage

    def _id(self, wished: Any) -> str:
        self._made += 1
        return str(wished or 900_000_000 + self._made)


def _label(body: Json) -> str:
    if not body.get("label"):
        raise invalid("Invalid input JSON on line 1, column 2. Some required fields were not set: [label]")
    return str(body["label"])


def _probability(body: Json) -> str:
    given = (body.get("metadata") or {}).get("probability")
    try:
        fine = given is not None and 0 <= float(given) <= 1
    except ValueError:
        fine = False
    if not fine:
        raise invalid("metadata.probability of a deal stage is a number from 0.0 to 1.0")
    return str(given)


def _one(portal: Portal, call: Call) -> Pipeline:
    found = portal.pipelines.by_id.get(call.parts["pipeline"])
    if call.kind.name != "deals" or found is None:
        raise not_found()
    return found


def list_all(portal: Portal, call: Call) -> Answer:
    """Answer all pipelines of a type; only deals have some here."""
    found = portal.pipelines.by_id.values() if call.kind.name == "deals" else []
    return Answer(200, {"results": [one.told() for one in found]})


def get(portal: Portal, call: Call) -> Answer:
    """Answer one pipeline."""
    return Answer(200, _one(portal, call).told())


def create(portal: Portal, call: Call) -> Answer:
    """Make a pipeline, or refuse where the tier has no more."""
    if call.kind.name != "deals":
        raise not_found()
    most = portal.options.pipelines_allowed()
    if len(portal.pipelines.by_id) >= most:
        raise Refusal(
            portal.options.no_pipeline,
            "VALIDATION_ERROR" if portal.options.no_pipeline == 400 else "PAYMENT_REQUIRED",
            f"This portal has reached its limit of {most} deal pipelines.",
            sub_category="PipelineError.PIPELINE_LIMIT_EXCEEDED",
        )
    return Answer(201, portal.pipelines.add(call.body).told())


def list_stages(portal: Portal, call: Call) -> Answer:
    """Answer the stages of a pipeline."""
    return Answer(200, {"results": _one(portal, call).told()["stages"]})


def create_stage(portal: Portal, call: Call) -> Answer:
    """Add a stage to a pipeline."""
    return Answer(201, portal.pipelines.add_stage(_one(portal, call), call.body).told())


def change_stage(portal: Portal, call: Call) -> Answer:
    """Change label, order or probability of a stage."""
    pipeline, number = _one(portal, call), call.parts["stage"]
    if number not in pipeline.stages:
        raise not_found()
    stage = pipeline.stages[number]
    if "label" in call.body:
        stage = replace(stage, label=_label(call.body))
    if "displayOrder" in call.body:
        stage = replace(stage, order=call.body["displayOrder"])
    if "metadata" in call.body:
        stage = replace(stage, probability=_probability(call.body))
    pipeline.stages[number] = replace(stage, at=portal.now())
    portal.pipelines.version += 1
    return Answer(200, pipeline.stages[number].told())


def delete_stage(portal: Portal, call: Call) -> Answer:
    """Delete a stage that no deal is in."""
    pipeline, number = _one(portal, call), call.parts["stage"]
    if number not in pipeline.stages:
        raise not_found()
    users = [r.id for r in portal.store.live["deals"].values() if r.properties.get("dealstage") == number]
    if users:
        raise Refusal(
            400,
            "VALIDATION_ERROR",
            f"Stage ID: {number} is being used by object IDs: {users[:10]} and cannot be deleted.",
            sub_category="PipelineError.STAGE_ID_IN_USE",
        )
    del pipeline.stages[number]
    portal.pipelines.version += 1
    return Answer(204)
