"""Setting a portal up: our two properties, the places of our stages, the account's call outcomes.

``survey`` only looks; ``carry_out`` makes what is missing and nothing else. Repeating it changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from crm_sync.crms.hubspot.account import checked_account
from crm_sync.crms.hubspot.api import Api, Input, Record
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
_SCOPE = "scope for "


class PortalSetup:
    """Sets one portal up; *expected* is the portal id that the configuration names, None for any.

    *decided* tells what an earlier setup decided about a portal, so that what HubSpot refused once is not
    asked for again.
    """

    def __init__(
        self,
        api: Api,
        expected: str | None,
        pipeline: str | None,
        decided: Callable[[str], Portal | None] = lambda _: None,
    ) -> None:
        self._api = api
        self._expected = expected
        self._wanted = pipeline
        self._decided = decided
        self._is_full = False

    def survey(self) -> Survey:
        """Return what there is and what is to be made; writes nothing.

        Raises NotAllowed for a wrong token, portal or scope, UsageError for a pipeline that there is not.
        """
        return self._survey(self._scopes())

    def _survey(self, scopes: Sequence[SetupStep]) -> Survey:
        account = checked_account(self._api, self._expected)
        before = self._decided(str(account.get("portalId")))
        self._is_full = self._is_full or (before is not None and before.is_full)
        steps = [*scopes, *(self._property(kind) for kind in (_DEALS, _COMPANIES))]
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
        return self._survey([step for step in survey.steps if step.name.startswith(_SCOPE)])

    # --- looking

    def _scopes(self) -> list[SetupStep]:
        """Ask for one record of each kind: HubSpot names a scope that is missing."""
        missing: list[SetupStep] = []
        for kind in ("contacts", "companies", "deals", "tasks", "calls"):
            try:
                self._api.search(kind, {"limit": 1, "filterGroups": [], "properties": [], "sorts": []})
            except NotAllowed as refusal:
                missing.append(SetupStep(f"{_SCOPE}{kind}", refusal.message, by_hand=refusal.hint))
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
        return self._own_or(default)

    def _own_or(self, default: Record) -> tuple[Record, SetupStep]:
        """Return the pipeline that is to be used, ours where the account has room for one."""
        label = default.get("label")
        if self._is_full:
            return default, SetupStep("pipeline", f'"{label}" is mapped: HubSpot refused to make one for us')
        left = self._api.pipelines_left()
        if left == 0:
            return default, SetupStep("pipeline", f'"{label}" is mapped: the account has no room for another')
        if left is None:
            told = f'"{OWN_PIPELINE}" will be made; where the account allows none, "{label}" is mapped'
            return default, SetupStep("pipeline", told, needed=True)
        ours = [{**stage, "id": stage["label"]} for stage in own_stages()]
        made = {"id": "", "label": OWN_PIPELINE, "stages": ours}
        return made, SetupStep("pipeline", f'"{OWN_PIPELINE}" will be made', needed=True)

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
            is_full=self._is_full,
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
            self._is_full = True
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
