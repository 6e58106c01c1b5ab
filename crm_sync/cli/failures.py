"""From an error to a sentence and an exit code (design 8).

0 done · 1 done, but rows were rejected, records refused or a conflict is new · 2 usage or configuration ·
3 refused as unsafe · 4 source, CRM or ledger not available · 5 a bug · 130 interrupted.
"""

from __future__ import annotations

import os
import platform
import traceback
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path, PurePath

from crm_sync import __version__
from crm_sync.cli.hiding import hide_secrets
from crm_sync.cli.output import MANNER, warn
from crm_sync.errors import (
    ConfigError,
    CrmSyncError,
    Interrupted,
    NotAllowed,
    RecordRefused,
    SourceError,
    UnsafePlan,
    UsageError,
)

DONE, PARTLY, USAGE, UNSAFE, UNAVAILABLE, BUG, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130

_CODES: tuple[tuple[type[CrmSyncError], int], ...] = (
    (UnsafePlan, UNSAFE),
    (ConfigError, USAGE),
    (UsageError, USAGE),
    (NotAllowed, USAGE),
    (RecordRefused, PARTLY),
    (Interrupted, INTERRUPTED),
)


_GRAVEST = (INTERRUPTED, BUG, USAGE, UNSAFE, UNAVAILABLE, PARTLY, DONE)


def code_of(error: Exception) -> int:
    """Return the exit code of an error; what cannot be reached or read is 4, what nobody expected 5."""
    if not isinstance(error, CrmSyncError):
        return BUG
    return next((code for kind, code in _CODES if isinstance(error, kind)), UNAVAILABLE)


def worst(codes: Iterable[int]) -> int:
    """Return the exit code of several runs: 5 before 2, 3, 4, 1."""
    return min(codes, key=_GRAVEST.index, default=DONE)


def sentence(error: CrmSyncError) -> str:
    """Return what happened and, on a line of its own, what to do; several mistakes one below the other."""
    if isinstance(error, ConfigError) and error.problems:
        told = [sentence(problem).removeprefix("crm-sync: ") for problem in error.problems]
        return "\n".join([f"crm-sync: {error.message}.", *told])
    what = _named(error).rstrip(".")
    stop = "" if what.endswith(("?", "!")) else "."
    hint = error.hint if error.hint.startswith("crm-sync") else error.hint[:1].upper() + error.hint[1:]
    return f"crm-sync: {what}{stop}" + (f"\n  {hint}" if hint else "")


def _named(error: CrmSyncError) -> str:
    """Return the message, the file's name before it where it does not tell which file it is about."""
    name = PurePath(error.source).name if isinstance(error, SourceError) else ""
    return error.message if name in error.message else f"{name}: {error.message}"


def fail(error: Exception) -> int:
    """Tell the error and return its exit code."""
    if isinstance(error, CrmSyncError):
        _trace(error)
        _tell(sentence(error))
        return code_of(error)
    if hasattr(error, "format_message"):  # what typer says about words it does not know
        show = getattr(error, "show", None)
        show() if show else warn(f"crm-sync: {error}")
        return USAGE
    return _bug(error)


def tell(error: Exception, about: str) -> None:
    """Tell the failure of one user among many; the run goes on."""
    if isinstance(error, CrmSyncError):
        _trace(error)
        _tell(f"{about}: {shown(error)}")
    else:
        _bug(error, about)


def shown(error: Exception) -> str:
    """Return what happened, without the program's name and without secrets."""
    if not isinstance(error, CrmSyncError):
        return f"a bug in crm-sync ({type(error).__name__})"
    return hide_secrets(sentence(error).removeprefix("crm-sync: "), os.environ)


def interrupt() -> int:
    """Tell that a person stopped the run."""
    warn("crm-sync: interrupted. What was done so far is kept; run it again to go on.")
    return INTERRUPTED


def _bug(error: Exception, about: str = "crm-sync") -> int:
    _trace(error)
    name = type(error).__name__
    path = _write_log(error)
    where = (
        f"What happened is written down in {path}" if path else "It could not be written down; see --debug"
    )
    _tell(f"{about}: this is a bug in crm-sync ({name}), not a mistake of yours. {where}.")
    return BUG


def _write_log(error: Exception) -> Path | None:
    """Write versions and traceback into the home's logs and return the file, None where that fails too."""
    text = "\n".join([_versions(), "", "".join(traceback.format_exception(error))])
    now = datetime.now(UTC)
    try:
        folder = _home() / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"bug-{now:%Y%m%d-%H%M%S}-{os.getpid()}.log"
        path.write_text(hide_secrets(text, os.environ), encoding="utf-8", errors="backslashreplace")
    except OSError:
        return None
    return path


def _versions() -> str:
    from importlib.metadata import PackageNotFoundError, version

    lines = [f"crm-sync {__version__}", f"Python {platform.python_version()}, {platform.platform()}"]
    for name in ("typer", "sqlalchemy", "alembic", "python-calamine", "holidays", "tzdata"):
        try:
            lines.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            lines.append(f"{name} is not installed")
    return "\n".join(lines)


def _home() -> Path:
    told = os.environ.get("CRM_SYNC_HOME")
    if told:
        return Path(told).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("crm-sync", appauthor=False)


def _trace(error: Exception) -> None:
    if MANNER.debug:
        text = "".join(traceback.format_exception(error))
        warn(hide_secrets(text, os.environ).rstrip("\n"))


def _tell(text: str) -> None:
    warn(hide_secrets(text, os.environ))
