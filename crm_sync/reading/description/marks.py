"""YAML text -> texts, lists and mappings that know their line, so that an error can name it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from crm_sync.errors import ConfigError

_LARGEST, _MOST_NODES = 200_000, 20_000


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar as it is written: ``Yes`` stays a text, ``1`` too."""

    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    value: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Pairs:
    """A mapping, its keys with their lines."""

    value: dict[str, tuple[int, Node]]
    line: int


Node = Text | Items | Pairs


def wrong(name: str, line: int, message: str, hint: str) -> NoReturn:
    """Raise ConfigError about a line of the file called *name*."""
    raise ConfigError(f"{name}, line {line}: {message}", hint, path=name, line=line)


def marked(text: str, name: str) -> Node:
    """Return the one document of a YAML text.

    Raises ConfigError with the line for broken YAML, aliases, a key given twice, and a text without end.
    """
    import yaml

    if len(text) > _LARGEST:
        wrong(name, 1, "is too long for a description", "Write one file per connector.")
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        root = yaml.compose(text, Loader=loader)
        if root is not None:
            return _Converter(name).node(root)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        hint = "Check the indentation, and put texts with : or # into quotes."
        wrong(name, mark.line + 1 if mark else 1, f"is broken YAML: {error.problem}", hint)
    except yaml.YAMLError as error:
        wrong(name, 1, f"is broken YAML: {error}", "Save it as UTF-8 text.")
    except RecursionError:
        wrong(name, 1, "is nested without end", "Leave aliases (&, *) out, and write it flat.")
    wrong(name, 1, "is empty", "Write a name, a title and the fields.")


class _Converter:
    def __init__(self, name: str) -> None:
        self._name = name
        self._left = _MOST_NODES

    def node(self, raw: Any) -> Node:
        self._left -= 1
        line = raw.start_mark.line + 1
        if self._left < 0:
            wrong(self._name, line, "holds too many entries", "Leave aliases (&, *) out.")
        if raw.id == "scalar":
            return Text(str(raw.value), line)
        if raw.id == "sequence":
            return Items(tuple(map(self.node, raw.value)), line)
        return Pairs(dict(self._pairs(raw.value)), line)

    def _pairs(self, pairs: Sequence[tuple[Any, Any]]) -> Iterator[tuple[str, tuple[int, Node]]]:
        met: set[str] = set()
        for key, value in pairs:
            line = key.start_mark.line + 1
            if key.id != "scalar":
                wrong(self._name, line, "a key is no text", "Put it into quotes.")
            if key.value in met:
                wrong(self._name, line, f'"{key.value}" is given twice', "Keep one of the two.")
            met.add(key.value)
            yield str(key.value), (line, self.node(value))
