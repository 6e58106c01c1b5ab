"""Setting a CRM account up, as the command line does it: shown first, confirmed, carried out."""

from __future__ import annotations

import sys
from typing import Any

import typer

from crm_sync.cli.doors import load_settings
from crm_sync.cli.output import note, on_terminal
from crm_sync.config.connections import HUBSPOT
from crm_sync.errors import NotSetUp, UsageError
from crm_sync.ports import SetupStep, Survey


def ready(crm: str, *, yes: bool) -> str:
    """Return the CRM's name once it can be worked with: with *yes*, it is set up if it never was.

    Raises NotSetUp where it was not, and nobody allowed it.
    """
    if crm == HUBSPOT and yes and not _is_set_up(crm):
        note(survey_text(set_up(crm, plan=False, yes=True)))
    return crm


def _is_set_up(crm: str) -> bool:
    from crm_sync.app.wiring import connection_named, open_crm

    try:
        with open_crm(load_settings(), connection_named(crm)):
            return True
    except NotSetUp:
        return False


def set_up(crm: str, *, plan: bool, yes: bool) -> Survey:
    """Look at the account, ask, and make what is missing; return how it stands then.

    With *plan* nothing is written. Without a terminal nothing is asked: *yes* must say it.
    """
    from crm_sync.app.portals import setup_of
    from crm_sync.app.wiring import connection_named, state_url

    settings, connection = load_settings(), connection_named(crm)
    if connection.kind != HUBSPOT:
        raise UsageError(f'the CRM "{crm}" needs no setup', "Import at once: crm-sync import FILE")
    with setup_of(connection, state_url(settings)) as setup:
        survey = setup.survey()
        if plan:
            return survey
        if not yes:
            _confirm(survey)
        return setup.carry_out(survey)


def _confirm(survey: Survey) -> None:
    if not (on_terminal(sys.stdin) and on_terminal(sys.stderr)):
        raise UsageError(
            "setup changes the account, and there is no terminal to ask on",
            "Look with --plan, then run again with --yes.",
        )
    typer.echo(survey_text(survey), err=True)
    if not typer.confirm("Set it up like this?", err=True):
        raise typer.Exit(0)


def survey_text(survey: Survey) -> str:
    """Return a survey for people."""
    lines = [survey.account, ""]
    lines += [line for step in survey.steps for line in _step(step)]
    width = max((len(stage) for stage, _ in survey.stages), default=0)
    lines += ["", "Stages", *(f"  {stage:{width}}  {place}" for stage, place in survey.stages)]
    lines += ["", "Call outcomes"]
    lines += [f"  {label}: {ours.replace('_', ' ')}" for label, ours in survey.outcomes]
    return "\n".join(lines)


def _step(step: SetupStep) -> list[str]:
    sign = "ok " if step.stands else ".. " if step.needed else "!! "
    by_hand = [f"     {step.by_hand}"] if step.by_hand and not step.stands else []
    return [f"{sign}{step.name}: {step.told}", *by_hand]


def survey_data(survey: Survey) -> dict[str, Any]:
    """Return a survey as JSON-able data."""
    return {
        "account": survey.account,
        "steps": [
            {"name": s.name, "told": s.told, "needed": s.needed, "by_hand": s.by_hand or None}
            for s in survey.steps
        ],
        "stages": dict(survey.stages),
        "outcomes": dict(survey.outcomes),
    }


def is_ready(survey: Survey) -> bool:
    """Tell whether nothing is left to be done in the account."""
    return all(step.stands for step in survey.steps)
