"""Who holds an account, and whether that process still runs."""

from __future__ import annotations

import os
import socket
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_STARTED = datetime.fromtimestamp(time.time(), UTC)


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that holds an account: ``name`` for a person, the rest to tell whether it still runs.

    ``home`` names the machine together with its boot and its process namespace where the system tells
    them ("" elsewhere), ``birth`` the start of the process in that machine's own ticks ("" elsewhere).
    """

    name: str
    host: str
    pid: int
    home: str
    birth: str


def this_process(purpose: str = "") -> Holder:
    """Return this process as a holder, and what it holds for; asked anew, because processes fork."""
    host, pid = socket.gethostname(), os.getpid()
    what = f"crm-sync {purpose}, " if purpose else ""
    name = f"{what}{host} pid {pid} started {_STARTED:%Y-%m-%dT%H:%M:%SZ}"
    return Holder(name, host, pid, _home(), _birth(pid))


def surely_gone(holder: Holder) -> bool:
    """Tell whether the holder's process has ended for certain; False where nobody here can know.

    Containers share host names and disks but not process numbers, so a process is looked for only where
    machine, boot and namespace are ours. A number that was given to another process since counts as gone.
    """
    me = this_process()
    if holder.host != me.host or holder.home != me.home:
        return False
    if holder.home:
        return _birth(holder.pid) != holder.birth
    return not _answers(holder.pid)


def _home() -> str:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        return f"{boot}/{Path('/proc/self/ns/pid').readlink()}"
    except (OSError, ValueError):
        return ""


def _birth(pid: int) -> str:
    """Return the process's start in ticks since boot (field 22 of its stat), "" where there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return ""
    after_name = stat[stat.rindex(b")") + 2 :].split()
    return "" if after_name[0] in (b"Z", b"X") else after_name[19].decode("ascii")


def _answers(pid: int) -> bool:
    if sys.platform == "win32":
        return True  # signal 0 would end the process there; the lease's end decides
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
