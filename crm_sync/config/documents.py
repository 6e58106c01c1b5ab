"""A YAML file as plain data, and where each part of it stands.

Scalars mean what YAML 1.2 says: ``17:30``, ``no`` and ``2027-02-08`` are texts. A key given twice is refused,
anchors are expanded up to a limit, and tags that make objects are not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from crm_sync.config.problems import Place, Problem, shown

Where = tuple[str | int, ...]
"""The keys and numbers that lead to one part of a document."""

MOST_BYTES = 20_000_000
MOST_BORROWED = 100_000
"""So many parts may stand in a document by way of anchors."""
_DEEPEST = 40
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_STANDARD = "tag:yaml.org,2002:"
_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "Null": None, "NULL": None} | {
    spelled: word == "true" for word in ("true", "false") for spelled in (word, word.title(), word.upper())
}
_INTEGER = re.compile(r"[-+]?\d{1,18}")
_NUMBER = re.compile(r"[-+]?(\d+\.\d*|\.\d+|\d+(?=[eE]))([eE][-+]?\d{1,3})?")


@dataclass(slots=True)
class Document:
    """What one file says: its data, the place of every key and entry, and what is wrong with it."""

    path: Path
    data: dict[str, Any] = field(default_factory=dict)
    places: dict[Where, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_document(path: Path) -> Document:
    """Return what the file says; what keeps it from being read is among its problems."""
    document = Document(path)
    text = _text(path, document.problems)
    if text is not None:
        _Building(document).build(_composed(text, document))
    return document


def _text(path: Path, problems: list[Problem]) -> str | None:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            problems.append(
                Problem(Place(path), (), "is larger than 20 MB", "Spread it over files with include:.")
            )
            return None
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        problems.append(Problem(Place(path), (), "is not UTF-8", "Save it as UTF-8."))
    except OSError as error:
        why = (error.strerror or "unknown reason").lower()
        problems.append(Problem(Place(path), (), f"cannot be read: {why}", "Check path and permissions."))
    return None


def _composed(text: str, document: Document) -> yaml.Node | None:
    try:
        abyss = _abyss(text, document.path)
        if abyss is None:
            return yaml.compose(text, Loader=_LOADER)
        place, what = abyss, "it is nested too deep"
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(document.path, mark.line + 1, mark.column + 1) if mark else Place(document.path)
        what = error.problem or error.context or "it cannot be understood"
    except yaml.YAMLError:
        place, what = Place(document.path), "there are letters that no text holds"
    hint = "Indent with spaces, two for each level, and put texts that hold : or # into quotes."
    document.problems.append(Problem(place, (), f"is no YAML: {what}", hint))
    return None


def _abyss(text: str, path: Path) -> Place | None:
    """Return where a text becomes so deep that composing it would overflow the C library's stack."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > 2 * _DEEPEST:
            mark = event.start_mark
            return Place(path, mark.line + 1, mark.column + 1) if mark else Place(path)
    return None


class _Entry(NamedTuple):
    key: str
    at: yaml.Node
    value: yaml.Node


@dataclass(slots=True)
class _Building:
    document: Document
    seen: set[int] = field(default_factory=set)
    above: list[yaml.Node] = field(default_factory=list)
    borrowed: int = 0

    def build(self, root: yaml.Node | None) -> None:
        """Fill the document from its nodes."""
        if root is None or (isinstance(root, yaml.ScalarNode) and _scalar(root) is None):
            return
        if not isinstance(root, yaml.MappingNode):
            self._complain(root, (), "holds no keys", "Write keys with values, such as users:.")
            return
        self.document.data = self._value(root, ())

    def _value(self, node: yaml.Node, where: Where) -> Any:
        if self._is_too_much(node, where):
            return None
        if not node.tag.startswith(_STANDARD) and node.tag != "!":
            hint = "Write the value without it; secrets are told as {env: NAME}."
            self._complain(node, where, f"the tag {shown(node.tag)} means nothing here", hint)
            return None
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        self.above.append(node)
        try:
            if isinstance(node, yaml.MappingNode):
                return self._mapping(node, where)
            return self._list(node, where)
        finally:
            self.above.pop()

    def _is_too_much(self, node: yaml.Node, where: Where) -> bool:
        """Tell whether the node cannot stand here: inside itself, too deep, or borrowed too often."""
        self.borrowed += id(node) in self.seen
        self.seen.add(id(node))
        if any(node is upper for upper in self.above):
            what, hint = "an anchor holds itself", "Write the value out."
        elif len(where) > _DEEPEST:
            what, hint = f"is nested deeper than {_DEEPEST} levels", "Write it flatter."
        elif self.borrowed == MOST_BORROWED:
            what, hint = "anchors repeat more than the file may hold", "Write the values out."
        else:
            return self.borrowed > MOST_BORROWED
        self._complain(node, where, what, hint)
        return True

    def _list(self, node: yaml.Node, where: Where) -> list[Any]:
        assert isinstance(node, yaml.SequenceNode)
        for number, part in enumerate(node.value):
            self.document.places[(*where, number)] = self._place(part)
        return [self._value(part, (*where, number)) for number, part in enumerate(node.value)]

    def _mapping(self, node: yaml.MappingNode, where: Where) -> dict[str, Any]:
        built: dict[str, Any] = {}
        for key, at, value in self._own(node, where):
            here = (*where, key)
            if key in built:
                first = self.document.places[here].line
                self._complain(at, here, f"stands here twice, first in line {first}", "Keep one of the two.")
                continue
            self.document.places[here] = self._place(at)
            built[key] = self._value(value, here)
        for key, at, value in self._merged(node, where):
            if key not in built:
                self.document.places[(*where, key)] = self._place(at)
                built[key] = self._value(value, (*where, key))
        return built

    def _own(self, node: yaml.MappingNode, where: Where) -> Iterator[_Entry]:
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._complain(key, where, "a key is a list or a mapping", "Write a word as the key.")
            elif not _merges(key):
                yield _Entry(key.value, key, value)

    def _merged(self, node: yaml.MappingNode, where: Where) -> Iterator[_Entry]:
        """Yield the keys that ``<<`` brings in; the nearest wins."""
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and _merges(key):
                for part in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                    if not isinstance(part, yaml.MappingNode) or part in self.above:
                        self._complain(key, where, "<< brings in something without keys", "Name a mapping.")
                        continue
                    yield from self._own(part, where)

    def _place(self, node: yaml.Node) -> Place:
        return Place(self.document.path, node.start_mark.line + 1, node.start_mark.column + 1)

    def _complain(self, node: yaml.Node, where: Where, what: str, hint: str) -> None:
        self.document.problems.append(Problem(self._place(node), where, what, hint))


def _merges(key: yaml.ScalarNode) -> bool:
    return bool(key.value == "<<" and not key.style)


def _scalar(node: yaml.ScalarNode) -> Any:
    """Return a scalar as YAML 1.2 reads it; what is quoted is a text."""
    text: str = node.value
    if node.style or node.tag == "!":
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text
