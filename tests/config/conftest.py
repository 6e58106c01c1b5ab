"""A folder to write configurations into."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from crm_sync.config.configuration import Configuration, load_configuration
from crm_sync.errors import ConfigError

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file of the folder and return its path."""

    def put(text: str, name: str = "crm-sync.yaml") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return put


@pytest.fixture
def loaded(write: Write) -> Callable[[str], Configuration]:
    """Load a configuration that is right."""
    return lambda text: load_configuration(write(text))


@pytest.fixture
def mistakes(write: Write, tmp_path: Path) -> Callable[[str], list[tuple[str, str]]]:
    """Return what is wrong with a configuration: messages, without the folder, and hints."""

    def find(text: str) -> list[tuple[str, str]]:
        with pytest.raises(ConfigError) as caught:
            load_configuration(write(text))
        found = caught.value.problems or (caught.value,)
        return [(one.message.replace(f"{tmp_path}/", ""), one.hint) for one in found]

    return find
