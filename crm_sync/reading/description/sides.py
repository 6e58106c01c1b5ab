"""Side tables: lists beside the records, looked up by a key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from crm_sync.domain.tables import Bundle, Table
from crm_sync.errors import SourceError
from crm_sync.reading.description.conditions import holds
from crm_sync.reading.description.forms import Side
from crm_sync.reading.description.paths import Step, steps_of, walk
from crm_sync.reading.description.shapes import flat, nested_records
from crm_sync.reading.texts import printed
from crm_sync.reading.unwanted import is_unwanted

_LOOKED_AT = 50
Index = Mapping[str, Sequence[Any]]


def matching(patterns: Sequence[str], names: Sequence[str]) -> list[str]:
    """Return the names whose path, or the end of it, one of the patterns fits; case apart."""
    return [name for name in names if any(_fits(name.casefold(), p.casefold()) for p in patterns)]


def _fits(name: str, pattern: str) -> bool:
    parts = name.split("/")
    return any(fnmatchcase("/".join(parts[at:]), pattern) for at in range(len(parts)))


class Sides:
    """The side tables of one table, opened when they are first looked at.

    ``missing`` are the names of those that were not there; ``turned_away`` the columns, and the
    questions whose answers, were left out at the door.
    """

    def __init__(self, sides: Mapping[str, Side], bundle: Bundle, root: Any) -> None:
        self._sides, self._bundle, self._root = sides, bundle, root
        self._known: dict[str, Index] = {}
        self.missing: set[str] = set()
        self.notes: list[str] = []
        self.turned_away: dict[str, None] = {}

    def absent(self, names: Sequence[str]) -> list[str]:
        """Return, of some side tables, what their files are called, where there is none for any of them."""
        around = (*self._bundle.names, *self._bundle.beside)
        patterns = [self._sides[name].members for name in names]
        there = any(not each or matching(each, around) for each in patterns)
        return [] if there else [" or ".join(each) for each in patterns]

    def index(self, name: str) -> Index:
        """Return the records of a side table by the text of their key."""
        if name not in self._known:
            self._known[name] = self._indexed(name, self._sides[name])
        return self._known[name]

    def _indexed(self, name: str, side: Side) -> Index:
        found: dict[str, list[Any]] = {}
        key = path_steps(side.key)
        for count, record in enumerate(self._records(name, side)):
            if count < _LOOKED_AT:
                self.turned_away.update(dict.fromkeys(filter(is_unwanted, flat(record))))
            if all(holds(c, value_at(record, path_steps(c.path))) for c in side.where):
                ident = value_at(record, key)
                if ident is not None and not isinstance(ident, list | Mapping):
                    found.setdefault(printed(ident), []).append(record)
        return found

    def _records(self, name: str, side: Side) -> Iterator[Any]:
        if not side.members:
            yield from _under(self._root, side.records)
            return
        names = matching(side.members, (*self._bundle.names, *self._bundle.beside))
        if not names:
            self.missing.add(next(n for n, other in self._sides.items() if other.members == side.members))
        for path in names:
            try:
                member = self._bundle.member(path)
            except SourceError as error:
                self.notes.append(f"{path} was not read: {error.message}")
                continue
            if member.document is None:
                yield from _under(member.value, side.records)
            else:
                for table in member.document.tables:
                    yield from _rows(table)


def path_steps(path: str) -> tuple[Step, ...]:
    """Return the steps of a path in a side table; a header that is no path is one step."""
    try:
        return steps_of(path)
    except ValueError:
        return (path,)


def value_at(record: Any, steps: Sequence[Step]) -> Any:
    """Return what stands at a path of a side record; a whole header counts before its parts."""
    whole = ".".join(step for step in steps if isinstance(step, str))
    if isinstance(record, Mapping) and whole in record:
        return record[whole]
    return walk(record, steps)


def _under(root: Any, paths: Sequence[str]) -> Iterator[Any]:
    for path in paths:
        found = nested_records(root, path)
        if found:
            yield from (each.value for each in found)
            return


def _rows(table: Table) -> Iterator[Mapping[str, Any]]:
    if table.rows:
        header = [printed(cell) for cell in table.rows[0]]
        for row in table.rows[1:]:
            yield dict(zip(header, row, strict=False))
