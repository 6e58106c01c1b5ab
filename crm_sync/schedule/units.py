"""A service and a timer for systemd: their texts, their files, and when the timer runs next."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from crm_sync.errors import ScheduleError, UsageError
from crm_sync.schedule.jobs import Job
from crm_sync.schedule.times import Time
from crm_sync.schedule.tools import ask_tool, words_of

MARK = "# Written by crm-sync schedule install. Change it there, end it with crm-sync schedule remove."
SERVICE, TIMER = "crm-sync.service", "crm-sync.timer"
SYSTEM_FOLDER = Path("/etc/systemd/system")
_UTC = re.compile(r"(?:Next elapse|\(in UTC\)): \w{3} (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC")


@dataclass(frozen=True, slots=True)
class Place:
    """Where units stand: a person's own, or the machine's."""

    folder: Path
    system: bool = False

    def systemctl(self, *words: str) -> list[str]:
        """Return a command line for the manager of these units."""
        return ["systemctl", *([] if self.system else ["--user"]), *words]


def own_place(environ: Mapping[str, str]) -> Place:
    """Return where a person's own units stand."""
    config = environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Place(Path(config) / "systemd" / "user")


SYSTEM = Place(SYSTEM_FOLDER, system=True)


@dataclass(frozen=True, slots=True)
class Service:
    """What the service needs beside its job.

    ``variables`` is a file with secrets as NAME=value lines (it may be missing), ``credentials`` are pairs
    NAME:PATH of systemd, ``run_as`` is the user of a service of the machine.
    """

    job: Job
    variables: Path
    credentials: tuple[str, ...] = ()
    run_as: str | None = None
    system: bool = False


def texts(service: Service, times: Sequence[Time], zone: str) -> dict[str, str]:
    """Return the units by name; the times are those of *zone*, also when its clocks change."""
    return {SERVICE: _service(service), TIMER: _timer(times, zone)}


def _service(service: Service) -> str:
    online = ["Wants=network-online.target", "After=network-online.target"] if service.system else []
    closed = ["ProtectSystem=full", "PrivateTmp=yes"] if service.system else []
    return _text(
        "[Unit]",
        "Description=crm-sync: read applications and plan follow-up calls",
        *online,
        "",
        "[Service]",
        "Type=oneshot",
        *([f"User={service.run_as}"] if service.run_as else []),
        "ExecStart=" + " ".join(_quoted(word, command=True) for word in service.job.words),
        *(f"Environment={_quoted(f'{name}={value}')}" for name, value in service.job.environment.items()),
        f"EnvironmentFile=-{_percent(str(service.variables))}",
        *(f"LoadCredential={_percent(one)}" for one in service.credentials),
        "SuccessExitStatus=1",
        "TimeoutStartSec=6h",
        "UMask=0077",
        "NoNewPrivileges=yes",
        *closed,
    )


def _timer(times: Sequence[Time], zone: str) -> str:
    return _text(
        "[Unit]",
        "Description=When crm-sync runs",
        "",
        "[Timer]",
        *(f"OnCalendar={time.calendar} {zone}" for time in times),
        "Persistent=true",
        "",
        "[Install]",
        "WantedBy=timers.target",
    )


def _text(*lines: str) -> str:
    return "\n".join([MARK, *lines, ""])


def _quoted(text: str, *, command: bool = False) -> str:
    """Return one word of a unit, with quotes, backslashes, specifiers and variables made harmless."""
    told = _percent(text.replace("\\", "\\\\").replace('"', '\\"'))
    return f'"{told.replace("$", "$$") if command else told}"'


def _percent(text: str) -> str:
    return text.replace("%", "%%")


def written(place: Place) -> dict[str, str]:
    """Return our units that stand there, by name; raise UsageError for one of that name that is not ours."""
    found: dict[str, str] = {}
    for name in (SERVICE, TIMER):
        path = place.folder / name
        if not path.is_file():
            continue
        try:
            found[name] = path.read_text(encoding="utf-8")
        except (OSError, UnicodeError) as error:
            raise ScheduleError(
                f"{path} cannot be read: {type(error).__name__}", "Look at the file."
            ) from error
        if not found[name].startswith(MARK.partition(".")[0]):
            raise UsageError(f"{path} was not written by crm-sync", "Move it away first.")
    return found


def put(place: Place, units: Mapping[str, str]) -> None:
    """Write the units and start the timer; raise ScheduleError where that does not go."""
    try:
        place.folder.mkdir(parents=True, exist_ok=True)
        for name, text in units.items():
            (place.folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise _not_written(place, error) from error
    _tell(place, "daemon-reload")
    _tell(place, "enable", "--now", TIMER)


def take_away(place: Place) -> None:
    """Stop the timer and remove the units; a manager that does not answer keeps no file."""
    silent: ScheduleError | None = None
    try:
        _tell(place, "disable", "--now", TIMER)
    except ScheduleError as error:
        silent = error
    try:
        for name in (SERVICE, TIMER):
            (place.folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise _not_written(place, error) from error
    if silent is not None:
        raise silent
    _tell(place, "daemon-reload")


def _not_written(place: Place, error: OSError) -> ScheduleError:
    why = (error.strerror or "unknown reason").lower()
    hint = "Run it as root." if place.system else "Make the folder writable for you."
    return ScheduleError(f"{place.folder} cannot be written: {why}", hint)


def _tell(place: Place, *words: str) -> None:
    command = place.systemctl(*words)
    run = ask_tool(command)
    if run.returncode != 0:
        raise ScheduleError(
            f"systemd was not reached: {words_of(run)}", f"Where it answers, run: {' '.join(command)}"
        )


def is_started(place: Place) -> bool:
    """Tell whether the timer was started for good."""
    return ask_tool(place.systemctl("is-enabled", TIMER)).returncode == 0


def values_of(unit: str, key: str) -> list[str]:
    """Return what a unit says under a key, each line of it."""
    return [line.partition("=")[2].strip() for line in unit.splitlines() if line.startswith(f"{key}=")]


def next_by_systemd(calendar: str, now: datetime | None = None) -> datetime:
    """Return when a timer with that OnCalendar runs next, as systemd says; *now* is a rehearsal's clock.

    Raises ScheduleError where systemd finds no meaning in it, or is not there.
    """
    base = [f"--base-time={now.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"] if now else []
    run = ask_tool(["systemd-analyze", "calendar", *base, calendar])
    found = _UTC.findall(run.stdout.decode(errors="replace"))
    if run.returncode != 0 or not found:
        raise ScheduleError(f'"{calendar}" in {TIMER} never comes', "Run crm-sync schedule install again.")
    return datetime.strptime(f"{found[-1]} +0000", "%Y-%m-%d %H:%M:%S %z")
