"""Folders of descriptions: the package's own, a stranger's, and the user's."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from crm_sync.described.connector import Described
from crm_sync.errors import ConfigError
from crm_sync.reading.description import parse

_ENDINGS = (".yaml", ".yml")


class Descriptions:
    """The descriptions that a Python package holds as ``*.yaml``: what an entry point may name.

    They are read when somebody asks for them, in the order of their names.
    """

    def __init__(self, package: str) -> None:
        self._package = package

    def __iter__(self) -> Iterator[Described]:
        """Yield a kind for each description; raise ConfigError for one that does not fit the format."""
        for item in sorted(files(self._package).iterdir(), key=lambda item: item.name):
            if item.name.endswith(_ENDINGS):
                yield Described(parse(item.read_text("utf-8"), item.name, origin=self._package))


def load_folder(folder: Path) -> list[Described]:
    """Return a kind for each description in a folder.

    Raises ConfigError where the folder is not there, and for a description that does not fit the format,
    with its path and line, or a name that two of them share.
    """
    if not folder.is_dir():
        raise ConfigError(f"{folder}: there is no such folder", "Check the path.", path=str(folder))
    found: dict[str, Described] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix in _ENDINGS and path.is_file():
            kind = Described(parse(_text_of(path), str(path), origin=str(path)))
            if kind.name in found:
                other = Path(found[kind.name].description.origin).name
                raise ConfigError(
                    f'{path}: {other} is called "{kind.name}", too', "Rename one of them.", path=str(path)
                )
            found[kind.name] = kind
    return list(found.values())


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error})", "Save it as UTF-8.", path=str(path)) from None
