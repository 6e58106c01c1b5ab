"""What is run when the time has come: a program by its absolute path, and what it must know around it."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from crm_sync.errors import UsageError

_SYSTEM_PATH = ("/usr/local/bin", "/usr/bin", "/bin")
_LANGUAGE = ("LC_ALL", "LC_TIME", "LANG")
_OTHERS = ("GOOGLE_APPLICATION_CREDENTIALS", "HUBSPOT_BASE_URL", "TZ")
_NEVER = frozenset({"CRM_SYNC_NOW", "CRM_SYNC_CONFIG", "CRM_SYNC_HOME"})
_SECRETIVE = re.compile("TOKEN|SECRET|PASSWORD")


@dataclass(frozen=True, slots=True)
class Job:
    """A command line and its environment; neither ever holds a secret."""

    words: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


def sync_job(config: Path, home: Path, environ: Mapping[str, str]) -> Job:
    """Return the job that syncs what *config* names, quietly; all paths are absolute.

    Cron and systemd know nothing of a person's shell: what decides how days, dates and places are read here
    (CRM_SYNC_*, the language, TZ) goes along; a secret never does, nor a rehearsal's clock. Raises
    UsageError for a path that no crontab and no unit can hold.
    """
    words = (*_program(), "--config", str(config.absolute()), "--quiet", "sync")
    language = next((name for name in _LANGUAGE if environ.get(name) not in {None, "", "C", "POSIX"}), "")
    job = Job(
        words,
        {
            "PATH": ":".join(dict.fromkeys((str(Path(sys.executable).parent), *_SYSTEM_PATH))),
            "CRM_SYNC_HOME": str(home.absolute()),
            **{n: v for n, v in sorted(environ.items()) if v and (n == language or goes_along(n, v))},
        },
    )
    for text in (*job.words, *job.environment.values()):
        if any(letter in text for letter in "\n\r\0"):
            raise UsageError("a path or variable holds a line break", "Give it a name without one.")
    return job


def goes_along(name: str, value: str) -> bool:
    """Tell whether a variable is one of ours and may be written down: no secret, no address with one."""
    if name in _NEVER or _SECRETIVE.search(name) or "@" in value:
        return False
    return name.startswith("CRM_SYNC_") or name in _OTHERS


def _program() -> tuple[str, ...]:
    """Return how this very program is started, without a shell and without a PATH."""
    script = Path(sys.executable).with_name("crm-sync")
    return (str(script),) if script.is_file() else (sys.executable, "-m", "crm_sync")
