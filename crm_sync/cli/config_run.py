"""The configuration as the command line checks and shows it; secrets only by where they are kept."""

from __future__ import annotations

from typing import Any

from crm_sync.app.checking import Check, check_all
from crm_sync.cli import failures
from crm_sync.cli.doors import load_settings, surroundings
from crm_sync.cli.hiding import hide_secrets
from crm_sync.cli.output import MANNER, say, say_data
from crm_sync.config.settings import Settings
from crm_sync.config.surroundings import Surroundings

_SHOWN = (
    "owner",
    "time_zone",
    "country",
    "subdivision",
    "locale",
    "days_off",
    "calls_per_day",
    "cadence",
    "crm",
    "sources",
    "home",
    "database",
    "connectors",
)


def check_configuration(user: str | None, *, online: bool, as_json: bool) -> int:
    """Check, tell each thing as it is known, and return the gravest exit code."""
    around = surroundings()
    load_settings(user)
    checks: list[Check] = []
    for check in check_all(around, around.user_told(user) if user else None, online=online):
        checks.append(check)
        if not as_json and (check.failure or not MANNER.quiet):
            say("\n".join(_lines(check, around)))
    if as_json:
        say_data([_data(check, around) for check in checks])
    wrong = sum(check.failure is not None for check in checks)
    if not as_json:
        say(f"{wrong} of {len(checks)} checks failed." if wrong else f"All {len(checks)} checks passed.")
    return failures.worst(failures.code_of(check.failure) for check in checks if check.failure)


def _lines(check: Check, around: Surroundings) -> list[str]:
    if check.failure is None:
        return [f"ok  {check.name}: {hide_secrets(check.told, around.environ)}"]
    what, _, hint = failures.shown(check.failure).partition("\n")
    name = "" if check.name in what else f"{check.name}: "
    return [f"!!  {name}{what}", *([f"  {hint}"] if hint else [])]


def _data(check: Check, around: Surroundings) -> dict[str, Any]:
    failure = failures.shown(check.failure) if check.failure else None
    return {"check": check.name, "ok": failure is None, "told": failure or check.told}


def effective(user: str | None) -> dict[str, Any]:
    """Return the settings in effect, by user, each with where it was told."""
    around = surroundings()
    told = around.user_told(user)
    users = (told,) if told or not around.users else around.users
    settings = [around.settings(name) for name in users]
    return {
        "configuration": str(around.configuration.path) if around.configuration else None,
        "digest": around.configuration.digest if around.configuration else None,
        "users": {one.user: _effective(one, around) for one in settings},
        "crms": _crms(around),
    }


def _effective(settings: Settings, around: Surroundings) -> dict[str, dict[str, Any]]:
    values = {name: getattr(settings, name, None) for name in _SHOWN} | {
        "cadence": settings.policy_name,
        "crm": around.crm_name(None, settings),
        "days_off": [day.isoformat() for day in sorted(settings.days_off)],
        "calls_per_day": settings.calls_per_day or "unlimited",
        "sources": [hide_secrets(source.text, around.environ) for source in settings.sources],
        "home": str(settings.home),
        "database": hide_secrets(settings.database, around.environ),
        "connectors": str(settings.connectors) if settings.connectors else None,
    }
    origins = {**settings.origins, "cadence": settings.origins.get("policy", "")}
    return {name: {"value": values[name], "from": origins.get(name) or None} for name in _SHOWN}


def _crms(around: Surroundings) -> dict[str, Any]:
    """Return the connections as they stand in the configuration: secrets by their place."""
    entries = around.configuration.whole.crms if around.configuration else {}
    return {name: entry.model_dump(exclude_none=True) for name, entry in entries.items()}


def effective_text(told: dict[str, Any]) -> str:
    """Return the settings in effect for people."""
    head = f"Configuration: {told['configuration'] or 'none; the environment and the system alone'}"
    lines = [head]
    for user, settings in told["users"].items():
        lines += ["", user]
        lines += [
            f"  {name}: {_plain(entry['value'])}" + (f"  ({entry['from']})" if entry["from"] else "")
            for name, entry in settings.items()
            if entry["value"] not in (None, [])
        ]
    for name, entry in told["crms"].items():
        lines += ["", f"CRM {name}", *(f"  {key}: {_plain(value)}" for key, value in entry.items())]
    return "\n".join(lines)


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {inner}" for key, inner in value.items()) + "}"
    return str(value)
