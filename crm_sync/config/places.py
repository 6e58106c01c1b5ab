"""Fetch a secret from where the configuration says that it is kept."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from crm_sync.config.secrets import Secret
from crm_sync.errors import ConfigError

_CREDENTIALS = "CREDENTIALS_DIRECTORY"
_SYSTEMD = re.compile(r"^\$(?:CREDENTIALS_DIRECTORY|\{CREDENTIALS_DIRECTORY\})/")
_MOST_BYTES = 65536
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class SecretPlace:
    """Where a secret is kept: one of three; ``at`` is the place in the configuration that says so."""

    at: str
    folder: Path
    env: str | None = None
    file: str | None = None
    keyring: str | None = None

    def __str__(self) -> str:
        kept = {"env": self.env, "file": self.file, "keyring": self.keyring}
        return "{" + ", ".join(f"{name}: {value}" for name, value in kept.items() if value) + "}"

    def fetch(self, environ: Mapping[str, str]) -> Secret:
        """Return the secret; raise ConfigError, saying what to do, where it is not there for us alone."""
        if self.env is not None:
            return self._from_environment(self.env, environ)
        if self.file is not None:
            return self._from_file(self.file, environ)
        assert self.keyring is not None
        return self._from_keyring(*self.keyring.split("/", 1))

    def _from_environment(self, name: str, environ: Mapping[str, str]) -> Secret:
        value = environ.get(name, "").strip()
        if not value:
            raise self._error(f"the environment variable {name} is not set", f"Set {name}.")
        return Secret(value, name)

    def _from_file(self, told: str, environ: Mapping[str, str]) -> Secret:
        path, guarded = self._path(told, environ)
        try:
            found = path.stat()
            if not stat.S_ISREG(found.st_mode):
                raise self._error(f"{path} is no file", "Name the file that holds the secret.")
            if not guarded:
                self._refuse_open(path, found)
            with path.open("rb") as file:
                content = file.read(_MOST_BYTES + 1)
        except OSError as error:
            why = (error.strerror or "unknown reason").lower()
            raise self._error(f"{path} cannot be read: {why}", "Put the secret there.") from None
        if len(content) > _MOST_BYTES:
            raise self._error(f"{path} is too large for a secret", "Put nothing but the secret there.")
        value = content.decode("utf-8-sig", errors="replace").strip()
        if not value or "\n" in value or "\N{REPLACEMENT CHARACTER}" in value:
            raise self._error(f"{path} holds no secret", "Put the secret there, on one line.")
        return Secret(value, str(path))

    def _path(self, told: str, environ: Mapping[str, str]) -> tuple[Path, bool]:
        """Return the file, and whether systemd sees to it that nobody else reads it."""
        if not _SYSTEMD.match(told):
            return self.folder / Path(told).expanduser(), False
        folder = environ.get(_CREDENTIALS)
        if not folder:
            raise self._error(
                f"{_CREDENTIALS} is not set, so there are no systemd credentials",
                "Start this from a unit with LoadCredential=, or name another file.",
            )
        return Path(folder) / _SYSTEMD.sub("", told), True

    def _refuse_open(self, path: Path, found: os.stat_result) -> None:
        """Raise ConfigError for a file that others can read or may have put there."""
        if os.name == "nt":
            return
        if found.st_mode & _OTHERS:
            raise self._error(f"{path} can be read by others", f"Run: chmod 600 {path}")
        if found.st_uid not in (0, os.geteuid()):
            raise self._error(f"{path} belongs to somebody else", "Keep the secret in a file of your own.")

    def _from_keyring(self, service: str, name: str) -> Secret:
        try:
            import keyring
            from keyring.errors import KeyringError
        except ImportError:
            raise self._error(
                "keyrings need an extra that is not installed", "Run: pip install 'crm-sync[keyring]'"
            ) from None
        try:
            value = keyring.get_password(service, name)
        except KeyringError as error:
            raise self._error(
                f"the keyring cannot be opened ({type(error).__name__})",
                "Under cron and on servers there is none: use {env: NAME} or {file: PATH}.",
            ) from None
        if not value:
            raise self._error(
                f"the keyring has no {service}/{name}", f"Run: keyring set {service} {name}"
            ) from None
        return Secret(value, f"keyring {service}/{name}")

    def _error(self, what: str, hint: str) -> ConfigError:
        return ConfigError(f"{self.at}: {what}", hint, path=self.at.partition(":")[0])
