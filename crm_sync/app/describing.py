"""A first description of a new connector, written beside the user's others."""

from __future__ import annotations

import os
import re
from pathlib import Path

from crm_sync.config.settings import Settings
from crm_sync.containers import Opened, limits_of
from crm_sync.described import Described
from crm_sync.domain.options import ReadingOptions
from crm_sync.errors import SourceError, UsageError
from crm_sync.reading.description import parse

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def write_draft(name: str, sample: str, folder: str | None, settings: Settings) -> tuple[Path, str]:
    """Write ``NAME.yaml`` from a sample file and return its path, and how many applications it reads.

    Raises UsageError for a name that is no plain word and a file that is there already, SourceError where
    the sample cannot be read or holds no applications.
    """
    from crm_sync.reading.description.drafting import draft

    if not _NAME.fullmatch(name):
        plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "my_tracker"
        raise UsageError(f'"{name}" is no plain word', f"Call it {plain}.")
    path = Path(folder or settings.connectors or ".").expanduser() / f"{name}.yaml"
    if path.exists():
        raise UsageError(f"{path} is there already", "Choose another name, or move it away.")
    options = ReadingOptions(settings.today, locale=settings.locale)
    opened = Opened(sample, limits_of(os.environ))
    try:
        text = draft(opened, name, name.replace("_", " ").capitalize(), options)
        kind = Described(parse(text, path.name))
        count = len(kind.connect_to(opened, options).fetch().applications)
    except SourceError as error:
        error.source = error.source or sample
        raise
    _write(path, text)
    return path, f"{count} application{'s' * (count != 1)}"


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror}", "Give --to another folder."
        ) from error
