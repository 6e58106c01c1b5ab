"""Write a first configuration, from options or from answers."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from string import Template

import typer

from crm_sync.cli.output import on_terminal, say
from crm_sync.config.connections import HUBSPOT, KINDS, LOCAL
from crm_sync.config.settings import Settings, load
from crm_sync.config.validation import in_yaml
from crm_sync.errors import ConfigError, UsageError

_SAMPLE = "crm-sync.yaml.sample"
_SCHEMA = "crm-sync.schema.json"


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person said about themselves; None and () are still to be asked."""

    name: str | None = None
    sources: tuple[str, ...] = ()
    owner: str | None = None
    time_zone: str | None = None
    country: str | None = None
    cadence: str | None = None
    crm: str | None = None


def begin(answers: Answers, to: str, *, force: bool) -> None:
    """Complete the answers, write the file once it is known to be right, and say what comes next.

    Raises UsageError for a file that is there already, and, without a terminal, for what nobody told.
    """
    path = Path(to).expanduser()
    if path.exists() and not force:
        raise UsageError(f"{path} is there already", "Edit it, or write over it with --force.")
    complete = _completed(answers)
    _write_checked(path, filled(complete))
    say(f"Written: {path}")
    say("Next: crm-sync config check, then crm-sync sync; by itself: crm-sync schedule install")
    if complete.crm == HUBSPOT:
        say("For HubSpot: put the token into HUBSPOT_ACCESS_TOKEN, then crm-sync setup")


def filled(answers: Answers) -> str:
    """Return the sample file with the answers in it."""
    data = files("crm_sync") / "data"
    sample = Template((data / _SAMPLE).read_text(encoding="utf-8"))
    crm = "kind: hubspot\n    token: {env: HUBSPOT_ACCESS_TOKEN}" if answers.crm == HUBSPOT else "kind: local"
    sources = "".join(f"\n      - path: {in_yaml(_absolute(source))}" for source in answers.sources)
    return sample.substitute(
        schema=Path(str(data / _SCHEMA)).as_uri(),
        crm_name=answers.crm,
        crm=crm,
        user=in_yaml(answers.name),
        owner=f"owner: {in_yaml(answers.owner)}" if answers.owner else "# owner: jane@roe.example",
        time_zone=in_yaml(answers.time_zone),
        country=f"country: {in_yaml(answers.country)}" if answers.country else "# country: DE",
        cadence=in_yaml(answers.cadence),
        sources=sources,
    )


def _absolute(source: str) -> str:
    return source if "://" in source else str(Path(source).expanduser().absolute())


def _completed(answers: Answers) -> Answers:
    """Return the answers with nothing left to ask: from a person, else from the system."""
    system = load({name: value for name, value in os.environ.items() if not name.startswith("CRM_SYNC_")})
    if on_terminal(sys.stdin) and on_terminal(sys.stderr):
        return _asked(answers, system)
    for value, option in ((answers.name, "--name"), (answers.sources, "--source")):
        if not value:
            raise UsageError(
                f"{option} is missing, and there is no terminal to ask on",
                "Run: crm-sync init --name NAME --source FILE",
            )
    return _from_system(answers, system)


def _from_system(answers: Answers, system: Settings) -> Answers:
    return replace(
        answers,
        time_zone=answers.time_zone or system.time_zone,
        country=answers.country or system.country,
        cadence=answers.cadence or "steady",
        crm=_kind(answers.crm or LOCAL),
    )


def _asked(answers: Answers, system: Settings) -> Answers:
    usual = _from_system(answers, system)
    return Answers(
        name=answers.name or _ask("Your name", os.environ.get("USER") or "me"),
        sources=answers.sources or (_ask("Where is your list of applications (file, folder or link)?"),),
        owner=answers.owner or _ask("Your e-mail address in the CRM (may stay empty)", "") or None,
        time_zone=answers.time_zone or _ask("Your time zone", usual.time_zone),
        country=answers.country or _ask("Your country, for its holidays", usual.country or "") or None,
        cadence=answers.cadence or _ask("How to call: steady, gentle or once", "steady"),
        crm=_kind(answers.crm or _ask("The CRM: local (embedded) or hubspot", LOCAL)),
    )


def _ask(question: str, usual: str | None = None) -> str:
    ask: Callable[..., str] = typer.prompt
    return ask(question, default=usual, err=True).strip()


def _kind(crm: str) -> str:
    if crm not in KINDS:
        raise UsageError(f'there is no kind of CRM "{crm}"', f"There are: {', '.join(KINDS)}.")
    return crm


def _write_checked(path: Path, text: str) -> None:
    """Write the file where it is to stand, and nothing where a run would refuse it."""
    from crm_sync.config.configuration import load_configuration

    draft = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(text, encoding="utf-8")
        try:
            load_configuration(draft)
        except ConfigError as error:
            first = (error.problems or (error,))[0]
            what = first.message.partition(": ")[2] or first.message
            raise UsageError(what, first.hint) from None
        draft.replace(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}", "Give --to another file.") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
