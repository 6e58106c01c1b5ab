"""Setting a CRM account up, as the command line does it: shown first, confirmed, carried out."""

from __future__ import annotations

import sys
from typing import Any

import typer

from crm_sync.cli.doors import load_settings, surroundings
from crm_sync.cli.output import note, on_terminal
from crm_sync.config.connections import HUBSPOT, Connection
from crm_sync.config.settings import Settings
from crm_sync.errors import NotSetUp, UsageError
from crm_sync.ports import SetupStep, Survey


def ready(connection: Connection, *, yes: bool) -> Connection:
    """Return the connection once it can be worked with: with *yes*, it is set up if it never was.

    Raises NotSetUp where it was not, and nobody allowed it.
    """
    if connection.kind == HUBSPOT and yes and not _is_set_up(connection):
        note(survey_text(_carried_out(connection, plan=False, yes=True)))
    return connection


def _is_set_up(connection: Connection) -> bool:
    from crm_sync.app.wiring import open_crm

    try:
        with open_crm(_anybodys(), connection):
            return True
    except NotSetUp:
        return False


def set_up(crm: str, *, plan: bool, yes: bool) -> Survey:
    """Look at the account, ask, and make what is missing; return how it stands then.

    With *plan* nothing is written. Without a terminal nothing is asked: *yes* must say it.
    """
    load_settings()
    return _carried_out(surroundings().connection(crm), plan=plan, yes=yes)


def _anybodys() -> Settings:
    """Return settings of no user in particular: all that matters is where state lives."""
    return surroundings().settings(None)


def _carried_out(connection: Connection, *, plan: bool, yes: bool) -> Survey:
    from crm_sync.app.portals import setup_of
    from crm_sync.app.wiring import state_url

    if connection.kind != HUBSPOT:
        raise UsageError(
            f'the CRM "{connection.name}" needs no setup', "Import at once: crm-sync import FILE"
        )
    with setup_of(connection, state_url(_anybodys())) as setup:
        survey = setup.survey()
        if plan:
            return survey
        if not yes and not setup.is_done(survey):
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
    by_hand = [f"     {step.by_hand}"] if step.by_hand and not step.needed else []
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
