"""Cadences of a configuration file: a policy by the settings in which it differs from a known one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, ValidationInfo, model_validator

from crm_sync.cadence.policy import POLICIES, Policy, adjusted, clock
from crm_sync.config.file.entries import Entry, read_by, wrong
from crm_sync.config.problems import shown


def read_clock(value: Any) -> str:
    """Return a time of day as text; ValueError in words."""
    if not isinstance(value, str):
        raise ValueError(f"{shown(value)} is no time of day")
    return clock(value).strftime("%H:%M")


Clock = Annotated[str, *read_by(read_clock, {"type": "string", "pattern": "^[0-2]?[0-9]:[0-5][0-9]$"})]
Days = Annotated[int, Field(ge=0)]


class CadenceEntry(Entry):
    """How soon, how often and at what time of day to call; what is left out is as in `like`."""

    like: str | None = Field(
        None,
        description="The cadence that this one is like: `steady`, `gentle`, `once`; else `steady`.",
        examples=["gentle"],
    )
    gap_min: Days | None = Field(None, description="Least days between two calls.", examples=[3])
    gap_max: Days | None = Field(None, description="Most days between two calls.", examples=[4])
    first_min: Days | None = Field(
        None, description="Least days from applying to the first call.", examples=[3]
    )
    first_max: Days | None = Field(
        None, description="Most days from applying to the first call.", examples=[4]
    )
    unit: str | None = Field(
        None,
        pattern="^(calendar|business)$",
        description="What days are: `calendar` or `business`.",
        examples=["business"],
    )
    max_calls: Days | None = Field(None, description="How many calls without a conversation.", examples=[4])
    hard_total: Days | None = Field(None, description="How many calls in all, at most.", examples=[8])
    start_max_age: Days | None = Field(
        None, description="Older applications (in days) do not begin by themselves.", examples=[30]
    )
    undo_hours: Days | None = Field(
        None, description="So long a logged call can be taken back.", examples=[24]
    )
    busy_before_counts: Days | None = Field(
        None, description="So many busy signals do not count as calls.", examples=[2]
    )
    spill_days: Days | None = Field(
        None, description="How far a call may move on when days are full.", examples=[5]
    )
    slots: list[Clock] | None = Field(
        None,
        min_length=1,
        description="Times of day for calls, in the zone of the person called.",
        examples=[["10:00", "15:00"]],
    )
    last_start: Clock | None = Field(
        None, description="No call begins later, in the zone of the person called.", examples=["16:30"]
    )
    require_phone: bool | None = Field(
        None, description="Plan no call before a number is known.", examples=[True]
    )

    @model_validator(mode="after")
    def _makes_sense(self, info: ValidationInfo) -> CadenceEntry:
        self.policy((info.context or {}).get("cadences", POLICIES))
        return self

    def policy(self, cadences: Mapping[str, Policy]) -> Policy:
        """Return the policy, based on one of *cadences*; a mistake in words where the numbers clash."""
        base = self.like or "steady"
        if base not in cadences:
            raise wrong(f"there is no cadence {shown(base)}", f"There are: {', '.join(cadences)}.")
        try:
            return adjusted(cadences[base], self.model_dump(exclude_none=True, exclude={"like"}))
        except ValueError as error:
            raise wrong(str(error), "Change one of the two, or leave it out.") from None
