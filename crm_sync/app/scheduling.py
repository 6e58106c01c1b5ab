"""Have the machine run us: what is put into its clockwork, what stands there, and what it would lack."""

from __future__ import annotations

import shlex
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crm_sync.config.configuration import Configuration
from crm_sync.config.connections import TOKEN_VARIABLE
from crm_sync.config.settings import Settings
from crm_sync.config.told import DATABASE_VARIABLE
from crm_sync.errors import ScheduleError, UsageError
from crm_sync.schedule import crontab, units
from crm_sync.schedule.jobs import Job, goes_along, sync_job

SYSTEMD, CRON = "systemd", "cron"
_CREDENTIAL = "CREDENTIALS_DIRECTORY"
_SHELL_SECRETS = (TOKEN_VARIABLE, DATABASE_VARIABLE)
_IN_A_FILE = "Keep the secret in a file that only you can read, and write {file: PATH}."


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A schedule that stands: by what, where, its rules as they are written, what it runs, when next.

    ``next_run`` is aware; None where the timer was never started or nobody knows, which ``trouble`` tells.
    """

    by: str
    where: str
    rules: tuple[str, ...]
    words: tuple[str, ...]
    next_run: datetime | None = None
    trouble: ScheduleError | None = None

    @property
    def config(self) -> Path | None:
        """Return the configuration that it runs."""
        at = self.words.index("--config") + 1 if "--config" in self.words else 0
        return Path(self.words[at]) if 0 < at < len(self.words) else None

    @property
    def program(self) -> Path:
        """Return the program that it starts."""
        started = [word for word in self.words if "=" not in word and word != "/usr/bin/env"]
        return Path(started[0])


def clockwork_here() -> str:
    """Return by what this machine keeps time: systemd where it was started with it, else cron."""
    return SYSTEMD if Path("/run/systemd/system").is_dir() else CRON


def job_for(configuration: Configuration | None, settings: Settings, environ: Mapping[str, str]) -> Job:
    """Return the job that a schedule runs; raise UsageError where there is no configuration to run."""
    if configuration is None:
        raise UsageError(
            "there is no configuration, so a schedule would have nothing to read",
            "Write one with crm-sync init, or name it with --config FILE.",
        )
    return sync_job(configuration.path, settings.home, environ)


def variables_file(place: units.Place) -> Path:
    """Return the file in which a service of systemd finds secrets as NAME=value lines."""
    if place.system:
        return Path("/etc/crm-sync/environment")
    return place.folder.parent.parent / "crm-sync" / "environment"


def schedules(settings: Settings, environ: Mapping[str, str]) -> Iterator[Scheduled]:
    """Yield what is scheduled for this person by systemd and cron, and by the machine's systemd.

    A tool that is not there schedules nothing.
    """
    for place in (units.own_place(environ), units.SYSTEM):
        found = units.written(place)
        if units.TIMER in found:
            yield _timer(place, found, settings)
    try:
        rules = crontab.rules_in(crontab.read_crontab())
    except ScheduleError:
        return
    if rules:
        yield _cron(rules, settings)


def _timer(place: units.Place, found: Mapping[str, str], settings: Settings) -> Scheduled:
    rules = tuple(units.values_of(found[units.TIMER], "OnCalendar"))
    command = " ".join(units.values_of(found.get(units.SERVICE, ""), "ExecStart"))
    words = tuple(word.replace("%%", "%").replace("$$", "$") for word in shlex.split(command))
    where = str(place.folder / units.TIMER)
    now = settings.now if settings.rehearsal else None
    try:
        moment = min(units.next_by_systemd(rule, now) for rule in rules) if rules else None
        if not units.is_started(place):
            start = " ".join(place.systemctl("enable", "--now", units.TIMER))
            trouble = ScheduleError("the timer was not started, so it never runs", f"Run: {start}")
            return Scheduled(SYSTEMD, where, rules, words, None, trouble)
    except ScheduleError as error:
        return Scheduled(SYSTEMD, where, rules, words, None, error)
    return Scheduled(SYSTEMD, where, rules, words, moment)


def _cron(rules: list[tuple[str, str]], settings: Settings) -> Scheduled:
    import tzlocal

    now = settings.now.astimezone(tzlocal.get_localzone())
    times = tuple(rule for rule, _ in rules)
    words = tuple(shlex.split(rules[0][1]))
    try:
        moment = min(crontab.next_by_cron(rule, now) for rule in times)
    except ScheduleError as error:
        return Scheduled(CRON, "crontab", times, words, None, error)
    return Scheduled(CRON, "crontab", times, words, moment)


def cautions(
    configuration: Configuration | None,
    environ: Mapping[str, str],
    by: str,
    variables: Path,
    credentials: tuple[str, ...] = (),
) -> Iterator[tuple[str, str]]:
    """Yield (what the scheduled run will not have, what to do) for secrets that only a shell knows.

    What stands in *variables* (names only, values are not looked at) and the *credentials* are known to it.
    """
    known = _names_in(variables) if by == SYSTEMD else set()
    if by == SYSTEMD and _is_open(variables):
        yield f"{variables} can be read by others", f"Run: chmod 600 {variables}"
    told = f"Write {{}}=... into {variables} (chmod 600)." if by == SYSTEMD else _IN_A_FILE
    for name in _SHELL_SECRETS:
        if name not in known and environ.get(name) and not goes_along(name, environ[name]):
            yield f"{by} does not know the variable {name}", told.replace("{}", name)
    for place in configuration.secret_places() if configuration else ():
        if place.env in _SHELL_SECRETS and environ.get(place.env):
            continue
        if place.env and place.env not in known:
            yield f"{place.at}: {by} does not know the variable {place.env}", told.replace("{}", place.env)
        elif place.keyring:
            yield (
                f"{place.at}: {by} cannot open a keyring",
                "Keep the secret in a file, and write {file: PATH}.",
            )
        elif place.file and _CREDENTIAL in place.file:
            name = Path(place.file).name
            if by != SYSTEMD or name not in {one.partition(":")[0] for one in credentials}:
                yield (
                    f"{place.at}: the credential {name} is not handed over",
                    f"Use systemd and say --credential {name}:PATH.",
                )


def _is_open(variables: Path) -> bool:
    try:
        return bool(variables.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
    except OSError:
        return False


def _names_in(variables: Path) -> set[str]:
    try:
        lines = variables.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return set()
    return {line.partition("=")[0].strip() for line in lines if "=" in line}


def check_schedule(
    configuration: Configuration | None, settings: Settings, environ: Mapping[str, str]
) -> str:
    """Return when a run comes by itself, "not scheduled" where none does; raise what would hinder it."""
    found = list(schedules(settings, environ))
    if not found:
        return "not scheduled (crm-sync schedule install)"
    for one in found:
        if one.trouble:
            raise one.trouble
        for path in (one.program, one.config):
            if path is None or not path.exists():
                raise ScheduleError(
                    f"the schedule in {one.where} runs {path}, which is not there",
                    "Run crm-sync schedule install again.",
                )
        _check_secrets(one, configuration, environ)
    soonest = min(one.next_run for one in found if one.next_run)
    return f"{found[0].by} runs it next at {soonest.isoformat(timespec='minutes')}"


def _check_secrets(one: Scheduled, configuration: Configuration | None, environ: Mapping[str, str]) -> None:
    if configuration is None or one.config != configuration.path.absolute():
        return
    system = one.where.startswith(str(units.SYSTEM_FOLDER))
    place = units.SYSTEM if system else units.own_place(environ)
    service = units.written(place).get(units.SERVICE, "") if one.by == SYSTEMD else ""
    credentials = tuple(units.values_of(service, "LoadCredential"))
    for what, hint in cautions(configuration, environ, one.by, variables_file(place), credentials):
        raise ScheduleError(what, hint)
