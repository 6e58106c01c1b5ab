"""Setting a portal up: our two properties, the places of our stages, the account's call outcomes.

``survey`` only looks; ``carry_out`` makes what is missing and nothing else. Repeating it changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crm_sync.crms.hubspot.account import checked_account
from crm_sync.crms.hubspot.api import Api, Input
from crm_sync.crms.hubspot.markers import PROPERTY
from crm_sync.crms.hubspot.outcomes import outcomes_by_label
from crm_sync.crms.hubspot.portal import Portal
from crm_sync.crms.hubspot.refusals import Rejection, unavailable
from crm_sync.crms.hubspot.stages import OWN_PIPELINE, own_stages, place_stages
from crm_sync.crms.trouble import Trouble
from crm_sync.errors import CrmError, NotAllowed, UsageError
from crm_sync.ports import SetupStep, Survey

_BY_HAND = (
    "In HubSpot: Settings > Data Management > Properties > {object} > Create property: label "
    '"crm-sync key", internal name "' + PROPERTY + '", single-line text, rule "require unique values".'
)
_NO_OUTCOMES = SetupStep(
    "call outcomes",
    "the account does not tell them: calls logged there count, with the result words of their notes",
)
_DEALS, _COMPANIES = "deals", "companies"


class PortalSetup:
    """Sets one portal up; *expected* is the portal id that the configuration names, None for any."""

    def __init__(self, api: Api, expected: str | None, pipeline: str | None) -> None:
        self._api = api
        self._expected = expected
        self._wanted = pipeline

    def survey(self) -> Survey:
        """Return what there is and what is to be made; writes nothing.

        Raises NotAllowed for a wrong token, portal or scope, UsageError for a pipeline that there is not.
        """
        account = checked_account(self._api, self._expected)
        steps = [*self._scopes(), *(self._property(kind) for kind in (_DEALS, _COMPANIES))]
        pipeline, made = self._pipeline()
        steps.append(made)
        portal = self._portal(account, pipeline)
        if not portal.outcomes:
            steps.append(_NO_OUTCOMES)
        return Survey(
            account=f"HubSpot portal {portal.id} ({portal.account_type})",
            steps=tuple(steps),
            stages=tuple(_placed(portal)),
            outcomes=tuple((portal.labels.get(i, i), ours.value) for i, ours in portal.outcomes.items()),
            state=portal.as_text(),
        )

    def carry_out(self, survey: Survey) -> Survey:
        """Make what the survey found missing, and return how things stand then.

        Raises NotAllowed where the account does not let us, with the steps to do by hand.
        """
        for step in survey.steps:
            if step.needed:
                self._make(step)
        return self.survey()

    # --- looking

    def _scopes(self) -> list[SetupStep]:
        """Ask for one record of each kind: HubSpot names a scope that is missing."""
        missing: list[SetupStep] = []
        for kind in ("contacts", "companies", "deals", "tasks", "calls"):
            try:
                self._api.search(kind, {"limit": 1, "filterGroups": [], "properties": [], "sorts": []})
            except NotAllowed as refusal:
                missing.append(SetupStep(f"scope for {kind}", refusal.message, by_hand=refusal.hint))
        return missing

    def _property(self, kind: str) -> SetupStep:
        name = f"property {PROPERTY} on {kind}"
        found = self._api.property_of(kind, PROPERTY)
        by_hand = _BY_HAND.format(object="Deal properties" if kind == _DEALS else "Company properties")
        if found is None:
            return SetupStep(name, "will be made: it holds our key", needed=True, by_hand=by_hand)
        if found.get("type") != "string" or not found.get("hasUniqueValue"):
            return SetupStep(
                name,
                "is there, but not as a text with unique values, and that cannot be changed afterwards",
                by_hand="Delete it in HubSpot, then run setup again.",
            )
        return SetupStep(name, "is there")

    def _pipeline(self) -> tuple[Mapping[str, Any], SetupStep]:
        pipelines = list(self._api.pipelines())
        if self._wanted:
            found = next((p for p in pipelines if self._wanted in {p.get("id"), p.get("label")}), None)
            if found is None:
                names = ", ".join(f'"{p.get("label")}"' for p in pipelines)
                raise UsageError(
                    f'the portal has no pipeline "{self._wanted}"', f"There are: {names}. Correct `pipeline`."
                )
            return found, SetupStep("pipeline", f'"{found.get("label")}" is used')
        own = next((p for p in pipelines if p.get("label") == OWN_PIPELINE), None)
        if own:
            return own, SetupStep("pipeline", f'"{OWN_PIPELINE}" is used')
        default = next((p for p in pipelines if p.get("id") == "default"), next(iter(pipelines), None))
        if default is None:
            raise NotAllowed("the portal shows no pipeline of deals", "Make one in HubSpot, then run again.")
        return default, SetupStep(
            "pipeline", f'"{OWN_PIPELINE}" will be made (or "{default.get("label")}" used)', needed=True
        )

    def _portal(self, account: Mapping[str, Any], pipeline: Mapping[str, Any]) -> Portal:
        told = self._api.call_outcomes()
        outcomes, labels = outcomes_by_label(told)
        stages = list(pipeline.get("stages") or ())
        return Portal(
            id=str(account.get("portalId")),
            pipeline=str(pipeline.get("id")),
            pipeline_label=str(pipeline.get("label")),
            stages=place_stages(stages),
            outcomes=outcomes,
            time_zone=account.get("timeZone"),
            account_type=str(account.get("accountType") or ""),
            labels={**labels, **{str(stage["id"]): str(stage.get("label")) for stage in stages}},
        )

    # --- making

    def _make(self, step: SetupStep) -> None:
        if step.name == "pipeline":
            self._make_pipeline()
            return
        kind = step.name.rpartition(" ")[2]
        try:
            self._api.create_property(kind, _definition(kind))
        except (NotAllowed, Rejection) as refusal:
            if isinstance(refusal, Rejection) and refusal.status == 409:
                return  # somebody made it meanwhile; the survey after this says whether it fits
            raise _by_hand(step, refusal) from refusal

    def _make_pipeline(self) -> None:
        """Make our pipeline; where the account does not allow a second one, the default one is mapped."""
        try:
            self._api.create_pipeline({"label": OWN_PIPELINE, "displayOrder": 1, "stages": own_stages()})
        except (NotAllowed, Rejection):
            self._wanted = "default"
        except Trouble as trouble:
            raise unavailable(trouble.message) from trouble


def _placed(portal: Portal) -> Sequence[tuple[str, str]]:
    return [(stage.value, portal.labels.get(column, column)) for stage, column in portal.stages.items()]


def _definition(kind: str) -> Input:
    return {
        "name": PROPERTY,
        "label": "crm-sync key",
        "description": "Made by crm-sync: tells which application this record belongs to. Leave it as it is.",
        "groupName": "dealinformation" if kind == _DEALS else "companyinformation",
        "type": "string",
        "fieldType": "text",
        "hasUniqueValue": True,
        "formField": False,
    }


def _by_hand(step: SetupStep, refusal: Exception) -> CrmError:
    hint = refusal.hint if isinstance(refusal, NotAllowed) else ""
    return NotAllowed(
        f"{step.name} could not be made: {refusal}",
        f"{hint} Or make it by hand: {step.by_hand} Then run setup again.".strip(),
    )
