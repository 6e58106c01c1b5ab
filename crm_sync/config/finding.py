"""Find the configuration file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from crm_sync.errors import ConfigError

NAME = "crm-sync.yaml"
VARIABLE = "CRM_SYNC_CONFIG"


def find_configuration(environ: Mapping[str, str], told: str | None = None) -> Path | None:
    """Return the configuration file: the one that was told, else the first of ``usual_places``.

    None where there is none. Raises ConfigError where the one that was told is not there, or where the one in
    the working directory is somebody else's: it could send our tokens anywhere.
    """
    named = told or environ.get(VARIABLE)
    if named:
        return _named(Path(named).expanduser(), "--config" if told else VARIABLE)
    for place in usual_places():
        if place.is_file():
            return _trusted(place) if place == Path(NAME) else place
    return None


def usual_places() -> tuple[Path, ...]:
    """Return where a configuration is looked for: here, the user's config folder, /etc."""
    from platformdirs import user_config_path

    return Path(NAME), user_config_path("crm-sync", appauthor=False) / NAME, Path("/etc/crm-sync") / NAME


def _named(path: Path, by: str) -> Path:
    path = path / NAME if path.is_dir() else path
    if not path.is_file():
        raise ConfigError(
            f"{by}: there is no file {path}",
            "Check the path, or write one with crm-sync init.",
            path=str(path),
        )
    return path


def _trusted(path: Path) -> Path:
    if os.name != "nt" and path.stat().st_uid not in (0, os.geteuid()):
        raise ConfigError(
            f"{path} in this folder belongs to somebody else",
            f"If you trust it, say so with --config {path}",
            path=str(path),
        )
    return path
