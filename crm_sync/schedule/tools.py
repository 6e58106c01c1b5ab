"""Run the machine's own tools: crontab, systemctl, systemd-analyze."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from crm_sync.errors import ScheduleError

_SECONDS = 30
_WITHOUT = {
    "crontab": "Install cron, or use --systemd; in a container, let its own scheduler run crm-sync sync."
}


def ask_tool(words: Sequence[str], given: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run a tool to its end and return what it said, in English; *given* is written to it.

    Raises ScheduleError where the tool is not there or does not end.
    """
    try:
        return subprocess.run(  # noqa: S603 - words of our own, no shell
            words,
            input=given,
            stdin=subprocess.DEVNULL if given is None else None,
            capture_output=True,
            env={**os.environ, "LC_ALL": "C"},
            timeout=_SECONDS,
            check=False,
        )
    except FileNotFoundError:
        raise ScheduleError(
            f"this machine has no {words[0]}", _WITHOUT.get(words[0], "Use --cron.")
        ) from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ScheduleError(
            f"{words[0]} could not be run: {type(error).__name__}", "Try it by hand."
        ) from error


def words_of(run: subprocess.CompletedProcess[bytes]) -> str:
    """Return what a tool complained about, in one line."""
    return (
        " ".join((run.stderr or run.stdout).decode(errors="replace").split()) or f"exit code {run.returncode}"
    )
