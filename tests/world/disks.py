"""Small file systems for tests: a real one in memory where we may mount, else the system's own limit."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1 << 20


@dataclass
class Disk:
    """A folder that can run out of space, and become read-only.

    Without the right to mount, no file may grow beyond ``most`` bytes, and nothing is ever read-only.
    """

    path: Path
    mounted: bool
    most: int | None = None

    def fill(self, leaving: int) -> None:
        """Take the space away but for so many bytes."""
        if not self.mounted:
            self.most = max(
                (each.stat().st_size for each in self.path.rglob("*") if each.is_file()), default=0
            )
            self.most += leaving // 4
            return
        free = os.statvfs(self.path)
        with (self.path / "filler").open("wb") as filler:
            filler.write(bytes(max(free.f_bavail * free.f_frsize - leaving, 0)))

    def empty(self) -> None:
        """Give the space back."""
        self.most = None
        (self.path / "filler").unlink(missing_ok=True)

    def lock(self) -> None:
        """Make it read-only."""
        _mount("-o", "remount,ro", str(self.path))

    def unlock(self) -> None:
        """Make it writable again."""
        _mount("-o", "remount,rw", str(self.path))

    def limit(self) -> Callable[[], None]:
        """Return what a process does before it begins, so that the limit holds for it."""
        most = self.most

        def begin() -> None:
            if most is not None:
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

        return begin


def _mount(*words: str) -> None:
    subprocess.run([shutil.which("mount") or "mount", *words], check=True, capture_output=True)


def may_mount() -> bool:
    """Tell whether this process may mount file systems: root on a machine that lets it."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0 or shutil.which("mount") is None:
        return False
    try:
        with small_disk(Path("/tmp") / f"crm-sync-may-mount-{os.getpid()}", MEGABYTE):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


@contextmanager
def small_disk(path: Path, size: int) -> Iterator[Disk]:
    """Give a file system of its own with so many bytes, taken away afterwards."""
    path.mkdir(parents=True)
    try:
        _mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(path))
        try:
            yield Disk(path, mounted=True)
        finally:
            subprocess.run(["umount", "-l", str(path)], check=True, capture_output=True)
    finally:
        path.rmdir()
