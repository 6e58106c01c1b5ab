"""The copy of a link that is kept on this disk, so that an unchanged file need not travel again."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from crm_sync.errors import SourceError

_VALIDATORS = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}


class KeptCopy:
    """What the last look at one link brought, readable by its owner only (files 0600, folder 0700).

    ``path`` is the file; beside it stand its digest and what the server said to recognise it by. Neither
    holds the link. Raises SourceError where the disk refuses.
    """

    def __init__(self, folder: Path, source: str) -> None:
        stem = hashlib.sha256(source.encode()).hexdigest()[:24]
        self._folder, self.path, self._facts = folder, folder / stem, folder / f"{stem}.json"

    def conditions(self) -> dict[str, str]:
        """Return the headers that ask for the file only if it is another one than the copy.

        Empty where there is no copy, or not the one that the server spoke about.
        """
        try:
            facts = json.loads(self._facts.read_text(encoding="utf-8"))
            if facts["digest"] != _digest(self.path):
                return {}
        except (OSError, ValueError, KeyError, TypeError):
            return {}
        told = {header: facts.get(header) for header in _VALIDATORS}
        if told["ETag"]:  # the stronger of the two
            told.pop("Last-Modified")
        return {_VALIDATORS[header]: str(value) for header, value in told.items() if value}

    def replace(self, chunks: Iterable[bytes], headers: Mapping[str, str]) -> None:
        """Keep these bytes from now on; the old copy stays where they do not come to their end."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            digest = _write(self.path, chunks)
            told = {header: headers[header] for header in _VALIDATORS if header in headers}
            _write(self._facts, [json.dumps({"digest": digest, **told}).encode()])
        except OSError as error:
            raise SourceError(
                f"the download cannot be kept in {self._folder} ({error.strerror})",
                "Make room there, or set CRM_SYNC_HOME to another folder.",
            ) from None

    def drop(self) -> None:
        """Keep nothing of it any more; harmless where nothing is kept."""
        for path in (self.path, self._facts):
            path.unlink(missing_ok=True)


def _write(path: Path, chunks: Iterable[bytes]) -> str:
    """Write a file at once, so that nobody ever reads half of it, and return its SHA-256."""
    digest = hashlib.sha256()
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".arriving-")
    try:
        with os.fdopen(descriptor, "wb") as handle:
            for chunk in chunks:
                digest.update(chunk)
                handle.write(chunk)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return digest.hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
