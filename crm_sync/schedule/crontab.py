"""One marked block in a person's crontab; every other byte of it is theirs and stays."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from datetime import datetime

from crm_sync.errors import ScheduleError, UsageError
from crm_sync.schedule.jobs import Job
from crm_sync.schedule.times import Time
from crm_sync.schedule.tools import ask_tool, words_of

BEGIN = "# crm-sync schedule: begin. Change it with crm-sync schedule install, or end it with remove."
END = "# crm-sync schedule: end"
_LONGEST = 990  # cron cuts off longer commands


def block(job: Job, times: Sequence[Time]) -> str:
    """Return our lines. Variables stand in the command: lines of their own would hold for all that follow.

    A % would end the command for cron: it is written with a backslash, which cron takes away before the
    shell sees it. Raises UsageError for a command that is longer than cron takes.
    """
    variables = [f"{name}={value}" for name, value in job.environment.items()]
    command = shlex.join(["/usr/bin/env", *variables, *job.words]).replace("%", r"\%")
    if len(command.encode()) > _LONGEST:
        raise UsageError(
            f"the command is longer than the {_LONGEST} characters that cron takes",
            "Use shorter paths, or --systemd.",
        )
    return "\n".join([BEGIN, *(f"{time.cron} {command}" for time in times), END, ""])


def with_block(crontab: bytes, ours: str) -> bytes:
    """Return the crontab with our block where it stood, else at its end.

    A crontab whose last line is not ended gets it at its beginning, so that its own bytes stay as they are.
    """
    found = _found(crontab)
    if found:
        return crontab[: found[0]] + ours.encode() + crontab[found[1] :]
    return crontab + ours.encode() if not crontab or crontab.endswith(b"\n") else ours.encode() + crontab


def without_block(crontab: bytes) -> bytes:
    """Return the crontab without our block."""
    found = _found(crontab)
    return crontab[: found[0]] + crontab[found[1] :] if found else crontab


def rules_in(crontab: bytes) -> list[tuple[str, str]]:
    """Return the rules of our block: five fields and the command, as cron will run it."""
    found = _found(crontab)
    if not found:
        return []
    lines = crontab[found[0] : found[1]].decode(errors="surrogateescape").splitlines()
    rules = [line.split(None, 5) for line in lines if line.strip() and not line.startswith("#")]
    return [(" ".join(rule[:5]), rule[5].replace(r"\%", "%")) for rule in rules if len(rule) == 6]


def _found(crontab: bytes) -> tuple[int, int] | None:
    """Return where our block begins and ends; raise UsageError where half of it is there."""
    begins = [start for start, line in _lines(crontab) if line.startswith(BEGIN.partition(".")[0].encode())]
    ends = [start + len(line) for start, line in _lines(crontab) if line.rstrip() == END.encode()]
    if not begins and not ends:
        return None
    if len(begins) != 1 or len(ends) != 1 or begins[0] >= ends[0]:
        raise UsageError(
            "the part of crm-sync in the crontab has lost its first or last line, or has it twice",
            "Take it out with crontab -e, then run crm-sync schedule install again.",
        )
    return begins[0], ends[0]


def _lines(crontab: bytes) -> Iterator[tuple[int, bytes]]:
    start = 0
    for line in crontab.splitlines(keepends=True):
        yield start, line
        start += len(line)


def read_crontab() -> bytes:
    """Return this person's crontab, empty where there is none; raise ScheduleError."""
    run = ask_tool(["crontab", "-l"])
    if run.returncode == 0:
        return run.stdout
    if b"no crontab" in run.stderr.lower():
        return b""
    raise ScheduleError(f"the crontab cannot be read: {words_of(run)}", "See: crontab -l")


def write_crontab(crontab: bytes) -> None:
    """Put the crontab in place of the one there is; raise ScheduleError, the old one then stands."""
    run = ask_tool(["crontab", "-"], crontab)
    if run.returncode != 0:
        raise ScheduleError(f"the crontab was not taken: {words_of(run)}", "Look at it with: crontab -l")


def next_by_cron(rule: str, now: datetime) -> datetime:
    """Return when cron runs a rule next; *now* is aware, in the zone of the machine (which is cron's).

    Raises ScheduleError for a rule that is none.
    """
    from cronsim import CronSim, CronSimError

    try:
        return next(CronSim(rule, now))
    except (CronSimError, StopIteration):
        raise ScheduleError(
            f'"{rule}" in the crontab never comes', "Run crm-sync schedule install again."
        ) from None
