"""What setup found and decided about one portal; kept beside the rate limits, and never a secret."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from crm_sync.domain.stages import Stage
from crm_sync.domain.touches import CallOutcome


@dataclass(frozen=True, slots=True)
class Portal:
    """One HubSpot account as we use it.

    ``stages`` maps each of our stages to the id of a stage in ``pipeline``, several to one where the
    pipeline has fewer. ``outcomes`` maps the ids of the account's call outcomes to ours. ``is_full`` says
    that HubSpot refused to make a pipeline of our own.
    """

    id: str
    pipeline: str
    pipeline_label: str
    stages: Mapping[Stage, str]
    outcomes: Mapping[str, CallOutcome] = field(default_factory=dict)
    time_zone: str | None = None
    account_type: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    is_full: bool = False

    def column_of(self, stage: Stage) -> str | None:
        """Return the id of the pipeline's stage for ours."""
        return self.stages.get(stage)

    def stage_of(self, column: str | None, said: str | None) -> Stage | None:
        """Return our stage for a pipeline's stage: the one the deal *said* itself, where both agree.

        None for a stage of another pipeline.
        """
        if said is not None and said in set(Stage) and self.stages.get(Stage(said)) == column:
            return Stage(said)
        return next((stage for stage in CANONICAL if self.stages.get(stage) == column), None)

    def is_shared(self, stage: Stage) -> bool:
        """Tell whether another stage of ours has the same place in the pipeline."""
        column = self.stages.get(stage)
        return sum(other == column for other in self.stages.values()) > 1

    def disposition_of(self, outcome: str) -> str | None:
        """Return the id of the account's call outcome for ours, None where it has none."""
        return next((ident for ident, ours in self.outcomes.items() if ours == outcome), None)

    def as_text(self) -> str:
        """Return it as JSON, for ``from_text``."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_text(cls, text: str) -> Portal:
        """Return what ``as_text`` wrote; ValueError, KeyError or TypeError where it did not."""
        data: dict[str, Any] = json.loads(text)
        data["stages"] = {Stage(name): column for name, column in data["stages"].items()}
        data["outcomes"] = {ident: CallOutcome(word) for ident, word in data["outcomes"].items()}
        return cls(**data)


CANONICAL = (
    Stage.APPLIED,
    Stage.INTERVIEWING,
    Stage.SCREENING,
    Stage.OFFER,
    Stage.ACCEPTED,
    Stage.REJECTED,
    Stage.WITHDRAWN,
    Stage.CLOSED,
    Stage.SAVED,
    Stage.ON_HOLD,
)
"""What a stage of the pipeline means that several of ours share, in this order."""
