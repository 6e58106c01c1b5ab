"""Where the records of a member are, and how a path is found in one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from crm_sync.domain.tables import Member, Table
from crm_sync.reading.description.filled import Records
from crm_sync.reading.description.forms import TableForm
from crm_sync.reading.description.paths import Every, Step, has, steps_of, walk
from crm_sync.reading.texts import header_key, printed

Record = Any
"""A row of a table, or a ``Nested`` object."""
Getter = Callable[[Record], Any]
_HEADER_AMONG, _LOOKED_AT = 12, 1000


@dataclass(frozen=True, slots=True)
class Nested:
    """An object in JSON with the object around it and the whole value."""

    value: Any
    parent: Nested | None
    root: Any


class Shape(Protocol):
    """What the records of one table have in common."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the headers, or the keys of the objects as paths."""

    @property
    def sample(self) -> Sequence[Record]:
        """Return the first of the records."""

    def getter(self, path: str) -> Getter | None:
        """Return what reads a path from a record, None where no record has it."""

    def named(self, path: str) -> str | None:
        """Return the column behind a path as the file writes it, None where there is none."""


class TableShape:
    """Columns by their headers: as written, else case apart, else as words."""

    def __init__(self, headers: Sequence[str], records: Iterable[tuple[int, Record]] = ()) -> None:
        self._headers = tuple(headers)
        self._records = records
        self._places: dict[str, int] = {}
        for key in (str, str.casefold, header_key):
            for index, header in enumerate(self._headers):
                if header:
                    self._places.setdefault(key(header), index)

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the headers, "" for a column without one."""
        return self._headers

    @property
    def sample(self) -> Sequence[Record]:
        """Return the first rows."""
        return [row for _, row in islice(self._records, _LOOKED_AT)]

    def place(self, path: str) -> int | None:
        """Return the index of a column, None where there is none."""
        for key in (path, path.casefold(), header_key(path)):
            if key in self._places:
                return self._places[key]
        return None

    def named(self, path: str) -> str | None:
        """Return the header behind a path."""
        at = self.place(path)
        return None if at is None else self._headers[at]

    def getter(self, path: str) -> Getter | None:
        """Return what reads the cell of a column."""
        at = self.place(path)
        if at is None:
            return None
        return lambda row: row[at] if at < len(row) else None


class NestedShape:
    """Paths into objects; ``$.`` starts at the whole value, ``^.`` at the object around the record."""

    def __init__(self, records: Sequence[tuple[int, Nested]]) -> None:
        self.sample: Sequence[Record] = [record for _, record in records[:_LOOKED_AT]]
        self._columns: tuple[str, ...] | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the keys of the objects, inner ones dotted."""
        if self._columns is None:
            met: dict[str, None] = {}
            for record in self.sample:
                met.update(dict.fromkeys(flat(record.value)))
            self._columns = tuple(met)
        return self._columns

    def named(self, path: str) -> str | None:
        """Return the path itself where any record has it."""
        start, steps = _start_of(path)
        return path if any(has(start(record), steps) for record in self.sample) else None

    def getter(self, path: str) -> Getter | None:
        """Return what walks the path from a record."""
        if self.named(path) is None:
            return None
        start, steps = _start_of(path)
        if len(steps) == 1 and isinstance(steps[0], str) and not path.startswith(("$.", "^.")):
            key = steps[0]
            return lambda record: record.value.get(key)
        return lambda record: walk(start(record), steps)


def _start_of(path: str) -> tuple[Getter, tuple[Step, ...]]:
    levels = 0
    while path.startswith("^."):
        path, levels = path[2:], levels + 1
    if path.startswith("$."):
        return (lambda record: _last_page(record.root)), _steps(path[2:])
    return (lambda record: _above(record, levels)), _steps(path)


def _last_page(root: Any) -> Any:
    """Return the whole value, of a list of pages (answers that were saved together) the last one."""
    return root[-1] if isinstance(root, list) and root else root


def _above(record: Nested, levels: int) -> Any:
    found: Nested | None = record
    for _ in range(levels):
        found = found.parent if found is not None else None
    return found.value if found is not None else None


def _steps(path: str) -> tuple[Step, ...]:
    try:
        return steps_of(path)
    except ValueError:
        return (path,)


