"""Schedules as the command line writes, shows and removes them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from crm_sync.app.scheduling import (
    CRON,
    SYSTEMD,
    Scheduled,
    cautions,
    clockwork_here,
    job_for,
    schedules,
    variables_file,
)
from crm_sync.cli.doors import load_settings, surroundings
from crm_sync.cli.output import note, say
from crm_sync.cli.render.schedules import schedules_text
from crm_sync.config.settings import Settings
from crm_sync.errors import UsageError
from crm_sync.schedule import crontab, units
from crm_sync.schedule.times import Time, read_times


@dataclass(frozen=True, slots=True)
class Choice:
    """Which clockwork is meant: by its options, else the one that this machine keeps time by."""

    systemd: bool = False
    cron: bool = False
    system: bool = False
    run_as: str | None = None
    credentials: tuple[str, ...] = ()

    @property
    def by(self) -> str:
        """Return "systemd" or "cron"; raise UsageError for options that exclude each other."""
        if self.cron and (self.systemd or self.system or self.run_as or self.credentials):
            raise UsageError(
                "--cron does not go together with --systemd, --system, --run-as or --credential",
                "Give one of the two.",
            )
        if self.run_as and not self.system:
            raise UsageError("--run-as is for --system", "A timer of your own runs as you.")
        for credential in self.credentials:
            name, _, path = credential.partition(":")
            if not name or not path.startswith("/"):
                raise UsageError(
                    f'--credential: "{credential}" is not a name and a path', "Write NAME:/PATH/OF/FILE."
                )
        if self.cron:
            return CRON
        named = self.systemd or self.system or self.run_as or self.credentials
        return SYSTEMD if named else clockwork_here()

    @property
    def place(self) -> units.Place:
        """Return where units stand."""
        return units.SYSTEM if self.system else units.own_place(os.environ)


def install_schedule(choice: Choice, every: str | None, at: Sequence[str], *, plan: bool) -> None:
    """Write the schedule, say when it runs, and what it will not know.

    Raises UsageError, ScheduleError, ConfigError.
    """
    times = read_times(every, at)
    settings = load_settings(_anyone())
    if choice.by == SYSTEMD:
        _install_units(choice, times, settings, plan=plan)
    else:
        _install_block(choice, times, settings, plan=plan)
    for what, hint in cautions(
        surroundings().configuration,
        os.environ,
        choice.by,
        variables_file(choice.place),
        choice.credentials,
    ):
        note(f"Note: {what}. {hint}")
    if not plan:
        say(schedules_text(list(schedules(settings, os.environ)), settings.time_zone))


def _anyone() -> str | None:
    """Return the user whose clock counts: the only one; with several, the defaults' (None)."""
    users = surroundings().users
    return users[0] if len(users) == 1 else None


def _install_units(choice: Choice, times: Sequence[Time], settings: Settings, *, plan: bool) -> None:
    _refuse_other(CRON, settings)
    service = units.Service(
        job_for(surroundings().configuration, settings, os.environ),
        variables_file(choice.place),
        choice.credentials,
        choice.run_as,
        choice.system,
    )
    texts = units.texts(service, times, settings.time_zone)
    there = units.written(choice.place)
    if plan:
        for name, text in texts.items():
            say(f"{choice.place.folder / name}:\n{text}")
    elif there == texts and units.is_started(choice.place):
        say("Nothing to change.")
    else:
        units.put(choice.place, texts)
        say(f"Written: {', '.join(str(choice.place.folder / name) for name in texts)}")
        if not choice.system:
            note("Note: your timers run while you are logged in; for always, run: loginctl enable-linger")


def _install_block(choice: Choice, times: Sequence[Time], settings: Settings, *, plan: bool) -> None:
    _refuse_other(SYSTEMD, settings)
    job = job_for(surroundings().configuration, settings, os.environ)
    ours = crontab.block(job, times)
    if plan:
        say(ours.rstrip("\n"))
    else:
        _write_block(ours)
    _tell_zone(settings)


def _write_block(ours: str) -> None:
    before = crontab.read_crontab()
    after = crontab.with_block(before, ours)
    if before == after:
        say("Nothing to change.")
    else:
        crontab.write_crontab(after)
        say("Written: crontab")


def _tell_zone(settings: Settings) -> None:
    """Say so where cron's clock is not the person's."""
    import tzlocal

    there = datetime.now(UTC).astimezone(tzlocal.get_localzone()).utcoffset()
    if there != datetime.now(UTC).astimezone(ZoneInfo(settings.time_zone)).utcoffset():
        note(
            f"Note: cron goes by the machine's clock ({tzlocal.get_localzone_name()}), "
            f"not by {settings.time_zone}; a timer of systemd would."
        )


def _refuse_other(by: str, settings: Settings) -> None:
    """Raise UsageError where the other clockwork runs us already: every run would come twice."""
    for one in schedules(settings, os.environ):
        if one.by == by:
            raise UsageError(f"{by} runs it already ({one.where})", f"First: crm-sync schedule remove --{by}")


def standing_schedules() -> tuple[list[Scheduled], str]:
    """Return what is scheduled, and the zone in which times are told."""
    settings = load_settings(_anyone())
    return list(schedules(settings, os.environ)), settings.time_zone


def remove_schedules(choice: Choice, *, plan: bool) -> None:
    """Remove the schedule that is meant, without an option every one there is; say what was removed."""
    named = choice.by if choice.cron or choice.systemd or choice.system else None
    removed: list[str] = []
    for one in schedules(load_settings(_anyone()), os.environ):
        system = one.where.startswith(str(units.SYSTEM_FOLDER))
        if named not in (None, one.by) or (one.by == SYSTEMD and choice.system != system and named):
            continue
        if not plan:
            _REMOVE[one.by](units.SYSTEM if system else units.own_place(os.environ))
        removed.append(one.where)
    verb = "Would be removed" if plan else "Removed"
    say(f"{verb}: {', '.join(removed)}" if removed else "Nothing is scheduled.")


def _remove_block(_: units.Place) -> None:
    crontab.write_crontab(crontab.without_block(crontab.read_crontab()))


_REMOVE = {SYSTEMD: units.take_away, CRON: _remove_block}