def flat(value: Any, prefix: str = "", levels: int = 3) -> dict[str, Any]:
    """Return the plain values of an object by path; of a list of objects its first one is shown."""
    found: dict[str, Any] = {}
    for key, inner in value.items() if isinstance(value, Mapping) else ():
        path = f"{prefix}{key}"
        if isinstance(inner, list) and inner and isinstance(inner[0], Mapping):
            path, inner = f"{path}[0]", inner[0]
        if isinstance(inner, Mapping):
            found.update(flat(inner, f"{path}.", levels - 1) if levels > 1 else {})
        elif not isinstance(inner, list):
            found[path] = inner
        elif inner and all(isinstance(item, str) for item in inner):
            found[path] = ", ".join(inner)
    return found


@dataclass(frozen=True, slots=True)
class Sheet:
    """Records that may be of a form: where they stand, their shape, and each with its number.

    ``place`` is what ``Application.sheet`` will say; ``header`` the number of the header's row; ``broken``
    are entries that hold no record, with the reason; ``bare`` counts the objects around that hold none.
    """

    member: str
    place: str | None
    shape: Shape
    records: Sequence[tuple[int, Record]]
    header: int | None = None
    root: Any = None
    broken: Sequence[tuple[int, str]] = ()
    bare: int = 0

    def root_has(self, path: str) -> bool:
        """Say whether a path from the whole JSON value exists."""
        return has(_last_page(self.root), _steps(path.removeprefix("$.")))


def sheets_of(member: Member, form: TableForm) -> Iterator[Sheet]:
    """Yield what may hold the records of a form in a member."""
    if member.document is None:
        yield from _nested_sheets(member, form)
        return
    for table in member.document.tables:
        if not table.rows or (form.sheets and not _is_named(table.sheet, form.sheets)):
            continue
        at = _header_at(table, form)
        if at is not None:
            yield _sheet(member.name, table, at)


def _is_named(sheet: str | None, names: Sequence[str]) -> bool:
    return sheet is None or sheet.casefold() in {name.casefold() for name in names}


def _header_at(table: Table, form: TableForm) -> int | None:
    """Return the index of the row with most of the signature's columns, None where no row has any."""
    wanted = {sign.path for sign in (*form.signature.all, *form.signature.more)}
    patterned = bool(form.signature.marks) or any(path.startswith("/") for path in wanted)
    best, most = (0, 0) if patterned else (None, 0)
    for index, row in enumerate(table.rows[:_HEADER_AMONG]):
        hits = len(wanted & {printed(cell) for cell in row})
        if hits > most:
            best, most = index, hits
    return best


def _sheet(name: str, table: Table, at: int) -> Sheet:
    records = Records(table, at)
    shape = TableShape([printed(cell) for cell in table.rows[at]], records)
    place = "/".join(part for part in (name, table.sheet) if part) or None
    return Sheet(name, place, shape, records, table.numbers[at])


def _nested_sheets(member: Member, form: TableForm) -> Iterator[Sheet]:
    for path in form.records:
        found = nested_records(member.value, path)
        if found is None:
            continue
        records = [(n, each) for n, each in enumerate(found) if isinstance(each.value, Mapping)]
        broken = [(n, "no object") for n, each in enumerate(found) if not isinstance(each.value, Mapping)]
        shape, bare = NestedShape(records), _bare(member.value, path, form)
        yield Sheet(member.name, member.name or None, shape, records, None, member.value, broken, bare)


def _bare(root: Any, path: str, form: TableForm) -> int:
    """Return how many of the objects around the records, where a record is told by them, hold none."""
    around, _, last = path.rpartition(".")
    if last.startswith("$") or not form.looks_around():
        return 0
    holders = nested_records(root, around or "$") or ()
    return sum(not node.value.get(last) for node in holders if isinstance(node.value, Mapping))


def nested_records(root: Any, path: str) -> list[Nested] | None:
    """Return the records under a path in document order, None where nothing stands there.

    Lists on the way are gone through; at the end a list gives its elements, an object is a list of one.
    """
    steps = [step for step in _steps(path.removeprefix("$").removeprefix(".")) if not isinstance(step, Every)]
    level: list[Nested] = [Nested(root, None, root)]
    for step in steps:
        level = [
            Nested(inner, node, root)
            for node in _spread(level)
            if (inner := walk(node.value, (step,))) is not None
        ]
    return _spread(level) if level else None


def _spread(nodes: Sequence[Nested]) -> list[Nested]:
    """Return lists as their elements, each with the object around the list; lists of lists are pages."""
    found: list[Nested] = []
    for node in nodes:
        if isinstance(node.value, list) and node.value and all(isinstance(item, list) for item in node.value):
            found.extend(_spread([Nested(page, node.parent, node.root) for page in node.value]))
        elif isinstance(node.value, list):
            found.extend(Nested(item, node.parent, node.root) for item in node.value)
        elif isinstance(node.value, Mapping):
            found.append(node)
    return found
